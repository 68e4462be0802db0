"""A way to a server as the seam has it: a Unix socket in front of a port, that breaks on demand."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arthas_cli.config.way import Endpoint, Row
from arthas_cli.errors import BadAnswer, NoServer, Tunnel, TunnelBroke

if TYPE_CHECKING:
    from arthas_cli.config.credentials import Credentials


@dataclass
class Bridge:
    """Leads to the server at `url`; `opened` counts how often it was opened.

    `credentials`: made for it. `is_barred`: it cannot be opened.
    """

    url: str
    credentials: Credentials | None = None
    opened: int = 0
    is_barred: bool = False
    is_closed: bool = False
    address: str = "port 8563 of shop-3"
    asks_user: bool = False
    can_be_watched: bool = True
    place: str = ""
    _folder: TemporaryDirectory[str] = field(default_factory=TemporaryDirectory)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _listening: socket.socket | None = None
    _lines: list[socket.socket] = field(default_factory=list)

    def open(self, within_s: float | None) -> Endpoint:
        """Listens, on a socket of another name each time."""
        del within_s
        with self._lock:
            if self.is_barred or self.is_closed:
                raise Tunnel("the bridge is up", hint="wait")
            if self._listening is None:
                self.opened += 1
                self._listening = socket.socket(socket.AF_UNIX)
                self._listening.bind(self._path)
                self._listening.listen()
                threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()
            return Endpoint(socket_path=self._path, credentials=self.credentials)

    def explain(self, error: NoServer) -> NoServer:
        """Says that it broke where it did."""
        if self._listening is not None:
            return error
        return (TunnelBroke if isinstance(error, BadAnswer) else Tunnel)("the bridge fell")

    def list_rows(self) -> list[Row]:
        """One row, which opens it."""
        return [Row("bridge", lambda: f"leads to {self.address}{self.open(None).host[:0]}")]

    def close(self) -> None:
        """Ends it for good."""
        self.is_closed = True
        self.fall()
        self._folder.cleanup()

    def fall(self) -> None:
        """Breaks off, with every connection over it; each thread closes what it has."""
        with self._lock:
            listening, self._listening = self._listening, None
            broken = [*self._lines, *([] if listening is None else [listening])]
            self._lines = []
        for line in broken:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    @property
    def _path(self) -> str:
        return str(Path(self._folder.name) / f"s{self.opened}")

    def _accept(self, listening: socket.socket) -> None:
        with listening, contextlib.suppress(OSError):
            while True:
                near, _ = listening.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", urlsplit(self.url).port)) as far:
            self._lines += [near, far]
            back = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
            back.start()
            _pass_on(near, far)
            back.join()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while received := source.recv(1 << 16):
            sink.sendall(received)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
