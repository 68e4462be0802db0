"""One `exec` without a session: one request, its results, and how it ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from arthas_cli.errors import (
    BadAnswer,
    CommandFailed,
    DeadlineReached,
    NoServer,
    ServerGone,
)
from arthas_cli.protocol import Action, Response, State
from arthas_cli.session.outcome import Outcome, Status, judge, read_status
from arthas_cli.session.refusal import explain_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.errors import ArthasShellError, TimedOut
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.server import Server

# No deadline: longer than anybody waits; the server has no upper limit (docs/protocol.md, 3.3).
_FOREVER_MS = 24 * 3600 * 1000
# The server sees within 0.1 s that the deadline has passed; what is later comes no more.
_GRACE_S = 0.4
_STOP_S = 5.0
_STOP_PAUSE_S = 0.1


def execute(
    server: Server, plan: Plan, deadline_s: float | None, spent_s: float = 0.0
) -> tuple[Outcome, Sequence[Result]]:
    """Run the command to its end or its deadline; return how it ended, and its results.

    Those for the program alone (`results.Role.CONTROL`) are among them. `spent_s`: how much of the
    deadline is over already.

    Raises:
        ArthasShellError: as `Server.ask`.
    """
    try:
        response = _exec(server, plan, None if deadline_s is None else deadline_s - spent_s)
    except (BadAnswer, ServerGone):
        if not plan.stops_server:  # whose answer comes, or half of it, or none
            raise
        wait_until_stopped(server)
        return Outcome(lost=0), []
    if response.state in (State.FAILED, State.REFUSED):
        failure = explain_refusal(response, plan.line)
        return Outcome(response.state, lost=0, error=failure), []
    if response.state != State.INTERRUPTED and not response.has_results:
        raise explain_refusal(response, plan.line)
    status = _find_status(response)
    is_late = response.state == State.INTERRUPTED
    lost = 0 if status is not None and not is_late else None
    outcome = Outcome(
        response.state,
        status.code if status else None,
        status.message if status else None,
        lost,
        error=judge(plan, status, lost),
    )
    if is_late:
        runs_on = response.job_status == "RUNNING"
        outcome = outcome._replace(error=explain_late(plan, deadline_s, runs_on=runs_on))
    return outcome, response.results


def make_late(deadline_s: float | None, what: str) -> DeadlineReached:
    """Return the error of a deadline that passed; None: that of an `exec` without one."""
    seconds = _FOREVER_MS / 1000 if deadline_s is None else deadline_s
    return DeadlineReached(f"the deadline of {seconds:g} s passed{what}")


def _exec(server: Server, plan: Plan, deadline_s: float | None) -> Response:
    def ask() -> Response:
        return server.ask(
            Action.EXEC,
            command=plan.line,
            exec_timeout_ms=_FOREVER_MS if deadline_s is None else max(1, round(deadline_s * 1000)),
            timeout_s=None if deadline_s is None else deadline_s + _GRACE_S,
        )

    response = ask()
    if response.state == State.FAILED and response.is_parse_race:
        return ask()
    return response


def explain_wait(
    error: TimedOut, begun: float, deadline_s: float | None, runs_on: str = ""
) -> ArthasShellError:
    """Return the error of a wait in vain, or that the deadline has passed where it has.

    `begun`: when the command was, by `time.monotonic`. `runs_on`: said behind a deadline.
    """
    if deadline_s is None or time.monotonic() < begun + deadline_s:
        return error
    return make_late(deadline_s, f"; {error.what}{runs_on}")


def explain_late(plan: Plan, deadline_s: float | None, *, runs_on: bool) -> DeadlineReached:
    """Return the error of a deadline that passed; `runs_on`: the command still does."""
    return make_late(
        deadline_s, f"; Arthas cannot interrupt '{plan.name}', which keeps running" * runs_on
    )


def wait_until_stopped(server: Server) -> None:
    """Wait until nothing listens any more after `stop`.

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
