"""The names of many JVMs in few words: `web-[1-11]`, or some of them and how many more."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NUMBER = re.compile(r"(\d+)")
_MAX_NAMED = 8


def fold_names(names: Sequence[str], most: int | None = None) -> str:
    """Return the names with numbers in a row as a range, in the order given.

    `most`: how many words there may be before the rest is only counted, None for all.
    """
    words = list(_fold(names))
    if most is None or len(words) <= most:
        return ", ".join(words)
    return f"{', '.join(words[:most])} and {len(words) - most} more"


def fold_briefly(names: Sequence[str]) -> str:
    """Return the names for one line of a message."""
    return fold_names(names, _MAX_NAMED)


def quote_names(names: Iterable[str]) -> str:
    """Return `'a'`, `'a' and 'b'`, `'a', 'b' and 'c'`."""
    *others, last = [f"'{name}'" for name in names]
    return f"{', '.join(others)} and {last}" if others else last


def _fold(names: Sequence[str]) -> Iterator[str]:
    """Yield the words; the number that changes is the one that makes the fewest of them."""
    parts = [_NUMBER.split(name) for name in names]
    slots = range(1, max(map(len, parts), default=0), 2)
    ways = [list(_fold_at(slot, parts)) for slot in slots]
    yield from min(ways, key=len, default=list(names))


def _fold_at(slot: int, names: Sequence[list[str]]) -> Iterator[str]:
    """Yield the words where neighbours may differ in one of their numbers."""
    for key, group in groupby(names, lambda parts: _find_frame(slot, parts)):
        if key is None:
            yield from ("".join(parts) for parts in group)
            continue
        head, tail, _ = key
        for first, last in _join_runs([parts[slot] for parts in group]):
            yield f"{head}{first}{tail}" if first == last else f"{head}[{first}-{last}]{tail}"


def _find_frame(slot: int, parts: list[str]) -> tuple[str, str, int] | None:
    """Return what stands around a number, and its length where it begins with a zero."""
    if slot >= len(parts):
        return None
    number = parts[slot]
    width = len(number) if number.startswith("0") else 0
    return "".join(parts[:slot]), "".join(parts[slot + 1 :]), width


def _join_runs(numbers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the first and last of numbers that follow each other."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if int(number) != int(last) + 1:
            yield first, last
            first = number
        last = number
    yield first, last
