"""A command answered in one POST.

A job is an iterator object and not a generator: an error in the middle does not end it, so what
still comes can be had.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    CommandFailed,
    DeadlineReached,
    NoServer,
    TimedOut,
)
from arthas_cli.protocol import Action, Response, Result, State
from arthas_cli.session.outcome import SILENT_TYPES, Outcome, Status, judge, read_status
from arthas_cli.session.session import Session, explain_refusal
from arthas_cli.session.stream import Stream

if TYPE_CHECKING:
    from arthas_cli.line.plan import Plan
    from arthas_cli.session.server import Server

# No deadline: longer than anybody waits; the server has no upper limit (protocol, section 3.3).
_FOREVER_MS = 24 * 3600 * 1000
# The server ends an `exec` at its deadline; an answer later than this comes no more.
_GRACE_S = 5.0
_STOP_S = 5.0
_STOP_PAUSE_S = 0.1


class OneShot:
    """A command answered in one POST, by `exec` without a session.

    An `exec` within a session can leave it stuck for good (versions, section 3.3). Nobody can
    interrupt this one: it ends by itself or at its deadline.
    """

    def __init__(self, server: Server, plan: Plan, *, deadline_s: float | None = None) -> None:
        self._server = server
        self._plan = plan
        self._deadline_s = deadline_s
        self._has_run = False
        self._results: deque[Result] = deque()
        self._stream: Stream | None = None
        self._outcome = Outcome()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        if not self._has_run:
            self._has_run = True
            self._start()
        if self._stream is not None:
            return next(self._stream)
        if not self._results:
            raise StopIteration
        return self._results.popleft()

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return self._outcome if self._stream is None else self._stream.outcome

    def interrupt(self) -> None:
        """Stops what can be stopped: the server cannot stop an `exec` without a session."""
        if self._stream is not None:
            self._stream.interrupt()

    def close(self) -> None:
        """Gives back the session, where there is one."""
        if self._stream is not None:
            self._stream.close()

    def _start(self) -> None:
        begun = time.monotonic()
        try:
            outcome = self._run()
            if self._plan.is_read and outcome.state == State.SUCCEEDED and outcome.status is None:
                self._run_as_stream(begun)
        except TimedOut as error:
            is_late = self._deadline_s is not None and time.monotonic() >= begun + self._deadline_s
            outcome = Outcome(error=self._make_late(f"; {error.message}") if is_late else error)
        except ArthasShellError as error:
            outcome = Outcome(error=error)
        self._outcome = replace(outcome, elapsed_ms=round((time.monotonic() - begun) * 1000))

    def _run_as_stream(self, begun: float) -> None:
        """Runs it again as a stream: the answer had more than the 500 results an `exec` keeps."""
        session = Session.open(self._server)
        self._results.clear()
        self._stream = Stream(
            session, self._plan, deadline_s=self._deadline_s, begun=begun, owns_session=True
        )

    def _run(self) -> Outcome:
        try:
            response = self._exec()
        except BadAnswer as error:
            if not (self._plan.stops_server and error.is_silent):
                raise
            wait_until_stopped(self._server)
            return Outcome(lost=0)
        if response.state in (State.FAILED, State.REFUSED):
            failure = explain_refusal(response, self._plan.line)
            return Outcome(response.state, lost=0, error=failure)
        self._results.extend(r for r in response.results if r.type not in SILENT_TYPES)
        status = _find_status(response)
        is_late = response.state == State.INTERRUPTED
        lost = 0 if status is not None and not is_late else None
        problem = self._explain_deadline(response) if is_late else judge(self._plan, status, lost)
        return Outcome(
            response.state,
            status.code if status else None,
            status.message if status else None,
            lost,
            error=problem,
        )

    def _exec(self) -> Response:
        response = self._ask()
        if response.state == State.FAILED and (response.message or "").endswith("failed:null"):
            return self._ask()  # two parses met in the server; nothing ran (versions, section 5)
        return response

    def _ask(self) -> Response:
        deadline_s = self._deadline_s
        return self._server.ask(
            Action.EXEC,
            command=self._plan.line,
            exec_timeout_ms=_FOREVER_MS if deadline_s is None else max(1, round(deadline_s * 1000)),
            timeout_s=None if deadline_s is None else deadline_s + _GRACE_S,
        )

    def _explain_deadline(self, response: Response) -> DeadlineReached:
        runs_on = response.job_status == "RUNNING"
        return self._make_late(
            f"; Arthas cannot stop '{self._plan.name}', it runs on" if runs_on else ""
        )

    def _make_late(self, what: str) -> DeadlineReached:
        return DeadlineReached(f"the deadline of {self._deadline_s or 0:g} s passed{what}")


def wait_until_stopped(server: Server) -> None:
    """Waits until nothing listens any more after `stop`.

    Raises:
        CommandFailed: it still answers.
    """
    until = time.monotonic() + _STOP_S
    while time.monotonic() < until:
        try:
            server.ask(Action.SESSION_INFO, timeout_s=_STOP_S)
        except NoServer as error:
            if error.kind == NoServer.kind:
                return
        time.sleep(_STOP_PAUSE_S)
    raise CommandFailed("the server still answers after 'stop'")


def _find_status(response: Response) -> Status | None:
    last = response.results[-1] if response.results else None
    return read_status(last) if last is not None and last.type == "status" else None
