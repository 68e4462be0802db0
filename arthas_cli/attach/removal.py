"""The end of an Arthas that we put into a JVM."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError
from arthas_cli.protocol import Action
from arthas_cli.session.server import Server
from arthas_cli.session.tuning import ask_number, make_sessions_line

if TYPE_CHECKING:
    from arthas_cli.attach.runtime import Record
    from arthas_cli.attach.site import Site

_ASK_S, _GONE_S, _PAUSE_S = 10.0, 5.0, 0.05


def find_reason_to_stay(site: Site, record: Record) -> str:
    """Return why that Arthas is not to be stopped, empty where nothing speaks against it."""
    if record.stays:
        return "it was to be kept"
    try:  # the question itself has a session, too
        number = ask_number(_open_server(site, record), make_sessions_line(), _ASK_S)
    except ArthasShellError:
        number = None
    if number is None:
        return "whether others use it cannot be known"
    return "" if number <= 1 else "others have sessions on it"


def stop_arthas(site: Site, record: Record) -> bool:
    """Stop that Arthas; return whether it has ended (docs/protocol.md, 3.7)."""
    with suppress(ArthasShellError):  # mostly it ends before it answers
        _open_server(site, record).ask(Action.EXEC, command="stop", timeout_s=_GONE_S)
    until = time.monotonic() + _GONE_S
    while site.has_arthas() and not site.has_ended:
        if time.monotonic() > until:
            return False
        time.sleep(_PAUSE_S)
    return True


def _open_server(site: Site, record: Record) -> Server:
    """Return it for what is asked in the end, which was asked for when it was put in."""
    return Server(site.open_transport(record))
