"""What becomes of text that many threads hand in and one terminal shows."""

from __future__ import annotations

import io
import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from arthas_cli.shell.terminal.buffer import JobBuffer
from arthas_cli.shell.terminal.output import JobOutput, Terminal

from .conftest import Screen


@pytest.fixture
def paper() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def terminal(paper: io.StringIO) -> Terminal:
    """a terminal to a terminal whose application does not run, so that nothing is scheduled."""
    terminal = Terminal()
    terminal.app = cast("Any", SimpleNamespace(output=Screen(paper), is_running=False))
    return terminal


def test_who_speaks_is_named_whenever_it_changes(terminal: Terminal, paper: io.StringIO) -> None:
    for speaker, text in (("[1] a", "one\n"), ("[1] a", "two\n"), ("", "own\n"), ("[1] a", "x\n")):
        terminal.put(text, speaker)
    terminal.empty()
    assert paper.getvalue() == "[1] a\none\ntwo\nown\n[1] a\nx\n"


def test_what_a_slow_terminal_cannot_take_is_counted_the_oldest_first(
    terminal: Terminal, paper: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.shell.terminal.pieces._MAX_CHARACTERS", 10)
    for number in range(5):
        terminal.put(f"row {number}\n")
    terminal.empty()
    assert paper.getvalue() == "… 4 lines not drawn: the terminal is too slow\nrow 4\n"


def test_a_sheet_hands_on_whole_pieces(terminal: Terminal, paper: io.StringIO) -> None:
    first, second = JobOutput(terminal), JobOutput(terminal)
    first.write("one ")
    second.write("two\n")
    first.write("and a half\n")
    second.flush()
    first.flush()
    first.flush()
    terminal.empty()
    assert paper.getvalue() == "two\none and a half\n"


def test_what_still_waits_once_its_command_is_silent_is_counted(
    terminal: Terminal, paper: io.StringIO
) -> None:
    job_output = JobOutput(terminal)
    for text, number in (("row\n", 1), ("rows\n", 3), ("end\n", 0)):
        job_output.write(text)
        job_output.number = number
        job_output.flush()
    job_output.buffer.fall_silent(0)
    terminal.empty()
    assert (paper.getvalue(), job_output.buffer.unshown) == ("end\n", 4)


def test_a_terminal_gets_only_so_much_at_once(
    terminal: Terminal, paper: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.shell.terminal.output.MAX_AT_ONCE", 5)
    sizes: list[int] = []
    output = terminal.app.output if terminal.app else None
    assert output is not None
    monkeypatch.setattr(output, "flush", lambda: sizes.append(len(paper.getvalue())))
    for _ in range(4):
        terminal.put("row\n")
    terminal.empty()
    assert sizes == [8, 16]


def test_results_that_several_threads_do_not_show_are_all_counted() -> None:
    buffer = JobBuffer(lambda: None)

    def drop() -> None:
        for _ in range(2_000):
            buffer.count_unshown(1)

    threads = [threading.Thread(target=drop) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert buffer.unshown == 8_000


def test_text_that_comes_while_one_application_gives_way_to_another_is_written(
    terminal: Terminal, paper: io.StringIO
) -> None:
    class Leaving:
        """An application whose end comes while it is looked at."""

        @property
        def is_running(self) -> bool:
            terminal.app = None
            return True

        loop = None

    before, terminal.app = terminal.app, cast("Any", Leaving())
    terminal.put("row\n")
    terminal.app = before
    terminal.empty()
    assert (paper.getvalue(), terminal.is_scheduled) == ("row\n", False)


def test_results_that_a_slow_terminal_cannot_take_are_known_as_not_shown(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.shell.terminal.pieces._MAX_CHARACTERS", 10)
    job_output = JobOutput(terminal)
    for _ in range(4):
        job_output.write("row\n")
        job_output.number = 1
        job_output.flush()
    assert job_output.buffer.unshown == 2
