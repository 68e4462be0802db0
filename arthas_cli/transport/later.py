"""A transport that is made when the first request goes out, in the thread that sends it.

What has to be asked before, as a program for the password, holds nobody else up.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.protocol import Answer, Request, Transport


class LaterTransport:
    """The transport that `make` returns; where that raises, it is called again.

    Threads: any may send. `_lock` guards `_made`.
    """

    def __init__(self, url: str, make: Callable[[], Transport]) -> None:
        self.url = url
        self._make = make
        self._made: Transport | None = None
        self._lock = threading.Lock()

    def send(
        self,
        request: Request,
        *,
        timeout_s: float | None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        """Send the request; raises as `protocol.Transport.send`, and as `make` does."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return self._made.send(request, timeout_s=timeout_s, meanwhile=meanwhile)
