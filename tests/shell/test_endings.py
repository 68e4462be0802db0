"""How a command ended, in one line, and whether it ever began."""

from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import (
    ArthasShellError,
    CommandFailed,
    Incomplete,
    Interrupted,
    NoServer,
    Refused,
    SessionLost,
)
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import Plan, make_plan
from arthas_cli.protocol import State
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.jobs.phase import TaskPhase
from arthas_cli.shell.jobs.summary import format_end, format_let_go, may_run_again
from arthas_cli.shell.jobs.task import Progress

STREAM = Plan("watch a b", "watch", is_stream=True, is_interruptible=True)
ONE_SHOT = Plan("classloader", "classloader", is_interruptible=True)


@each_row(
    ("outcome", "line"),
    [
        (
            Outcome(State.INTERRUPTED, 0, None, 0, 1240),
            "2 results · 0 lost · stopped after 1.2 s",
        ),
        (
            Outcome(State.SUCCEEDED, 0, None, 3, 0, Incomplete("3 results were lost")),
            "2 results · 3 lost · ended by itself after 0.0 s",
        ),
        (
            Outcome(State.SUCCEEDED, 0, None, None, 60_000),
            "2 results · maybe some lost · ended by itself after 60.0 s",
        ),
        (
            Outcome(elapsed_ms=33_240, error=NoServer("nothing listens there")),
            "2 results · maybe some lost · broke off after 33.2 s",
        ),
        (Outcome(lost=0, error=SessionLost("gone")), ""),
    ],
)
def test_the_end_line_of_a_stream_says_shown_lost_and_how_it_ended(
    outcome: Outcome, line: str
) -> None:
    assert format_end(STREAM, Progress(hits=2), outcome) == line


@pytest.mark.parametrize(
    ("line", "hits", "ending"),
    [
        ("watch a.B c", 100, "ended by itself after 9.0 s: '-n 100' is the default"),
        ("watch a.B c", 99, "ended by itself after 9.0 s"),
        ("watch a.B c -n 100", 100, "ended by itself after 9.0 s"),
    ],
)
def test_a_stream_that_ends_at_a_number_nobody_gave_names_it(
    line: str, hits: int, ending: str
) -> None:
    plan = make_plan(parse_line(line, load_commands()))
    said = format_end(plan, Progress(hits=hits), Outcome(State.SUCCEEDED, 0, None, 0, 9000))
    assert said == f"{hits} results · 0 lost · {ending}"


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [
        (Outcome(State.INTERRUPTED, 0, None, 0, 9000), "0 lost · stopped after 9.0 s"),
        (Outcome(elapsed_ms=9000), "maybe some lost · broke off after 9.0 s"),
    ],
)
def test_the_default_number_is_not_named_where_it_did_not_end_the_stream(
    outcome: Outcome, ending: str
) -> None:
    plan = make_plan(parse_line("watch a.B c", load_commands()))
    said = format_end(plan, Progress(hits=105), outcome)  # of three JVMs, say
    assert said == f"105 results · {ending}"


def test_a_command_that_answers_once_has_an_end_line_only_if_it_was_stopped() -> None:
    assert format_end(ONE_SHOT, Progress(), Outcome(State.SUCCEEDED, 0)) == ""
    stopped = Outcome(State.INTERRUPTED, 0, elapsed_ms=500)
    assert format_end(ONE_SHOT, Progress(), stopped) == "stopped after 0.5 s"


def test_what_arthas_cannot_stop_is_not_said_to_have_been_stopped() -> None:
    asked = Outcome(State.INTERRUPTED, 0, elapsed_ms=500)
    assert format_end(Plan("ognl 1", "ognl"), Progress(), asked) == "ended by itself after 0.5 s"


def test_what_was_stopped_before_it_began_is_said_to_be() -> None:
    outcome = Outcome(error=Interrupted("interrupted before it began"))
    stopped = Progress(phase=TaskPhase.STOPPED)
    assert format_end(STREAM, stopped, outcome) == "cancelled before it started"


def test_a_stop_that_failed_is_no_end_of_the_server() -> None:
    plan = Plan("stop", "stop")
    assert format_end(plan, Progress(), Outcome(error=CommandFailed("no"))) == ""


@pytest.mark.parametrize("error", [Refused("busy"), Interrupted("interrupted before it began")])
def test_what_the_session_would_not_take_may_run_again(error: ArthasShellError) -> None:
    assert may_run_again(STREAM, Outcome(error=error))


def test_what_may_have_run_is_run_again_only_if_it_reads() -> None:
    lost = Outcome(State.FAILED, error=SessionLost("gone"))
    assert may_run_again(Plan("version", "version", is_read=True), lost)
    assert not may_run_again(STREAM, lost)


@pytest.mark.parametrize("error", [None, CommandFailed("no")])
def test_what_has_ended_is_not_run_again(error: ArthasShellError | None) -> None:
    plan = Plan("version", "version", is_read=True)
    assert not may_run_again(plan, Outcome(State.SUCCEEDED, 0, error=error))


def test_letting_go_of_what_can_be_stopped_says_that_it_is() -> None:
    assert format_let_go(STREAM, Progress()) == (
        "detached from 'watch' after 0.0 s; stopping it in the background"
    )
