"""Limits that hold for a whole exchange by requests: its time, and the bytes of its answer.

The timeouts of requests begin anew with every byte that comes, and heads before the answer or
lines behind the last chunk may go on for ever. Here a thread shuts the connection at the deadline,
in the TLS handshake, in a proxy's answer, in the head or in the body; and every byte is counted.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)

from arthas_cli.transport.connecting import connect
from arthas_cli.transport.wire import Endless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import WriteableBuffer
    from urllib3.connectionpool import ConnectionPool
    from urllib3.poolmanager import ProxyManager


# Host, port, seconds -> a connection; raises as `connecting.connect`.
Connect: TypeAlias = "Callable[[str, int, float], socket.socket]"
_TCP = (socket.AF_INET, socket.AF_INET6)


class Limits:
    """The limits of the exchange of this thread.

    `most_bytes`: of the answer, its head included; None for any number. `connect`: what opens the
    connections. `has_passed`: the exchange was ended at its deadline.

    Threads: the one of the exchange, and a timer's. `_lock` guards `_lines`; `has_passed` is set
    before they are ended, and looked at once one is added, so none is missed.
    """

    def __init__(self, most_bytes: int | None = None, connect: Connect = connect) -> None:
        self.most_bytes = most_bytes
        self.connect = connect
        self.has_passed = False
        self._lock = threading.Lock()
        self._lines: list[socket.socket] = []

    def watch(self, line: socket.socket) -> None:
        """Shut the connection at the deadline; TLS takes `line` itself over, so by a copy."""
        with self._lock:
            self._lines.append(line.dup())
        if self.has_passed:
            self.end()

    def end(self) -> None:
        """Shut what is watched."""
        self.has_passed = True
        with self._lock:
            for line in self._lines:
                with suppress(OSError):  # it has ended by itself
                    line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of what is watched."""
        with self._lock:
            while self._lines:
                self._lines.pop().close()


_current: ContextVar[Limits | None] = ContextVar("limits", default=None)


@contextmanager
def keep_limits(
    timeout_s: float | None, most_bytes: int | None = None, connect: Connect = connect
) -> Iterator[Limits]:
    """End connections that this thread opens while it lasts, `timeout_s` seconds from now.

    `connect`: what opens those of requests.

    Raises:
        TimeoutError: it ended one, whatever that looked like: an error, or the end of an answer.
        Endless: an answer was longer than `most_bytes`.
    """
    limits = Limits(most_bytes, connect)
    timer = threading.Timer(threading.TIMEOUT_MAX if timeout_s is None else timeout_s, limits.end)
    timer.daemon = True
    token = _current.set(limits)
    try:
        if timeout_s is not None:
            timer.start()
        yield limits
    except (OSError, HTTPError) as error:
        if limits.has_passed:
            raise TimeoutError from error
        raise
    finally:
        _current.reset(token)
        timer.cancel()
        limits.close()
    if limits.has_passed:
        raise TimeoutError


class LimitedAdapter(HTTPAdapter):
    """Opens connections that keep to the limits of `keep_limits`.

    `context` alone says which certificates are trusted: requests would add its own bundle.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        if context is not None:
            context.sslsocket_class = _EncryptedSocket
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools of connections, which trust what `context` does."""
        super().init_poolmanager(*args, **options, ssl_context=self._context)

    def proxy_manager_for(self, *args: Any, **options: Any) -> ProxyManager:
        """Return the pools of a proxy, likewise."""
        manager: ProxyManager = super().proxy_manager_for(
            *args, **options, ssl_context=self._context
        )
        return manager

    def cert_verify(self, *_: Any) -> None:
        """Add nothing to what `context` trusts."""

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> ConnectionPool:
        """Return the pool, which makes such connections."""
        pool = super().get_connection_with_tls_context(*args, **options)
        match pool:
            case HTTPSConnectionPool():
                pool.ConnectionCls = _EncryptedConnection
            case HTTPConnectionPool():
                pool.ConnectionCls = _PlainConnection
        return pool


class _Counted(io.RawIOBase):
    """The bytes of an answer; raises Endless behind so many of them."""

    def __init__(self, source: io.RawIOBase, most_bytes: int) -> None:
        self._source = source
        self._left = most_bytes

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        """Read some bytes."""
        number = self._source.readinto(buffer)
        self._left -= number or 0
        if self._left < 0:
            raise Endless
        return number

    def close(self) -> None:
        """Close what is read."""
        self._source.close()
        super().close()


class _CountedResponse(HTTPResponse):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        limits = _current.get()
        if limits is not None and limits.most_bytes is not None:
            self.fp = io.BufferedReader(_Counted(self.fp.detach(), limits.most_bytes))


class _PlainConnection(HTTPConnection):
    response_class = _CountedResponse

    def _new_conn(self) -> socket.socket:
        return _open(self)


# What ssl has made of the line of the connection that is being opened.
_encrypted: ContextVar[list[ssl.SSLSocket]] = ContextVar("encrypted")


class _EncryptedSocket(ssl.SSLSocket):
    """Known from before its handshake.

    Where the line was shut before that, `wrap_socket` raises, has let go of the line and closes
    nothing (seen with CPython 3.11.7).
    """

    def __new__(cls, *args: Any, **options: Any) -> Self:
        """Make it, and note it for the connection."""
        made = super().__new__(cls, *args, **options)
        if (encrypted := _encrypted.get(None)) is not None:
            encrypted.append(made)
        return made


class _EncryptedConnection(HTTPSConnection):
    response_class = _CountedResponse

    def connect(self) -> None:
        """Connect; where that fails, close what ssl may have left open."""
        token = _encrypted.set([])
        try:
            super().connect()
        except OSError:
            for line in _encrypted.get():
                line.close()
            raise
        finally:
            _encrypted.reset(token)

    def _new_conn(self) -> socket.socket:
        return _open(self)


def _open(connection: HTTPConnection) -> socket.socket:
    """Connect as urllib3 does, within its time for all addresses, and watch the line."""
    host, seconds = connection.host, connection.timeout
    assert isinstance(seconds, int | float)  # noqa: S101 - for the types: each request has one
    limits = _current.get()
    try:
        line = (limits.connect if limits else connect)(host.strip("[]"), connection.port, seconds)
    except socket.gaierror as error:
        raise NameResolutionError(host, connection, error) from error
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, "too slow") from error
    except UnicodeError as error:
        raise LocationParseError(host) from error
    except OSError as error:
        raise NewConnectionError(connection, str(error)) from error
    for option in (connection.socket_options or ()) if line.family in _TCP else ():
        line.setsockopt(*option)
    if limits is not None:
        limits.watch(line)
    return line
