"""The names of many JVMs in few words: `web[1-6,8]:8563`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A number with leading zeros counts as text: `web01` and `web1` are two.
_NUMBER = re.compile(r"(?<!\d)(0|[1-9]\d*)(?!\d)")


def fold_names(names: Iterable[str]) -> str:
    """Return the names in their order; those that differ in one number alone are put together."""
    left = list(dict.fromkeys(names))
    folded: list[str] = []
    while left:
        before, after, members = max(_list_families(left[0], left), key=lambda each: len(each[2]))
        taken = {f"{before}{number}{after}" for number in members} or {left[0]}
        folded.append(left[0] if len(taken) == 1 else f"{before}[{_fold(members)}]{after}")
        left = [name for name in left if name not in taken]
    return ",".join(folded)


def _list_families(name: str, names: Sequence[str]) -> Iterable[tuple[str, str, list[int]]]:
    """Return for each number in the name what stands around it, and who else is called so."""
    yield name, "", []
    for match in _NUMBER.finditer(name):
        before, after = name[: match.start()], name[match.end() :]
        middles = (
            other[len(before) : len(other) - len(after)]
            for other in names
            if other.startswith(before) and other.endswith(after)
        )
        yield before, after, sorted(int(each) for each in middles if _NUMBER.fullmatch(each))


def _fold(numbers: Sequence[int]) -> str:
    """Return numbers in ascending order as ranges: `1-3,7`."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)
