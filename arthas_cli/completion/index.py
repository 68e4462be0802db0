"""The names of all loaded classes, found as they are typed; 100,000 of them in milliseconds.

Everything that a search needs is made once, for a search runs between a key press and its echo.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from arthas_cli.completion.ranked import RankedNames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MAX_CHILDREN = 150
# One name in five.
_SHARE_OF_THE_JDK = 5


class ClassIndex:
    """Searches class names; those nobody can type (arrays, control characters) are left out.

    `jdk`: names of the JDK's own classes. They come last: few people look for them, they are many,
    and Arthas does not enhance them. `names`: all of them.
    """

    def __init__(self, names: Iterable[str] = (), jdk: Iterable[str] = ()) -> None:
        self._parts = (_Part(names), _Part(jdk))
        self.names = [name for part in self._parts for name in part.names]

    def __len__(self) -> int:
        return len(self.names)

    def find(self, word: str, used: Mapping[str, int], limit: int = 50) -> list[str]:
        """Return packages (they end with a dot) and classes for what was typed, the best first.

        Args:
            word: the beginning of a name, a package and what is in it, or the letters of the humps
                (`usi`, `UserSvcImpl`), with or without a package before it.
            used: how often a name was used; those come first.
            limit: how many names at most; some of them are the JDK's if any are.
        """
        package, dot, last = word.rpartition(".")
        below = (package + dot).lower()
        packages = [list(part.find_children(below, last.lower())) for part in self._parts]
        classes: list[list[str]] = [[], []]
        if last:
            # Where a package is being spelled out, nobody means letters within a class.
            is_close = any(packages)
            classes = [part.ranked.find(last, below, is_close=is_close) for part in self._parts]
            if not (is_close or any(classes)):
                classes = [part.ranked.find_scattered(last, below) for part in self._parts]
        own, jdk = (
            dict.fromkeys((*inside, *found))
            for inside, found in zip(packages, classes, strict=True)
        )
        # Sorting is stable: among those used as often the order above holds.
        first, rest = (
            sorted(names, key=lambda name: -used.get(name, 0))
            for names in (own, (name for name in jdk if name not in own))
        )
        shown = [*first[: limit - min(len(rest), limit // _SHARE_OF_THE_JDK)], *rest][:limit]
        return sorted(shown, key=lambda name: -used.get(name, 0))


class _Part:
    """The names of one kind, by how they are spelled and by package."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted({name for name in names if is_typeable(name)}, key=str.lower)
        self.ranked = RankedNames(self.names)
        self._packages = _list_packages(self.names)

    def find_children(self, package: str, beginning: str) -> Iterator[str]:
        """Yield the packages and classes in a package that begin so, in lower case both."""
        children = self._packages.get(package, [])
        start = bisect_left(children, (beginning,))
        for number in range(start, min(start + _MAX_CHILDREN, len(children))):
            lower, child = children[number]
            if not lower.startswith(beginning):
                return
            yield self._descend(child)

    def _descend(self, name: str) -> str:
        """Return the package below the one named that has more than one child."""
        while name.endswith("."):
            children = self._packages[name.lower()]
            if len(children) != 1 or not children[0][1].endswith("."):
                break
            name = children[0][1]
        return name


def is_typeable(name: str) -> bool:
    """Return whether the name can stand in a line: no control character, no array, none hidden."""
    return bool(name) and name.isprintable() and name[0] != "[" and "/" not in name


def _list_packages(names: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Return for each package, in lower case, what is in it: (last part in lower case, name)."""
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
