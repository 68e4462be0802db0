"""A command run by async_exec, its results pulled as they come."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    CommandFailed,
    DeadlineReached,
    Interrupted,
    Refused,
    ServerError,
    SessionLost,
    TimedOut,
    UnknownCommand,
)
from arthas_cli.protocol import State
from arthas_cli.session.answers import AnswerReader
from arthas_cli.session.aside import run_aside
from arthas_cli.session.beginnings import Beginnings
from arthas_cli.session.enhance_lock import EnhanceLock
from arthas_cli.session.enhanced import note_enhancer
from arthas_cli.session.interrupt import Interrupt
from arthas_cli.session.job_state import JobState
from arthas_cli.session.loss import LossAccount
from arthas_cli.session.meaning import Meaning
from arthas_cli.session.outcome import Outcome, judge
from arthas_cli.session.phases import JobPhase
from arthas_cli.session.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.session import Session


class Stream:
    """A job in a session. Iterating waits for results; `interrupt` may come from another thread.

    `begun` is when its time began to run, by `time.monotonic`; by default now. `is_held_up`:
    somebody else is enhancing, so it waits to do the same.
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
        self.is_held_up = False
        self._session = session
        self._plan = plan
        self._owns_session = owns_session
        self._begun = time.monotonic() if begun is None else begun
        self._deadline_s = deadline_s
        self._is_late = False
        self._has_concluded = False
        self._is_closed: bool | None = None
        self._meaning = Meaning(plan, self._tell)
        self._loop = session.consumer.loop
        self._beginnings = Beginnings(plan)
        self._job_state = JobState(self.account, self._beginnings.take)
        self._interrupt = Interrupt(session, plan, self._job_state)
        self._reader = AnswerReader(
            session, plan, self._job_state, self._interrupt, self._is_patient
        )
        self._records = Records(session.server, plan)
        self._enhance_lock = EnhanceLock(session.server.enhancing)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        job_state = self._job_state
        if not job_state.job_id and not job_state.has_ended:
            self._start()
        while not job_state.ready and not self._reader.is_over:
            self._receive()
        if job_state.ready:
            result = self._meaning.read(job_state.ready.popleft())
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
            job_state.ready.extend(others)
            if others:
                return next(self)
        raise StopIteration

    @property
    def has_ready(self) -> bool:
        """Whether the next result is there without a wait."""
        return bool(self._job_state.ready)

    @property
    def has_begun(self) -> bool:
        """Whether the server has started it, as far as is known."""
        return self._job_state.job_id > 0

    @property
    def may_run_on(self) -> bool:
        """Says of one that was closed whether the server has not answered that."""
        return self._is_closed is False

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
        self._enhance_lock.give_back()
        self._loop.pause()
        if self._owns_session:
            if self._is_closed is None:
                self._is_closed = self._session.close(self._interrupt.close_s)
        else:
            with suppress(ArthasShellError):
                self.interrupt()

    def _tell(self, text: str) -> None:
        self._reader.tell(text)

    def _start(self) -> None:
        """Start the job; an interrupt that comes too early for it goes out behind it."""
        job_state = self._job_state
        if self._plan.enhances:
            self.is_held_up = True
            self._enhance_lock.take(lambda: not self._interrupt.is_asked)
            self.is_held_up = self._beginnings.has_met_race
        if self._interrupt.is_asked:
            is_over = job_state.status is not None
            job_state.end(None if is_over else Interrupted("interrupted before it began"))
            return
        self._loop.forget()
        with suppress(TimedOut):  # it is waited for no more, and how it ended is known
            run_aside(self._ask_to_start, self._is_patient)
        if not job_state.has_ended:
            self._loop.resume()
            return
        self._enhance_lock.give_back()
        if not job_state.job_id and isinstance(job_state.error, (BadAnswer, TimedOut, ServerError)):
            # It may have been started all the same.
            self.account.record_break("its start was not answered")

    def _ask_to_start(self) -> None:
        consumer, job_state = self._session.consumer, self._job_state
        try:
            if consumer.is_stale:
                self._reader.rejoin()
            plan = self._beginnings.plan
            consumer.prepare(plan.limit)
            self.account.queue_size = consumer.queue_size
            line = make_line(self._session, plan)
            self._beginnings.begin()
            job_state.begin(self._session.start(line))
            if self._plan.enhances:
                self._session.server.enhanced.setdefault(self._plan.line, None)
            self._interrupt.catch_up()
        except ArthasShellError as error:
            if isinstance(error, (BadAnswer, TimedOut, ServerError)) and not job_state.job_id:
                self._reader.stop()
            job_state.end(error)

    def _receive(self) -> None:
        """Wait for one pull's answer, the deadline, or the end of patience after an interrupt.

        Then pulls on, stops pulling at the end, or starts anew after a race, with growing pauses.
        """
        is_late = self._interrupt.patience_ends is None and self._is_over  # however fast they come
        answer = None if is_late else self._loop.get(self._find_until)
        if answer is None:
            self._wake_up()
            return
        self._reader.receive(answer)
        if self._job_state.phase not in (JobPhase.STARTED, JobPhase.RUNNING):
            self._enhance_lock.give_back()
            self.is_held_up = False
        if not self._interrupt.be_patient(self._job_state.ready):
            self._wake_up()
        if self._beginnings.is_met and not self._job_state.has_ended:
            self._interrupt.finish()
        if not self._reader.is_over:
            self._loop.resume()
        elif not self._begin_again():
            self._loop.pause()

    def _begin_again(self) -> bool:
        """Start the job anew, if that is called for now that it has ended; return whether it is."""
        receiver = self._reader
        self.is_held_up = self._job_state.is_race
        pause_s = self._beginnings.find_pause(
            self._job_state, has_ended_well=receiver.has_ended_well
        )
        if pause_s is None:
            self.is_held_up = False
            return False
        receiver.start_over()
        time.sleep(pause_s)
        self._start()
        return True

    def _find_until(self) -> float | None:
        """Return when a wait is over: at the deadline, then with the patience for the end."""
        if self._interrupt.patience_ends is not None:
            return self._interrupt.patience_ends
        if self._deadline_s is None or self._job_state.has_ended:
            return None
        return self._begun + self._deadline_s

    @property
    def _is_over(self) -> bool:
        until = self._find_until()
        return until is not None and time.monotonic() >= until

    def _wake_up(self) -> None:
        """Deal with a wait that is over."""
        if self._interrupt.patience_ends is None:
            self._is_late = True
            self._interrupt.send_late()
        elif self._is_over:
            self._job_state.end(self._interrupt.explain_silence())

    def _is_patient(self) -> bool:
        """Return whether a request of this job's is still waited for."""
        if self._is_over:
            self._wake_up()
        return not self._job_state.has_ended

    def _conclude(self) -> Outcome:
        job_state = self._job_state
        status = job_state.status
        if job_state.job_id and status is None:
            self.account.record_break("its end was not seen, nor what may have come before it")
        elapsed_s = time.monotonic() - self._begun
        is_interrupted, lost = self._reader.settle(elapsed_s)
        why = self.account.why or f"its queue on the server, of {self.account.queue_size}, ran full"
        error = job_state.error or judge(self._plan, status, lost, why, self.account.cure)
        if job_state.error is None and status is None and self._reader.server_errors:
            # The end was in an answer that could not be written.
            error = self._reader.server_errors[0]
        if self._is_late:
            what = f"; {error.message}" if error else ""
            error = DeadlineReached(f"the deadline of {self._deadline_s or 0:g} s passed{what}")
        state = None if job_state.job_id else _find_refusal(job_state.error)
        if status:
            state = State.INTERRUPTED if is_interrupted else State.SUCCEEDED
        return Outcome(
            state,
            status.code if status else None,
            status.message if status else None,
            lost,
            round(elapsed_s * 1000),
            error,
            self._beginnings.describe(),
        )


def make_line(session: Session, plan: Plan) -> str:
    """Return the line with what bounds it on the server, should nobody be left to end it."""
    version, seconds = session.welcome.version_numbers, session.server.job_timeout_s
    return plan.bound.add_to(plan.line, version, seconds) if plan.bound else plan.line


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
