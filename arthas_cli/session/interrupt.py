"""Stopping a job: asked for by anybody, sent once there is a job, its end still to be awaited."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, CommandFailed, NoServer, TimedOut
from arthas_cli.session.tuning import ask_number, make_end_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.job_state import JobState
    from arthas_cli.session.session import Session

# An interrupted job with a handler ends within about 0.1 s (docs/protocol.md, 4.4), behind
# somebody's long poll within 2 s more.
_END_AFTER_S = 3.0
# How long a server may leave a request unanswered behind a deadline.
_LATE_S = 0.4
# How long to wait for the count of hits, which stops the job as well, before it is just stopped.
_COUNT_S = 0.5
_AWAY_PAUSE_S = 0.1
# What a session may take to close behind an interrupt that was not answered, and behind a deadline.
_CLOSE_S, _LATE_CLOSE_S = 1.0, 0.4
_ORPHANS = "run ':orphans' in the shell to list and end what is left on the server"


class Interrupt:
    """The interrupt of one job; any thread may send it.

    `is_asked`: it is wanted, and not denied by a server that had no job to stop. `was_stopped`:
    there was one. `is_ours`: it was sent because all that was wanted is there. `patience_ends`:
    when to wait for the end no more, by `time.monotonic`; None while it was not asked for.
    """

    def __init__(self, session: Session, plan: Plan, job_state: JobState) -> None:
        self.is_asked = False
        self.was_stopped = False
        self.is_ours = False
        self.patience_ends: float | None = None
        self._session = session
        self._plan = plan
        self._job_state = job_state
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._is_late = False
        self._is_answered = False
        self._failure: NoServer | None = None
        self._is_unsure = False  # a request that stops it was not answered

    def send(self) -> None:
        """Stop the job, or whatever job comes of the start that is under way.

        Raises:
            ArthasShellError: the server cannot be reached.
        """
        self._ask(_END_AFTER_S)
        self._deliver()

    def send_late(self) -> None:
        """Stop the job, whose deadline has passed: nobody waits for the answer."""
        self._is_late = True
        self._ask(_LATE_S)
        self._deliver_aside()

    def finish(self) -> None:
        """Stop the job, all that was wanted of it is there; once it is asked for does nothing."""
        if not self.is_asked:
            self.is_ours = True
            self._ask(_END_AFTER_S)
            self._deliver_aside()

    @property
    def is_unanswered(self) -> bool:
        """Whether it was asked for, and the server has not answered that."""
        return self.patience_ends is not None and not self._is_answered

    @property
    def close_s(self) -> float | None:
        """How long the session may take to close; None: as long as ever.

        Behind a deadline that is little: the job has been stopped before.
        """
        if self._is_late:
            return _LATE_CLOSE_S
        return _CLOSE_S if self.is_unanswered else None

    def explain_silence(self) -> ArthasShellError | None:
        """Return why the end is waited for no more; None: there was no job to be stopped."""
        name = self._plan.name
        if not self._is_answered:
            what = "the server does not answer" if self._failure is None else self._failure.message
            kind = TimedOut if self._failure is None else NoServer
            return kind(f"{what}; '{name}' may still be running", hint=_ORPHANS)
        if not self.was_stopped:
            return None
        if self._plan.is_interruptible:
            return CommandFailed(
                f"'{name}' was stopped, but the server did not report its end", hint=_ORPHANS
            )
        runs_on = f"Arthas cannot interrupt '{name}', which keeps running"
        return CommandFailed(
            runs_on, hint="wait until it finishes; only the end of the server stops it sooner"
        )

    def be_patient(self, results: Iterable[Result]) -> bool:
        """Return whether the end is still to be waited for, now that these results have come.

        Where the job's own still come, which were made before, it waits as long again.
        """
        if self.patience_ends is None:
            return True
        has_own = any(result.job_id == self._job_state.job_id for result in results)
        if has_own and self._plan.is_interruptible:
            self.patience_ends = time.monotonic() + _END_AFTER_S
        return has_own or time.monotonic() < self.patience_ends

    def catch_up(self) -> None:
        """Stop a job that has just begun, if that was asked before; raises as `send` does."""
        if self.is_asked:
            self.send()

    def _ask(self, patience_s: float) -> None:
        self.is_asked = True
        self._asked_at = self._asked_at or time.monotonic()
        if self.patience_ends is None:
            self.patience_ends = time.monotonic() + patience_s

    def _deliver_aside(self) -> None:
        threading.Thread(target=self._deliver_quietly, name="interrupt", daemon=True).start()

    def _deliver_quietly(self) -> None:
        with suppress(ArthasShellError):  # what it says is kept
            self._deliver()

    def _deliver(self) -> None:
        """Send it; where the server cannot be reached, for as long as the end is waited for."""
        job_id = self._job_state.job_id
        if not job_id:
            return  # whoever starts it calls `catch_up`
        with self._lock:
            until = self._asked_at + _END_AFTER_S
            while True:
                try:
                    self._stop(job_id, until)
                except NoServer as error:
                    if not isinstance(error, TimedOut):
                        self._failure = error
                    if time.monotonic() + _AWAY_PAUSE_S >= until:
                        raise
                    time.sleep(_AWAY_PAUSE_S)
                else:
                    return

    def _stop(self, job_id: int, until: float) -> None:
        job_state = self._job_state
        if self._stop_and_count(job_id) or self._interrupt(job_id, until) or self._is_unsure:
            self.was_stopped = True
        elif job_state.job_id == job_id:
            self.is_asked = self.was_stopped  # it had ended before
        self._is_answered = True
        if self._is_late:
            self.patience_ends = until

    def _interrupt(self, job_id: int, until: float) -> bool:
        """Interrupt the job, and no other: the server is not told which one is meant."""
        job_state = self._job_state

        def is_wanted() -> bool:
            return job_state.job_id == job_id and not job_state.has_ended

        return self._session.interrupt(is_wanted, until - time.monotonic())

    def _stop_and_count(self, job_id: int) -> bool:
        """Stop the job by the door that also tells its hits, where these are not known else."""
        account = self._job_state.account
        if not (self._session.consumer.is_tuned and self._plan.counts_hits) or account.is_certain:
            return False
        try:
            hits = ask_number(self._session.server, make_end_line(job_id), _COUNT_S)
        except ArthasShellError:
            self._is_unsure = True
            return False
        if hits is None:
            return False
        account.produced = hits
        return True
