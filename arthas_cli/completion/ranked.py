"""Class names by how well they fit what was typed: all that fit are found, the best first.

A name has a rank that does not depend on what is typed, so that a stage of the search may end once
enough is found, and what it did not look at is worth less. Nothing is left out otherwise.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from heapq import nsmallest
from itertools import accumulate, chain, islice
from typing import TYPE_CHECKING

from arthas_cli.completion.matching import (
    find_initials,
    make_hump_pattern,
    make_letters_pattern,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

# A search ends with so many names found.
_MAX_FOUND = 150
# In a package of no more classes each is looked at for a part of its name. Of a larger one those of
# other packages are passed over, unless there are too many of these.
_FEW_CLASSES, _MAX_PASSED = 10_000, 2_000
_LAST = "\U0010ffff"


class RankedNames:
    """Searches names, which are given in the order of their lower case.

    A name is known by its rank: those of few humps before those of many, then short ones first.
    """

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._lower = [name.lower() for name in names]
        simple = [name.rpartition(".")[2] for name in names]
        initials = [find_initials(name) for name in simple]
        keys = list(zip(map(len, initials), map(len, names), strict=True))
        # The place in `names` of each rank, and the other way round.
        self._places = sorted(range(len(keys)), key=keys.__getitem__)
        self._ranks = sorted(range(len(keys)), key=self._places.__getitem__)
        self._simple = [simple[place] for place in self._places]
        self._simple_lower = [name.lower() for name in self._simple]
        self._by_simple = Beginnings(self._simple_lower)
        self._by_initials = Beginnings([initials[place] for place in self._places])
        self._lines = Lines(self._simple_lower)
        self._lines_by_text = Lines(self._by_simple.texts)
        self._lines_by_place = Lines([self._simple_lower[rank] for rank in self._ranks])

    def find(self, word: str, below: str, *, is_close: bool) -> list[str]:
        """Return the names below a package (in lower case) that fit the word, at most 150.

        First those that begin so, those whose initials do, those with such humps, those with the
        word in them. With `is_close` the first two alone.
        """
        start, end = self._find_range(below)
        stages = islice(self._list_stages(word, start, end), 2 if is_close else None)
        found: dict[int, None] = {}
        for rank in chain.from_iterable(stages):
            found.setdefault(rank)
            if len(found) == _MAX_FOUND:
                break
        return self._name(found)

    def find_scattered(self, word: str, below: str) -> list[str]:
        """Return those that begin with the word's first letter and have the others in order."""
        return self._name(self._find_scattered(word.lower(), *self._find_range(below)))

    def _find_range(self, below: str) -> tuple[int, int]:
        start, end = (bisect_left(self._lower, text) for text in (below, below + _LAST))
        return start, end

    def _name(self, ranks: Iterable[int]) -> list[str]:
        return [self._names[self._places[rank]] for rank in islice(ranks, _MAX_FOUND)]

    def _list_stages(self, word: str, start: int, end: int) -> Iterator[Iterable[int]]:
        """Yield for each stage the ranks of what fits in a range of places, the best first."""
        lower = word.lower()
        yield _choose(self._keep(self._by_simple.find(lower), start, end))
        yield _choose(self._keep(self._by_initials.find(lower), start, end))
        pattern = make_hump_pattern(word)
        if pattern is not None:
            alike = self._keep(self._by_initials.find(find_initials(word)), start, end)
            yield _choose([rank for rank in alike if pattern.match(self._simple[rank])])
        yield self._find_inside(lower, start, end)

    def _keep(self, ranks: list[int], start: int, end: int) -> list[int]:
        """Return those with a place in the range."""
        places = self._places
        if end - start == len(places):
            return ranks
        if end - start < len(ranks):
            wanted = set(ranks)
            return [rank for rank in self._ranks[start:end] if rank in wanted]
        return [rank for rank in ranks if start <= places[rank] < end]

    def _find_inside(self, part: str, start: int, end: int) -> Iterator[int]:
        places, passed = self._places, 0
        if end - start > _FEW_CLASSES:
            for rank in self._lines.find(part):
                if start <= places[rank] < end:
                    yield rank
                else:
                    passed += 1
                    if passed > _MAX_PASSED:
                        break
            else:
                return
        found = self._lines_by_place.find(part, start, end)
        yield from _choose([self._ranks[place] for place in found])

    def _find_scattered(self, letters: str, start: int, end: int) -> list[int]:
        pattern = make_letters_pattern(letters)
        first, last = self._by_simple.find_range(letters[0])
        if end - start < last - first:
            found = self._lines_by_place.match(pattern, start, end)
            return _choose([self._ranks[place] for place in found])
        numbers = self._by_simple.numbers
        ranks = [numbers[at] for at in self._lines_by_text.match(pattern, first, last)]
        return _choose(self._keep(ranks, start, end))


def _choose(ranks: list[int]) -> list[int]:
    """Return the best in order; twice as many as wanted, for some may be found already."""
    return nsmallest(2 * _MAX_FOUND, ranks) if len(ranks) > 2 * _MAX_FOUND else sorted(ranks)


class Beginnings:
    """Finds texts by how they begin; a text is known by its number.

    `texts` are in order, `numbers` are theirs.
    """

    def __init__(self, texts: list[str]) -> None:
        self.numbers = sorted(range(len(texts)), key=texts.__getitem__)
        self.texts = [texts[number] for number in self.numbers]

    def find_range(self, beginning: str) -> tuple[int, int]:
        """Return where in `texts` those are that begin so."""
        start = bisect_left(self.texts, beginning)
        return start, bisect_left(self.texts, beginning + _LAST, start)

    def find(self, beginning: str) -> list[int]:
        """Return the numbers of all that begin so, in no order."""
        start, end = self.find_range(beginning)
        return self.numbers[start:end]


class Lines:
    """Short texts as one, for there is nothing quicker than to search one text."""

    def __init__(self, lines: list[str]) -> None:
        self._text = "\n".join(["", *lines, ""])
        # Where the line break before each line is.
        self._starts = array("L", accumulate((len(line) + 1 for line in lines), initial=0))

    def find(self, part: str, start: int = 0, end: int | None = None) -> Iterator[int]:
        """Yield the numbers of the lines with that in it, from `start` to before `end`."""
        at, last = self._starts[start], self._starts[-1 if end is None else end]
        while (at := self._text.find(part, at, last)) >= 0:
            number = bisect_right(self._starts, at) - 1
            yield number
            at = self._starts[number + 1]

    def match(self, pattern: re.Pattern[str], start: int, end: int) -> Iterator[int]:
        """Yield the numbers of the lines that fit, from `start` to before `end`.

        `pattern`: begins with the line break before the line, and has no other in it.
        """
        for found in pattern.finditer(self._text, self._starts[start], self._starts[end]):
            yield bisect_right(self._starts, found.start()) - 1
