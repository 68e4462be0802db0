"""One enhancement at a time; the server has one thread for them all (docs/protocol.md, 3.1)."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A wide pattern takes seconds to enhance; what lasts longer is stuck, and is not waited for.
_MAX_S = 30.0
_WAKE_S = 0.1


class EnhanceLock:
    """A command's turn to enhance, among those of this program; `turn` is the server's.

    Threads: the command's takes it, any may give it back. `_lock` guards `_is_taken`, so that of
    two that give it back one does, and not the turn of somebody else.
    """

    def __init__(self, turn: threading.Lock) -> None:
        self._turn = turn
        self._is_taken = False
        self._lock = threading.Lock()

    def take(self, is_wanted: Callable[[], bool]) -> None:
        """Wait until nobody else has it, as long as it `is_wanted` and not for ever."""
        until = time.monotonic() + _MAX_S
        while is_wanted() and not self._is_taken and time.monotonic() < until:
            self._is_taken = self._turn.acquire(timeout=_WAKE_S)

    def give_back(self) -> None:
        """Let the next one have it; may be called at any time."""
        with self._lock:
            was_taken, self._is_taken = self._is_taken, False
        if was_taken:
            self._turn.release()
