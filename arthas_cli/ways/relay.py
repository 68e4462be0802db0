"""A Unix socket here that leads to connections made elsewhere, in the network of a container."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.ways.kept import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 16


class Relay:
    """Hands each connection to `path` on to one that `connect` makes, until it is closed.

    The socket lies in a folder that only its owner can enter.

    Threads: one accepts, two for each connection copy; who closes shuts the socket under them.
    """

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._folder = make_folder()
        self.path = os.fspath(self._folder / "s")
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(self.path)
        self._listening.listen()
        threading.Thread(target=self._serve, name="relay", daemon=True).start()

    def close(self) -> None:
        """Take no more connections; more than once does no harm."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._join, args=(near,), name="relay", daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with near:
            try:
                far = self._connect()
            except Exception:  # noqa: BLE001 - who connected sees the end, and asks for the reason
                return
            with far:
                far.settimeout(None)
                back = threading.Thread(target=_copy, args=(far, near), name="relay", daemon=True)
                back.start()
                _copy(near, far)
                back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Hand on what comes, its end included."""
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            target.sendall(chunk)
    for end, how in ((target, socket.SHUT_WR), (source, socket.SHUT_RD)):
        with suppress(OSError):
            end.shutdown(how)
