"""What stands behind a command and is done here: `| PROGRAM …`, `> FILE`, `>> FILE`.

An operator is a word of its own, or a `|` at an end of a word, as the server has it; where it is
quoted or guarded it is none here (the server would take it for one all the same, so `parse_line`
refuses it in the command). The words of a program are those of a POSIX shell without its
expansions, but for a `~` in front.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import LineError
from arthas_cli.line.parse import refuse_sequence
from arthas_cli.line.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.line.tokens import Token

_PIPE = "|"
_REDIRECTS = (">", ">>")
_OPERATORS = (_PIPE, *_REDIRECTS)
# A shell would read these as redirects; as words they would be taken for something else.
_GLUED = re.compile(r">.|\d+>|<|&>")
# This is no program: it chooses what the next one gets.
_JSON_WORD = ("json",)
_JSON_PROGRAMS = frozenset({"jq", "gojq", "jaq"})
# A path on Windows holds backslashes, which guard nothing there.
_ESCAPE = "\\" if os.sep == "/" else ""


class Program(NamedTuple):
    """A program and its arguments; `span`: the place of its name in the line."""

    words: tuple[str, ...]
    span: tuple[int, int]

    @property
    def name(self) -> str:
        """What it is called, without its folder."""
        return os.path.basename(self.words[0]).removesuffix(".exe")  # noqa: PTH119 - no path is meant


class Redirect(NamedTuple):
    """The file that takes what would be shown."""

    path: str
    appends: bool


class Pipeline(NamedTuple):
    """A line in its parts. `command`: what is for the server, the beginning of `line`.

    `programs`: the first one gets the results, the next its output. `wants_json`: the results go
    there as JSON lines, not as text.
    """

    line: str
    command: str
    programs: tuple[Program, ...] = ()
    redirect: Redirect | None = None
    wants_json: bool = False

    @property
    def is_local(self) -> bool:
        """Says whether anything is to be done here but to show the results."""
        return bool(self.programs or self.redirect or self.wants_json)


class _Piece(NamedTuple):
    """A word or an operator as it stands in the line, quotes included."""

    raw: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def split_pipeline(line: str, *, escape: str = _ESCAPE) -> Pipeline:
    """Splits the line into the command and what is done with its results.

    `escape`: what guards a character in the words of programs and in a file's name, or nothing.

    Raises:
        LineError: as `tokenize`; with the place of what is missing, or too much.
    """
    tokens = tokenize(line)
    pieces = [piece for token in tokens for piece in _cut(line, token)]
    for piece in pieces:
        if piece.raw.startswith(">") and piece.raw not in _REDIRECTS:
            raise _make_glued(line, piece)
    ends = [at for at, piece in enumerate(pieces) if piece.raw in _OPERATORS]
    if not ends:
        return Pipeline(line, line)
    first = ends[0]
    if first == 0:
        raise LineError("there is no command", line=line, span=pieces[0].span)
    refuse_sequence(line, tokens)
    _refuse_behind(line, pieces)
    pipeline = Pipeline(line, line[: pieces[first - 1].end])
    for at, following in zip(ends, [*ends[1:], len(pieces)], strict=True):
        pipeline = _add(pipeline, pieces[at], pieces[at + 1 : following], escape)
    return pipeline


def _cut(line: str, token: Token) -> Iterator[_Piece]:
    """Yields the word, and each `|` at its ends by itself."""
    start, end = token.span
    while start < end and line[start] == _PIPE:
        yield _Piece(_PIPE, start, start + 1)
        start += 1
    stop = end
    while stop > start and line[stop - 1] == _PIPE and not _is_guarded(line[start : stop - 1]):
        stop -= 1
    if start < stop:
        yield _Piece(line[start:stop], start, stop)
    for at in range(stop, end):
        yield _Piece(_PIPE, at, at + 1)


def _is_guarded(before: str) -> bool:
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _refuse_behind(line: str, pieces: list[_Piece]) -> None:
    if pieces[-1].raw == "&":
        raise LineError(
            "only the shell runs commands in the background", line=line, span=pieces[-1].span
        )


def _make_glued(line: str, piece: _Piece) -> LineError:
    return LineError(
        f"'{piece.raw}' is one word, and no redirect",
        line=line,
        span=piece.span,
        hint="blanks stand around '>' and '>>'; what is meant as it is stands in quotes",
    )


def _add(pipeline: Pipeline, operator: _Piece, words: list[_Piece], escape: str) -> Pipeline:
    """Returns the pipeline with one more part, an operator and the words behind it."""
    line = pipeline.line
    if pipeline.redirect is not None:
        what = "the file comes last: nothing is left to pipe"
        if operator.raw != _PIPE:
            what = "the results go to one file"
        raise LineError(what, line=line, span=operator.span, hint="'| tee FILE' writes a copy")
    if not words:
        hint = "a program, e.g. | grep WORD" if operator.raw == _PIPE else "the name of a file"
        raise LineError(
            f"nothing follows '{operator.raw}'", line=line, span=operator.span, hint=hint
        )
    for word in words:
        if _GLUED.match(word.raw):
            raise _make_glued(line, word)
    texts = tuple(_read_word(word.raw, escape) for word in words)
    if operator.raw != _PIPE:
        if len(words) > 1:
            raise LineError("the file comes last", line=line, span=words[1].span)
        return pipeline._replace(redirect=Redirect(texts[0], operator.raw == _REDIRECTS[1]))
    if texts == _JSON_WORD and not (pipeline.programs or pipeline.wants_json):
        return pipeline._replace(wants_json=True)
    program = Program(texts, words[0].span)
    wants_json = pipeline.wants_json or (not pipeline.programs and program.name in _JSON_PROGRAMS)
    return pipeline._replace(programs=(*pipeline.programs, program), wants_json=wants_json)


def _read_word(raw: str, escape: str) -> str:
    """Returns the word that a POSIX shell makes of it."""
    import shlex

    reader = shlex.shlex(raw, posix=True)
    reader.whitespace_split = True
    reader.commenters = ""
    reader.escape = escape
    word = " ".join(reader)
    return os.path.expanduser(word) if raw.startswith("~") else word  # noqa: PTH111 - keeps a '/'
