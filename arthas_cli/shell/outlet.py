"""Where text of running commands waits until the terminal's own thread writes it.

The terminal belongs to the application that runs just now: the prompt, or the live view of a
command. Any thread may hand in text; it appears above what that application draws.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from prompt_toolkit.application import Application, run_in_terminal

from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable

_FLUSH_S = 0.04
# A terminal that is too slow, or held by its user, gets no more than this; the rest is counted.
_MOST_CHARACTERS = 4_000_000


class Outlet:
    """The one way of running commands to the terminal.

    `app`: the application that runs; None between two. `is_held`: nothing is written for now.
    `screen`: what a repeated sample looks like at present, drawn in place and not above.
    """

    def __init__(self) -> None:
        self.app: Application[Any] | None = None
        self.is_held = False
        self.is_scheduled = False
        self.screen = ""
        self._parts: deque[tuple[str, str]] = deque()
        self._length = 0
        self._skipped = 0
        self._speaker = ""
        self._lock = threading.Lock()

    def attach(self, app: Application[Any] | None) -> None:
        """Hands the terminal to an application, or takes it from the last one.

        What the last one was to write and did not is written by the next.
        """
        self.app = app
        self.is_held = self.is_scheduled = False

    def put(self, text: str, speaker: str = "") -> None:
        """Takes whole lines; `speaker` names a command in the background that they are of."""
        with self._lock:
            self._parts.append((speaker, text))
            self._length += len(text)
            while self._length > _MOST_CHARACTERS and len(self._parts) > 1:
                dropped = self._parts.popleft()[1]
                self._length -= len(dropped)
                self._skipped += dropped.count("\n")
        self.flush()

    def show(self, screen: str) -> None:
        """Draws a sample in the place of the last one; empty: none any more."""
        self.screen = screen
        if self.app is not None:
            self.app.invalidate()

    def flush(self) -> None:
        """Has the terminal's own thread empty the outlet before long."""
        if self.app is not None and self.app.is_running and not self.is_scheduled:
            self.is_scheduled = True
            if not call_soon(self.app, self._empty_later):
                self.is_scheduled = False

    def empty(self) -> None:
        """Writes what has come to the terminal; for the terminal's own thread."""
        with self._lock:
            text = self._take()
        if text and self.app is not None:
            self.app.output.write_raw(text)
            self.app.output.flush()

    def _take(self) -> str:
        lines: list[str] = []
        if self._skipped:
            lines.append(f"… {count(self._skipped, 'line')} not drawn: the terminal is too slow\n")
        for speaker, text in self._parts:
            if speaker not in ("", self._speaker):
                lines.append(f"{speaker}\n")
            self._speaker = speaker
            lines.append(text)
        self._parts.clear()
        self._length = self._skipped = 0
        return "".join(lines)

    def _empty_later(self) -> None:
        asyncio.get_running_loop().call_later(_FLUSH_S, self._empty_above)

    def _empty_above(self) -> None:
        self.is_scheduled = False
        if not self.is_held and self.app is not None and self.app.is_running:
            run_in_terminal(self.empty)


class Sheet:
    """A text stream that hands its text on in one piece at each flush, so that none is mixed."""

    encoding = "utf-8"

    def __init__(self, outlet: Outlet) -> None:
        self.speaker = ""
        self._outlet = outlet
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        """Keeps the text."""
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Hands on what was written."""
        text = "".join(self._parts)
        self._parts.clear()
        if text:
            self._outlet.put(text, self.speaker)


def call_soon(app: Application[Any], callback: Callable[[], None]) -> bool:
    """Has the terminal's own thread call it; says whether the application still runs."""
    loop = app.loop
    if loop is not None:
        with suppress(RuntimeError):  # it ended this very moment
            loop.call_soon_threadsafe(callback, context=app.context)
            return True
    return False
