"""Plain http to the host itself, one connection a request, as the server wants it.

A bare socket loads in no time and pulls two to three times as fast as requests. It follows no
redirect, reads no .netrc and knows no proxy.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arthas_cli.errors import TooLarge
from arthas_cli.protocol import Answer, Request
from arthas_cli.transport.answers import check_answer
from arthas_cli.transport.failures import (
    explain_break,
    explain_slow_answer,
    explain_too_large,
    limit_connect,
)
from arthas_cli.transport.route import Route
from arthas_cli.transport.wire import (
    MAX_BYTES,
    CutOff,
    Endless,
    NotHttp,
    Silent,
    read_reply,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.config.settings import Connection
    from arthas_cli.config.way import Endpoint

_CHUNK = 1 << 16
_MIN_S = 0.001  # a timeout of nothing would mean none


class LeanTransport:
    """Sends each request on a connection of its own (the server closes it: docs/protocol.md, 6.2).

    `most_bytes`: how long an answer may be.
    """

    most_bytes = MAX_BYTES

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._route = Route(connection)
        parts = urlsplit(self._route.url)
        self._begin = f"POST {parts.path} HTTP/1.1\r\nHost: {_encode_name(parts.netloc)}"

    @property
    def url(self) -> str:
        """The address of the API."""
        return self._connection.url

    def send(
        self,
        request: Request,
        *,
        timeout_s: float | None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        """Send the request and wait for the whole answer; see `protocol.Transport.send`."""
        route = self._route
        endpoint, deadline = route.open(timeout_s)
        with self._connect(endpoint, timeout_s) as line:
            try:
                content = self._write(request.encode(), endpoint)
                receive = _ask(line, content, deadline)
                if meanwhile is not None:
                    meanwhile()
                reply = read_reply(receive, self.most_bytes)
            except TimeoutError:
                raise explain_slow_answer(route.address, timeout_s) from None
            except Endless:
                raise explain_too_large(self.most_bytes) from None
            except MemoryError:
                raise TooLarge from None
            except (Silent, NotHttp, CutOff, OSError) as error:
                raise route.explain(explain_break(error)) from error
        hide = route.hide(endpoint)
        return Answer(request, check_answer(reply, hide), hide)

    def _write(self, content: bytes, endpoint: Endpoint | None) -> bytes:
        """Return the whole request."""
        fields = self._route.make_headers(endpoint) | {"Content-Length": str(len(content))}
        head = "\r\n".join([self._begin, *(f"{name}: {fields[name]}" for name in fields)])
        return f"{head}\r\n\r\n".encode("latin-1") + content

    def _connect(self, endpoint: Endpoint | None, timeout_s: float | None) -> socket.socket:
        seconds = limit_connect(self._connection.connect_timeout_s, timeout_s)
        try:
            line = self._route.connect(endpoint, seconds)
        except TimeoutError as error:
            raise self._route.explain_connect(error, seconds) from None
        except (OSError, UnicodeError) as error:
            raise self._route.explain_connect(error, seconds) from error
        if endpoint is None or not endpoint.socket_path:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line


def _ask(line: socket.socket, content: bytes, deadline: float | None) -> Callable[[], bytes]:
    """Send the request; return what receives the answer, all of it until the deadline."""
    _set_timeout(line, deadline)
    # A server that wants no more of a request still answers: HTTP 413.
    with suppress(BrokenPipeError):
        line.sendall(content)

    def receive() -> bytes:
        _set_timeout(line, deadline)
        return line.recv(_CHUNK)

    return receive


def _encode_name(address: str) -> str:
    """Return the host with its port as a header has it; "" where it cannot be a name at all."""
    try:
        return address if address.isascii() else address.encode("idna").decode("ascii")
    except UnicodeError:  # connecting to it says so
        return ""


def _set_timeout(line: socket.socket, deadline: float | None) -> None:
    """End the next wait at the deadline, None: never."""
    remaining = None if deadline is None else deadline - time.monotonic()
    if remaining is not None and remaining <= 0:
        raise TimeoutError
    line.settimeout(None if remaining is None else max(_MIN_S, remaining))
