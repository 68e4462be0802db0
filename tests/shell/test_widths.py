"""What is drawn in a terminal narrower than the usual one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.terminal import Terminal, open_terminal

from .conftest import CTRL_C, WATCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.fake import FakeArthas

pytestmark = pytest.mark.terminal

NARROW = 60


@pytest.fixture
def terminal(fake: FakeArthas, home: Path) -> Iterator[Terminal]:
    with open_terminal("--url", fake.url, home=home) as terminal:
        terminal.see("❯")
        yield terminal


@pytest.mark.parametrize(("columns", "end"), [(60, ":0"), (40, "/s"), (16, "")])
def test_of_the_live_line_how_to_stop_it_is_left_to_the_last(
    terminal: Terminal, fake: FakeArthas, columns: int, end: str
) -> None:
    terminal.resize(columns, 24)
    fake.target.rate = 2
    terminal.enter(WATCH)
    terminal.wait_for(lambda: terminal.last_line.endswith("Ctrl+C stops"))
    terminal.wait_for(lambda: end in terminal.last_line)
    terminal.type(CTRL_C)
    terminal.see("stopped\nafter" if columns == 16 else "stopped after")


def test_no_word_of_our_own_messages_is_broken(terminal: Terminal, fake: FakeArthas) -> None:
    terminal.resize(NARROW, 24)
    fake.target.rate = 2
    terminal.enter(f"{WATCH} -n 1 &")
    terminal.see(" s · 'fg 1'\nshows 1 result\n")  # above the prompt
    terminal.enter(":help fg")
    terminal.see("Ctrl+C stops it; a finished job only\n  shows its results\n")
    terminal.enter("reset nosuch.Class -E 'of a long line that has no end' --wait x y z")
    terminal.see(
        "\nhint: 'help reset' lists its options; after -- nothing is\nread as an option\n"
        "  …h.Class -E 'of a long line that has no end' --wait x y z\n"
        "                                               ^^^^^^"
    )


@pytest.mark.parametrize(
    "line", ["thread | head -4", ":every --times 1 1s thread", ":every --times 1 1s thread | head"]
)
def test_a_table_on_its_way_to_the_terminal_has_its_width_and_its_header(
    terminal: Terminal, line: str
) -> None:
    terminal.enter(line)
    terminal.see("ID NAME")
    terminal.see("main ")
    header = next(row for row in terminal.lines if row.startswith("ID "))
    assert header.split()[-1] == "DAEMON"
    assert len(header) <= 80


def test_how_to_page_what_is_longer_than_the_terminal_is_said(terminal: Terminal) -> None:
    terminal.enter("help")
    terminal.see("\nuse 'help | less' to read it page by page\n")
    terminal.enter(":keys")
    terminal.see("\nuse ':keys | less' to read it page by page\n")
    terminal.enter("help fg")
    terminal.enter("help nosuch")
    terminal.enter(":help")
    terminal.see("\nuse ':help | less' to read it page by page\n")
    assert sum(" | less'" in line for line in terminal.lines) == 3
