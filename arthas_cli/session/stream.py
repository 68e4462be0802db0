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
from arthas_cli.session.course import Course
from arthas_cli.session.enhanced import note_enhancer
from arthas_cli.session.interrupt import Interrupt
from arthas_cli.session.loss import LossAccount
from arthas_cli.session.outcome import Outcome, judge
from arthas_cli.session.receiver import Receiver
from arthas_cli.session.turn import Turn

if TYPE_CHECKING:
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.session import Session

_RACE_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)


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
        self._races = 0
        self._loop = session.consumer.loop
        self._course = Course(self.account)
        self._interrupt = Interrupt(session, plan, self._course)
        self._receiver = Receiver(session, plan, self._course, self._interrupt)
        self._turn = Turn(session.server.enhancing)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        course = self._course
        if not course.job_id and not course.has_ended:
            self._start()
        while not course.ready and not self._receiver.is_over:
            self._receive()
        if course.ready:
            result = course.ready.popleft()
            note_enhancer(self._session.server, self._plan.line, result)
            return result
        if not self._has_concluded:
            self._has_concluded = True
            self.outcome = self._conclude()
        raise StopIteration

    @property
    def has_ready(self) -> bool:
        """Says whether the next result is there without a wait."""
        return bool(self._course.ready)

    def interrupt(self) -> None:
        """Stops the job on the server; what it still sends, its end above all, is to be awaited.

        Raises:
            ArthasShellError: the server cannot be reached.
        """
        if not self._course.has_ended:
            self._interrupt.send()

    def close(self) -> None:
        """Stops the job if it runs, and the pulling; closes the session if it is its own."""
        self._turn.give_back()
        self._loop.pause()
        if self._owns_session:
            self._session.close()
        else:
            with suppress(ArthasShellError):
                self.interrupt()

    def _start(self) -> None:
        """Starts the job; an interrupt that comes too early for it goes out behind it."""
        consumer, course = self._session.consumer, self._course
        if self._plan.enhances:
            self.is_held_up = True
            self._turn.take(lambda: not self._interrupt.is_asked)
            self.is_held_up = self._races > 0
        if self._interrupt.is_asked:
            course.end(Interrupted("interrupted before it began"))
            return
        self._loop.forget()
        try:
            if consumer.is_stale:
                self._receiver.rejoin()
            consumer.prepare(self._plan.limit)
            self.account.queue_size = consumer.queue_size
            course.begin(self._session.start(make_line(self._session, self._plan)))
            if self._plan.enhances:
                self._session.server.enhanced.setdefault(self._plan.line, None)
            self._interrupt.catch_up()
        except ArthasShellError as error:
            if isinstance(error, (BadAnswer, TimedOut, ServerError)) and not course.job_id:
                self._receiver.stop()  # it may have been started all the same
                self.account.record_break("its start was not answered")
            course.end(error)
            self._turn.give_back()
        else:
            self._loop.resume()

    def _receive(self) -> None:
        """Waits for one pull's answer, the deadline, or the end of patience after an interrupt.

        Then pulls on, stops pulling at the end, or starts anew after a race, with growing pauses.
        """
        until = self._interrupt.patience_ends
        is_late = False
        if until is None and self._deadline_s is not None and not self._course.has_ended:
            until = self._begun + self._deadline_s
            is_late = time.monotonic() >= until  # however fast answers come
        answer = None if is_late else self._loop.get(until)
        if answer is None:
            self._wake_up()
            return
        self._receiver.receive(answer)
        if self._course.has_enhanced or self._course.has_ended:
            self._turn.give_back()
            self.is_held_up = False
        if not self._interrupt.be_patient(self._course.ready):
            self._wake_up()
        if self._course.is_race and self._races < len(_RACE_PAUSES_S):
            self._course.forget_race()
            self.is_held_up = True
            time.sleep(_RACE_PAUSES_S[self._races])
            self._races += 1
            self._start()
        elif self._receiver.is_over:
            self._loop.pause()
        else:
            self._loop.resume()

    def _wake_up(self) -> None:
        """Deals with a wait that is over."""
        if self._interrupt.patience_ends is not None:
            what = f"Arthas cannot stop '{self._plan.name}', it runs on"
            runs_on = CommandFailed(what, hint="it ends by itself, or with the server")
            self._course.end(runs_on if self._interrupt.was_stopped else None)
            return
        self._is_late = True
        try:
            self._interrupt.send()
        except ArthasShellError as error:
            self._course.end(error)

    def _conclude(self) -> Outcome:
        course = self._course
        status = course.status
        if course.job_id and status is None:
            self.account.record_break("its end was not seen, nor what may have come before it")
        elapsed_s = time.monotonic() - self._begun
        is_interrupted, lost = self._receiver.settle(elapsed_s)
        why = self.account.why or f"its queue on the server, of {self.account.queue_size}, ran full"
        error = course.error or judge(self._plan, status, lost, why)
        if course.error is None and status is None and self._receiver.server_errors:
            # The end was in an answer that could not be written.
            error = self._receiver.server_errors[0]
        if self._is_late:
            what = f"; {error.message}" if error else ""
            error = DeadlineReached(f"the deadline of {self._deadline_s or 0:g} s passed{what}")
        state = None if course.job_id else _find_refusal(course.error)
        if status:
            state = State.INTERRUPTED if is_interrupted else State.SUCCEEDED
        return Outcome(
            state,
            status.code if status else None,
            status.message if status else None,
            lost,
            round(elapsed_s * 1000),
            error,
        )


def make_line(session: Session, plan: Plan) -> str:
    """Returns the line with what bounds it on the server, should nobody be left to end it."""
    version, seconds = session.welcome.version_numbers, session.server.job_timeout_s
    return plan.bound.add_to(plan.line, version, seconds) if plan.bound else plan.line


def _find_refusal(error: ArthasShellError | None) -> State | None:
    """Returns the state that the server answered when it would not start the job."""
    match error:
        case Refused():
            return State.REFUSED
        case ServerError():
            return None
        case CommandFailed() | UnknownCommand() | SessionLost():
            return State.FAILED
    return None
