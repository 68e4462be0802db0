"""Many one-shots by one tuned session: some milliseconds each, where an `exec` waits for 100.

Only what reads goes this way, so it may be sent again: what is not seen whole, for whatever
reason, is asked for by an `exec` as if nothing had been, and with the same answer.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import Risk
from arthas_cli.errors import ArthasShellError, NoServer, ServerError, TimedOut, TooLarge
from arthas_cli.guard.risk import judge_line
from arthas_cli.protocol import Action, State
from arthas_cli.session.execute import execute, explain_late
from arthas_cli.session.loss import SESSION_QUEUE_SIZE, LossAccount
from arthas_cli.session.outcome import Outcome, Status, judge, read_status
from arthas_cli.session.refusal import explain_refusal
from arthas_cli.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.server import Server

# What the server tells of the session that asks.
_ABOUT_SESSION = ("session", "auth")
# A line takes four requests here and one by `exec`, which waits for 100 ms.
_NEAR_S = 0.02
_NEAR_TRIES = 3
# How long a session may take to open, and where that is not the command's to pay for.
_OPEN_S, _HASTY_OPEN_S = 2.0, 0.3
_CLOSE_S = 0.4
_MAX_TROUBLES = 3
# A pull is answered when it is full, or 100 ms after its last result. One of two never waits for
# that: behind the `status` of a job comes ALLOW_INPUT (docs/protocol.md, 3.4).
_PAIR = 2
# Longer answers come whole and in one piece by `exec`.
_MAX_RESULTS = 20
_SILENT = "the server does not answer"


class _NotWholeError(ArthasShellError):
    """Something of the answer is missing, or may be, or is yet to come piece by piece."""


class Series:
    """The one-shots of one run on a server. `execute` stands for that of `session.execute`.

    The session is opened at the second line that can go by it, at the first where more are known to
    come (`is_long`), and closed as soon as anything is wrong with it: then the next line has a new
    one, a few times. Where none can be tuned, or the server is too far away for it to be faster,
    all go by `exec`.
    """

    def __init__(self, server: Server, *, is_long: bool) -> None:
        self._server = server
        self._session: Session | None = None
        self._troubles = 0 if server.may_tune else _MAX_TROUBLES
        self._has_begun = is_long
        self._long: set[str] = set()

    def execute(
        self, server: Server, plan: Plan, deadline_s: float | None
    ) -> tuple[Outcome, Sequence[Result]]:
        """Run the command to its end or its deadline; as `session.execute.execute`.

        Raises:
            ArthasShellError: as `Server.ask`.
        """
        session = self._find_session(deadline_s) if self._takes(plan) else None
        if session is None:
            return execute(server, plan, deadline_s)
        begun = time.monotonic()
        until = None if deadline_s is None else begun + deadline_s
        results: list[Result] = []
        try:
            status = self._run(session, plan, results, until)
        except (ServerError, TooLarge):  # sent again it would do the same
            self._give_up()
            raise
        except ArthasShellError as error:
            is_late = until is not None and time.monotonic() >= until
            is_answered = self._give_up()
            if not is_late:
                return execute(server, plan, deadline_s, time.monotonic() - begun)
            if not is_answered:
                raise error if isinstance(error, NoServer) else TimedOut(_SILENT) from error
            late = explain_late(plan, deadline_s, runs_on=True)
            return Outcome(State.INTERRUPTED, error=late), results
        outcome = Outcome(State.SUCCEEDED, status.code, status.message, 0)
        return outcome._replace(error=judge(plan, status, 0)), results

    def close(self) -> None:
        """Close the session, where there is one; a signal meanwhile does not leave it behind."""
        try:
            self._close()
        except BaseException:
            self._close(_CLOSE_S)
            raise

    def _close(self, within_s: float | None = None) -> bool:
        """Close the session; return whether the server answered."""
        is_answered = self._session is None or self._session.close(within_s)
        self._session = None
        return is_answered

    def _takes(self, plan: Plan) -> bool:
        """Return whether a line does the same in a session, and can be sent again."""
        if self._troubles >= _MAX_TROUBLES or plan.is_interruptible:
            return False
        if plan.name in self._long or plan.name in _ABOUT_SESSION:
            return False
        return judge_line(plan.line).risk == Risk.READS

    def _find_session(self, deadline_s: float | None) -> Session | None:
        """Return the session, a new one where it is wanted, None where it cannot be had."""
        if self._session is not None and self._session.consumer.is_stale:
            self.close()
        has_begun, self._has_begun = self._has_begun, True
        if self._session is None and has_begun:
            until = time.monotonic() + (_OPEN_S if deadline_s is None else _HASTY_OPEN_S)
            try:
                self._session = self._open(until)
            except ArthasShellError:
                self._session = None
            if self._session is None:
                self._troubles = _MAX_TROUBLES
        return self._session

    def _open(self, until: float) -> Session | None:
        if not self._is_near(until):
            return None
        session = Session.open(self._server, until, fixed_batch=_PAIR)
        if not session.consumer.is_tuned:
            session.close()
            return None
        return session

    def _is_near(self, until: float) -> bool:
        """Return whether several requests are faster than one `exec`."""
        for _ in range(_NEAR_TRIES):
            asked = time.monotonic()
            self._server.ask(Action.SESSION_INFO, timeout_s=max(_NEAR_S, until - asked))
            if time.monotonic() - asked < _NEAR_S:
                return True
        return False

    def _give_up(self) -> bool:
        """Close a session with which something is wrong; return whether the server answered."""
        self._troubles += 1
        return self._close(_CLOSE_S)

    def _run(
        self, session: Session, plan: Plan, results: list[Result], until: float | None
    ) -> Status:
        """Run the command in the session; put into `results` what it sends.

        Raises:
            ArthasShellError: it was not seen whole.
        """
        job_id = session.start(plan.line, until)
        account = LossAccount(counted=plan.name)
        account.queue_size = SESSION_QUEUE_SIZE
        while True:
            pulled = _pull(session, until)
            account.record_pull(pulled, 0)
            own = [result for result in pulled if result.job_id == job_id]
            for result in own:
                account.record(result)
            results += own
            if own and own[-1].type == "status":
                break
            if len(results) > _MAX_RESULTS:
                self._long.add(plan.name)
                raise _NotWholeError("the answer is long")
            if any(result.type == "message" for result in pulled if not result.job_id):
                raise _NotWholeError("the server says that it dropped results")
        if account.settle(has_reached_end=False) != 0:
            raise _NotWholeError("some results may have been lost")
        return read_status(results[-1])


def _pull(session: Session, until: float | None) -> Sequence[Result]:
    response = session.consumer.pull(until=until).read()
    if response.state != State.SUCCEEDED or not response.has_results:
        raise explain_refusal(response)
    return response.results
