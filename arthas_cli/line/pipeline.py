"""What stands behind a command and is done here: `| PROGRAM …`, `> FILE`, `>> FILE`.

A redirect is a word of its own, a `|` is one with or without blanks around it; where it is
quoted or guarded it is none here (at the end of a word the server would take it for one all the
same, so `parse_line` refuses it in the command). The words of a program are those of a POSIX shell
without its expansions, but for a `~` in front.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import LineError
from arthas_cli.line.operators import read_operators, refuse_sequence
from arthas_cli.line.scan import LOCAL_OPERATORS, PIPE, REDIRECTS, scan_line

if TYPE_CHECKING:
    from arthas_cli.line.scan import Word

# A shell would read these as redirects; as words they would be taken for something else. Of
# `<init>` nobody means that.
_GLUED = re.compile(r">.|\d+>|<(?!\w+>$)|&>")
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
        """Whether anything is to be done here but to show the results."""
        return bool(self.programs or self.redirect or self.wants_json)


def split_pipeline(line: str, *, escape: str = _ESCAPE) -> Pipeline:
    """Split the line into the command and what is done with its results.

    `escape`: what guards a character in the words of programs and in a file's name, or nothing.

    Raises:
        LineError: as `read_operators`; with the place of what is missing, or too much.
    """
    typed = scan_line(line)
    pieces = read_operators(typed)
    words = [piece.word for piece in pieces]
    for word in words:
        if word.raw.startswith(">") and word.raw not in REDIRECTS:
            raise _make_glued(line, word)
    ends = [at for at, piece in enumerate(pieces) if piece.is_operator(*LOCAL_OPERATORS)]
    if ends and ends[0] == 0:
        raise LineError("there is no command", line=line, span=words[0].span)
    refuse_sequence(line, pieces)
    if not ends:
        return Pipeline(typed, typed)
    pipeline = Pipeline(typed, typed.cut(0, words[ends[0] - 1].end))
    for at, following in zip(ends, [*ends[1:], len(words)], strict=True):
        pipeline = _add(pipeline, words[at], words[at + 1 : following], escape)
    return pipeline


def _make_glued(line: str, word: Word) -> LineError:
    return LineError(
        f"'{word.raw}' is not a redirect",
        line=line,
        span=word.span,
        hint="put spaces around '>' and '>>', or quote the word to use it literally",
    )


def _add(pipeline: Pipeline, operator: Word, words: list[Word], escape: str) -> Pipeline:
    """Return the pipeline with one more part, an operator and the words behind it."""
    line = pipeline.line
    if pipeline.redirect is not None:
        what = "a redirect must come last"
        if operator.raw != PIPE:
            what = "only one redirect is allowed"
        raise LineError(
            what, line=line, span=operator.span, hint="use '| tee FILE' to write a copy"
        )
    if not words:
        hint = "a program, e.g. | grep WORD" if operator.raw == PIPE else "the name of a file"
        raise LineError(
            f"nothing follows '{operator.raw}'", line=line, span=operator.span, hint=hint
        )
    for word in words:
        if _GLUED.match(word.raw):
            raise _make_glued(line, word)
    texts = tuple(_read_word(word.raw, escape) for word in words)
    if operator.raw != PIPE:
        if len(words) > 1:
            raise LineError("the file comes last", line=line, span=words[1].span)
        return pipeline._replace(redirect=Redirect(texts[0], operator.raw == REDIRECTS[1]))
    if texts == _JSON_WORD and not (pipeline.programs or pipeline.wants_json):
        return pipeline._replace(wants_json=True)
    program = Program(texts, words[0].span)
    wants_json = pipeline.wants_json or (not pipeline.programs and program.name in _JSON_PROGRAMS)
    return pipeline._replace(programs=(*pipeline.programs, program), wants_json=wants_json)


def _read_word(raw: str, escape: str) -> str:
    """Return the word that a POSIX shell makes of it."""
    import shlex

    reader = shlex.shlex(raw, posix=True)
    reader.whitespace_split = True
    reader.commenters = ""
    reader.escape = escape
    word = " ".join(reader)
    return os.path.expanduser(word) if raw.startswith("~") else word  # noqa: PTH111 - keeps a '/'
