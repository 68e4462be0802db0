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
    NoServer,
    Refused,
    ServerError,
    SessionLost,
    TimedOut,
    UnknownCommand,
)
from arthas_cli.protocol import State
from arthas_cli.session.course import Course
from arthas_cli.session.interrupt import Interrupt
from arthas_cli.session.loss import LossAccount
from arthas_cli.session.outcome import Outcome, judge
from arthas_cli.session.session import explain_refusal, lacks_consumer

if TYPE_CHECKING:
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Response, Result
    from arthas_cli.session.pull import Pulled
    from arthas_cli.session.session import Session

_RACE_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)
# HTTP 500 once may be one result that cannot be written; twice they all are, and on 3.x eight
# leave the server dead for everybody (versions, section 3.1).
_MOST_SERVER_ERRORS = 2
_MOST_REJOINS = 5
# A consumer that has not pulled for so long is taken for unhealthy (protocol, section 3.4).
_STALL_S = 1.0
# Behind the `status` come ALLOW_INPUT and, if the server stopped the job, a message that says so;
# in the smallest batches that takes as many pulls.
_PULLS_BEHIND_END = 3


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
        self._begun = time.monotonic() if begun is None else begun
        self._deadline_s = deadline_s
        self._is_late = False
        self._has_concluded = False
        self._races = 0
        self._server_errors: list[ServerError] = []
        self._rejoins = 0
        self._pulls_behind_end = 0
        self._is_deaf = False
        self._loop = session.consumer.loop
        self._course = Course(self.account)
        self._interrupt = Interrupt(session, plan, self._course)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        course = self._course
        if not course.job_id and not course.has_ended:
            self._start()
        while not course.ready and not self._is_over():
            self._receive()
        if course.ready:
            return course.ready.popleft()
        if not self._has_concluded:
            self._has_concluded = True
            self.outcome = self._conclude()
        raise StopIteration

    def interrupt(self) -> None:
        """Stops the job on the server; what it still sends, its end above all, is to be awaited.

        Raises:
            ArthasShellError: the server cannot be reached.
        """
        if not self._course.has_ended:
            self._interrupt.send()

    def close(self) -> None:
        """Stops the job if it runs, and the pulling; closes the session if it is its own."""
        self._loop.pause()
        if self._owns_session:
            self._session.close()
        else:
            with suppress(ArthasShellError):
                self.interrupt()

    def _start(self) -> None:
        """Starts the job; an interrupt that comes too early for it goes out behind it."""
        consumer, course = self._session.consumer, self._course
        if self._interrupt.is_asked:
            course.end(Interrupted("interrupted before it began"))
            return
        self._loop.forget()
        try:
            if consumer.is_stale:
                self._rejoin()
            consumer.prepare(self._plan.limit)
            self.account.queue_size = consumer.queue_size
            course.begin(self._session.start(self._make_line()))
            self._interrupt.catch_up()
        except ArthasShellError as error:
            if isinstance(error, (BadAnswer, TimedOut, ServerError)) and not course.job_id:
                self._stop()  # it may have been started all the same
                self.account.record_break()
            course.end(error)
        else:
            self._loop.resume()

    def _rejoin(self) -> None:
        self._session.rejoin(self._plan.limit)
        self._course.expect_replay()
        self.account.queue_size = self._session.consumer.queue_size

    def _stop(self) -> None:
        """Stops the job, for nobody pulls any more."""
        with suppress(ArthasShellError):
            self._session.interrupt()

    def _make_line(self) -> str:
        """Returns the line with what bounds it on the server, should nobody be left to end it."""
        session, bound = self._session, self._plan.bound
        version, seconds = session.welcome.version_numbers, session.server.job_timeout_s
        return bound.add_to(self._plan.line, version, seconds) if bound else self._plan.line

    def _receive(self) -> None:
        """Waits for one pull's answer, the deadline, or the end of patience after an interrupt."""
        until = self._interrupt.patience_ends
        is_late = False
        if until is None and self._deadline_s is not None and not self._course.has_ended:
            until = self._begun + self._deadline_s
            is_late = time.monotonic() >= until  # however fast answers come
        answer = None if is_late else self._loop.get(until)
        if answer is None:
            self._wake_up()
            return
        try:
            if isinstance(answer, Exception):
                raise answer
            self._take(answer, answer.read())
        except ArthasShellError as error:
            self._survive(error)
        self._go_on()

    def _take(self, answer: Pulled, response: Response) -> None:
        course, consumer = self._course, self._session.consumer
        if response.state == State.SUCCEEDED:
            if response.results and answer.took_s > _STALL_S:
                self.account.record_stall()
            course.take(response.results, answer.batch_size)
            if course.is_in_doubt and not response.results and not self._session.is_busy():
                # The end is lost, or has come since: then it stands before what was asked just
                # now, whose ALLOW_INPUT ends the wait.
                course.has_begun = True
        elif not lacks_consumer(response) or self._rejoins == _MOST_REJOINS:
            raise explain_refusal(response)
        elif answer.request.consumer_id == consumer.id:
            self._rejoins += 1
            self._rejoin()

    def _is_over(self) -> bool:
        """Says whether it has ended, and nothing that comes behind its end can matter."""
        account = self.account
        may_say_more = self._has_ended_well() and account.is_short and account.is_waiting
        if may_say_more and not account.is_certain:
            return self._pulls_behind_end >= _PULLS_BEHIND_END
        return self._course.has_ended

    def _has_ended_well(self) -> bool:
        """Says whether it ended as if by itself, as far as is known."""
        status, is_asked = self._course.status, self._interrupt.is_asked
        is_normal = status is not None and status.code in self._plan.normal_ends
        return is_normal and not (is_asked or self._course.was_stopped)

    def _go_on(self) -> None:
        """Pulls on, stops pulling at the end, or starts anew after a race, with growing pauses."""
        course = self._course
        if course.is_race and self._races < len(_RACE_PAUSES_S):
            course.forget_race()
            time.sleep(_RACE_PAUSES_S[self._races])
            self._races += 1
            self._start()
            return
        if course.has_ended:
            self._pulls_behind_end += 1
        if self._is_over():
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

    def _survive(self, error: ArthasShellError) -> None:
        """Goes on after a pull that broke, as long as there is something to go on with."""
        course = self._course
        if course.has_ended:  # what it may have said behind its end
            self._is_deaf, self._pulls_behind_end = True, _PULLS_BEHIND_END
            return
        course.break_off()
        if isinstance(error, ServerError):
            self._server_errors.append(error)
        if isinstance(error, NoServer):
            if isinstance(error, SessionLost):
                course.end(error)
            elif self._loop.has_given_up and self._loop.answers.empty():
                self._stop()
                course.end(error)
        elif not isinstance(error, ServerError) or len(self._server_errors) == _MOST_SERVER_ERRORS:
            self._stop()
            course.end(error)

    def _conclude(self) -> Outcome:
        course = self._course
        status = course.status
        if course.job_id and status is None:
            self.account.record_break()  # the end was not seen, nor what may have come before it
        elapsed_s = time.monotonic() - self._begun
        is_interrupted, lost = self._settle(elapsed_s)
        error = course.error or judge(self._plan, status, lost)
        if course.error is None and status is None and self._server_errors:
            error = self._server_errors[0]  # the end was in an answer that could not be written
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

    def _settle(self, elapsed_s: float) -> tuple[bool, int | None]:
        """Returns whether it was interrupted, by anybody, and how many results were lost."""
        account, plan = self.account, self._plan
        is_interrupted = self._interrupt.is_asked or self._course.was_stopped
        is_bounded = plan.bound is not None and elapsed_s >= self._session.server.job_timeout_s
        has_reached_end = self._has_ended_well() and not (self._is_deaf or is_bounded)
        if has_reached_end and plan.counts_hits and account.is_short and account.is_certain:
            # No consumer's queue dropped any, and yet it is less than the limit: somebody stopped
            # it. The server does for want of room in a queue before the consumers', drops one
            # there, and may have no room to say so (protocol, section 3.4).
            has_reached_end, is_interrupted = False, True
            account.record_break()
        return is_interrupted, account.settle(has_reached_end=has_reached_end)


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
