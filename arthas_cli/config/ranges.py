"""Ranges in the words of `--on`: `web[1-20]:8563` stands for twenty addresses.

What stands in the brackets is the notation of ClusterShell: `[1-20]`, `[1,3,7-9]`, `[01-12]`,
`[0-8/2]`. Splitting the word is ours, and so is the bound: the library makes a text of every number
before it can say how many there are.
"""

from __future__ import annotations

import re
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from arthas_cli.errors import NotRun

if TYPE_CHECKING:
    from collections.abc import Sequence

# How many targets one run may have.
MOST = 10_000
# A bracket in the place of a host is that of an IPv6 address.
_BEHIND_NAME = r"(?<!^)(?<!//)(?<!@)"
_RANGE = re.compile(rf"{_BEHIND_NAME}\[([0-9][0-9,/-]*)\]")
_BRACKET = re.compile(rf"{_BEHIND_NAME}\[")
_SPAN = re.compile(r"([0-9]+)-([0-9]+)")
# No number of a machine, and more digits than `int` takes.
_TOO_LONG = re.compile(r"[0-9]{19}")
_HINT = "write a range as web[1-20]:8563, [1,3,7-9] or [01-12]"


def has_range(word: str) -> bool:
    """Return whether the word is to stand for several, right or wrong."""
    return _BRACKET.search(word) is not None


def expand_range(word: str) -> Sequence[str]:
    """Return the words that a word stands for, in the order of their numbers; itself without any.

    Raises:
        NotRun: it is no range, or too long a one.
    """
    if not has_range(word):
        return (word,)
    *pieces, last = _RANGE.split(word)
    texts, ranges = pieces[::2], pieces[1::2]
    if not ranges or any(has_range(f"…{text}") for text in (*texts, last)):
        raise NotRun(f"'{word}' is not a range", hint=_HINT)
    numbers = [_read_numbers(text, word) for text in ranges]
    if prod(map(len, numbers)) > MOST:
        raise _refuse_number(word)
    return [
        "".join(f"{text}{number}" for text, number in zip(texts, chosen, strict=True)) + last
        for chosen in product(*numbers)
    ]


def _read_numbers(text: str, word: str) -> Sequence[str]:
    from ClusterShell.RangeSet import RangeSet, RangeSetException  # for those who write one

    spans = _SPAN.findall(text)
    if _TOO_LONG.search(text) or any(int(high) - int(low) >= MOST for low, high in spans):
        raise _refuse_number(word)
    try:
        return list(RangeSet(text).striter())
    except RangeSetException:
        raise NotRun(f"'{word}': '[{text}]' is not a range", hint=_HINT) from None


def _refuse_number(word: str) -> NotRun:
    return NotRun(
        f"'{word}' stands for more than {MOST:,} targets", hint="name them in several runs"
    )
