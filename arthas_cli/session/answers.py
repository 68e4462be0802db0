"""What the answers to a job's pulls mean: results, its end, or that something broke on the way."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, NoServer, ServerError, SessionLost
from arthas_cli.protocol import State
from arthas_cli.session import pull
from arthas_cli.session.aside import run_aside
from arthas_cli.session.outcome import make_ended
from arthas_cli.session.refusal import explain_refusal, lacks_consumer

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.line.plan import Plan
    from arthas_cli.session.arrivals import Arrivals
    from arthas_cli.session.backlog import Pulled
    from arthas_cli.session.interrupt import Interrupt
    from arthas_cli.session.session import Session

# HTTP 500 once may be one result that cannot be written; twice they all are, and on 3.x eight
# leave the server dead for everybody (docs/protocol.md, 5.4).
_MAX_SERVER_ERRORS = 2
_MAX_REJOINS = 5
# So many answers in a row that cannot be read are no accident; none of them is waited for.
_MAX_UNREAD = 5
# A consumer that has not pulled for so long is taken for unhealthy (docs/protocol.md, 4.2).
_STALL_S = 1.0
_ENDED = "another user, or the server for lack of room, ended it before its limit"
_CURE = "run it again, with a narrower condition where many results come"
# Behind the `status` come ALLOW_INPUT and, if the server stopped the job, a message that says so;
# in the smallest batches that takes as many pulls.
_PULLS_BEHIND_END = 3


class AnswerReader:
    """Takes the answers of one job, and hands their results to its `arrivals`.

    `server_errors`: each HTTP 500 so far. `unreadable`: why an answer that came could not
    be read, None where each could. `is_deaf`: what was said behind the end did not arrive. What it
    asks the server itself is waited for as long as it `is_patient`. `tell` is told when the
    connection is lost, and when it is back.
    """

    def __init__(
        self,
        session: Session,
        plan: Plan,
        arrivals: Arrivals,
        interrupt: Interrupt,
        is_patient: Callable[[], bool],
    ) -> None:
        self.server_errors: list[ServerError] = []
        self.unreadable: ArthasShellError | None = None
        self.is_deaf = False
        self.tell: Callable[[str], None] = lambda _: None
        self._session = session
        self._plan = plan
        self._job_state = arrivals.job_state
        self._arrivals = arrivals
        self._interrupt = interrupt
        self._is_patient = is_patient
        self._is_away = False
        self._rejoins = 0
        self._unread = 0
        self._pulls_behind_end = 0

    def receive(self, answer: Pulled | Exception) -> None:
        """Take one answer; a broken one is survived as long as there is something to go on with.

        Raises:
            Exception: an unforeseen error of the pull loop.
        """
        try:
            if isinstance(answer, Exception):
                raise answer
            self._take(answer)
            self._unread = 0
            if self._is_away:
                self._is_away = False
                self.tell("the connection is back")
        except ArthasShellError as error:
            is_unread = not isinstance(answer, Exception)
            self._unread += is_unread
            if is_unread or isinstance(error, ServerError):
                self.unreadable = error
            self._survive(error)
        if self._job_state.has_ended and not self._job_state.is_race:
            self._pulls_behind_end += 1

    def rejoin(self) -> None:
        """Join a new consumer in the place of one that the server has forgotten.

        Raises:
            ArthasShellError: as `Session.rejoin`.
        """
        self._session.rejoin(self._plan.limit)
        self._arrivals.expect_replay()
        self._job_state.account.queue_size = self._session.consumer.queue_size

    def start_over(self) -> None:
        """Note that the job is begun again, and what was said behind its end is past."""
        self.is_deaf, self._pulls_behind_end = False, 0

    def stop(self) -> None:
        """Stop the job, for nobody pulls any more."""
        with suppress(ArthasShellError):
            run_aside(self._session.interrupt, self._is_patient)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, and nothing that comes behind its end can matter."""
        account = self._job_state.account
        may_say_more = self.has_ended_well and account.is_short and account.is_waiting
        if may_say_more and not account.is_certain:
            return self._pulls_behind_end >= _PULLS_BEHIND_END
        return self._job_state.has_ended

    @property
    def has_ended_well(self) -> bool:
        """Whether it ended as if by itself, as far as is known."""
        status, is_asked = self._job_state.status, self._interrupt.is_asked
        is_normal = status is not None and status.code in self._plan.normal_ends
        return is_normal and not (is_asked or self._arrivals.was_stopped)

    def settle(self, elapsed_s: float) -> tuple[bool, int | None]:
        """Return whether it was interrupted, by anybody, and how many results were lost."""
        account, plan = self._job_state.account, self._plan
        is_asked = self._interrupt.is_asked and not self._interrupt.is_ours
        status = self._job_state.status
        is_ended = status is not None and status.is_from_outside
        is_interrupted = is_asked or self._arrivals.was_stopped or is_ended
        is_bounded = plan.bound is not None and elapsed_s >= self._session.server.job_timeout_s
        has_reached_end = self.has_ended_well and not (self.is_deaf or is_bounded)
        if has_reached_end and plan.counts_hits and account.is_short and account.is_certain:
            # No consumer's queue dropped any, and yet it is less than the limit: somebody stopped
            # it. The server does for want of room in a queue before the consumers', drops one
            # there, and may have no room to say so (docs/protocol.md, 4.2).
            has_reached_end, is_interrupted = False, True
            if account.is_slight:
                self._job_state.blame(make_ended(plan.name))
            else:
                account.record_break(_ENDED, _CURE)
        return is_interrupted, account.settle(has_reached_end=has_reached_end)

    def _take(self, answer: Pulled) -> None:
        job_state, consumer = self._job_state, self._session.consumer
        if answer.request.consumer_id != consumer.id:
            return  # replaced since: what this one brought, the new one is told as well
        response = answer.read()
        if response.state == State.SUCCEEDED and response.has_results:
            if response.results and answer.took_s > _STALL_S:
                job_state.account.has_stalled = True
            self._arrivals.take(response.results, answer.batch_size)
            is_in_doubt = self._arrivals.is_in_doubt
            if is_in_doubt and not response.results and not self._is_busy():
                # The end is lost, or has come since: then it stands before what was asked just
                # now, whose ALLOW_INPUT ends the wait.
                job_state.pass_over()
        elif not lacks_consumer(response) or self._rejoins == _MAX_REJOINS:
            raise explain_refusal(response)
        else:
            self._rejoins += 1
            run_aside(self.rejoin, self._is_patient)

    def _is_busy(self) -> bool:
        return run_aside(self._session.is_busy, self._is_patient)

    def _survive(self, error: ArthasShellError) -> None:
        """Go on after a pull that broke, as long as there is something to go on with."""
        job_state, loop = self._job_state, self._session.consumer.loop
        self.is_deaf = self.is_deaf or _has_heard_end(self._arrivals)
        if job_state.has_ended:
            self._pulls_behind_end = _PULLS_BEHIND_END
            return
        self._arrivals.break_off()
        if isinstance(error, ServerError):
            self.server_errors.append(error)
        if isinstance(error, NoServer):
            if not (self._is_away or self._unread or isinstance(error, SessionLost)):
                self._is_away = True
                if self._session.server.silence.tell_once():
                    self.tell(f"{error.message}; trying again for {pull.AWAY_S:g} s")
            if isinstance(error, SessionLost):
                job_state.end(error)
            elif self._unread == _MAX_UNREAD or (loop.has_given_up and not loop.answers):
                self.stop()
                if loop.has_given_up:
                    error.hint = "run the command again once the JVM is back"
                job_state.end(error)
        elif not isinstance(error, ServerError) or len(self.server_errors) == _MAX_SERVER_ERRORS:
            self.stop()
            job_state.end(error)


def _has_heard_end(arrivals: Arrivals) -> bool:
    """Return whether the job's end has come, be it in a replay that is not whole yet."""
    job_state, replay = arrivals.job_state, arrivals.replay
    return job_state.has_ended or (replay is not None and replay.has_end(job_state.job_id))
