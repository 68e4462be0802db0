"""The pull loop of one session: one pull in flight, sent again the moment the last is answered.

It only moves bytes; reading them is the work of whoever takes the answers, so that a slow one
never delays a pull. A full batch is handed on when the next pull is on its way: Python runs one
thread at a time, and a reader would hold up the pull that empties the server's queue.

No pull is ever abandoned, for what it took off that queue would be lost; so a loop belongs to its
session, and one job's last pull may bring the first results of the next.
"""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, SessionLost, TooLarge
from arthas_cli.session.backlog import Backlog
from arthas_cli.session.loss import BATCH_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.session.backlog import Pulled

RESULTS = b'"results"'
# The server says that there is nothing after two seconds (docs/protocol.md, 4.1); one that says so
# at once is not to be asked without a pause.
_HASTE_S = 0.05
_STATUS = b'"statusCode"'
# How long a server that cannot be reached is tried again, and the pauses in between; the last of
# them stays. A port-forward in a loop is back in 5 to 10 s.
AWAY_S = 30.0
_PAUSES_S = (0.05, 0.1, 0.2, 0.5, 1.0)
# Nobody waits longer at a stretch: Python sees a signal that another thread was given, and on
# Windows any, only between two waits.
_WAKE_S = 0.2
# An idle consumer is forgotten after five minutes (docs/protocol.md, 3.2).
_KEEP_ALIVE_S = 120.0


class PullLoop:
    """A thread that pulls while it is wanted; what it gets stands in `answers`, errors included.

    It pauses by itself after an answer with a `status`, which may be the end of the job: a pull
    sent after that would hold one of the server's few workers for two seconds.

    Threads: one of its own, which pulls. `_lock` guards what it has failed at, `has_given_up`,
    `_failures` and `_failed_at`, which who starts a job forgets. The rest are events and a queue.
    """

    def __init__(self, pull: Callable[[Callable[[], None]], Pulled]) -> None:
        self.answers = Backlog()
        self.has_given_up = False
        self._failures = 0
        self._failed_at = 0.0
        self._pull = pull
        self._lock = threading.Lock()
        self._is_wanted = threading.Event()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pull", daemon=True)

    def start(self) -> None:
        """Pull now and then from now on, so that the server does not forget the consumer."""
        if not self._thread.is_alive() and not self._is_stopping.is_set():
            self._thread.start()

    def resume(self) -> None:
        """Pull on; begin with the first call."""
        self.start()
        self._is_wanted.set()

    def pause(self) -> None:
        """Send no further pull until `resume`; the one in flight comes back by itself."""
        self._is_wanted.clear()

    def forget(self) -> None:
        """Drop what has come so far, failures included: no job that is yet to start sent it."""
        self._forget_failures()
        while self.get(lambda: 0.0) is not None:
            pass

    def stop(self) -> None:
        """Send no further pull, ever; whoever waits for an answer gets SessionLost."""
        self._is_stopping.set()
        self._is_wanted.set()
        self.answers.put(SessionLost("the session is closed"))

    def get(self, find_until: Callable[[], float | None]) -> Pulled | Exception | None:
        """Return the next answer, or None when the clock (`time.monotonic`) passes `find_until`.

        That is looked at again and again: another thread may bring it forward.
        """
        while True:
            until = find_until()
            remaining = _WAKE_S if until is None else until - time.monotonic()
            try:
                return self.answers.get(timeout=max(0.0, min(remaining, _WAKE_S)))
            except queue.Empty:
                if remaining <= 0:
                    return None

    def _run(self) -> None:
        while self._is_to_pull():
            try:
                answer = self._pull(self.answers.hand_on)
            except ArthasShellError as error:
                self._take_failure(error)
            except Exception as error:  # noqa: BLE001 - handed to the thread that waits
                self.pause()
                self.answers.put(error)
            else:
                self._forget_failures()
                # Without results the session or its consumer is gone: asking on would be no use.
                if _STATUS in answer.content or RESULTS not in answer.content:
                    self.pause()
                self.answers.put(answer, is_held=answer.count >= BATCH_SIZE)
                if not answer.count and answer.took_s < _HASTE_S:
                    self._is_stopping.wait(_HASTE_S)
        self.answers.hand_on()

    def _is_to_pull(self) -> bool:
        """Wait until a pull is wanted; return whether there is to be one."""
        if not self._is_wanted.is_set():
            self.answers.hand_on()
        if not self._is_stopping.is_set():
            self._is_wanted.wait(_KEEP_ALIVE_S)
        return not self._is_stopping.is_set()

    def _forget_failures(self) -> None:
        with self._lock:
            self._failures, self.has_given_up = 0, False

    def _take_failure(self, error: ArthasShellError) -> None:
        with self._lock:
            failures, self._failures = self._failures, self._failures + 1
            if not failures:
                self._failed_at = time.monotonic()
            # An answer without an end would come again: each try is half a GiB.
            is_last = time.monotonic() >= self._failed_at + AWAY_S or isinstance(error, TooLarge)
            self.has_given_up = self.has_given_up or is_last
        if is_last:
            self.pause()
        self.answers.put(error)
        if not is_last:
            self._is_stopping.wait(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
