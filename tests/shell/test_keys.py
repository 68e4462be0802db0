from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arthas_cli.line.plan import Plan

from .conftest import BACKSPACE, CTRL_C, CTRL_D, ENTER, ScriptedJob, open_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Viewer

STREAM = Plan("watch a b", "watch", is_stream=True, is_interruptible=True)
ONE_SHOT = Plan("sc *", "sc")
PASTE = "\x1b[200~{}\x1b[201~"


@pytest.fixture
def job() -> ScriptedJob:
    return ScriptedJob()


@pytest.fixture
def stream(job: ScriptedJob) -> Iterator[Viewer]:
    with open_view(job, STREAM) as viewer:
        yield viewer


@pytest.fixture
def one_shot(job: ScriptedJob) -> Iterator[Viewer]:
    with open_view(job, ONE_SHOT) as viewer:
        yield viewer


def expect_typed(viewer: Viewer, text: str) -> None:
    viewer.wait_for(lambda: viewer.view.typed.text == text)


@pytest.mark.parametrize("key", ["q", CTRL_C])
def test_a_stream_is_stopped_by_q_and_by_ctrl_c(stream: Viewer, job: ScriptedJob, key: str) -> None:
    stream.type(key)
    stream.wait_for(lambda: job.interrupts == 1)
    assert not stream.has_ended.is_set()


def test_a_command_that_answers_once_is_stopped_by_ctrl_c_alone(
    one_shot: Viewer, job: ScriptedJob
) -> None:
    one_shot.type("q ")
    expect_typed(one_shot, "q ")
    assert job.interrupts == 0
    one_shot.type(CTRL_C)
    one_shot.wait_for(lambda: job.interrupts == 1)


def test_q_and_space_within_a_line_that_is_typed_are_letters(
    stream: Viewer, job: ScriptedJob
) -> None:
    stream.type("sq q")
    expect_typed(stream, "sq q")
    assert job.interrupts == 0
    assert not stream.view.task.progress.is_paused


def test_q_behind_a_typed_line_stops_the_stream_and_the_line_waits(
    stream: Viewer, job: ScriptedJob
) -> None:
    stream.type("version" + ENTER + "q")
    stream.wait_for(lambda: job.interrupts == 1)
    assert stream.view.typed.text == "version\n"


def test_ctrl_c_drops_the_lines_that_wait_and_keeps_the_one_that_is_typed(
    stream: Viewer, job: ScriptedJob
) -> None:
    stream.type("version" + ENTER + "pwd" + CTRL_C)
    stream.wait_for(lambda: job.interrupts == 1)
    assert stream.view.typed.text == "pwd"


def test_space_holds_the_drawing_and_lets_it_go(stream: Viewer) -> None:
    stream.type(" ")
    stream.wait_for(lambda: stream.view.task.progress.is_paused)
    stream.type(" ")
    stream.wait_for(lambda: not stream.view.task.progress.is_paused)


def test_backspace_takes_back_the_last_character_but_no_enter(stream: Viewer) -> None:
    stream.type("version" + ENTER + "ab" + BACKSPACE)
    expect_typed(stream, "version\na")
    stream.type(BACKSPACE * 3 + "x")
    expect_typed(stream, "version\nx")


@pytest.mark.parametrize("pasted", ["sc a\nsc b", "sc a\r\nsc b", "sc a\rsc b"])
def test_line_breaks_that_are_pasted_are_no_enter(stream: Viewer, pasted: str) -> None:
    stream.type(PASTE.format(pasted))
    expect_typed(stream, "sc a\nsc b")


def test_keys_that_mean_nothing_here_leave_no_trace(stream: Viewer) -> None:
    stream.type("a" + CTRL_D + "\t\x1a\x1b[A" + "é中")
    expect_typed(stream, "aé中")


def test_ctrl_d_is_typed_ahead_on_a_line_of_its_own_and_can_be_seen(stream: Viewer) -> None:
    stream.type("version" + ENTER + CTRL_D + BACKSPACE)
    expect_typed(stream, "version\n^D\n")


def test_of_a_paste_backspace_takes_back_the_last_character(stream: Viewer) -> None:
    stream.type(PASTE.format("sc a") + BACKSPACE)
    expect_typed(stream, "sc ")


@pytest.mark.parametrize("before", ["q", " ", "quit" + ENTER])
def test_what_was_typed_before_the_command_was_seen_is_no_key_of_it(
    job: ScriptedJob, before: str
) -> None:
    with open_view(job, STREAM, before) as viewer:
        viewer.type("x")
        expect_typed(viewer, before.replace(ENTER, "\n") + "x")
        assert not viewer.view.task.progress.is_paused
        assert not viewer.view.task.progress.is_stopping


def test_ctrl_c_that_was_typed_before_stops_it_and_drops_what_was_typed_before_that(
    job: ScriptedJob,
) -> None:
    with open_view(job, STREAM, "version" + ENTER + CTRL_C + "pwd") as viewer:
        viewer.wait_for(lambda: job.interrupts == 1)
        assert viewer.view.typed.text == "pwd"
