"""A command run by async_exec, its results pulled as they come."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from arthas_cli.errors import (
    ArthasShellError,
    CommandFailed,
    Refused,
    ServerError,
    SessionLost,
    UnknownCommand,
)
from arthas_cli.protocol import State
from arthas_cli.session.answers import AnswerReader
from arthas_cli.session.arrivals import Arrivals
from arthas_cli.session.beginnings import Beginnings
from arthas_cli.session.enhanced import note_enhancer
from arthas_cli.session.interrupt import Interrupt
from arthas_cli.session.job_state import JobState
from arthas_cli.session.loss import LossAccount
from arthas_cli.session.meaning import Meaning
from arthas_cli.session.outcome import Outcome, judge
from arthas_cli.session.patience import Patience
from arthas_cli.session.records import Records
from arthas_cli.session.starting import Starter

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.session import Session


class Stream:
    """A job in a session. Iterating waits for results; `interrupt` may come from another thread.

    `begun` is when its time began to run, by `time.monotonic`; by default now.
    """

    def __init__(
        self,
        session: Session,
        plan: Plan,
        *,
        deadline_s: float | None = None,
        begun: float | None = None,
        owns_session: bool = False,
    ) -> None:
        self.account = LossAccount(counted=plan.name, limit=plan.limit)
        self.outcome = Outcome()
        self._session = session
        self._plan = plan
        self._owns_session = owns_session
        self._has_concluded = False
        self._is_closed: bool | None = None
        self._meaning = Meaning(plan, self._tell)
        self._loop = session.consumer.loop
        self._beginnings = Beginnings(plan)
        self._job_state = JobState(self.account)
        self._arrivals = Arrivals(self._job_state, self._beginnings.take)
        self._interrupt = Interrupt(session, plan, self._job_state)
        self._patience = Patience(
            self._interrupt,
            self._job_state,
            time.monotonic() if begun is None else begun,
            deadline_s,
        )
        self._reader = AnswerReader(
            session, plan, self._arrivals, self._interrupt, self._patience.is_patient
        )
        self._starter = Starter(
            session,
            self._beginnings,
            self._job_state,
            self._interrupt,
            self._reader,
            self._patience,
        )
        self._records = Records(session.server, plan)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        job_state, ready = self._job_state, self._arrivals.ready
        if not job_state.job_id and not job_state.has_ended:
            self._starter.start()
        while not ready and not self._reader.is_over:
            self._receive()
        if ready:
            result = self._meaning.read(ready.popleft())
            note_enhancer(self._session.server, self._plan.line, result)
            self._records.take(result)
            return result
        if not self._has_concluded:
            self._has_concluded = True
            if job_state.status is not None:
                self._session.command = ""
            unreadable = self._reader.unreadable
            outcome, others = self._records.settle(self._conclude(), unreadable)
            self.outcome = self._meaning.finish(outcome)
            ready.extend(others)
            if others:
                return next(self)
        raise StopIteration

    @property
    def has_ready(self) -> bool:
        """Whether the next result is there without a wait."""
        return bool(self._arrivals.ready)

    @property
    def has_begun(self) -> bool:
        """Whether the server has started it, as far as is known."""
        return self._job_state.job_id > 0

    @property
    def is_held_up(self) -> bool:
        """Whether somebody else is enhancing, so that it waits to do the same."""
        return self._starter.is_held_up

    @property
    def may_run_on(self) -> bool:
        """Says of one that was closed whether the server has not answered that."""
        return self._is_closed is False

    @property
    def lost(self) -> int | None:
        """How many results were lost so far, None where that cannot be known."""
        return self.account.settle(has_reached_end=False)

    def tell_by(self, tell: Callable[[str], None]) -> None:
        """Call `tell` with a line when the connection is lost and when it is back."""
        self._reader.tell = tell

    def interrupt(self) -> None:
        """Stop the job on the server; what it still sends, its end above all, is to be awaited.

        Raises:
            ArthasShellError: the server cannot be reached.
        """
        if not self._job_state.has_ended:
            self._interrupt.send()

    def close(self) -> None:
        """Stop the job if it runs, and the pulling; close the session if it is its own."""
        self._starter.give_up()
        self._loop.pause()
        if self._owns_session:
            if self._is_closed is None:
                self._is_closed = self._session.close(self._interrupt.close_s)
        else:
            with suppress(ArthasShellError):
                self.interrupt()

    def _tell(self, text: str) -> None:
        self._reader.tell(text)

    def _receive(self) -> None:
        """Wait for one pull's answer, the deadline, or the end of patience after an interrupt.

        Then pulls on, stops pulling at the end, or starts anew after a race, with growing pauses.
        """
        patience = self._patience
        answer = None if patience.is_overdue else self._loop.get(patience.find_until)
        if answer is None:
            patience.wake_up()
            return
        self._reader.receive(answer)
        self._starter.let_next()
        if not self._interrupt.be_patient(self._arrivals.ready):
            patience.wake_up()
        if self._beginnings.is_met and not self._job_state.has_ended:
            self._interrupt.finish()
        if not self._reader.is_over:
            self._loop.resume()
        elif not self._starter.start_again():
            self._loop.pause()

    def _conclude(self) -> Outcome:
        job_state = self._job_state
        status = job_state.status
        if job_state.job_id and status is None:
            self.account.record_break("its end was not seen, nor what may have come before it")
        elapsed_s = self._patience.elapsed_s
        is_interrupted, lost = self._reader.settle(elapsed_s)
        why = self.account.why or f"its queue on the server, of {self.account.queue_size}, ran full"
        error = job_state.error or judge(self._plan, status, lost, why, self.account.cure)
        if job_state.error is None and status is None and self._reader.server_errors:
            # The end was in an answer that could not be written.
            error = self._reader.server_errors[0]
        state = None if job_state.job_id else _find_refusal(job_state.error)
        if status:
            state = State.INTERRUPTED if is_interrupted else State.SUCCEEDED
        return Outcome(
            state,
            status.code if status else None,
            status.message if status else None,
            lost,
            round(elapsed_s * 1000),
            self._patience.explain_deadline(error),
            self._beginnings.describe(),
        )


def _find_refusal(error: ArthasShellError | None) -> State | None:
    """Return the state that the server answered when it would not start the job."""
    match error:
        case Refused():
            return State.REFUSED
        case ServerError():
            return None
        case CommandFailed() | UnknownCommand() | SessionLost():
            return State.FAILED
    return None
