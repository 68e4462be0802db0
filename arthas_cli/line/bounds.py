"""What a condition demands of the cost of a call, as far as its words alone tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.cursor import Unreadable
from arthas_cli.line.nodes import Node, Part
from arthas_cli.line.ognl import parse_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

_AND = ("&&", "and")
_GREATER = (">", ">=", "gt", "gte")
_SMALLER = ("<", "<=", "lt", "lte")
_SUFFIXES = "bBdDfFhHlL"


def find_least_cost(condition: str) -> float:
    """Return what `#cost` is at least where the condition holds, 0 where that cannot be told."""
    try:
        return max(_find_bounds(parse_expression(condition)), default=0.0)
    except Unreadable:
        return 0.0


def _find_bounds(node: Node) -> Iterator[float]:
    """Yield each number that `#cost` has to exceed: joined by `and`, all of them hold."""
    if node.kind is not Part.ROW:
        return
    ends = [at for at, word in enumerate(node.words) if word in _AND]
    start = 0
    for end in (*ends, len(node.words)):
        words, parts = node.words[start:end], node.parts[start : end + 1]
        start = end + 1
        if not words:
            yield from _find_bounds(parts[0])
        elif len(words) == 1:
            yield from _find_bound(words[0], *parts)


def _find_bound(sign: str, left: Node, right: Node) -> Iterator[float]:
    if sign in _SMALLER:
        left, right = right, left
    elif sign not in _GREATER:
        return
    if left.kind is Part.VARIABLE and left.words == ("cost",) and right.kind is Part.NUMBER:
        try:
            yield float(right.words[0].rstrip(_SUFFIXES))
        except ValueError:
            return
