"""Splits a line into words by the server's own rules: what quotes and signs mean stands here alone.

The rules (docs/protocol.md, 2.1): blanks and tabs split; single quotes keep everything; inside
double quotes a backslash guards the next character and goes only before a double quote; elsewhere
it always goes; adjacent parts join.

Nothing is refused, so that a line can be coloured, hinted at and completed before it is whole: what
is wrong with it is its `fault`, and `tokens.tokenize` raises that.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, Self

from arthas_cli.errors import LineError

REDIRECTS = (">", ">>")
# What is an operator outside quotes, with blanks around it or without.
PIPE, SEPARATOR, BEHIND = "|", ";", "&"
SIGNS = frozenset({PIPE, SEPARATOR, BEHIND})
# What stands behind them is done here, and not by the server.
LOCAL_OPERATORS = (PIPE, *REDIRECTS)
_BLANKS = " \t"
# The server keeps a line break as part of the word (`version\n` is no command of its).
_BREAKS = "\r\n"
NEEDS_QUOTES = frozenset(_BLANKS + _BREAKS + "'\"\\|;&")
_QUOTES = ("'", '"')
_GUARDS = (*_QUOTES, "\\")
_RULES = (
    r"""(?P<single>'[^']*+(?P<end1>')?)|(?P<double>"(?:[^"\\]|\\.)*+(?:(?P<end2>")|\\?\Z))"""
    r"""|(?P<escape>\\%s?)|(?P<plain>[^%s'"\\]++)"""
)
_SIGN = re.compile(r"[|;&]")
_BREAK = re.compile(r"[\r\n]++")
_LONGEST_KEPT = 10_000


class Word(NamedTuple):
    """One word: `text` without quotes, `raw` with them, and its place, `line[start:end]`.

    `parts` are the places of what it is joined of: quoted pieces and plain ones. `is_open`: a quote
    or a backslash at its end waits for more.
    """

    text: str
    start: int
    end: int
    parts: tuple[tuple[int, int], ...] = ()
    is_open: bool = False
    raw: str = ""

    @property
    def span(self) -> tuple[int, int]:
        """The place in the line."""
        return self.start, self.end

    def move(self, by: int) -> Word:
        """Return the word so many places further on."""
        parts = tuple((start + by, end + by) for start, end in self.parts)
        return self._replace(start=self.start + by, end=self.end + by, parts=parts)


class TypedLine(str):
    """A line that knows its words: it is scanned once, and handed on as the text that it is.

    What `str` makes of it (`strip`, a slice) is plain text, and scanned again by who needs words.
    `reading`: what `parse.parse_line` has made of it last, which follows from the line and what the
    catalogue says of its command. `roles`: likewise, what `reading.read_line` has made of it.

    Threads: several may read one line; what they leave on it they set as a whole.
    """

    __slots__ = ("reading", "roles", "words")
    words: tuple[Word, ...]
    reading: object
    roles: dict[object, object]

    def __new__(cls, text: str, words: tuple[Word, ...]) -> Self:
        """Return the text with its words."""
        line = super().__new__(cls, text)
        line.words, line.reading, line.roles = words, None, {}
        return line

    def cut(self, start: int, end: int) -> TypedLine:
        """Return a part of the line; of a word that it cuts, what of it is in there."""
        words: list[Word] = []
        for word in self.words:
            first, last = max(word.start, start), min(word.end, end)
            if first < last:
                is_whole = (first, last) == word.span
                words.append(word if is_whole else read_word(self, first, last))
        return TypedLine(self[start:end], tuple(word.move(-start) for word in words))

    @property
    def fault(self) -> LineError | None:
        """What the server would not take as it is meant: the first such place."""
        end = 0
        for start, behind in [*(word.span for word in self.words), (len(self), len(self))]:
            if found := _BREAK.search(self, end, start):
                return _make_broken(self, found.start())
            end = behind
        if not self.words or not self.words[-1].is_open:
            return None
        start = self.words[-1].parts[-1][0]
        if self[start] not in _QUOTES:
            return LineError("nothing follows the backslash", line=self, span=(start, start + 1))
        quote = self[start]
        hint = (
            f"close it with {quote}, or write \\{quote} outside quotes for a {quote} that is meant"
        )
        return LineError("the quote is not closed", line=self, span=(start, len(self)), hint=hint)


def _make_broken(line: str, at: int) -> LineError:
    return LineError(
        "the line breaks outside quotes",
        line=line,
        span=(at, at + 1),
        hint="put the command on one line, or quote the line break",
    )


def scan_line(line: str) -> TypedLine:
    """Return the line with its words; one that has them already is returned as it is.

    Line breaks outside quotes split as blanks do. The last lines are remembered: colours, hints,
    completion and suggestions each ask for the same text at each key.
    """
    if isinstance(line, TypedLine):
        return line
    return _remember(line) if len(line) <= _LONGEST_KEPT else _scan(line, _BREAKS)


@lru_cache(maxsize=8)
def _remember(line: str) -> TypedLine:
    return _scan(line, _BREAKS)


def scan_sent(line: str) -> TypedLine:
    """Return the line with the words that the server sees: a line break is part of one."""
    return _scan(line, "")


def _scan(line: str, breaks: str) -> TypedLine:
    words: list[Word] = []
    part, gap = _compile(breaks)
    at = 0
    while (at := _skip(gap, line, at)) < len(line):
        word = _read(part, line, at, len(line))
        words.append(word)
        at = word.end
    return TypedLine(line, tuple(words))


@lru_cache
def _compile(breaks: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a part of a word is and what is between words, where such breaks split."""
    gap = re.escape(_BLANKS + breaks)
    guarded = f"[^{re.escape(breaks)}]" if breaks else "."
    return re.compile(_RULES % (guarded, gap), re.DOTALL), re.compile(f"[{gap}]*+")


def _skip(gap: re.Pattern[str], line: str, at: int) -> int:
    match = gap.match(line, at)
    return match.end() if match else at


def split_lines(text: str) -> list[TypedLine]:
    """Split at the line breaks outside quotes; lines without a word are left out."""
    typed = scan_line(text)
    spans: list[tuple[int, int]] = []
    for word in typed.words:
        is_new = not spans or _BREAK.search(typed, spans[-1][1], word.start)
        start = word.start if is_new else spans.pop()[0]
        spans.append((start, word.end))
    return [typed.cut(start, end) for start, end in spans]


def find_open(line: str) -> int | None:
    """Return where the quote begins that the line leaves open, None where there is none."""
    words = scan_line(line).words
    if not words or not words[-1].is_open:
        return None
    start = words[-1].parts[-1][0]
    return start if line[start] in _QUOTES else None


def find_signs(line: str, word: Word) -> list[int]:
    """Return the places of the `|`, `;` and `&` of the word that nothing guards."""
    return [
        match.start()
        for start, end in word.parts
        if not line.startswith(_GUARDS, start)
        for match in _SIGN.finditer(line, start, end)
    ]


def read_word(line: str, start: int, most: int) -> Word:
    """Return the word that begins at `start`, of it no more than up to `most`."""
    return _read(_compile(_BREAKS)[0], line, start, most)


def _read(part: re.Pattern[str], line: str, start: int, most: int) -> Word:
    texts: list[str] = []
    parts: list[tuple[int, int]] = []
    at, is_open = start, False
    while match := part.match(line, at, most):
        text, is_open = _read_part(match)
        texts.append(text)
        parts.append(match.span())
        at = match.end()
    return Word("".join(texts), start, at, tuple(parts), is_open, line[start:at])


def _read_part(match: re.Match[str]) -> tuple[str, bool]:
    """Return the part without its quotes, and whether it waits for more."""
    part = match[0]
    if match["plain"]:
        return part, False
    if match["escape"]:
        return part[1:], len(part) == 1
    is_open = match["end1"] is None and match["end2"] is None
    inner = part[1:] if is_open else part[1:-1]
    return inner.replace('\\"', '"') if match["double"] else inner, is_open
