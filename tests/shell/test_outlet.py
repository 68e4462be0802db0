"""What becomes of text that many threads hand in and one terminal shows."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any, cast

import pytest

from arthas_cli.shell.terminal.outlet import Outlet, Sheet

from .conftest import Screen


@pytest.fixture
def paper() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def outlet(paper: io.StringIO) -> Outlet:
    """An outlet to a terminal whose application does not run, so that nothing is scheduled."""
    outlet = Outlet()
    outlet.app = cast("Any", SimpleNamespace(output=Screen(paper), is_running=False))
    return outlet


def test_who_speaks_is_named_whenever_it_changes(outlet: Outlet, paper: io.StringIO) -> None:
    for speaker, text in (("[1] a", "one\n"), ("[1] a", "two\n"), ("", "own\n"), ("[1] a", "x\n")):
        outlet.put(text, speaker)
    outlet.empty()
    assert paper.getvalue() == "[1] a\none\ntwo\nown\n[1] a\nx\n"


def test_what_a_slow_terminal_cannot_take_is_counted_the_oldest_first(
    outlet: Outlet, paper: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.shell.terminal.outlet._MAX_CHARACTERS", 10)
    for number in range(5):
        outlet.put(f"row {number}\n")
    outlet.empty()
    assert paper.getvalue() == "… 4 lines not drawn: the terminal is too slow\nrow 4\n"


def test_a_sheet_hands_on_whole_pieces(outlet: Outlet, paper: io.StringIO) -> None:
    first, second = Sheet(outlet), Sheet(outlet)
    first.write("one ")
    second.write("two\n")
    first.write("and a half\n")
    second.flush()
    first.flush()
    first.flush()
    outlet.empty()
    assert paper.getvalue() == "two\none and a half\n"


def test_what_still_waits_once_its_command_is_silent_is_counted(
    outlet: Outlet, paper: io.StringIO
) -> None:
    sheet = Sheet(outlet)
    for text, number in (("row\n", 1), ("rows\n", 3), ("end\n", 0)):
        sheet.write(text)
        sheet.number = number
        sheet.flush()
    sheet.tray.fall_silent(0)
    outlet.empty()
    assert (paper.getvalue(), sheet.tray.unshown) == ("end\n", 4)


def test_a_terminal_gets_only_so_much_at_once(
    outlet: Outlet, paper: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.shell.terminal.outlet.MAX_AT_ONCE", 5)
    sizes: list[int] = []
    output = outlet.app.output if outlet.app else None
    assert output is not None
    monkeypatch.setattr(output, "flush", lambda: sizes.append(len(paper.getvalue())))
    for _ in range(4):
        outlet.put("row\n")
    outlet.empty()
    assert sizes == [8, 16]


def test_results_that_a_slow_terminal_cannot_take_are_known_as_not_shown(
    outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.shell.terminal.outlet._MAX_CHARACTERS", 10)
    sheet = Sheet(outlet)
    for _ in range(4):
        sheet.write("row\n")
        sheet.number = 1
        sheet.flush()
    assert sheet.tray.unshown == 2
