"""The way to the server: two transports behind the one seam `protocol.Transport`.

`open_transport` chooses by the URL: the lean one for plain http to the host itself or through a
way, the full one for TLS and proxies. Errors of the libraries beneath become ours here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.config.settings import Connection
    from arthas_cli.protocol import Transport
    from arthas_cli.transport.lookout import Lookout

_HERE = ("http", "https")
_LOOPBACK = re.compile(r"localhost\.?|127(\.\d{1,3}){3}|::1")
_PROXY_VARIABLES = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")


def open_transport(connection: Connection, environ: Mapping[str, str]) -> Transport:
    """Return the transport for the connection; nothing is sent yet."""
    if _is_direct(connection, environ):
        from arthas_cli.transport.lean import LeanTransport

        return LeanTransport(connection)
    from arthas_cli.transport.full import FullTransport

    return FullTransport(connection)


def open_lookout(connection: Connection, environ: Mapping[str, str]) -> Lookout | None:
    """Return what waits for the end of the server; None where another answers in its place."""
    way = connection.way
    if not _is_direct(connection, environ) or (way is not None and not way.can_be_watched):
        return None
    from arthas_cli.transport.lookout import Lookout
    from arthas_cli.transport.route import Route

    route = Route(connection)
    return Lookout(lambda within_s: route.connect(route.open(within_s)[0], within_s))


def is_loopback(url: str) -> bool:
    """Return whether the URL's host is this machine by its name or number."""
    parts = urlsplit(url)
    return parts.scheme in _HERE and _LOOPBACK.fullmatch(parts.hostname or "") is not None


def find_exposure(connection: Connection) -> str:
    """Return where others can read the password on its way, empty where they cannot."""
    url = connection.url
    if connection.credentials is None or is_loopback(url) or not url.startswith("http://"):
        return ""
    return f"the password is sent to {url} unencrypted; use https:// to protect it"


def _is_direct(connection: Connection, environ: Mapping[str, str]) -> bool:
    url = connection.url
    is_plain = url.startswith("http://") and not _may_have_proxy(url, environ)
    return is_plain or connection.way is not None


def _may_have_proxy(url: str, environ: Mapping[str, str]) -> bool:
    return not is_loopback(url) and any(environ.get(name) for name in _PROXY_VARIABLES)
