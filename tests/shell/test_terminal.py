"""The shell in a real terminal, as its user sees it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from support.fake import FakeArthas
from support.post import post
from support.terminal import Terminal, open_terminal

from .conftest import BACKSPACE, CTRL_C, CTRL_D, WATCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arthas_cli.demo.target import Target

PROMPT = "[arthas@4242 demo.MathGame] ❯"


@pytest.fixture
def terminal(fake: FakeArthas, home: Path) -> Iterator[Terminal]:
    """A terminal with a shell on `fake` that has shown its prompt."""
    with open_terminal("--url", fake.url, home=home) as terminal:
        terminal.see(PROMPT)
        yield terminal


def watch(terminal: Terminal, fake: FakeArthas) -> None:
    """Starts a watch that does not end, and waits for its live line."""
    fake.target.rate = 2
    terminal.enter(WATCH)
    terminal.see("Ctrl+C stops")
    assert len(fake.jobs) == 1


def wait_for_prompt(terminal: Terminal) -> None:
    terminal.wait_for(lambda: terminal.last_line == PROMPT)


def test_the_start_line_and_the_prompt_are_all_there_is(
    terminal: Terminal, fake: FakeArthas
) -> None:
    address = fake.url.removesuffix("/api")
    start = f"Arthas 4.1.5 · pid 4242 · demo.MathGame · {address} · 'help' helps"
    assert terminal.screen == f"{start}\n{PROMPT}"


def test_ctrl_c_stops_a_watch_and_the_session_is_still_good(
    terminal: Terminal, fake: FakeArthas
) -> None:
    watch(terminal, fake)
    terminal.type(CTRL_C)
    wait_for_prompt(terminal)
    assert "stopped after" in terminal.screen.splitlines()[-2]
    assert "Ctrl+C stops" not in terminal.screen
    assert fake.jobs == []
    terminal.enter("version")
    terminal.see(f"{PROMPT} version\n4.1.5\n{PROMPT}")
    assert len(fake.sessions) == 1


def test_a_real_watch_is_stopped_by_ctrl_c_and_what_it_enhanced_is_free_again(
    arthas: Target, home: Path
) -> None:
    with open_terminal("--url", arthas.url, home=home) as terminal:
        prompt = f"[arthas@{arthas.pid} demo.MathGame] ❯"
        terminal.see(prompt)
        terminal.enter(f"{WATCH} -x 2")
        terminal.see("affected 1 class, 1 method in")
        terminal.see("ts=")
        terminal.see("Ctrl+C stops")
        terminal.type(CTRL_C)
        terminal.see("stopped after")
        terminal.wait_for(lambda: terminal.last_line == prompt)
        assert watch_once(arthas.url)["statusCode"] == 0
        terminal.enter("trace demo.MathGame run -n 1")
        terminal.see("1 result · 0 lost · ended by itself after")
        terminal.wait_for(lambda: terminal.last_line == prompt)
        terminal.type(CTRL_D)
        terminal.see("reset 1 class? [y/N]")
        terminal.type("y\r")
        assert terminal.end() == 0


def watch_once(url: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Watches one call by itself; again where the server trips over itself while enhancing."""
    for _ in range(10):
        answer = post(url, action="exec", command=f"{WATCH} -n 1")
        status = answer["body"]["results"][-1]
        if not str(status.get("message")).startswith("someone else is enhancing"):
            break
    return status


def test_a_second_ctrl_c_lets_go_at_once(terminal: Terminal, fake: FakeArthas) -> None:
    watch(terminal, fake)
    terminal.type(CTRL_C + CTRL_C)
    wait_for_prompt(terminal)
    assert "let go of 'watch' after" in terminal.screen
    fake.wait_for(lambda: fake.jobs == [])


def test_text_typed_while_a_command_runs_is_seen_and_stands_in_the_next_prompt(
    terminal: Terminal, fake: FakeArthas
) -> None:
    watch(terminal, fake)
    terminal.type("versionx" + BACKSPACE)
    terminal.wait_for(lambda: terminal.last_line == "version")
    terminal.type(CTRL_C)
    terminal.wait_for(lambda: terminal.last_line == f"{PROMPT} version")
    terminal.enter("")
    terminal.see("4.1.5")


def test_ctrl_c_on_a_half_typed_line_drops_it(terminal: Terminal, fake: FakeArthas) -> None:
    terminal.type("versio")
    terminal.see("❯ versio")
    terminal.type(CTRL_C)
    wait_for_prompt(terminal)
    assert all(seen.action != "async_exec" for seen in fake.requests)


def test_ctrl_d_leaves_with_success_and_gives_the_terminal_back(
    fake: FakeArthas, home: Path
) -> None:
    with open_terminal("--url", fake.url, home=home) as terminal:
        before = terminal.modes
        terminal.see(PROMPT)
        assert terminal.modes != before
        terminal.type(CTRL_D)
        assert terminal.end() == 0
        assert terminal.modes == before
    assert fake.sessions == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_shell_and_what_runs_and_gives_the_terminal_back(
    fake: FakeArthas, home: Path, number: int
) -> None:
    with open_terminal("--url", fake.url, home=home) as terminal:
        before = terminal.modes
        terminal.see(PROMPT)
        watch(terminal, fake)
        os.kill(terminal.pid, number)
        assert terminal.end() == 143
        assert terminal.modes == before
        assert "Traceback" not in terminal.screen
    assert (fake.jobs, fake.sessions) == ([], [])


def test_a_terminal_that_is_closed_ends_what_runs(terminal: Terminal, fake: FakeArthas) -> None:
    watch(terminal, fake)
    terminal.hang_up()
    fake.wait_for(lambda: (fake.jobs, fake.sessions) == ([], []))
    assert terminal.end() == 143


def test_under_nohup_a_closed_terminal_ends_what_runs_without_a_word_of_a_bug(
    fake: FakeArthas, home: Path
) -> None:
    with open_terminal("--url", fake.url, home=home, ignores_hangup=True) as terminal:
        terminal.see(PROMPT)
        watch(terminal, fake)
        terminal.hang_up()
        fake.wait_for(lambda: (fake.jobs, fake.sessions) == ([], []))
        assert terminal.end() == 143
    assert [path.name for path in home.rglob("bug-*")] == []


def test_a_server_that_is_gone_is_said_to_be_and_the_shell_stays(
    terminal: Terminal, fake: FakeArthas
) -> None:
    terminal.enter("stop")
    terminal.see("run it? [y/N]")
    terminal.enter("y")
    terminal.see("Arthas has stopped; nothing listens there any more")
    terminal.enter("version")
    terminal.see("arthas-shell: nothing listens on 127.0.0.1:")
    wait_for_prompt(terminal)
    terminal.type(CTRL_D)
    assert terminal.end() == 0
    assert fake.sessions == []


def test_a_narrow_terminal_cuts_nothing_off_the_live_line(
    terminal: Terminal, fake: FakeArthas
) -> None:
    watch(terminal, fake)
    terminal.resize(40, 24)
    terminal.wait_for(lambda: "space pauses" in terminal.screen.replace("\n", ""))
    terminal.type(CTRL_C)
    wait_for_prompt(terminal)


def test_a_password_that_is_wanted_is_asked_for_once_and_not_shown(home: Path) -> None:
    with FakeArthas(password="sesame") as fake, open_terminal("--url", fake.url, home=home) as user:
        user.see("user: arthas")
        user.enter("")
        user.see("password:")
        user.enter("sesame")
        user.see(PROMPT)
        user.type(CTRL_D)
        assert user.end() == 0
        assert "sesame" not in user.screen
    assert [
        path for path in home.rglob("*") if path.is_file() and b"sesame" in path.read_bytes()
    ] == []


def test_a_wrong_password_ends_the_shell_with_4(home: Path) -> None:
    with FakeArthas(password="sesame") as fake, open_terminal("--url", fake.url, home=home) as user:
        user.see("user: arthas")
        user.enter("")
        user.see("password:")
        user.enter("wrong")
        assert user.end() == 4
