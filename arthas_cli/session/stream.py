"""A command run by async_exec, its results pulled as they come."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from arthas_cli.errors import (
    ArthasShellError,
    CommandFailed,
    DeadlineReached,
    Interrupted,
    NoServer,
    Refused,
    ServerError,
    SessionLost,
    UnknownCommand,
)
from arthas_cli.protocol import Response, Result, State
from arthas_cli.session.loss import LossAccount
from arthas_cli.session.outcome import SILENT_TYPES, Outcome, Status, judge, read_status
from arthas_cli.session.session import explain_refusal

if TYPE_CHECKING:
    from arthas_cli.line.plan import Plan
    from arthas_cli.session.session import Session

_RACE = "someone else is enhancing"
_RACE_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)
# An interrupted job with a handler ends within about 0.1 s (streaming, section 5), behind
# somebody's long poll within 2 s more.
_END_AFTER_INTERRUPT_S = 5.0
# So the server says that it stopped the job itself, for want of pulling (protocol, section 3.4).
_STOPPED = "current job was interrupted."
# HTTP 500 once may be one result that cannot be written; twice they all are, and on 3.x eight
# leave the server dead for everybody (versions, section 3.1).
_MOST_SERVER_ERRORS = 2


@dataclass
class _Progress:
    """What is known of the job so far; `job_id` is 0 while the server has not started it."""

    job_id: int = 0
    refusal: State | None = None
    has_begun: bool = False
    is_in_doubt: bool = False  # a pull broke: the end may have been in it
    status: Status | None = None
    interrupted_at: float | None = None
    is_interrupted: bool = False  # by anyone; or asked for, and not denied by the server
    was_stopped: bool = False
    is_late: bool = False
    has_ended: bool = False
    is_finished: bool = False
    error: ArthasShellError | None = None
    races: int = 0
    server_errors: int = 0
    ready: deque[Result] = field(default_factory=deque)


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
        self._session = session
        self._plan = plan
        self._owns_session = owns_session
        self._begun = time.monotonic() if begun is None else begun
        self._deadline_s = deadline_s
        self._so_far = _Progress()
        self.account = LossAccount(counted=plan.name, limit=plan.limit)
        self._loop = session.loop
        self._interrupting = threading.Lock()
        self.outcome = Outcome()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        so_far = self._so_far
        if not so_far.job_id and not so_far.has_ended:
            self._start()
        while not so_far.ready and not so_far.has_ended:
            self._receive()
        if so_far.ready:
            return so_far.ready.popleft()
        if not so_far.is_finished:
            so_far.is_finished = True
            self._finish()
        raise StopIteration

    def interrupt(self) -> None:
        """Stops the job on the server; what it still sends, its end above all, is to be awaited.

        Raises:
            ArthasShellError: the server cannot be reached.
        """
        so_far = self._so_far
        if so_far.has_ended:
            return
        so_far.is_interrupted = True
        job_id = so_far.job_id
        if not job_id:
            return  # `_start` sees to it
        with self._interrupting:
            if self._session.interrupt():
                so_far.was_stopped = True
            elif so_far.job_id == job_id:
                so_far.is_interrupted = so_far.was_stopped  # it had ended before
            so_far.interrupted_at = so_far.interrupted_at or time.monotonic()

    def close(self) -> None:
        """Stops the job if it runs, and the pulling; closes the session if it is its own."""
        self._loop.pause()
        if self._owns_session:
            self._session.close()
        else:
            with suppress(ArthasShellError):
                self.interrupt()

    def _start(self) -> None:
        so_far = self._so_far
        if so_far.is_interrupted:
            self._end(Interrupted("interrupted before it began"))
            return
        self._loop.forget()
        try:
            self._begin(self._session.start(self._plan.line))
        except ArthasShellError as error:
            so_far.refusal = _find_refusal(error)
            self._end(error)

    def _begin(self, job_id: int) -> None:
        """Notes that the job runs; an interrupt that came too early for it goes out now."""
        self._so_far.job_id = job_id
        if self._so_far.is_interrupted:
            self.interrupt()
        self._loop.resume()

    def _receive(self) -> None:
        """Waits for one pull's answer, the deadline, or the end of patience after an interrupt."""
        until = self._find_wake_up()
        # The deadline holds however fast answers come; after an interrupt they are read to the end.
        is_over = until is not None and time.monotonic() >= until
        is_deadline = is_over and self._so_far.interrupted_at is None
        answer = None if is_deadline else self._loop.get(until)
        if answer is None:
            self._wake_up()
            return
        try:
            if isinstance(answer, Exception):
                raise answer
            self._take(answer.read())
        except ArthasShellError as error:
            self._survive(error)
        if not self._so_far.has_ended:
            self._loop.resume()

    def _find_wake_up(self) -> float | None:
        so_far = self._so_far
        if so_far.interrupted_at is not None:
            return so_far.interrupted_at + _END_AFTER_INTERRUPT_S
        return None if self._deadline_s is None else self._begun + self._deadline_s

    def _wake_up(self) -> None:
        so_far = self._so_far
        if so_far.interrupted_at is not None:
            what = f"Arthas cannot stop '{self._plan.name}', it runs on"
            runs_on = CommandFailed(what, hint="it ends by itself, or with the server")
            self._end(runs_on if so_far.was_stopped else None)
            return
        so_far.is_late = True
        try:
            self.interrupt()
        except ArthasShellError as error:
            self._end(error)

    def _take(self, response: Response) -> None:
        if response.state != State.SUCCEEDED:
            raise explain_refusal(response)
        self.account.record_pull(response.results)
        for result in response.results:
            self._take_result(result)
        if self._so_far.is_in_doubt and not response.results and not self._session.is_busy():
            # The end is lost, or has come since: then it stands before what was asked just now,
            # whose ALLOW_INPUT ends the wait.
            self._so_far.has_begun = True

    def _take_result(self, result: Result) -> None:
        so_far = self._so_far
        is_ours = result.job_id == so_far.job_id
        if result.type == "input_status":
            # The queue may begin with what a job before left in it.
            if so_far.has_begun and result.data.get("inputStatus") == "ALLOW_INPUT":
                self._end(None)
            return
        if not is_ours and result.job_id:
            return
        if is_ours:
            so_far.has_begun, so_far.is_in_doubt = True, False
        elif so_far.has_begun and _is_stop(result):
            so_far.is_interrupted = so_far.was_stopped = True
            self.account.record_break()
        if result.type == "status" and is_ours:
            so_far.status = read_status(result)
            if not self._start_again_after_race(so_far.status):
                self._end(None)
        elif result.type not in SILENT_TYPES and not _is_race(result):
            self.account.record(result)
            so_far.ready.append(result)

    def _start_again_after_race(self, status: Status) -> bool:
        """Runs the command again when the server tripped over itself while enhancing.

        It says so although nobody else is at work, and has enhanced nothing (protocol, 3.6).
        """
        so_far = self._so_far
        if not (status.message or "").startswith(_RACE) or so_far.races == len(_RACE_PAUSES_S):
            return False
        so_far.status, so_far.has_begun, so_far.job_id = None, False, 0
        time.sleep(_RACE_PAUSES_S[so_far.races])
        so_far.races += 1
        self._start()
        return True

    def _survive(self, error: ArthasShellError) -> None:
        """Goes on after a pull that broke, as long as there is something to go on with."""
        so_far = self._so_far
        self.account.record_break()
        so_far.is_in_doubt = True
        if isinstance(error, ServerError):
            so_far.server_errors += 1
        if isinstance(error, NoServer):
            if isinstance(error, SessionLost) or self._loop.has_given_up:
                self._end(error)
        elif not isinstance(error, ServerError) or so_far.server_errors == _MOST_SERVER_ERRORS:
            with suppress(ArthasShellError):  # nobody pulls any more, so it must not run on
                self._session.interrupt()
            self._end(error)

    def _end(self, error: ArthasShellError | None) -> None:
        so_far = self._so_far
        if not so_far.has_ended:
            so_far.has_ended = True
            so_far.error = error
            self._loop.pause()

    def _finish(self) -> None:
        so_far = self._so_far
        has_reached_end = (
            so_far.status is not None
            and so_far.status.code in self._plan.normal_ends
            and not so_far.is_interrupted
        )
        if so_far.job_id and so_far.status is None:
            self.account.record_break()  # the end was not seen, nor what may have come before it
        lost = self.account.settle(has_reached_end=has_reached_end)
        error = so_far.error or judge(self._plan, so_far.status, lost)
        if so_far.is_late:
            what = f"; {error.message}" if error else ""
            error = DeadlineReached(f"the deadline of {self._deadline_s or 0:g} s passed{what}")
        ended = State.INTERRUPTED if so_far.is_interrupted else State.SUCCEEDED
        self.outcome = Outcome(
            ended if so_far.status else so_far.refusal,
            so_far.status.code if so_far.status else None,
            so_far.status.message if so_far.status else None,
            lost,
            round((time.monotonic() - self._begun) * 1000),
            error,
        )


def _find_refusal(error: ArthasShellError) -> State | None:
    """Returns the state that the server answered when it would not start the job."""
    match error:
        case Refused():
            return State.REFUSED
        case ServerError():
            return None
        case CommandFailed() | UnknownCommand() | SessionLost():
            return State.FAILED
    return None


def _is_stop(result: Result) -> bool:
    said = result.data.get("message")
    return result.type == "message" and isinstance(said, str) and said.endswith(_STOPPED)


def _is_race(result: Result) -> bool:
    message = result.data.get("message")
    return (
        result.type == "enhancer"
        and result.data.get("success") is False
        and isinstance(message, str)
        and message.startswith(_RACE)
    )
