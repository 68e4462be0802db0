"""Stopping a job: asked for by anybody, sent once there is a job, its end still to be awaited."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, CommandFailed, NoServer, TimedOut
from arthas_cli.session.delivery import Delivery
from arthas_cli.session.phases import INTERRUPT_PHASES, InterruptEvent, InterruptPhase, move

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
# What a session may take to close behind an interrupt that was not answered, and behind a deadline.
_CLOSE_S, _LATE_CLOSE_S = 1.0, 0.4
_ORPHANS = "run ':orphans' in the shell to list and end what is left on the server"
_UNASKED = frozenset({InterruptPhase.IDLE, InterruptPhase.DENIED})


class _Reason(Enum):
    """Why a job is stopped: somebody said so, its deadline passed, or all wanted of it is there."""

    WISH = auto()
    DEADLINE = auto()
    ENOUGH = auto()


class Interrupt:
    """The interrupt of one job (`session.phases`); any thread may send it.

    `patience_ends`: when to wait for the end no more, by `time.monotonic`; None while it was not
    asked for.

    Threads: `_lock` guards `phase`, `patience_ends`, `_reason` and `_asked_at`.
    """

    def __init__(self, session: Session, plan: Plan, job_state: JobState) -> None:
        self.phase = InterruptPhase.IDLE
        self.patience_ends: float | None = None
        self._plan = plan
        self._job_state = job_state
        self._delivery = Delivery(session, plan, job_state)
        self._lock = threading.Lock()
        self._reason = _Reason.WISH
        self._asked_at = 0.0

    @property
    def is_asked(self) -> bool:
        """Whether it is wanted, and not denied by a server that had no job to stop."""
        return self.phase not in _UNASKED

    @property
    def is_ours(self) -> bool:
        """Whether it was sent because all that was wanted is there."""
        return self._reason is _Reason.ENOUGH

    def send(self) -> None:
        """Stop the job, or whatever job comes of the start that is under way.

        Raises:
            ArthasShellError: the server cannot be reached.
        """
        self._ask(_Reason.WISH, _END_AFTER_S)
        self._deliver()

    def send_late(self) -> None:
        """Stop the job, whose deadline has passed: nobody waits for the answer."""
        self._ask(_Reason.DEADLINE, _LATE_S)
        self._deliver_aside()

    def finish(self) -> None:
        """Stop the job, all that was wanted of it is there; once it is asked for does nothing."""
        if not self.is_asked:
            self._ask(_Reason.ENOUGH, _END_AFTER_S)
            self._deliver_aside()

    def catch_up(self) -> None:
        """Stop a job that has just begun, if that was asked before; raises as `send` does."""
        if self.is_asked:
            self._deliver()

    @property
    def close_s(self) -> float | None:
        """How long the session may take to close; None: as long as ever.

        Behind a deadline that is little: the job has been stopped before.
        """
        if self._reason is _Reason.DEADLINE:
            return _LATE_CLOSE_S
        return _CLOSE_S if self.phase is InterruptPhase.WANTED else None

    def explain_silence(self) -> ArthasShellError | None:
        """Return why the end is waited for no more; None: there was no job to be stopped."""
        name, failure = self._plan.name, self._delivery.failure
        if self.phase is InterruptPhase.WANTED:
            what = "the server does not answer" if failure is None else failure.message
            kind = TimedOut if failure is None else NoServer
            return kind(f"{what}; '{name}' may still be running", hint=_ORPHANS)
        if self.phase is not InterruptPhase.STOPPED:
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
        has_own = any(result.job_id == self._job_state.job_id for result in results)
        with self._lock:
            if self.patience_ends is None:
                return True
            if has_own and self._plan.is_interruptible:
                self.patience_ends = time.monotonic() + _END_AFTER_S
            return has_own or time.monotonic() < self.patience_ends

    def _ask(self, reason: _Reason, patience_s: float) -> None:
        with self._lock:
            if not self.is_asked:
                self._reason = reason
            self.phase = move(INTERRUPT_PHASES, self.phase, InterruptEvent.ASK)
            self._asked_at = self._asked_at or time.monotonic()
            if self.patience_ends is None:
                self.patience_ends = time.monotonic() + patience_s

    def _deliver_aside(self) -> None:
        def deliver() -> None:
            with suppress(ArthasShellError):  # what it says is kept
                self._deliver()

        threading.Thread(target=deliver, name="interrupt", daemon=True).start()

    def _deliver(self) -> None:
        """Send it; where the server cannot be reached, for as long as the end is waited for."""
        job_id = self._job_state.job_id
        if not job_id:
            return  # whoever starts it calls `catch_up`
        until = self._asked_at + _END_AFTER_S
        event = self._delivery.deliver(job_id, until)
        with self._lock:
            self.phase = move(INTERRUPT_PHASES, self.phase, event)
            if self._reason is _Reason.DEADLINE:
                self.patience_ends = until
