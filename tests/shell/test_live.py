"""A running command: the line below its results, and what becomes of what it writes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from prompt_toolkit.application import Application
from support.table import each_row

from arthas_cli.errors import NoServer
from arthas_cli.line.plan import Plan
from arthas_cli.protocol import Result
from arthas_cli.shell.jobs.live import find_lost, format_live_line
from arthas_cli.shell.jobs.phase import TaskPhase
from arthas_cli.shell.jobs.task import Progress
from arthas_cli.shell.terminal.output import Terminal
from arthas_cli.shell.terminal.soon import call_soon

from .conftest import CTRL_C, ScriptedJob, open_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Viewer

STREAM = Plan("watch a b", "watch", is_stream=True, is_interruptible=True)
ONE_SHOT = Plan("classloader", "classloader", is_interruptible=True)
STUBBORN = Plan("ognl 1", "ognl")
WHY_NOTHING = "no hits yet: is the class loaded, the method called, the condition ever true?"


def test_of_a_stream_that_enhances_it_is_said_where_the_reason_is_looked_for() -> None:
    plan = STREAM._replace(enhances=True)
    assert line_after(65, plan) == (
        f"1:05 · Ctrl+C stops · then run ':why' to find out · {WHY_NOTHING}"
    )


def line_after(seconds: float, plan: Plan, lost: int | None = 0, **state: Any) -> str:
    """Returns the live line of a command that has run for so long."""
    progress = Progress(time.monotonic() - seconds)
    for name, value in state.items():
        setattr(progress, name, value)
    return format_live_line(progress, plan, lost)


def test_what_waits_for_its_turn_to_enhance_says_so() -> None:
    said = "watch · 0:03 · waiting for another command to finish instrumenting · Ctrl+C stops"
    assert format_live_line(Progress(time.monotonic() - 3), STREAM, is_held_up=True) == said


@each_row(
    ("seconds", "state", "line"),
    [
        (
            65,
            {"hits": 130},
            "130 results · 0 lost · 2.0/s · 1:05 · Ctrl+C stops · space pauses",
        ),
        (
            65,
            {"hits": 65, "is_paused": True},
            "65 results · 0 lost · 1.0/s · 1:05 · Ctrl+C stops · paused, space resumes",
        ),
        (9, {}, "0 results · 0 lost · 0.0/s · 0:09 · Ctrl+C stops · space pauses"),
        (
            65,
            {},
            f"1:05 · Ctrl+C stops · {WHY_NOTHING}",
        ),
        (65, {"phase": TaskPhase.STOPPING}, "watch · 1:05 · stopping … Ctrl+C again to detach"),
    ],
)
def test_the_live_line_of_a_stream_says_how_it_goes_and_which_keys_there_are(
    seconds: float, state: dict[str, Any], line: str
) -> None:
    assert line_after(seconds, STREAM, **state) == line


@pytest.mark.parametrize(
    ("plan", "state", "line"),
    [
        (ONE_SHOT, {}, "classloader · 1:05 · Ctrl+C stops"),
        (STUBBORN, {}, "ognl · 1:05 · Arthas cannot interrupt it"),
        (
            STUBBORN,
            {"phase": TaskPhase.STOPPING},
            "ognl · 1:05 · Arthas cannot interrupt 'ognl', Ctrl+C again to detach",
        ),
    ],
)
def test_the_live_line_of_what_answers_once_says_whether_it_can_be_stopped(
    plan: Plan, state: dict[str, Any], line: str
) -> None:
    assert line_after(65, plan, **state) == line


def test_a_loss_that_cannot_be_counted_is_said_while_it_runs() -> None:
    assert "1 result · maybe some lost · 0.1/s · 0:10" in line_after(10, STREAM, None, hits=1)


def test_the_live_line_of_a_busy_stream_fits_a_terminal_of_80_columns() -> None:
    assert len(line_after(599, STREAM, None, hits=599_000)) <= 80


def test_only_what_a_command_is_run_for_counts_as_a_result() -> None:
    progress = Progress()
    for name in ("enhancer", "watch", "message", "watch", "row_affect"):
        progress.record(Result(name, 1, {}, "{}"))
    assert progress.hits == 2


def test_a_command_without_a_session_loses_nothing_on_its_way() -> None:
    assert find_lost(ScriptedJob()) == 0


@pytest.fixture
def job() -> ScriptedJob:
    return ScriptedJob()


@pytest.fixture
def viewer(job: ScriptedJob) -> Iterator[Viewer]:
    """Somebody who looks at a stream."""
    with open_view(job, STREAM) as viewer:
        yield viewer


def test_results_are_written_as_they_come_and_the_end_behind_them(
    viewer: Viewer, job: ScriptedJob
) -> None:
    job.send("one", "two")
    viewer.wait_for(lambda: viewer.text == "one\ntwo\n")
    job.send("three")
    job.end()
    viewer.wait_for(viewer.has_ended.is_set)
    assert viewer.text == "one\ntwo\nthree\nend\n"


def test_while_it_is_paused_results_are_taken_but_not_written(
    viewer: Viewer, job: ScriptedJob
) -> None:
    viewer.type(" ")
    viewer.wait_for(lambda: viewer.view.task.progress.is_paused)
    job.send("one", "two")
    viewer.wait_for(lambda: viewer.view.task.progress.hits == 2)
    viewer.wait_for(lambda: not viewer.terminal.is_scheduled)
    assert viewer.text == ""
    viewer.type(" ")
    viewer.wait_for(lambda: viewer.text == "one\ntwo\n")


def test_what_was_held_back_is_written_at_the_end(viewer: Viewer, job: ScriptedJob) -> None:
    viewer.type(" ")
    viewer.wait_for(lambda: viewer.view.task.progress.is_paused)
    job.send("one")
    job.end()
    viewer.wait_for(viewer.has_ended.is_set)
    assert viewer.text == "one\nend\n"


def test_the_first_stop_waits_for_the_end_of_the_job(viewer: Viewer, job: ScriptedJob) -> None:
    viewer.type(CTRL_C)
    viewer.wait_for(lambda: job.interrupts == 1)
    job.send("last")
    job.end()
    viewer.wait_for(viewer.has_ended.is_set)
    assert viewer.text == "last\nend\n"
    assert not viewer.view.task.progress.is_let_go


def test_the_second_stop_does_not_wait_and_writes_nothing_more(
    viewer: Viewer, job: ScriptedJob
) -> None:
    viewer.type(CTRL_C + CTRL_C)
    viewer.wait_for(viewer.has_ended.is_set)
    assert viewer.view.task.progress.is_let_go
    job.send("late")
    viewer.wait_for(lambda: viewer.view.task.progress.hits == 1)
    assert viewer.text == ""


def test_what_comes_long_after_a_stop_is_counted_and_not_written(
    viewer: Viewer, job: ScriptedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.shell.jobs.task.STILL_SHOWN_S", 0.0)
    job.send("one", "two")
    viewer.wait_for(lambda: viewer.text == "one\ntwo\n")
    viewer.type(CTRL_C)
    viewer.wait_for(lambda: job.interrupts == 1)
    job.send("three", "four", "enhancer")
    job.end()
    viewer.wait_for(viewer.has_ended.is_set)
    assert viewer.text == "one\ntwo\nenhancer\nend\n"
    assert (viewer.view.task.progress.hits, viewer.view.task.drawing.unshown) == (4, "2 not shown")


def test_a_stop_that_comes_after_the_end_does_no_harm(viewer: Viewer, job: ScriptedJob) -> None:
    job.end()
    viewer.wait_for(viewer.has_ended.is_set)
    viewer.view.stop()
    viewer.view.stop()
    viewer.wait_for(lambda: job.interrupts == 1)
    assert viewer.error is None


def test_a_stop_that_does_not_reach_the_server_is_said(viewer: Viewer, job: ScriptedJob) -> None:
    job.trouble = NoServer("nothing listens\x1b[2J there")
    viewer.type(CTRL_C)
    viewer.wait_for(lambda: viewer.text == "nothing listens there\n")


def test_an_error_of_the_drawing_ends_the_view(viewer: Viewer, job: ScriptedJob) -> None:
    def fail(text: str) -> None:
        raise LookupError(text)

    viewer.writer.write = fail
    job.send("one")
    viewer.wait_for(viewer.has_ended.is_set)
    assert repr(viewer.error) == repr(LookupError("one\n"))


def test_a_terminal_that_goes_away_ends_the_view(viewer: Viewer) -> None:
    viewer.keyboard.close()
    viewer.wait_for(viewer.has_ended.is_set)
    assert isinstance(viewer.error, EOFError)


def test_what_was_typed_before_stands_before_what_is_typed_now(job: ScriptedJob) -> None:
    with open_view(job, STREAM, "ver") as viewer:
        viewer.type("sion")
        viewer.wait_for(lambda: viewer.view.typed.text == "version")


def test_an_outlet_without_an_application_keeps_what_is_written() -> None:
    terminal = Terminal()
    terminal.put("one\n")
    terminal.empty()
    assert not terminal.is_scheduled


def test_nothing_is_called_once_the_application_has_ended() -> None:
    called: list[str] = []
    call_soon(Application(), lambda: called.append("too late"))
    assert called == []
