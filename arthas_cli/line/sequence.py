"""Several commands in one line: `a ; b`, and `a &` for one that is to run in the background.

Both signs are words of their own and never sent: the server would drop the one and leave the
command of the other without anybody who could stop it.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import LineError
from arthas_cli.line.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.line.tokens import Token

SEPARATOR = ";"
_BEHIND = "&"


class Part(NamedTuple):
    """One command of a line."""

    line: str
    is_behind: bool = False


def split_sequence(line: str) -> list[Part]:
    """Splits the line into its commands; none where it is empty.

    Raises:
        LineError: as `tokenize`; nothing between two separators, or before `&`.
    """

    def is_separator(token: Token) -> bool:
        return line[token.start : token.end] == SEPARATOR

    parts: list[Part] = []
    follows_command = False
    for is_between, group in groupby(tokenize(line), is_separator):
        tokens = tuple(group)
        if not is_between:
            parts.append(_read_part(line, tokens))
        elif not follows_command or len(tokens) > 1:
            nothing = tokens[1 if follows_command else 0]
            raise LineError("there is no command", line=line, span=nothing.span)
        follows_command = not is_between
    return parts


def _read_part(line: str, tokens: Sequence[Token]) -> Part:
    last = tokens[-1]
    is_behind = line[last.start : last.end] == _BEHIND
    if is_behind and len(tokens) == 1:
        raise LineError("there is no command", line=line, span=last.span)
    end = tokens[-2].end if is_behind else last.end
    return Part(line[tokens[0].start : end], is_behind)
