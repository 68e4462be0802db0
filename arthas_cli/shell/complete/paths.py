"""Paths of this machine, for a server that runs on it."""

from __future__ import annotations

import os

# A folder of thousands is no menu.
_MOST = 200


def list_paths(word: str) -> dict[str, str]:
    """Returns what the path begun in `word` may become, folders with a slash behind them.

    What cannot be looked into has nothing in it; hidden names only where a dot is typed.
    """
    folder, name = os.path.split(word)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:  # noqa: PTH111 - as typed
            found = sorted(
                (os.path.join(folder, entry.name), entry.is_dir())  # noqa: PTH118 - as typed
                for entry in entries
                if entry.name.startswith(name) and (name or not entry.name.startswith("."))
            )
    except OSError:
        return {}
    return {f"{path}/" if is_folder else path: "" for path, is_folder in found[:_MOST]}
