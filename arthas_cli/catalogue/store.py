"""What servers' `help NAME` said, kept between runs: a file for each version of Arthas.

Only of commands that come with Arthas: those of others differ between servers of one version. What
cannot be read or written is asked again next time, so no error leaves here.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.catalogue.versions import format_version, parse_version
from arthas_cli.errors import ArthasShellError
from arthas_cli.jsontext import as_object, read_strict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from arthas_cli.jsontext import Json


class HelpStore:
    """Keeps the `detailCommand` of commands in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, version: str) -> dict[str, Json]:
        """Return what is kept of that version, by the command's name."""
        path = self._find_path(version)
        if path is None:
            return {}
        try:
            return dict(as_object(read_strict(path.read_text("utf-8"))))
        except (OSError, ValueError, ArthasShellError):
            return {}

    def save(self, version: str, details: Mapping[str, Json]) -> None:
        """Keep these instead of what was kept of that version."""
        path = self._find_path(version)
        if path is None:
            return
        kept = {name: detail for name, detail in details.items() if name in load_commands()}
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(kept), encoding="utf-8")
            beside.replace(path)

    def _find_path(self, version: str) -> Path | None:
        """Return the file; None for what is no release: builds of one name differ."""
        is_release = bool(version) and format_version(parse_version(version)) == version
        return self._folder / f"help-{version}.json" if is_release else None
