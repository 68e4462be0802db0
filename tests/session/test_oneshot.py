"""A command answered in one POST: what it sends, what it shows, how it ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from support.fake import FakeArthas, faults
from support.waiting import wait_for

from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    CommandFailed,
    DeadlineReached,
    Incomplete,
    NoServer,
    Refused,
    ServerError,
    TimedOut,
    TooOld,
    Unauthorized,
    UnknownCommand,
)
from arthas_cli.line.plan import Plan
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.outcome import Outcome
from arthas_cli.session.server import Server

from .conftest import ENDLESS, SUCCEEDED, VERSION, connect, list_types, pulled, status

if TYPE_CHECKING:
    from .conftest import Canned, Fields, MakeScript, Script

STOP = Plan("stop", "stop")
SM = Plan("sm java.util.HashMap *", "sm", is_read=True)
SM_ONCE = Plan("sm java.util.HashMap *", "sm")
ECHO: Fields = {"type": "echo", "jobId": 7, "content": "a"}


def run(script: Script, plan: Plan = VERSION, *, deadline_s: float | None = None) -> Outcome:
    """Runs the command to its end; it takes no time, so that outcomes can be compared."""
    job = OneShot(Server(script), plan, deadline_s=deadline_s)
    list(job)
    outcome = job.outcome
    assert 0 <= outcome.elapsed_ms < 60_000
    return outcome


def find_error(outcome: Outcome) -> tuple[type[ArthasShellError], str]:
    assert outcome.error is not None
    return type(outcome.error), outcome.error.message


def test_it_is_one_request_without_a_session(fake: FakeArthas) -> None:
    job = OneShot(connect(fake.url), VERSION)
    (result,) = list(job)
    (request,) = fake.requests
    assert (result.type, result.data["version"]) == ("version", "4.1.5")
    assert request.body["action"] == "exec"
    assert request.body["command"] == "version"
    assert "sessionId" not in request.body


def test_nothing_is_sent_before_it_is_iterated(make_script: MakeScript) -> None:
    script = make_script()
    job = OneShot(Server(script), VERSION)
    job.interrupt()
    job.close()
    assert (script.requests, job.outcome) == ([], Outcome())


def test_its_end_is_its_status(fake: FakeArthas) -> None:
    job = OneShot(connect(fake.url), VERSION)
    list(job)
    outcome = job.outcome
    assert (outcome.state, outcome.status, outcome.message) == ("SUCCEEDED", 0, None)
    assert (outcome.lost, outcome.error) == (0, None)


def test_after_its_end_it_stays_ended(fake: FakeArthas) -> None:
    job = OneShot(connect(fake.url), VERSION)
    assert list_types(job) == ["version"]
    assert list_types(job) == []
    assert len(fake.requests) == 1


def test_what_the_answer_says_of_itself_is_not_shown(make_script: MakeScript) -> None:
    hidden: list[Fields] = [{"type": name} for name in ("command", "input_status", "welcome")]
    job = OneShot(Server(make_script(exec=[pulled(*hidden, ECHO, status())])), VERSION)
    assert list_types(job) == ["echo"]


def test_a_status_that_is_not_0_is_a_failure_with_its_message(make_script: MakeScript) -> None:
    outcome = run(make_script(exec=[pulled(ECHO, status(1, "no such thread"))]))
    assert (outcome.state, outcome.status, outcome.message) == ("SUCCEEDED", 1, "no such thread")
    assert find_error(outcome) == (CommandFailed, "no such thread")


def test_a_failure_without_a_message_says_its_status(make_script: MakeScript) -> None:
    outcome = run(make_script(exec=[pulled(status(-1))]))
    assert find_error(outcome) == (CommandFailed, "'version' ended with status -1")


def test_a_status_that_is_a_normal_end_of_the_command_is_no_failure(
    make_script: MakeScript,
) -> None:
    plan = Plan("watch -h", "watch", normal_ends=frozenset({0, -10}))
    assert run(make_script(exec=[pulled(ECHO, status(-10))]), plan).error is None


FAILURES: list[tuple[Canned, str | None, type[ArthasShellError], str]] = [
    ({"state": "FAILED", "message": "no"}, "FAILED", CommandFailed, "no"),
    ({"state": "REFUSED", "message": "busy"}, "REFUSED", Refused, "busy"),
    (
        {"state": "FAILED", "message": "Exec command failed:java: version: command not found"},
        "FAILED",
        UnknownCommand,
        "the server has no command 'version'",
    ),
    (
        {"state": "FAILED", "message": "'sessionId' is required"},
        "FAILED",
        TooOld,
        "the server is older than Arthas 3.4.6",
    ),
    (ServerError("HTTP 500"), None, ServerError, "HTTP 500"),
    (Unauthorized("who are you"), None, Unauthorized, "who are you"),
    (NoServer("nothing listens there"), None, NoServer, "nothing listens there"),
    (TimedOut("no connection"), None, TimedOut, "no connection"),
    (BadAnswer("cut off", is_silent=True), None, BadAnswer, "cut off"),
]


@pytest.mark.parametrize(("answer", "state", "kind", "message"), FAILURES)
def test_an_answer_that_is_none_is_an_outcome_with_an_error(
    make_script: MakeScript,
    answer: Canned,
    state: str | None,
    kind: type[ArthasShellError],
    message: str,
) -> None:
    script = make_script(exec=[answer])
    outcome = run(script)
    assert (outcome.state, outcome.status, outcome.message) == (state, None, None)
    assert find_error(outcome) == (kind, message)
    assert len(script.requests) == 1


def test_the_answer_to_another_request_is_a_bad_answer(fake: FakeArthas) -> None:
    fake.faults.next(faults.other_request)
    job = OneShot(connect(fake.url), VERSION)
    assert list_types(job) == []
    assert find_error(job.outcome) == (BadAnswer, "the answer belongs to another request")


def test_a_server_older_than_sessionless_exec_is_too_old() -> None:
    with FakeArthas(version="3.3.5") as fake:
        job = OneShot(connect(fake.url), VERSION)
        list(job)
    assert find_error(job.outcome) == (TooOld, "the server is older than Arthas 3.4.6")


@pytest.mark.parametrize("fault", [faults.command_failed_null, faults.command_failed_in_a_tree])
def test_two_parses_that_met_in_the_server_are_tried_once_more(
    fake: FakeArthas, fault: faults.Fault
) -> None:
    fake.faults.next(fault)
    job = OneShot(connect(fake.url), VERSION)
    assert list_types(job) == ["version"]
    assert job.outcome.error is None


def test_two_parses_that_meet_again_are_told(fake: FakeArthas) -> None:
    fake.faults.next(faults.command_failed_null, times=9)
    job = OneShot(connect(fake.url), VERSION)
    list(job)
    assert find_error(job.outcome) == (CommandFailed, "Exec command failed:null")
    assert len(fake.requests) == 2


def test_without_a_deadline_the_servers_own_is_raised(make_script: MakeScript) -> None:
    script = make_script(exec=[pulled(status())])
    run(script)
    assert script.requests[0].exec_timeout_ms == 86_400_000
    assert script.timeouts == {"exec": None}


@pytest.mark.parametrize(("deadline_s", "timeout_ms"), [(2.5, 2500), (0.0001, 1)])
def test_the_deadline_is_the_servers_to_keep(
    make_script: MakeScript, deadline_s: float, timeout_ms: int
) -> None:
    script = make_script(exec=[pulled(status())])
    run(script, deadline_s=deadline_s)
    assert script.requests[0].exec_timeout_ms == timeout_ms
    assert script.timeouts == {"exec": deadline_s + 0.4}


def test_a_deadline_that_passed_is_told_with_what_came_before(fake: FakeArthas) -> None:
    job = OneShot(connect(fake.url), Plan("dashboard", "dashboard"), deadline_s=1.0)
    assert list_types(job) == ["dashboard"]
    assert (job.outcome.state, job.outcome.status, job.outcome.lost) == ("INTERRUPTED", 0, None)
    assert find_error(job.outcome) == (DeadlineReached, "the deadline of 1 s passed")


def test_at_the_deadline_it_is_said_what_arthas_cannot_stop(fake: FakeArthas) -> None:
    job = OneShot(connect(fake.url), ENDLESS, deadline_s=0.1)
    list(job)
    assert find_error(job.outcome) == (
        DeadlineReached,
        "the deadline of 0.1 s passed; Arthas cannot interrupt 'endless', which keeps running",
    )


def test_no_answer_beyond_the_deadline_is_the_deadline(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.execute._GRACE_S", 0.1)
    fake.faults.next(faults.slow(5))
    job = OneShot(connect(fake.url), VERSION, deadline_s=0.1)
    list(job)
    address = fake.url.removeprefix("http://").removesuffix("/api")
    assert find_error(job.outcome) == (
        DeadlineReached,
        f"the deadline of 0.1 s passed; {address} did not answer",
    )


def test_a_connection_that_times_out_before_the_deadline_is_no_deadline(
    make_script: MakeScript,
) -> None:
    outcome = run(make_script(exec=[TimedOut("no connection")]), deadline_s=60)
    assert find_error(outcome) == (TimedOut, "no connection")


def test_a_read_of_more_than_500_results_is_run_again_as_a_stream(fake: FakeArthas) -> None:
    job = OneShot(connect(fake.url), SM)
    types = list_types(job)
    lost = job.outcome.lost
    job.close()
    assert lost is not None
    assert types.count("sm") + lost == 600
    assert (job.outcome.state, job.outcome.status) == ("SUCCEEDED", 0)
    assert isinstance(job.outcome.error, Incomplete if lost else type(None))
    assert fake.sessions == []


def test_what_is_no_read_and_has_more_than_500_results_is_incomplete(fake: FakeArthas) -> None:
    job = OneShot(connect(fake.url), SM_ONCE)
    assert list_types(job) == ["sm"] * 500
    assert (job.outcome.state, job.outcome.status, job.outcome.lost) == ("SUCCEEDED", None, None)
    assert find_error(job.outcome) == (
        Incomplete,
        "the end of the answer was lost, and maybe results before it",
    )
    assert len(fake.requests) == 1


def test_a_read_that_cannot_be_run_again_keeps_what_it_has(make_script: MakeScript) -> None:
    script = make_script(exec=[pulled(ECHO)], init_session=[NoServer("nothing listens there")])
    job = OneShot(Server(script), VERSION)
    assert list_types(job) == ["echo"]
    assert find_error(job.outcome) == (NoServer, "nothing listens there")


def test_run_again_as_a_stream_it_can_be_interrupted(make_script: MakeScript) -> None:
    script = make_script(
        exec=[pulled(ECHO)], pull_results=[pulled(), pulled(ECHO), pulled(status())]
    )
    job = OneShot(Server(script), VERSION)
    assert next(job).type == "echo"
    job.interrupt()
    assert list_types(job) == []
    assert job.outcome.state == "INTERRUPTED"
    assert script.actions == ["exec", "init_session", "async_exec", "interrupt_job"]


def test_run_again_as_a_stream_it_has_no_new_deadline(make_script: MakeScript) -> None:
    over = time.monotonic() + 0.1

    def answer_late() -> Canned:
        wait_for(lambda: time.monotonic() > over)
        return pulled(ECHO)

    script = make_script(exec=[answer_late], pull_results=[pulled(), pulled(ECHO, status())])
    job = OneShot(Server(script), VERSION, deadline_s=0.1)
    assert list_types(job) == ["echo"]
    assert find_error(job.outcome) == (DeadlineReached, "the deadline of 0.1 s passed")
    assert job.outcome.elapsed_ms >= 100


def test_stop_is_answered_by_a_closed_connection(fake: FakeArthas) -> None:
    outcome = stop(fake)
    assert (outcome.state, outcome.lost, outcome.error) == (None, 0, None)


def test_after_stop_nothing_listens(fake: FakeArthas) -> None:
    stop(fake)
    job = OneShot(connect(fake.url), VERSION)
    list(job)
    assert find_error(job.outcome)[0] is NoServer


def test_a_server_that_answers_after_stop_has_not_stopped(
    make_script: MakeScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.execute._STOP_S", 0.15)
    closed = BadAnswer("closed", is_silent=True)
    alive: list[Any] = [SUCCEEDED, closed] * 9
    outcome = run(make_script(exec=[closed], session_info=alive), STOP)
    assert find_error(outcome) == (CommandFailed, "the server still answers after 'stop'")


def test_a_stop_whose_answer_is_cut_off_has_worked_once_nothing_listens(
    make_script: MakeScript,
) -> None:
    gone = NoServer("nothing listens")
    script = make_script(exec=[BadAnswer("the answer was cut off")], session_info=[gone])
    assert run(script, STOP).error is None


def stop(fake: FakeArthas) -> Outcome:
    job = OneShot(connect(fake.url), STOP)
    assert list_types(job) == []
    return job.outcome
