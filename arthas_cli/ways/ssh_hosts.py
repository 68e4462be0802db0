"""The hosts that ssh knows by name: of its configuration, and of the keys that were accepted.

Only files are read. Debian hashes the names in `known_hosts`, where they tell nothing.
"""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_BYTES = 1 << 20
_PATTERN_SIGNS = set("*?!|")
_MARKED = "@"  # @cert-authority, @revoked


def list_hosts(home: Path | None = None) -> list[str]:
    """Return the hosts, sorted, each as `ssh://` has it: with a port where it is known by one."""
    folder = (home or Path("~").expanduser()) / ".ssh"
    found = set(_list_configured(folder / "config", folder, set()))
    found.update(_list_known(folder / "known_hosts"))
    return sorted(name for name in found if not _PATTERN_SIGNS & set(name))


def _list_configured(path: Path, folder: Path, seen: set[Path]) -> Iterator[str]:
    seen.add(path)
    for line in _read(path):
        key, _, rest = line.strip().replace("=", " ", 1).partition(" ")
        words: list[str] = []
        with suppress(ValueError):  # an open quote
            words = shlex.split(rest, comments=True)
        if key.lower() == "host":
            yield from words
        elif key.lower() == "include":
            for included in (file for word in words for file in _find(word, folder)):
                if included not in seen:
                    yield from _list_configured(included, folder, seen)


def _find(word: str, folder: Path) -> list[Path]:
    """Return the files that an `Include` means."""
    import glob

    pattern = str(folder / Path(word).expanduser())
    return [Path(name) for name in sorted(glob.glob(pattern))]  # noqa: PTH207 - it may be absolute


def _list_known(path: Path) -> Iterator[str]:
    for line in _read(path):
        words = line.split()
        if not words or words[0].startswith(("#", _MARKED)):
            continue
        for name in words[0].split(","):
            host, mark, port = name.partition("]:")
            if mark:  # [shop-3]:2222
                yield f"{host}]:{port}" if ":" in host else f"{host[1:]}:{port}"
            else:
                yield f"[{name}]" if ":" in name else name


def _read(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
