"""Several commands in one line: `a ; b`, and `a &` for one that is to run in the background.

Neither sign is ever sent: the server would drop the one and leave the command of the other without
anybody who could stop it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import LineError
from arthas_cli.line.operators import read_operators
from arthas_cli.line.scan import BEHIND, SEPARATOR, scan_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from arthas_cli.line.reading import Piece
    from arthas_cli.line.scan import TypedLine


class Part(NamedTuple):
    """One command of a line."""

    line: str
    is_behind: bool = False


def split_sequence(line: str, own_words: Collection[str] = ()) -> list[Part]:
    """Split the line into its commands; none where it is empty.

    Raises:
        LineError: as `read_operators`; nothing between two separators, or before `&`.
    """
    typed = scan_line(line)
    found = read_operators(typed, own_words)
    if not found:
        words = typed.words
        return [Part(typed.cut(words[0].start, words[-1].end))] if words else []
    parts: list[Part] = []
    pieces: list[Piece] = []
    for piece in found:
        if not piece.is_operator(SEPARATOR):
            pieces.append(piece)
        elif pieces:
            parts.append(_read_part(typed, pieces))
            pieces = []
        else:
            raise _make_missing(line, piece)
    return [*parts, _read_part(typed, pieces)] if pieces else parts


def _read_part(line: TypedLine, pieces: Sequence[Piece]) -> Part:
    first, last = pieces[0], pieces[-1]
    if not last.is_operator(BEHIND):
        return Part(line.cut(first.word.start, last.word.end))
    if len(pieces) == 1:
        raise _make_missing(line, last)
    if first.is_own_word:
        what = f"'{first.word.text}' cannot run in the background"
        raise LineError(what, line=line, span=last.word.span)
    return Part(line.cut(first.word.start, pieces[-2].word.end), is_behind=True)


def _make_missing(line: str, piece: Piece) -> LineError:
    return LineError("there is no command", line=line, span=piece.word.span)
