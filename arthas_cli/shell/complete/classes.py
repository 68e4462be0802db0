"""The names of all loaded classes, had from a server at a price that the target can pay.

They come from `classloader -a`, which goes once through the loaded classes: 100,000 of them hold
Arthas' one command thread for 0.6 s (4 s the first time). `sc '*'` would look at every pair of a
matching class and a loaded one: 8 s for 30,000 classes, minutes for 100,000, and parts of it
cost as much together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.jsontext import as_int, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arthas_cli.protocol import Result
    from arthas_cli.shell.complete.asking import Answer

# Nobody looks for the classes of Arthas itself.
_OF_ARTHAS = "com.taobao.arthas.agent.ArthasClassloader"
# A target with more class loaders than that is asked for the largest.
_MOST_LOADERS = 50
_HASH = re.compile("[0-9a-f]+")  # the bootstrap loader has none


def list_classes(ask: Callable[[str], Answer]) -> set[str]:
    """Asks for the names of all classes; by loader where they are too many for one answer.

    An answer has room for 128,000 names, and of a class loader with more no more are had.

    Raises:
        ArthasShellError: as `ask`.
    """
    answer = ask("classloader -a")
    names = _read_names(answer.results)
    if answer.is_whole:
        return names
    for hash_code in _list_loaders(ask("classloader -l").results)[:_MOST_LOADERS]:
        names |= _read_names(ask(f"classloader -a -c {hash_code}").results)
    return names


def _read_names(results: Iterable[Result]) -> set[str]:
    names: set[str] = set()
    for result in results:
        group = as_object(result.data.get("classSet"))
        loader = as_text(as_object(group.get("classloader")).get("name")) or ""
        classes = group.get("classes")
        if isinstance(classes, list) and not loader.startswith(_OF_ARTHAS):
            names.update(name for name in classes if isinstance(name, str))
    return names


def _list_loaders(results: Iterable[Result]) -> list[str]:
    """Returns the hashes of the class loaders that can be asked for, the largest first."""
    counts: dict[str, int] = {}
    for result in results:
        loaders = result.data.get("classLoaders")
        for entry in loaders if isinstance(loaders, list) else ():
            about = as_object(entry)
            name, hash_code = (as_text(about.get(key)) or "" for key in ("name", "hash"))
            if _HASH.fullmatch(hash_code) and not name.startswith(_OF_ARTHAS):
                counts[hash_code] = as_int(about.get("loadedCount")) or 0
    return sorted(counts, key=lambda hash_code: -counts[hash_code])
