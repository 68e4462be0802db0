"""The shell on three JVMs in a real terminal."""

from __future__ import annotations

import math
import os
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas, faults
from support.terminal import Terminal, open_terminal

from .conftest import CTRL_C, WATCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.terminal

PROMPT = "[3 JVMs] ❯"


@pytest.fixture
def fakes() -> Iterator[list[FakeArthas]]:
    with ExitStack() as stack:
        yield [stack.enter_context(FakeArthas()) for _ in range(3)]


@pytest.fixture
def terminal(fakes: list[FakeArthas], home: Path) -> Iterator[Terminal]:
    places = [word for fake in fakes for word in ("--on", fake.url)]
    with open_terminal(*places, home=home) as terminal:
        terminal.see(PROMPT)
        yield terminal


def watch(terminal: Terminal, fakes: list[FakeArthas]) -> None:
    for fake in fakes:
        fake.target.rate = 2
    terminal.enter(WATCH)
    terminal.see("Ctrl+C stops")
    terminal.wait_for(lambda: all(len(fake.jobs) == 1 for fake in fakes))


def list_left(fakes: list[FakeArthas]) -> list[object]:
    return [one for fake in fakes for one in (*fake.jobs, *fake.sessions)]


def test_ctrl_c_ends_a_watch_on_all_and_the_prompt_is_back(
    terminal: Terminal, fakes: list[FakeArthas]
) -> None:
    watch(terminal, fakes)
    terminal.type(CTRL_C)
    terminal.see("3 JVMs: 3 stopped")
    terminal.wait_for(lambda: terminal.last_line == PROMPT)
    assert [fake.jobs for fake in fakes] == [[], [], []]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_on_any_when_a_signal_ends_the_shell(
    terminal: Terminal, fakes: list[FakeArthas], number: int
) -> None:
    watch(terminal, fakes)
    os.kill(terminal.pid, number)
    assert terminal.end() == 143
    assert list_left(fakes) == []


@pytest.mark.parametrize("line", [f":every 100ms {WATCH} -n 1", f"{WATCH} &"])
def test_nothing_is_left_on_any_when_a_signal_comes_in_a_round_or_behind_a_job(
    terminal: Terminal, fakes: list[FakeArthas], line: str
) -> None:
    for fake in fakes:
        fake.target.rate = 0.001
    terminal.enter(line)
    terminal.wait_for(lambda: all(fake.jobs for fake in fakes))
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.end() == 143
    assert list_left(fakes) == []


def test_where_none_of_many_answers_it_is_said_why(home: Path) -> None:
    with open_terminal("--on", "127.0.0.1:1", "--on", "127.0.0.1:2", home=home) as terminal:
        assert terminal.end() == 3
        terminal.see("arthas-shell: nothing listens on 127.0.0.1:1")


def test_where_all_of_many_want_another_password_none_is_asked_for(
    fakes: list[FakeArthas], home: Path
) -> None:
    for fake in fakes:
        fake.faults.next(faults.unauthorized, times=math.inf)
    places = [word for fake in fakes for word in ("--on", fake.url)]
    with open_terminal(*places, home=home) as terminal:
        assert terminal.end() == 4
        assert "for one JVM" not in terminal.screen
