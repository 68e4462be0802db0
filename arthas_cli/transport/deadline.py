"""A deadline that holds for a whole exchange by requests, however slowly its bytes drip.

The timeouts of requests begin anew with every byte that comes. Here a thread shuts the connection
at the deadline: in the TLS handshake, in a proxy's answer, in the head or in the body.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3.connectionpool import ConnectionPool


class Deadline:
    """When the exchange of this thread is over; `has_passed` says that it was ended then."""

    def __init__(self) -> None:
        self.has_passed = False
        self._lock = threading.Lock()
        self._lines: list[socket.socket] = []

    def watch(self, line: socket.socket) -> None:
        """Has the connection shut at the deadline; TLS takes `line` itself over, so by a copy."""
        with self._lock:
            self._lines.append(line.dup())
        if self.has_passed:
            self.end()

    def end(self) -> None:
        """Shuts what is watched."""
        self.has_passed = True
        with self._lock:
            for line in self._lines:
                with suppress(OSError):  # it has ended by itself
                    line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Lets go of what is watched."""
        with self._lock:
            while self._lines:
                self._lines.pop().close()


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def keep_deadline(timeout_s: float | None) -> Iterator[Deadline]:
    """Ends connections that this thread opens while it lasts, `timeout_s` seconds from now.

    Raises:
        TimeoutError: it ended one, whatever that looked like: an error, or the end of an answer.
    """
    deadline = Deadline()
    timer = threading.Timer(threading.TIMEOUT_MAX if timeout_s is None else timeout_s, deadline.end)
    timer.daemon = True
    token = _current.set(deadline)
    try:
        if timeout_s is not None:
            timer.start()
        yield deadline
    except (OSError, HTTPError) as error:
        if deadline.has_passed:
            raise TimeoutError from error
        raise
    finally:
        _current.reset(token)
        timer.cancel()
        deadline.close()
    if deadline.has_passed:
        raise TimeoutError


class DeadlineAdapter(HTTPAdapter):
    """Opens connections that the deadline of `keep_deadline` ends."""

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> ConnectionPool:
        """Returns the pool, which makes connections that are watched."""
        pool = super().get_connection_with_tls_context(*args, **options)
        match pool:
            case HTTPSConnectionPool():
                pool.ConnectionCls = _EncryptedConnection
            case HTTPConnectionPool():
                pool.ConnectionCls = _PlainConnection
        return pool


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _watch(super()._new_conn())


class _EncryptedConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _watch(super()._new_conn())


def _watch(line: socket.socket) -> socket.socket:
    deadline = _current.get()
    if deadline is not None:
        deadline.watch(line)
    return line
