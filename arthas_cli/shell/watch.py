"""Looks whether the server still answers, so that prompt and toolbar say so before a line does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError
from arthas_cli.protocol import Action, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.shell.link import Link

# One small request each: while all is well, and while nobody answers.
CALM_S, ANXIOUS_S = 10.0, 2.0
_ANSWER_S = 5.0


class Watch:
    """A thread that looks now and then; `redraw` is called when something has changed.

    `tell`: told when somebody answers again who does not know the session.
    """

    def __init__(self, link: Link, redraw: Callable[[], None], tell: Callable[[str], None]) -> None:
        self._link = link
        self._redraw = redraw
        self._tell = tell
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Looks from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Looks no more."""
        self._is_stopping.set()

    def _run(self) -> None:
        silence = self._link.server.silence
        while not self._is_stopping.wait(CALM_S if silence.since is None else ANXIOUS_S):
            before = silence.since, silence.is_gone
            self._look()
            if (silence.since, silence.is_gone) != before:
                self._redraw()

    def _look(self) -> None:
        link = self._link
        sessions = link.list_sessions()
        if link.is_lost or not sessions:
            return
        try:
            response = link.server.ask(
                Action.SESSION_INFO, session_id=sessions[0], timeout_s=_ANSWER_S
            )
        except ArthasShellError:
            return
        if response.state != State.SUCCEEDED and link.list_sessions() == sessions:
            link.is_lost = True
            self._tell("the session is gone: the next line says which JVM answers there now")
            self._redraw()
