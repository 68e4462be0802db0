"""The names of all loaded classes, found as they are typed; 100,000 of them in milliseconds.

Everything that a search needs is made once, for a search runs between a key press and its echo.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# A search ends with so many names found, and its vague stages look at no more than so many.
_MOST_FOUND = 150
_MOST_SCANNED = 1_000
_CLOSE_STAGES = 2
_SCATTERED = 4  # the number of the stage for names that only hold the letters in their order
# The JDK's own come last: few people look for them, and they are many.
_OF_THE_JDK = ("java.", "javax.", "jdk.", "sun.", "com.sun.")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7f]+")
_LAST = "\U0010ffff"


class ClassIndex:
    """Searches class names; those nobody can type (arrays, control characters) are left out.

    `names`: all of them, in order.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = sorted({name for name in names if is_typeable(name)}, key=str.lower)
        self._lower = [name.lower() for name in self.names]
        simple = [name.rpartition(".")[2] for name in self.names]
        self._initials = [find_initials(name) for name in simple]
        self._simple_lines = Lines([name.lower() for name in simple])
        self._initials_lines = Lines(self._initials)
        self._packages = _list_packages(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def find(self, word: str, used: Mapping[str, int], limit: int = 50) -> list[str]:
        """Returns packages (they end with a dot) and classes for what was typed, the best first.

        Args:
            word: the beginning of a name, a package and what is in it, or the letters of the humps
                (`usi`, `UserSvcImpl`), with or without a package before it.
            used: how often a name was used; those come first.
            limit: how many names at most.
        """
        package, dot, last = word.rpartition(".")
        found = dict.fromkeys(self._find_children(package + dot, last.lower()))
        if last:
            # Where a package is being spelled out, nobody means letters within a class.
            stages = _CLOSE_STAGES if found else None
            classes = self._find_classes(last, (package + dot).lower(), stages)
            close = sorted(classes, key=lambda at: self._rank(at, classes[at]))
            found.update(dict.fromkeys(self.names[at] for at in close))
        # Sorting is stable: among those used as often the order above holds.
        return sorted(found, key=lambda name: -used.get(name, 0))[:limit]

    def _find_children(self, package: str, beginning: str) -> Iterator[str]:
        children = self._packages.get(package.lower(), [])
        start = bisect_left(children, (beginning,))
        for number in range(start, min(start + _MOST_FOUND, len(children))):
            lower, child = children[number]
            if not lower.startswith(beginning):
                return
            yield self._descend(child)

    def _descend(self, name: str) -> str:
        """Returns the package below the one named that has more than one child."""
        while name.endswith("."):
            children = self._packages[name.lower()]
            if len(children) != 1 or not children[0][1].endswith("."):
                break
            name = children[0][1]
        return name

    def _find_classes(self, word: str, below: str, stages: int | None) -> dict[int, int]:
        """Returns places of classes below a package, each with the stage it was found in."""
        start, end = 0, len(self._lower)
        if below:
            start, end = (bisect_left(self._lower, text) for text in (below, below + _LAST))
        found: dict[int, int] = {}
        for grade, stage in enumerate(islice(self._list_stages(word, start, end), stages)):
            if grade == _SCATTERED and found:
                break
            for at in stage:
                found.setdefault(at, grade)
                if len(found) >= _MOST_FOUND:
                    return found
        return found

    def _rank(self, at: int, grade: int) -> tuple[int, bool, int, int]:
        name = self.names[at]
        return grade, name.startswith(_OF_THE_JDK), len(self._initials[at]), len(name)

    def _list_stages(self, word: str, start: int, end: int) -> Iterator[Iterable[int]]:
        lower = word.lower()
        yield self._simple_lines.find(f"\n{lower}", start, end)
        yield self._initials_lines.find(f"\n{lower}", start, end)
        pattern = make_hump_pattern(word)
        needle = f"\n{find_initials(word)}"
        alike = self._initials_lines.find(needle, start, end) if pattern is not None else ()
        yield (at for at in islice(alike, _MOST_SCANNED) if self._fits(at, lower, pattern))
        yield self._simple_lines.find(lower, start, end)
        alike = self._simple_lines.find(f"\n{lower[0]}", start, end)
        yield (at for at in islice(alike, _MOST_SCANNED) if self._fits(at, lower, None))

    def _fits(self, at: int, lower: str, pattern: re.Pattern[str] | None) -> bool:
        simple = self.names[at].rpartition(".")[2]
        if pattern is not None:
            return pattern.match(simple) is not None
        return holds_letters(simple.lower(), lower)


class Lines:
    """Short texts as one, for there is nothing quicker than to search one text."""

    def __init__(self, lines: list[str]) -> None:
        self._text = "\n".join(["", *lines, ""])
        self._firsts = {line[:1] for line in lines}
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=0))

    def find(self, needle: str, start: int, end: int) -> Iterator[int]:
        """Yields the numbers of the lines with the needle in it, from `start` to before `end`.

        A line break in the needle stands for the beginning of a line.
        """
        if needle[0] == "\n" and needle[1:2] not in self._firsts:
            return  # found out without a search of the whole
        at, last = self._starts[start], self._starts[end]
        while at < last and (at := self._text.find(needle, at, last + 1)) >= 0:
            number = bisect_right(self._starts, at) - 1
            if number >= end:
                return
            yield number
            at = self._starts[number + 1]


def is_typeable(name: str) -> bool:
    """Says whether the name can stand in a line: no control characters, no arrays, none hidden."""
    return bool(name) and name.isprintable() and name[0] != "[" and "/" not in name


def find_initials(simple: str) -> str:
    """Returns the first letters of the humps: `usi` for `UserServiceImpl`."""
    return "".join(hump[0] for hump in _HUMP.findall(simple)).lower()


def make_hump_pattern(word: str) -> re.Pattern[str] | None:
    """Returns what names fit whose humps are those of the word, shortened: `svc` for `Service`.

    None for a word of one hump.
    """
    humps = _HUMP.findall(word)
    if len(humps) < 2 or word[1:].islower():  # noqa: PLR2004 - one hump is no pattern
        return None
    inside = "[^A-Z]*?"
    return re.compile("[^A-Z]*".join(inside.join(map(re.escape, hump)) for hump in humps))


def holds_letters(name: str, letters: str) -> bool:
    """Says whether the name begins with the first letter and has the others in their order."""
    if name[:1] != letters[:1]:
        return False
    at = 0
    for letter in letters:
        at = name.find(letter, at) + 1
        if not at:
            return False
    return True


def _list_packages(names: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Returns for each package, in lower case, what is in it: (last part in lower case, name)."""
    inside: dict[str, set[tuple[str, str]]] = {"": set()}
    known: set[str] = set()
    for name in names:
        package, dot, simple = name.rpartition(".")
        inside.setdefault((package + dot).lower(), set()).add((simple.lower(), name))
        while package and package not in known:
            known.add(package)
            parent, dot, last = package.rpartition(".")
            inside.setdefault((parent + dot).lower(), set()).add((last.lower(), f"{package}."))
            package = parent
    return {package: sorted(children) for package, children in inside.items()}
