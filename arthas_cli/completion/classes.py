"""The names of all loaded classes, had from a server at a price that the target can pay.

They come from `classloader -a`, which goes once through the loaded classes: 100,000 of them hold
Arthas' one command thread for 0.6 s (4 s the first time). `sc '*'` would look at every pair of a
matching class and a loaded one: 8 s for 30,000 classes, minutes for 100,000, and parts of it
cost as much together.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arthas_cli.jsontext import as_int, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arthas_cli.protocol import Result
    from arthas_cli.session.ask import Answer

# Nobody looks for the classes of Arthas itself.
_OF_ARTHAS = ("com.taobao.arthas.", "com.alibaba.arthas.")
# Theirs are the JDK's classes (JDK 8, and from 9 on); some they make for a program as they go.
_OF_THE_JDK = (
    "BootstrapClassLoader",
    "jdk.internal.loader.ClassLoaders$PlatformClassLoader",
    "sun.misc.Launcher$ExtClassLoader",
    "jdk.internal.reflect.DelegatingClassLoader",
    "sun.reflect.DelegatingClassLoader",
)
_MADE_BY_THE_JDK = ("jdk.proxy", "com.sun.proxy.")
# A target with more class loaders than that is asked for the largest.
_MAX_LOADERS = 50
_HASH = re.compile("[0-9a-f]+")  # the bootstrap loader has none


@dataclass(frozen=True, slots=True)
class ClassNames:
    """The names of classes: the program's own, and the JDK's, which are no program's as well."""

    own: set[str] = field(default_factory=set)
    jdk: set[str] = field(default_factory=set)

    def take(self, results: Iterable[Result]) -> None:
        """Take those of an answer."""
        for result in results:
            group = as_object(result.data.get("classSet"))
            loader = as_text(as_object(group.get("classloader")).get("name")) or ""
            classes = group.get("classes")
            if not isinstance(classes, list) or loader.startswith(_OF_ARTHAS):
                continue
            is_jdk = loader.startswith(_OF_THE_JDK)
            for name in classes:
                if isinstance(name, str) and not name.startswith(_OF_ARTHAS):
                    of_jdk = is_jdk or name.startswith(_MADE_BY_THE_JDK)
                    (self.jdk if of_jdk else self.own).add(name)
        self.jdk.difference_update(self.own)


class ClassesElsewhere:
    """The names of classes of several JVMs in one: those of one first, then those of the others.

    `names`: all so far.
    """

    def __init__(self, names: ClassNames, others: Iterable[Callable[[str], Answer]]) -> None:
        self.names = names
        self._others = deque(others)

    @property
    def has_more(self) -> bool:
        """Whether one was not asked yet."""
        return bool(self._others)

    def ask_next(self) -> bool:
        """Ask the next one; return whether it has classes that no other has.

        Raises:
            ArthasShellError: it could not be asked.
        """
        found = list_classes(self._others.popleft())
        before = len(self.names.own) + len(self.names.jdk)
        self.names.own.update(found.own)
        self.names.jdk.update(found.jdk)
        self.names.jdk.difference_update(self.names.own)
        return len(self.names.own) + len(self.names.jdk) > before


def list_classes(ask: Callable[[str], Answer]) -> ClassNames:
    """Ask for the names of all classes; by loader where they are too many for one answer.

    An answer has room for 128,000 names, and of a class loader with more no more are had.

    Raises:
        ArthasShellError: as `ask`.
    """
    answer = ask("classloader -a")
    names = ClassNames()
    names.take(answer.results)
    if answer.is_whole:
        return names
    for hash_code in _list_loaders(ask("classloader -l").results)[:_MAX_LOADERS]:
        names.take(ask(f"classloader -a -c {hash_code}").results)
    return names


def _list_loaders(results: Iterable[Result]) -> list[str]:
    """Return the hashes of the class loaders that can be asked for, the largest first."""
    counts: dict[str, int] = {}
    for result in results:
        loaders = result.data.get("classLoaders")
        for entry in loaders if isinstance(loaders, list) else ():
            about = as_object(entry)
            name, hash_code = (as_text(about.get(key)) or "" for key in ("name", "hash"))
            if _HASH.fullmatch(hash_code) and not name.startswith(_OF_ARTHAS):
                counts[hash_code] = as_int(about.get("loadedCount")) or 0
    return sorted(counts, key=lambda hash_code: -counts[hash_code])
