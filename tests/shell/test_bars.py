"""The prompt with its bars in a real terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.terminal import Terminal, open_terminal

from .conftest import CTRL_C, ENTER, WATCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.fake import FakeArthas

pytestmark = pytest.mark.terminal

PROMPT = "[arthas@4242 demo.MathGame] ❯"


@pytest.fixture
def terminal(fake: FakeArthas, home: Path) -> Iterator[Terminal]:
    """A terminal with a shell on `fake` that has shown its prompt and its bars."""
    with open_terminal("--url", fake.url, home=home, answers=True) as terminal:
        terminal.see(PROMPT)
        terminal.see("F1 help")
        yield terminal


def read_bars(terminal: Terminal) -> list[str]:
    """Returns the hint bar and the toolbar, empty while they are drawn anew."""
    return ["", "", *terminal.screen.splitlines()][-2:]


def has_bars(terminal: Terminal, columns: int) -> bool:
    """Says whether both bars are there, as wide as the terminal."""
    hint, bar = read_bars(terminal)
    return len(hint) == columns - 1 and bar.startswith("Arthas 4.1.5")


def paste(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def test_the_bars_stand_at_the_foot_of_the_screen(terminal: Terminal, fake: FakeArthas) -> None:
    lines = terminal.screen.splitlines()
    assert len(lines) == 24
    address = fake.url.removesuffix("/api").removeprefix("http://")
    assert lines[22] == "an Arthas or shell command; 'help' lists them"
    assert lines[23].startswith(f"Arthas 4.1.5 · {address}  ")
    assert lines[23].endswith("  F1 help  F2 format: text  F4 editor")


def test_the_hint_bar_follows_what_is_typed(terminal: Terminal) -> None:
    terminal.type("watch demo.MathGame ")
    terminal.see("watch class-pattern method-pattern [express] [condition]")
    assert read_bars(terminal)[0].endswith("observes")


def test_nothing_of_the_bars_stays_behind_a_line_that_was_run(terminal: Terminal) -> None:
    terminal.enter("version")
    terminal.see("4.1.5\n" + PROMPT)
    terminal.wait_for(lambda: terminal.screen.count("F1 help") == 1)
    assert f"{PROMPT} version\n4.1.5\n{PROMPT}\n" in terminal.screen


@pytest.mark.parametrize(("columns", "lines"), [(60, 20), (120, 30), (30, 10)])
def test_after_a_resize_the_bars_fit_again(terminal: Terminal, columns: int, lines: int) -> None:
    terminal.type("watch demo.MathGame ")
    terminal.see("method-pattern")
    terminal.resize(columns, lines)
    terminal.type("p")
    terminal.wait_for(lambda: "demo.MathGame p" in terminal.screen.replace("\n", ""))
    terminal.wait_for(lambda: has_bars(terminal, columns))
    assert "method-pattern" in read_bars(terminal)[0]


def test_chinese_is_typed_erased_and_kept(terminal: Terminal) -> None:
    terminal.type("echo 你好吗\x7f世界")
    terminal.see(f"{PROMPT} echo 你好世界")
    terminal.type(ENTER)
    terminal.see("你好世界\n" + PROMPT)


def test_two_hundred_pasted_lines_are_shown_without_lag_and_not_run(
    terminal: Terminal, fake: FakeArthas
) -> None:
    begun_s = terminal.cpu_s
    terminal.type(paste("".join(f"echo {number}\n" for number in range(200))))
    terminal.see("echo 199")
    assert terminal.cpu_s - begun_s < 2
    terminal.type(CTRL_C)
    terminal.see(f"{PROMPT}\n")
    assert all(seen.action != "async_exec" for seen in fake.requests)


def test_pasted_lines_run_one_after_the_other_once_enter_comes(terminal: Terminal) -> None:
    terminal.type(paste("echo one\necho two\necho three\n"))
    terminal.see("… echo three")
    terminal.type(ENTER)
    terminal.see(f"{PROMPT} echo three\nthree\n{PROMPT}\n")
    assert f"{PROMPT} echo one\none\n{PROMPT} echo two\ntwo\n{PROMPT} echo three" in terminal.screen


def test_f1_shows_the_help_and_the_line_is_still_there(terminal: Terminal) -> None:
    terminal.type("watch demo.Ma\x1bOP")
    terminal.see(f"{PROMPT} help watch\n")
    terminal.see(f"{PROMPT} watch demo.Ma\n")


def test_f2_shows_results_otherwise(terminal: Terminal) -> None:
    terminal.type("\x1bOQ\x1bOQ")
    terminal.see("F2 format: records")


def test_the_toolbar_counts_what_is_new_of_a_job(terminal: Terminal, fake: FakeArthas) -> None:
    fake.target.rate = 2
    terminal.enter(f"{WATCH} &")
    terminal.wait_for(lambda: terminal.last_line.startswith("[1] 2 new · Arthas "))
    terminal.wait_for(lambda: terminal.last_line.startswith("[1] 3 new · Arthas "))


def test_a_long_line_is_typed_without_lag(terminal: Terminal) -> None:
    terminal.type(paste("ognl '" + "{1, 2} " * 1400))
    terminal.see("{1, 2} {1, 2}")
    begun_s = terminal.cpu_s
    for number in range(10):
        terminal.type(f"<{number}")
        terminal.see(f"<{number}")
    assert (terminal.cpu_s - begun_s) / 10 < 0.5
