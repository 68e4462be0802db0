"""What a server is asked about itself, its commands and its profiler, by one `exec` each.

Nothing else is sent for a line that is refused, so no session is opened for these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.catalogue.versions import Version, parse_version
from arthas_cli.jsontext import as_text
from arthas_cli.session.ask import ask
from arthas_cli.session.execute import execute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.jsontext import Json
    from arthas_cli.session.server import Server


def ask_help(server: Server, name: str = "", deadline_s: float | None = None) -> Mapping[str, Json]:
    """Return what `help`, or `help NAME`, return: `commands` or `detailCommand`, empty for nothing.

    A server that has no command of that name lists all commands instead.

    Raises:
        ArthasShellError: as any command.
    """
    return _ask(server, f"help {name}".rstrip(), deadline_s)


def ask_version(server: Server, deadline_s: float | None = None) -> Version:
    """Return the server's version, empty where it is no number; it is asked once.

    Raises:
        ArthasShellError: as any command.
    """
    if not server.version:
        said = _ask(server, "version", deadline_s)
        server.version = parse_version(as_text(said.get("version")) or "")
    return server.version


def is_profiling(server: Server, deadline_s: float | None = None) -> bool:
    """Return whether the profiler runs, in anybody's hands; raises as any command."""
    said = _ask(server, "profiler status", deadline_s)
    return "not active" not in (as_text(said.get("executeResult")) or "")


def _ask(server: Server, line: str, deadline_s: float | None) -> Mapping[str, Json]:
    found = ask(server, line, deadline_s=deadline_s, run=execute)
    return found[0] if found else {}
