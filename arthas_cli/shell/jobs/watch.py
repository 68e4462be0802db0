"""Looks whether the server still answers, so that prompt and toolbar say so before a line does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError
from arthas_cli.protocol import Action, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.session.server import Fields
    from arthas_cli.shell.jobs.link import Link
    from arthas_cli.transport.lookout import Lookout

# One small request each: while all is well, and while nobody answers.
CALM_S, ANXIOUS_S = 10.0, 2.0
# Where a way is opened for each look, they get rarer as long as it does not open: ssh logs in.
MOST_S = 30.0
# Behind the start, which has questions enough.
FIRST_S = 1.0
_ANSWER_S = 5.0
# Behind the end of a connection: then the port is closed as well.
_SETTLE_S = 0.1
_CURE = "; ':reconnect' opens a session on it"


class Watch:
    """A thread that looks now and then, and at once where the `lookout` sees the server end.

    `redraw` is called when something has changed. `tell`: told when somebody answers again who
    does not know the session. `has_way`: each look opens a way where none stands.

    Threads: one of its own, which calls `redraw` and `tell`; it is ended by an event.
    """

    def __init__(
        self,
        link: Link,
        redraw: Callable[[], None],
        tell: Callable[[str], None],
        lookout: Lookout | None = None,
        *,
        has_way: bool = False,
    ) -> None:
        self._link = link
        self._redraw = redraw
        self._tell = tell
        self._lookout = lookout
        self._growth = 2.0 if has_way else 1.0
        self._next_s = ANXIOUS_S
        self._was_gone = False
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Start to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._is_stopping.set()
        if self._lookout is not None:
            self._lookout.close()

    def _run(self) -> None:
        silence, is_answered = self._link.server.silence, True
        if not self._is_stopping.wait(FIRST_S):
            self._link.learn_start()
        while not self._is_stopping.is_set():
            self._wait(is_calm=is_answered and silence.since is None)
            if self._is_stopping.is_set():
                return
            before = silence.since, silence.is_gone
            is_answered = self._look()
            if (silence.since, silence.is_gone) != before:
                self._redraw()

    def _wait(self, *, is_calm: bool) -> None:
        wait_s = CALM_S if is_calm else self._next_s
        self._next_s = ANXIOUS_S if is_calm else min(self._next_s * self._growth, MOST_S)
        if not is_calm or self._lookout is None:
            self._is_stopping.wait(wait_s)
        elif self._lookout.await_end(CALM_S):
            self._is_stopping.wait(_SETTLE_S)

    def _look(self) -> bool:
        """Ask one small question; return whether it was answered."""
        link = self._link
        if link.is_lost:
            return True
        sessions = link.list_sessions()
        try:
            known: Fields = {"session_id": sessions[0]} if sessions else {}
            response = link.server.ask(Action.SESSION_INFO, timeout_s=_ANSWER_S, **known)
        except ArthasShellError:
            self._was_gone |= link.server.silence.is_gone
            return False
        is_unknown = response.state != State.SUCCEEDED if sessions else self._was_gone
        self._was_gone = False
        if is_unknown and link.list_sessions() == sessions:
            link.is_lost = True
            self._tell(f"{link.describe_next()}{_CURE}")
            self._redraw()
        else:
            link.learn_start()
        return True
