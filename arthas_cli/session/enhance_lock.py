"""One enhancement at a time; the server has one thread for them all (docs/protocol.md, 3.1)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

# A wide pattern takes seconds to enhance; what lasts longer is stuck, and is not waited for.
_MAX_S = 30.0
_WAKE_S = 0.1


class EnhanceLock:
    """A command's turn to enhance, among those of this program; `lock` is the server's."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self._is_taken = False

    def take(self, is_wanted: Callable[[], bool]) -> None:
        """Wait until nobody else has it, as long as it `is_wanted` and not for ever."""
        until = time.monotonic() + _MAX_S
        while is_wanted() and not self._is_taken and time.monotonic() < until:
            self._is_taken = self._lock.acquire(timeout=_WAKE_S)

    def give_back(self) -> None:
        """Let the next one have it; may be called at any time."""
        if self._is_taken:
            self._is_taken = False
            self._lock.release()
