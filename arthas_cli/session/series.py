"""Many one-shots by one tuned session: some milliseconds each, where an `exec` waits for 100.

Only what reads goes this way, so it may be sent again: what is not seen whole, for whatever
reason, is asked for by an `exec` as if nothing had been, and with the same answer.

Any thread may ask. The session runs one command at a time, so whoever comes while it does goes by
an `exec`: nobody waits for anybody.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
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
# How long a session may take to open, and how much of that a command with a deadline waits.
_OPEN_S, _HASTY_OPEN_S = 2.0, 0.3
_CLOSE_S = 0.4
_MAX_TROUBLES = 3
# A pull is answered when it is full, or 100 ms after its last result. One of two never waits for
# that: behind the `status` of a job comes ALLOW_INPUT (docs/protocol.md, 3.4).
_PAIR = 2
# Longer answers come whole and in one piece by `exec`.
_MAX_RESULTS = 20
# Known beforehand to be, and asked twice it occupies the server's one command thread twice.
_ALWAYS_LONG = "classloader -a"
_SILENT = "the server does not answer"


class _NotWholeError(ArthasShellError):
    """Something of the answer is missing, or may be."""


class _LongError(ArthasShellError):
    """The answer comes piece by piece."""


class Series:
    """The one-shots of one program on a server. `execute` stands for that of `session.execute`.

    The session is opened for the second command that can go by it, for the first where more are
    known to come (`is_long`), and closed as soon as anything is wrong with it: then it is opened
    anew, a few times. Unless that command `waits`, it goes by an `exec` meanwhile. Where none can
    be tuned, or the server is too far away for it to be faster, all go by `exec`.

    Threads: any may ask. `_turn` is held by the one whose command goes by the session, and guards
    all fields but `_is_closed`, which only ever becomes True; who finds it held goes by an `exec`.
    `_opening` is a thread that sets `_session` and `_troubles`; it is waited for before they count.
    """

    def __init__(self, server: Server, *, is_long: bool, waits: bool = True) -> None:
        self._server = server
        self._waits = waits
        self._session: Session | None = None
        self._troubles = 0 if server.may_tune else _MAX_TROUBLES
        self._has_begun = is_long
        self._long: set[str] = set()
        self._turn = threading.Lock()
        self._opening: threading.Thread | None = None
        self._is_closed = False
        self._is_amid = False

    def execute(
        self, server: Server, plan: Plan, deadline_s: float | None
    ) -> tuple[Outcome, Sequence[Result]]:
        """Run the command to its end or its deadline; as `session.execute.execute`.

        Raises:
            ArthasShellError: as `Server.ask`.
        """
        if not self._takes(plan) or not self._turn.acquire(blocking=False):
            return execute(server, plan, deadline_s)
        try:
            session = self._find_session(deadline_s)
            if session is None:
                return execute(server, plan, deadline_s)
            return self._execute(session, plan, deadline_s)
        finally:
            self._turn.release()

    def _execute(
        self, session: Session, plan: Plan, deadline_s: float | None
    ) -> tuple[Outcome, Sequence[Result]]:
        begun = time.monotonic()
        until = None if deadline_s is None else begun + deadline_s
        results: list[Result] = []
        self._is_amid = True
        try:
            status = self._run(session, plan, results, until)
        except (ServerError, TooLarge):  # sent again it would do the same
            self._troubles += 1
            self._close(_CLOSE_S)
            raise
        except ArthasShellError as error:
            self._troubles += not isinstance(error, _LongError)
            if self._is_closed:
                raise
            if until is None or time.monotonic() < until:
                return self._ask_again(session, plan, deadline_s, time.monotonic() - begun)
            if not self._close(_CLOSE_S):
                raise error if isinstance(error, NoServer) else TimedOut(_SILENT) from error
            late = explain_late(plan, deadline_s, runs_on=True)
            return Outcome(State.INTERRUPTED, error=late), results
        self._is_amid, session.command = False, ""
        outcome = Outcome(State.SUCCEEDED, status.code, status.message, 0)
        return outcome._replace(error=judge(plan, status, 0)), results

    def _ask_again(
        self, session: Session, plan: Plan, deadline_s: float | None, spent_s: float
    ) -> tuple[Outcome, Sequence[Result]]:
        """Run by an `exec` what was not seen whole, and then close the session."""
        try:
            outcome, results = execute(self._server, plan, deadline_s, spent_s)
            if outcome.state == State.SUCCEEDED:
                # Commands run one behind the other, whatever session is theirs.
                session.command = ""
            return outcome, results
        finally:
            self._close(_CLOSE_S)

    def close(self) -> None:
        """Close the session, where there is one; a signal meanwhile does not leave it behind.

        Whoever asks at this moment gets an error, whoever does later an `exec`.
        """
        self._is_closed = True
        try:
            if self._opening is not None:
                self._opening.join()
            self._close()
        except BaseException:
            self._close(_CLOSE_S)
            raise

    def _close(self, within_s: float | None = None) -> bool:
        """Close the session; return whether the server answered."""
        session = self._session
        is_answered = session is None or session.close(within_s)
        self._session = self._opening = None
        return is_answered

    def _takes(self, plan: Plan) -> bool:
        """Return whether a line does the same in a session, and can be sent again."""
        if self._is_closed or self._troubles >= _MAX_TROUBLES or plan.is_interruptible:
            return False
        if plan.name in self._long or plan.name in _ABOUT_SESSION:
            return False
        if plan.line.startswith(_ALWAYS_LONG):
            return False
        return judge_line(plan.line).risk == Risk.READS

    def _find_session(self, deadline_s: float | None) -> Session | None:
        """Return the session; None where it cannot be had, or is only just being opened."""
        wait_s = _OPEN_S if deadline_s is None else _HASTY_OPEN_S
        if self._session is not None and (self._is_amid or self._session.consumer.is_stale):
            self._close(_CLOSE_S)
        opening = self._opening
        if opening is None:
            if self._has_begun:
                self._opening = self._begin_to_open(wait_s)
            self._has_begun = True
            opening = self._opening if self._waits else None
        if opening is None:
            return None
        opening.join(wait_s)
        return self._session

    def _begin_to_open(self, wait_s: float) -> threading.Thread | None:
        """Open a session in the background, if that is worth while.

        That is seen before anything else runs, which would make the server look far away.
        """
        is_near = False
        with suppress(ArthasShellError):
            is_near = self._is_near(time.monotonic() + wait_s)
        if not is_near:
            self._troubles = _MAX_TROUBLES
            return None
        # No daemon: not even a second signal on the way out leaves the session behind.
        opening = threading.Thread(target=self._open, name="series", daemon=False)
        opening.start()
        return opening

    def _open(self) -> None:
        session = None
        with suppress(ArthasShellError):
            session = Session.open(self._server, time.monotonic() + _OPEN_S, fixed_batch=_PAIR)
        if session is None or not session.consumer.is_tuned or self._is_closed:
            self._troubles = _MAX_TROUBLES
            if session is not None:
                session.close()
        else:
            self._session = session

    def _is_near(self, until: float) -> bool:
        """Return whether several requests are faster than one `exec`."""
        for _ in range(_NEAR_TRIES):
            asked = time.monotonic()
            self._server.ask(Action.SESSION_INFO, timeout_s=max(_NEAR_S, until - asked))
            if time.monotonic() - asked < _NEAR_S:
                return True
        return False

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
                raise _LongError("the answer is long")
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
