"""The threads of one fake server: all of them known, so that none outlives it."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Threads:
    """Starts daemon threads and joins them all."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=f"fake-arthas-{name}", daemon=True)
        with self._lock:
            self._threads = [known for known in self._threads if known.is_alive()]
            self._threads.append(thread)
            thread.start()

    def join(self, within_s: float) -> None:
        """Waits for the end of all.

        Raises:
            RuntimeError: some are still running.
        """
        until = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        alive = [thread.name for thread in self._threads if thread.is_alive()]
        if alive:
            raise RuntimeError(f"the fake's threads did not end: {', '.join(alive)}")


class CommandThread:
    """The one thread on which every command of every session runs (docs/protocol.md, 3.1)."""

    def __init__(self, threads: Threads) -> None:
        self._bodies: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        threads.start("command", self._run)

    def submit(self, body: Callable[[], None]) -> None:
        self._bodies.put(body)

    def stop(self) -> None:
        """Ends the thread after what was submitted before."""
        self._bodies.put(None)

    def _run(self) -> None:
        while (body := self._bodies.get()) is not None:
            body()
