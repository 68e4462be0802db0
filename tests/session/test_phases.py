"""Where a job, its interrupt and its task in the shell can be: by a table, and as it is drawn."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arthas_cli.errors import CommandFailed
from arthas_cli.session import phases
from arthas_cli.session.arrivals import Arrivals
from arthas_cli.session.job_state import JobState
from arthas_cli.session.loss import LossAccount
from arthas_cli.session.phases import (
    INTERRUPT_PHASES,
    JOB_PHASES,
    InterruptEvent,
    InterruptPhase,
    JobEvent,
    JobPhase,
    WrongEvent,
    move,
)
from arthas_cli.shell.jobs import phase as task_phases
from arthas_cli.shell.jobs.phase import TASK_PHASES, TaskEvent, TaskPhase

from .conftest import ALLOW_INPUT, JOB, hit, make_result, status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum

    from arthas_cli.protocol import Result

PAGE = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text("utf-8")
RACE = "someone else is enhancing classes, pls. wait."
ENHANCER = {"type": "enhancer", "jobId": JOB, "success": True}
TABLES: list[tuple[Mapping[Enum, Mapping[Enum, Enum]], type[Enum], type[Enum], str]] = [
    (JOB_PHASES, JobPhase, JobEvent, phases.__doc__ or ""),  # type: ignore[list-item]
    (INTERRUPT_PHASES, InterruptPhase, InterruptEvent, phases.__doc__ or ""),  # type: ignore[list-item]
    (TASK_PHASES, TaskPhase, TaskEvent, task_phases.__doc__ or ""),  # type: ignore[list-item]
]
NAMES = ["job", "interrupt", "task"]
# What cannot happen: each is a mistake of ours, and raises.
REFUSED = {
    "job": {
        *[("NEW", event) for event in ("SEE", "ENHANCE", "END", "TRIP", "FORGET")],
        *[(phase, "BEGIN") for phase in ("STARTED", "RUNNING", "ENHANCED", "RACED")],
        *[(phase, "FORGET") for phase in ("STARTED", "RUNNING", "ENHANCED")],
    },
    "interrupt": {("IDLE", event) for event in ("STOPPED", "NO_JOB", "OTHER_JOB")},
    "task": {
        *[("NEW", event) for event in ("STOP", "DETACH", "END")],
        *[("RUNNING", "DETACH"), ("DETACHED", "START"), ("ENDED", "END"), ("STOPPED", "END")],
    },
}
ARROW = re.compile(r" ──([a-z_]+)──→ ")


def read_drawing(text: str, phases: type[Enum], events: type[Enum]) -> set[tuple[str, str, str]]:
    """Return the arrows between these phases that are drawn in the text."""
    arrows: set[tuple[str, str, str]] = set()
    for row in text.splitlines():
        stations, names = ARROW.split(row.strip())[::2], ARROW.split(row.strip())[1::2]
        for name, (before, after) in zip(names, pairwise(stations), strict=True):
            arrows |= {(one, name.upper(), after) for one in before.split(", ")}
    return {
        (before, event, after)
        for before, event, after in arrows
        if event in events.__members__ and {before, after} <= {*phases.__members__}
    }


@pytest.mark.parametrize(("table", "phases", "events", "text"), TABLES, ids=NAMES)
def test_what_is_drawn_is_what_the_table_says(
    table: Mapping[Enum, Mapping[Enum, Enum]],
    phases: type[Enum],
    events: type[Enum],
    text: str,
) -> None:
    arrows = {
        (before.name, event.name, after.name)
        for before, row in table.items()
        for event, after in row.items()
        if before is not after
    }
    assert read_drawing(text, phases, events) == arrows
    assert read_drawing(PAGE, phases, events) == arrows
    assert {event for _, event, _ in arrows} == {*events.__members__}


@pytest.mark.parametrize(
    ("table", "phases", "events", "refused"),
    [(*row[:3], REFUSED[name]) for row, name in zip(TABLES, NAMES, strict=True)],
    ids=NAMES,
)
def test_in_each_phase_each_event_is_allowed_or_refused(
    table: Mapping[Enum, Mapping[Enum, Enum]],
    phases: type[Enum],
    events: type[Enum],
    refused: set[tuple[str, str]],
) -> None:
    found = set()
    for phase in phases:
        for event in events:
            try:
                assert move(table, phase, event) in phases
            except WrongEvent:
                found.add((phase.name, event.name))
    assert found == refused


SENT = [
    hit(1),
    ENHANCER,
    {**ENHANCER, "success": False, "message": RACE},
    ALLOW_INPUT,
    status(),
    status(-1, RACE),
    {"type": "message", "jobId": 0, "message": "current job was interrupted."},
    {**hit(2), "jobId": JOB + 1},
]


@given(
    steps=st.lists(
        st.one_of(
            st.lists(st.sampled_from(SENT), max_size=4),
            st.sampled_from(["break", "pass over", "give up", "rejoin"]),
        ),
        max_size=20,
    )
)
def test_whatever_a_server_sends_of_a_job_that_was_started_is_no_mistake(
    steps: list[object],
) -> None:
    state = JobState(LossAccount(counted="watch", limit=3))
    state.begin(JOB)
    arrivals = Arrivals(state)
    for step in steps:
        match step:
            case list():
                arrivals.take([make_result(fields) for fields in step], 20)
            case "break":
                arrivals.break_off()
            case "pass over":
                state.pass_over()
            case "give up":
                state.end(CommandFailed("given up"))
            case _:
                arrivals.expect_replay()
    assert state.phase is not JobPhase.NEW
    if state.has_ended:
        state.forget_start()
        assert (state.phase, state.job_id, state.status) == (JobPhase.NEW, 0, None)


def test_a_start_that_is_answered_too_late_leaves_the_job_ended_with_why() -> None:
    state, error = JobState(LossAccount()), CommandFailed("given up")
    state.end(error)
    state.begin(JOB)
    assert (state.phase, state.job_id, state.error) == (JobPhase.ENDED, JOB, error)


def test_a_job_cannot_be_begun_twice() -> None:
    state = JobState(LossAccount())
    state.begin(JOB)
    with pytest.raises(WrongEvent, match="BEGIN in the phase STARTED"):
        state.begin(JOB + 1)


def test_that_the_session_is_free_says_nothing_of_a_job_of_which_nothing_was_seen() -> None:
    free = make_result(ALLOW_INPUT)
    assert list_phases([free], [make_result(hit(1)), free]) == [JobPhase.STARTED, JobPhase.ENDED]


def list_phases(*pulls: list[Result]) -> list[JobPhase]:
    """Return where a job that was started is behind each of the pulls."""
    state, phases = JobState(LossAccount()), []
    state.begin(JOB)
    arrivals = Arrivals(state)
    for results in pulls:
        arrivals.take(results, 20)
        phases.append(state.phase)
    return phases
