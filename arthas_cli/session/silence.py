"""Whether the server answers, as the requests of everybody here have found."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING

from arthas_cli.errors import BadAnswer, NoServer, NotArthas, SessionLost

if TYPE_CHECKING:
    from arthas_cli.errors import ArthasShellError

# They come of an answer, or of no request at all.
_ANSWERED = (BadAnswer, NotArthas, SessionLost)


class Silence:
    """Notes each answer and each failure; any thread may ask.

    `since`: when it was first in vain, by `time.time`; None while it answers. `is_gone`: nothing
    listens there, which is more than that it is late.

    Threads: any. `_lock` guards all fields; `since` and `is_gone` are read without it.
    """

    def __init__(self) -> None:
        self.since: float | None = None
        self.is_gone = False
        self._failed_at = -math.inf
        self._is_told = False
        self._lock = threading.Lock()

    def end(self, asked_at: float = math.inf) -> None:
        """Note an answer to what was asked then, by `time.monotonic`.

        One that was under way when another request failed says nothing about the time since.
        """
        with self._lock:
            if asked_at >= self._failed_at:
                self.since, self.is_gone, self._is_told = None, False, False

    def note(self, error: ArthasShellError) -> None:
        """Note why there was none."""
        if not isinstance(error, NoServer) or isinstance(error, _ANSWERED):
            return
        with self._lock:
            self._failed_at = time.monotonic()
            self.since = self.since or time.time()
            self.is_gone = error.kind == NoServer.kind

    def tell_once(self) -> bool:
        """Return whether nobody has said so yet: of several that wait, one is to."""
        with self._lock:
            is_first, self._is_told = not self._is_told, True
        return is_first
