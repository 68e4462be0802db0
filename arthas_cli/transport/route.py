"""How connections to one server are made: to the host of its URL, or through its way.

Both transports go by it, so that an error reads the same whichever carried it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arthas_cli.errors import BadAnswer
from arthas_cli.transport.connecting import connect, connect_to_socket, is_refused
from arthas_cli.transport.failures import (
    explain_connect_failure,
    explain_gone,
    explain_slow_connect,
)
from arthas_cli.transport.headers import make_headers

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from arthas_cli.config.credentials import Credentials
    from arthas_cli.config.settings import Connection
    from arthas_cli.config.way import Endpoint
    from arthas_cli.errors import NoServer

# What is said to a server at the end of a way: how it was reached is none of its business.
_AT_THE_END = "http://localhost/api"
_PORTS = {"http": 80, "https": 443}


class Route:
    """The route to the server of a connection.

    `url`: what requests say. `address`: the server as errors name it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._way = way = connection.way
        self.url = connection.url if way is None else _AT_THE_END
        parts = urlsplit(self.url)
        self._host, self._port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        self.address = parts.netloc if way is None else way.address

    def open(self, timeout_s: float | None) -> tuple[Endpoint | None, float | None]:
        """Open the way, if there is one; return where it begins, and when the time is over.

        Raises:
            ArthasShellError: as `Way.open`.
        """
        begun = time.monotonic()
        endpoint = None
        if self._way is not None:
            endpoint = self._way.open(None if self._way.asks_user else timeout_s)
            if self._way.asks_user:
                begun = time.monotonic()
        return endpoint, None if timeout_s is None else begun + timeout_s

    def connect(self, endpoint: Endpoint | None, within_s: float) -> socket.socket:
        """Connect to the server; raises OSError and UnicodeError as `connecting.connect`."""
        if endpoint is None:
            return connect(self._host, self._port, within_s)
        if endpoint.socket_path:
            return connect_to_socket(endpoint.socket_path, within_s)
        return connect(endpoint.host, endpoint.port, within_s)

    def make_headers(self, endpoint: Endpoint | None) -> dict[str, str]:
        """Return the headers of a request, with the user's credentials or those of the way."""
        return make_headers(self._find_credentials(endpoint))

    def hide(self, endpoint: Endpoint | None) -> Callable[[str], str]:
        """Return what leaves the password out of a text."""
        credentials = self._find_credentials(endpoint)
        return _leave if credentials is None else credentials.hide

    def explain_connect(self, error: OSError | UnicodeError, within_s: float) -> NoServer:
        """Return why there is no connection."""
        if isinstance(error, TimeoutError):
            return self.explain(explain_slow_connect(self.address, within_s))
        return self.explain(explain_connect_failure(error, self._host, self.address))

    def explain(self, error: NoServer) -> NoServer:
        """Return what is behind an error: a way that broke, or a server that has ended."""
        if self._way is not None:
            return self._way.explain(error)
        has_ended = isinstance(error, BadAnswer) and is_refused(self._host, self._port)
        return explain_gone(self.address) if has_ended else error

    def _find_credentials(self, endpoint: Endpoint | None) -> Credentials | None:
        made = None if endpoint is None else endpoint.credentials
        return self._connection.credentials or made


def _leave(text: str) -> str:
    return text
