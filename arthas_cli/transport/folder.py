"""The server's folder of output files as text: names in it, and the page that lists it.

The page is HTML whose names are not escaped (docs/protocol.md, 6.4). Hidden files are listed, but
not served.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from arthas_cli.errors import NotArthas, NotRun

FOLDER = "arthas-output"

# <a href="x.html" title="x.html">x.html</a>     2026-11-25 03:39:38      11717
_ENTRY = re.compile(
    r'<a href="(?P<name>[^\r\n]+?)" title="(?P=name)">[^\r\n]*?</a>'
    r"(?:\s+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)\s+(?P<size>\d+|-))?"
)
_IS_LISTING = '<pre id="contents">'


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder. `size`: bytes, None for a folder. `time`: on the server's own clock."""

    name: str
    size: int | None
    time: str


def normalise_name(name: str) -> str:
    """Return the name below the folder, `""` for the folder; a path on the server will do.

    Raises:
        NotRun: it leads out of the folder.
    """
    text = name.replace("\\", "/")
    inside = text.rpartition(f"/{FOLDER}/")[2] if f"/{FOLDER}/" in f"/{text}" else text
    inside = inside.removeprefix(f"{FOLDER}/")
    if inside.startswith("/") or any(part in ("..", ".") for part in inside.split("/")):
        raise NotRun(
            f"'{name}' is not in the server's folder {FOLDER}",
            hint=f"have the command write to {FOLDER}/NAME",
        )
    return inside


def read_listing(page: str) -> list[Entry]:
    """Read the server's page; raises NotArthas where it is none."""
    if _IS_LISTING not in page:
        raise NotArthas(
            f"that server does not list {FOLDER}",
            hint="run 'arthas-shell doctor' to see what it is",
        )
    return [
        Entry(
            match["name"],
            int(match["size"]) if (match["size"] or "-") != "-" else None,
            match["time"] or "",
        )
        for match in _ENTRY.finditer(page)
        if not match["name"].startswith(".")
    ]
