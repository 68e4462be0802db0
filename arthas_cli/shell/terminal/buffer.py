"""What becomes of what a command shows: drawn, kept while nobody looks on, or only counted."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_KEPT = 1_000
# Of the server's JSON text; what is read of it takes several times as much.
_MAX_CHARACTERS = 2_000_000


class _Kept(NamedTuple):
    show: Callable[[], object]
    size: int
    number: int


class JobBuffer:
    """Takes what a command shows, in any thread.

    While it is holding that is kept, the oldest dropped where there is no room, and `tell_news` is
    called. `new` is how many results (or lines of a program) are kept; `unshown` how many were
    dropped, or came once nobody wanted to see them any more. `is_ending`: what comes now sums up,
    and is shown even then.

    Threads: any. `_lock` guards what is kept and `is_holding`, and is held while it is shown, so
    that none overtakes the other. `_count_lock` guards `unshown`, which is counted under the locks
    of others as well and so takes none itself.
    """

    def __init__(self, tell_news: Callable[[], None]) -> None:
        self.new = 0
        self.unshown = 0
        self.is_holding = False
        self.is_ending = False
        self._tell_news = tell_news
        self._kept: deque[_Kept] = deque()
        self._size = 0
        self._dropped = 0
        self._silent_from: float | None = None
        self._lock = threading.RLock()
        self._count_lock = threading.Lock()

    @property
    def is_silent(self) -> bool:
        """Whether results are only counted."""
        return self._silent_from is not None and time.monotonic() >= self._silent_from

    def put(self, show: Callable[[], object], size: int = 0, number: int = 0) -> None:
        """Call `show` now, later or never; it shows `number` results of that `size`.

        What shows none of them, as the end does, is always called in its turn.
        """
        with self._lock:
            if self.is_holding:
                self._keep(_Kept(show, size, number))
            elif number and self.is_silent and not self.is_ending:
                self.count_unshown(number)
            else:
                show()

    def count_unshown(self, number: int) -> None:
        """Count results that are not shown."""
        with self._count_lock:
            self.unshown += number

    def do(self, act: Callable[[], object]) -> None:
        """Call it, unless the buffer is shut."""
        with self._lock:
            if not self.is_holding:
                act()

    def shut(self) -> None:
        """Keep from now on what comes."""
        with self._lock:
            self.is_holding = True

    def open(self, tell_dropped: Callable[[int], object]) -> None:
        """Show what was kept, and from now on what comes; first tells how many were dropped."""
        with self._lock:
            self.is_holding = False
            dropped, self._dropped = self._dropped, 0
            if dropped:
                tell_dropped(dropped)
            self.new = self._size = 0
            while self._kept:
                self._kept.popleft().show()

    def fall_silent(self, after_s: float) -> None:
        """Only counts results once so many seconds are over."""
        if self._silent_from is None:
            self._silent_from = time.monotonic() + after_s

    def _keep(self, kept: _Kept) -> None:
        self._kept.append(kept)
        self._size += kept.size
        self.new += kept.number
        while self.new > MAX_KEPT or (self._size > _MAX_CHARACTERS and len(self._kept) > 1):
            oldest = self._kept.popleft()
            self._size -= oldest.size
            self.new -= oldest.number
            self.count_unshown(oldest.number)
            self._dropped += oldest.number
        if kept.number:
            self._tell_news()
