"""An idle connection to the server: its end tells at once that the server has ended.

Nothing is ever sent on it, so it costs the server no request and none of its workers.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError

if TYPE_CHECKING:
    from collections.abc import Callable

_CONNECT_S, _MIN_S = 2.0, 0.001


class Lookout:
    """Waits for the end of a connection of its own; one thread waits, any may close it.

    `connect`: opens one within so many seconds.

    Threads: `_in_use` is held by the one that waits, and guards `_line` and `_ended_at`; who closes
    shuts the connection under it, which ends the wait.
    """

    def __init__(self, connect: Callable[[float], socket.socket]) -> None:
        self._connect = connect
        self._line: socket.socket | None = None
        self._ended_at = float("-inf")
        self._is_closed = threading.Event()
        self._in_use = threading.Lock()

    def await_end(self, within_s: float) -> bool:
        """Wait until the connection ends, at most so long; return whether it has.

        Whoever ends connections that are idle gets a new one only after that time.
        """
        until = time.monotonic() + within_s
        with self._in_use:
            if self._line is None and time.monotonic() >= self._ended_at + within_s:
                self._open(within_s)
            has_ended = self._has_ended(max(_MIN_S, until - time.monotonic()))
            if has_ended or self._is_closed.is_set():
                self._drop()
        if not has_ended:
            self._is_closed.wait(max(0.0, until - time.monotonic()))
        return has_ended and not self._is_closed.is_set()

    def close(self) -> None:
        """Wait no more; whoever does is let go."""
        self._is_closed.set()
        if self._in_use.acquire(blocking=False):
            self._drop()
            self._in_use.release()
        elif self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _open(self, within_s: float) -> None:
        with suppress(OSError, UnicodeError, ArthasShellError):
            line = self._connect(min(_CONNECT_S, within_s))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._line = line

    def _has_ended(self, within_s: float) -> bool:
        """Return so; bytes that nobody has asked for are no better."""
        if self._line is None or self._is_closed.is_set():
            return False
        self._line.settimeout(within_s)
        try:
            self._line.recv(1)
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def _drop(self) -> None:
        line, self._line, self._ended_at = self._line, None, time.monotonic()
        if line is not None:
            line.close()
