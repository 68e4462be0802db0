"""A server that says exactly what a test tells it to, HTTP or not.

    with serve(http(b"<html>", content_type="text/html")) as server:
        ... server.url ...

A script is what each connection gets, in turn; the last one repeats. Bytes are sent once the
request has been read, then the connection is closed. Anything else is a function that is given
the `Connection` and may do as it likes.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from support.waiting import PATIENCE_S

if TYPE_CHECKING:
    import ssl


class Listener:
    """Listens on a free loopback port and gives each connection a thread of its own."""

    def __init__(
        self, behaviour: Callable[[socket.socket], None], *, host: str = "127.0.0.1"
    ) -> None:
        self.closing = threading.Event()
        self._behaviour = behaviour
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, 0), family=family, backlog=128)
        self.port: int = self._socket.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, name="listener", daemon=True)
        self._accepting.start()

    def refuse(self) -> None:
        """Listens no more; connections that are open stay so."""
        with contextlib.suppress(OSError):  # Linux only: it wakes accept(), which close() does not
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def cut(self) -> list[threading.Thread]:
        """Breaks every connection off; returns their threads."""
        with self._lock:
            connections = dict(self._connections)
        for connection in connections.values():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        return list(connections)

    def close(self) -> None:
        """Ends every connection and joins its thread.

        Raises:
            RuntimeError: a behaviour went on for more than 5 seconds.
        """
        self.closing.set()
        self.refuse()
        self._accepting.join(PATIENCE_S)
        for thread in self.cut():
            thread.join(PATIENCE_S)
            if thread.is_alive():
                raise RuntimeError("a connection of the test's server did not end")

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(
                target=self._serve, args=(connection,), name="connection", daemon=True
            )
            with self._lock:
                self._connections[thread] = connection
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with contextlib.suppress(OSError):  # the client went away, or the server is closing
                self._behaviour(connection)
        finally:
            connection.close()
            with self._lock:
                del self._connections[threading.current_thread()]


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection: its socket, the request as it came, and when the server is closing."""

    socket: socket.socket
    request: bytes
    closing: threading.Event


Behaviour: TypeAlias = Callable[[Connection], None]
Script: TypeAlias = bytes | Behaviour


class RawServer:
    """What `serve` gives: the address, and the requests so far, raw."""

    def __init__(self, script: tuple[Script, ...], host: str, tls: ssl.SSLContext | None) -> None:
        self.requests: list[bytes] = []
        self._script = list(script)
        self._lock = threading.Lock()
        self._tls = tls
        self.listener = Listener(self._accept, host=host)
        self.port = self.listener.port
        name = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if tls else 'http'}://{name}:{self.port}/api"

    def _accept(self, connection: socket.socket) -> None:
        if self._tls is None:
            self._answer(connection)
            return
        with self._tls.wrap_socket(connection, server_side=True) as encrypted:
            self._answer(encrypted)

    def _answer(self, connection: socket.socket) -> None:
        request = read_request(connection)
        if not request:  # somebody wanted to know whether anybody listens
            return
        with self._lock:
            self.requests.append(request)
            step = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(step, bytes):
            connection.sendall(step)
        else:
            step(Connection(connection, request, self.listener.closing))


@contextmanager
def serve(
    *script: Script, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[RawServer]:
    """Serves the script on a free loopback port, encrypted where `tls` is given."""
    server = RawServer(script, host, tls)
    try:
        yield server
    finally:
        server.listener.close()


def read_request(connection: socket.socket) -> bytes:
    """Reads a request with its body, or what comes before the client stops."""
    received = b""
    missing = 1
    while missing > 0:
        received += (more := connection.recv(65536))
        if not more:
            break
        head, end, body = received.partition(b"\r\n\r\n")
        lengths = [
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ]
        missing = sum(lengths) - len(body) if end else 1
    return received


def http(
    body: bytes = b"",
    *,
    status: str = "200 OK",
    content_type: str = "application/json; charset=utf-8",
    headers: tuple[str, ...] = (),
    length: int | None = -1,
) -> bytes:
    """Writes an answer; `length` may lie (-1: the body's own, None: the header is left out)."""
    lines = [f"HTTP/1.1 {status}", f"content-type: {content_type}", "connection: close", *headers]
    if length is not None:
        lines.append(f"content-length: {len(body) if length < 0 else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def drip(content: bytes, *, every_s: float, size: int = 1) -> Behaviour:
    """Sends a few bytes at a time."""

    def send(connection: Connection) -> None:
        for start in range(0, len(content), size):
            connection.socket.sendall(content[start : start + size])
            if connection.closing.wait(every_s):
                return

    return send


def pour(head: bytes, again: bytes) -> Behaviour:
    """Sends the head, then the other bytes again and again, as long as somebody takes them."""

    def send(connection: Connection) -> None:
        connection.socket.sendall(head)
        while not connection.closing.is_set():
            connection.socket.sendall(again)

    return send


def silence(connection: Connection) -> None:
    """Says nothing, and keeps the connection open as long as the client does."""
    while connection.socket.recv(65536):
        pass


def reset(connection: Connection) -> None:
    """Breaks the connection off, so that the client sees a reset."""
    linger = struct.pack("ii", 1, 0)
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
