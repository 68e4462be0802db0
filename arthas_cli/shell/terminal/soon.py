"""What is to be done in the thread of an application, which is the terminal's."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.application import Application


class Soon:
    """Something to be done before long by the application that runs, once however often asked.

    Threads: any may ask. `_lock` guards `is_scheduled`, and is held until the application has been
    told: one that is attached next cannot be taken for told.
    """

    def __init__(self, act: Callable[[], object]) -> None:
        self.is_scheduled = False
        self._act = act
        self._lock = threading.Lock()

    def schedule(self, app: Application[Any] | None, delay_s: float) -> None:
        """Have it done so many seconds later, if the application runs."""
        if app is None or not app.is_running:
            return
        with self._lock:
            if not self.is_scheduled:
                self.is_scheduled = call_soon(app, lambda: self._delay(delay_s))

    def forget(self) -> None:
        """Ask anew from now on: another application has the terminal."""
        with self._lock:
            self.is_scheduled = False

    def _delay(self, delay_s: float) -> None:
        asyncio.get_running_loop().call_later(delay_s, self._do)

    def _do(self) -> None:
        self.forget()
        self._act()


def call_soon(app: Application[Any], callback: Callable[[], None]) -> bool:
    """Call it in the terminal's own thread; return whether the application still runs."""
    loop = app.loop
    if loop is not None:
        with suppress(RuntimeError):  # it ended this very moment
            loop.call_soon_threadsafe(callback, context=app.context)
            return True
    return False
