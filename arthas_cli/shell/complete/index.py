"""The names of all loaded classes, found as they are typed; 100,000 of them in milliseconds.

Everything that a search needs is made once. A search looks things up by bisection and goes through
no more than `_MOST_SCANNED` names, for it runs between a key press and its echo.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from itertools import accumulate, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# A search ends with so many names found, and goes through no more than so many in each stage; what
# is in a package of few is looked at one by one.
_MOST_FOUND = 200
_MOST_SCANNED = 3_000
_MOST_LOOKED_AT = 2_000
_SCATTERED = 4  # how vague a name is that only holds the letters in their order
# The JDK's own come last: few people look for them, and they are many.
_OF_THE_JDK = ("java.", "javax.", "jdk.", "sun.", "com.sun.")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7f]+")
_LAST = "\U0010ffff"


class ClassIndex:
    """Searches class names; those nobody can type (arrays, control characters) are left out."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = sorted({name for name in names if is_typeable(name)}, key=str.lower)
        self._lower = [name.lower() for name in self._names]
        simple = [name.rpartition(".")[2] for name in self._names]
        self._simple = sorted((name.lower(), at) for at, name in enumerate(simple))
        self._starts = [find_initials(name) for name in simple]
        self._initials = sorted((starts, at) for at, starts in enumerate(self._starts))
        self._packages = _list_packages(self._names)

    def __len__(self) -> int:
        return len(self._names)

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
            classes = drop_vague(self._find_classes(last, (package + dot).lower()))
            close = sorted(classes, key=lambda at: self._rank(at, classes[at]))
            found.update(dict.fromkeys(self._names[at] for at in close))
        # Sorting is stable: among those used as often the order above holds.
        return sorted(found, key=lambda name: -used.get(name, 0))[:limit]

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        """The simple names in lower case as one text, and where each begins in it."""
        lengths = accumulate((len(name) + 1 for name, _ in self._simple), initial=0)
        return "\n".join(name for name, _ in self._simple), list(lengths)

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

    def _find_classes(self, word: str, below: str) -> dict[int, int]:
        """Returns places of classes below a package, each with how vague it is."""
        lower = word.lower()
        start, end = _find_range(self._lower, below) if below else (0, len(self._lower))
        if end - start <= _MOST_LOOKED_AT:
            graded = ((at, self._grade(at, lower)) for at in range(start, end))
            return {at: grade for at, grade in graded if grade <= _SCATTERED}
        found: dict[int, int] = {}
        for grade, stage in enumerate(self._list_stages(word, lower)):
            for at in islice(stage, _MOST_SCANNED):
                if start <= at < end:
                    found.setdefault(at, grade)
                    if len(found) >= _MOST_FOUND:
                        return found
        return found

    def _grade(self, at: int, lower: str) -> int:
        name = self._lower[at].rpartition(".")[2]
        if name.startswith(lower):
            return 0
        if self._starts[at].startswith(lower):
            return 1
        return 3 if lower in name else _SCATTERED + (not holds_letters(name, lower))

    def _rank(self, at: int, grade: int) -> tuple[int, bool, int, int]:
        name = self._names[at]
        return grade, name.startswith(_OF_THE_JDK), len(self._starts[at]), len(name)

    def _list_stages(self, word: str, lower: str) -> Iterator[Iterator[int]]:
        yield (at for _, at in _list_beginning(self._simple, lower))
        yield (at for _, at in _list_beginning(self._initials, lower))
        humps = [hump.lower() for hump in _HUMP.findall(word)]
        alike: Iterator[tuple[str, int]] = iter(())
        if len(humps) > 1 and any(letter.isupper() for letter in word[1:]):
            first_letters = "".join(hump[0] for hump in humps)
            alike = islice(_list_beginning(self._initials, first_letters), _MOST_SCANNED)
        yield (at for _, at in alike if has_humps(self._names[at], humps))
        yield self._find_inside(lower)
        scattered = islice(_list_beginning(self._simple, lower[0]), _MOST_SCANNED)
        yield (at for name, at in scattered if holds_letters(name, lower))

    def _find_inside(self, lower: str) -> Iterator[int]:
        text, starts = self._joined
        at = text.find(lower)
        while at >= 0:
            number = bisect_left(starts, at + 1) - 1
            yield self._simple[number][1]
            at = text.find(lower, starts[number + 1])


def is_typeable(name: str) -> bool:
    """Says whether the name can stand in a line: no control characters, no arrays, none hidden."""
    return bool(name) and name.isprintable() and name[0] != "[" and "/" not in name


def find_initials(simple: str) -> str:
    """Returns the first letters of the humps: `usi` for `UserServiceImpl`."""
    return "".join(hump[0] for hump in _HUMP.findall(simple)).lower()


def drop_vague(found: dict[int, int]) -> dict[int, int]:
    """Returns the names without those that only hold the letters, if there are any better."""
    better = {at: grade for at, grade in found.items() if grade < _SCATTERED}
    return better or found


def has_humps(name: str, humps: list[str]) -> bool:
    """Says whether each hump typed fits the one at its place: `svc` fits `Service`."""
    theirs = (hump.lower() for hump in _HUMP.findall(name.rpartition(".")[2]))
    return all(map(holds_letters, theirs, humps))


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


def _find_range(names: list[str], beginning: str) -> tuple[int, int]:
    return bisect_left(names, beginning), bisect_left(names, beginning + _LAST)


def _list_beginning(keys: list[tuple[str, int]], beginning: str) -> Iterator[tuple[str, int]]:
    start, end = bisect_left(keys, (beginning,)), bisect_left(keys, (beginning + _LAST,))
    return (keys[number] for number in range(start, end))


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
