"""Splits a line that is still being typed: as `tokens`, but an open quote is no error.

By the same rules of the server; what `tokenize` refuses is marked in the word instead, so that a
line can be coloured, hinted at and completed before it is whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(
    r"""(?P<single>'[^']*+(?P<end1>')?)|(?P<double>"(?:[^"\\]|\\.)*+(?:(?P<end2>")|\\?\Z))"""
    r"""|(?P<escape>\\[^\r\n]?)|(?P<plain>[^ \t\r\n'"\\]++)""",
    re.DOTALL,
)
_SIGN = re.compile(r"[|;&]")
_GUARDS = ("'", '"', "\\")
_GAP = re.compile(r"[ \t\r\n]*+")
_BREAK = re.compile(r"[\r\n]++")
_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Word:
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


def scan_line(line: str) -> list[Word]:
    """Split the line into words; never raises.

    Line breaks outside quotes split as blanks do.
    """
    words: list[Word] = []
    at = _skip(line, 0)
    while at < len(line):
        word = read_word(line, at, len(line))
        words.append(word)
        at = _skip(line, word.end)
    return words


def split_lines(text: str) -> list[str]:
    """Split at the line breaks outside quotes; lines without a word are left out."""
    lines: list[str] = []
    start = last = 0
    for word in scan_line(text):
        if last and _BREAK.search(text, last, word.start):
            lines.append(text[start:last].strip(_BLANKS))
            start = word.start
        last = word.end
    return [*lines, text[start:last].strip(_BLANKS)] if last else []


def find_open(line: str) -> int | None:
    """Return where the quote begins that the line leaves open, None where there is none."""
    words = scan_line(line)
    if not words or not words[-1].is_open:
        return None
    start = words[-1].parts[-1][0]
    return start if line[start] in "'\"" else None


def _skip(line: str, at: int) -> int:
    match = _GAP.match(line, at)
    return match.end() if match else at


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
    texts: list[str] = []
    parts: list[tuple[int, int]] = []
    at, is_open = start, False
    while match := _PART.match(line, at, most):
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
