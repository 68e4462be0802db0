"""Looks whether the JVMs still answer, so that prompt and toolbar say so before a line does."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from arthas_cli.shell.jobs.watch import ANXIOUS_S, CALM_S, FIRST_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.shell.jobs.links import Links

# Nobody is asked more often for being gone for long.
_MOST_S = 30.0


class FleetWatch:
    """A thread that looks now and then at each; who is gone is asked more often, then less.

    `redraw` is called when something has changed.

    Threads: one of its own, which calls `redraw`; it is ended by an event.
    """

    def __init__(self, links: Links, redraw: Callable[[], None]) -> None:
        self._links = links
        self._redraw = redraw
        self._due: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Start to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._is_stopping.set()

    def _run(self) -> None:
        self._plan()
        while not self._is_stopping.wait(FIRST_S):
            now = time.monotonic()
            due = [name for name, at in self._due.items() if at <= now]
            if not due:
                continue
            before = self._list_gone()
            self._links.look(due)
            if self._list_gone() != before:
                self._redraw()
            self._plan(due)

    def _list_gone(self) -> list[str]:
        return [place.name for place in self._links.all if place.is_gone]

    def _plan(self, names: list[str] | None = None) -> None:
        """Set when each of these is to be looked at again, of all for None."""
        now = time.monotonic()
        for place in self._links.all:
            if names is not None and place.name not in names:
                continue
            if place.error is None:
                self._pauses.pop(place.name, None)
                self._due[place.name] = now + CALM_S
            else:
                pause = min(_MOST_S, 2 * self._pauses.get(place.name, ANXIOUS_S / 2))
                self._pauses[place.name], self._due[place.name] = pause, now + pause
