"""Paths and programs of this machine: for a pipe or redirect, and a server that runs on it."""

from __future__ import annotations

import os
import shutil
from functools import cache
from typing import TYPE_CHECKING

from arthas_cli.pipes.filters import FILTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

# A folder of thousands is no menu.
_MAX = 200
# What people pipe to. All that can be run would be thousands, and slow to find on some machines.
_PROGRAMS: Mapping[str, str] = {
    "grep": "lines that match",
    "head": "first lines",
    "wc": "count lines, words, bytes",
    "jq": "query the results as JSON",
    "less": "show page by page",
    "sort": "in order",
    "uniq": "drop repeated lines",
    "tail": "last lines",
    "tee": "copy to a file as well",
    "awk": "pick fields of each line",
    "cat": "",
    "clip": "copy to the clipboard",
    "column": "align in columns",
    "cut": "cut parts of each line",
    "fzf": "choose lines interactively",
    "nl": "number the lines",
    "pbcopy": "copy to the clipboard",
    "rg": "lines that match",
    "sed": "edit the lines",
    "tr": "replace characters",
    "wl-copy": "copy to the clipboard",
    "xargs": "",
    "xclip": "copy to the clipboard",
}
# This is none: it chooses what the next one gets of a command.
TO_JSON = {"json": "results as JSON lines"}


@cache
def list_programs() -> dict[str, str]:
    """Return what may stand behind `|` here, with what it makes of its input."""
    return {
        name: about
        for name, about in _PROGRAMS.items()
        if name in FILTERS or shutil.which(name) is not None
    }


def list_paths(word: str) -> dict[str, str]:
    """Return what the path begun in `word` may become, folders with a slash behind them.

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
    return {f"{path}/" if is_folder else path: "" for path, is_folder in found[:_MAX]}
