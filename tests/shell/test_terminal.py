"""The shell in a real terminal, as its user sees it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from support.fake import Call, Command, FakeArthas, status
from support.post import post
from support.races import has_raced, run_again
from support.soak import pick
from support.terminal import Terminal, open_terminal

from .conftest import BACKSPACE, CTRL_C, CTRL_D, WATCH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from arthas_cli.demo.target import Target

pytestmark = pytest.mark.terminal

CTRL_X_CTRL_E = "\x18\x05"
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
    start = f"Arthas 4.1.5 · pid 4242 · demo.MathGame · {address} · try 'help'"
    assert terminal.screen == f"{start}\n{PROMPT}"


def test_ctrl_c_stops_a_watch_and_the_session_is_still_good(
    terminal: Terminal, fake: FakeArthas
) -> None:
    watch(terminal, fake)
    before = {session.id for session in fake.sessions}
    terminal.type(CTRL_C)
    wait_for_prompt(terminal)
    assert "stopped after" in terminal.screen.splitlines()[-2]
    assert "Ctrl+C stops" not in terminal.screen
    assert fake.jobs == []
    terminal.enter("version")
    terminal.see(f"{PROMPT} version\n4.1.5\n{PROMPT}")
    assert before <= {session.id for session in fake.sessions}


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

    def watch() -> Any:  # noqa: ANN401 - likewise
        answer = post(url, action="exec", command=f"{WATCH} -n 1")
        return answer["body"]["results"][-1]

    return run_again(watch, lambda status: not has_raced([status]))


def test_a_second_ctrl_c_lets_go_at_once(terminal: Terminal, fake: FakeArthas) -> None:
    watch(terminal, fake)
    terminal.type(CTRL_C + CTRL_C)
    wait_for_prompt(terminal)
    assert "detached from 'watch' after" in terminal.screen
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


@pytest.mark.parametrize("answers", [True, False])
def test_lines_typed_ahead_are_run_whole_and_in_order_whatever_the_shell_does_meanwhile(
    fake: FakeArthas, home: Path, *, answers: bool
) -> None:
    fake.register(Command("thread", wait_a_moment))
    rounds = range(1, pick(8, 20) + 1)
    lines = [line for n in rounds for line in (f"thread -n {n}", f"echo {n}", "", "version")]
    with open_terminal("--url", fake.url, home=home, answers=answers) as terminal:
        terminal.see(PROMPT)
        terminal.type_one_by_one("".join(f"{line}\r" for line in lines) + "end")
        terminal.wait_for(lambda: f"{PROMPT} end" in terminal.lines)
        shown = [line for line in terminal.lines if line.startswith(PROMPT)]
        assert shown == [f"{PROMPT} {line}".rstrip() for line in [*lines, "end"]]
        between = [line for line in terminal.lines if not line.startswith(PROMPT)]
        answered = [line for n in rounds for line in ("waited", str(n), "4.1.5")]
        assert between[1 : len(answered) + 1] == answered


def wait_a_moment(call: Call) -> Iterator[Mapping[str, object]]:
    """Takes so long that some keys are typed meanwhile, now a few and now some more."""
    call.wait(0.02 * (call.number("n", 1) % 8))
    yield {"type": "echo", "content": "waited"}
    yield status(0)


def test_ctrl_d_typed_ahead_leaves_behind_the_lines_before_it(
    terminal: Terminal, fake: FakeArthas
) -> None:
    watch(terminal, fake)
    terminal.type("version\r" + CTRL_D)
    terminal.see("version\n^D")
    terminal.type("q")
    assert terminal.end() == 0
    assert f"{PROMPT} version\n4.1.5\n{PROMPT}" in terminal.screen


def test_lines_that_are_pasted_at_once_are_run_one_after_the_other(terminal: Terminal) -> None:
    terminal.type("\x1b[200~version\npwd\necho 1\x1b[201~\r")
    terminal.see(f"{PROMPT} version\n4.1.5\n{PROMPT} pwd\n/srv/app\n{PROMPT} echo 1\n1\n{PROMPT}")


def test_a_question_is_not_answered_by_what_was_typed_ahead(
    terminal: Terminal, fake: FakeArthas
) -> None:
    fake.register(Command("thread", wait_a_moment))
    terminal.type("thread\rstop\ry\rversion\r")
    terminal.see("run it? [y/N]")
    terminal.type("\r")
    terminal.see(f"{PROMPT} version\n4.1.5\n{PROMPT}")
    assert "not sent\n" in terminal.screen
    assert "there is no command 'y'" in terminal.screen


def test_ctrl_c_ends_a_wait_for_the_server_before_a_line_runs_and_drops_what_was_typed_since(
    terminal: Terminal, fake: FakeArthas
) -> None:
    def hang(call: Call) -> Iterator[Mapping[str, object]]:
        call.wait(60)
        yield status(0)

    fake.register(Command("help", hang))
    terminal.enter("nosuchcommand")
    fake.wait_for(lambda: any(b"help nosuchcommand" in seen.content for seen in fake.requests))
    terminal.type("pwd\r" + CTRL_C)
    terminal.see(f"{PROMPT} nosuchcommand\n{PROMPT}")
    terminal.type("x")
    terminal.see(f"{PROMPT} nosuchcommand\n{PROMPT} x")


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


def test_a_signal_ends_the_round_that_runs(terminal: Terminal, fake: FakeArthas) -> None:
    fake.target.rate = 0.001
    terminal.enter(f":every 100ms {WATCH} -n 1")
    terminal.wait_for(lambda: fake.jobs)
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.end() == 143
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
    terminal.see("Arthas has stopped and no longer listens")
    terminal.enter("version")
    terminal.see("arthas-shell: nothing listens on 127.0.0.1:")
    terminal.wait_for(lambda: terminal.last_line == PROMPT.replace("]", " gone]"))
    terminal.type(CTRL_D)
    assert terminal.end() == 0
    assert fake.sessions == []


def test_a_narrow_terminal_keeps_the_live_line_in_one_row_and_the_losses_before_the_pace(
    terminal: Terminal, fake: FakeArthas
) -> None:
    watch(terminal, fake)
    terminal.resize(40, 24)
    terminal.wait_for(lambda: terminal.last_line.endswith(" · 0 lost · Ctrl+C stops"))
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


@pytest.mark.parametrize("arguments", [("exec", "version"), ()], ids=["exec", "the shell"])
def test_the_password_of_a_user_who_is_named_is_asked_for_unseen(
    home: Path, arguments: tuple[str, ...]
) -> None:
    with (
        FakeArthas(user="ops", password="sesame") as fake,
        open_terminal("--url", fake.url, "-u", "ops", *arguments, home=home) as user,
    ):
        user.see("password of 'ops':")
        user.enter("sesame")
        user.see("4.1.5")
        assert "sesame" not in "".join(user.lines)


@pytest.mark.parametrize(("key", "code"), [("\r", 2), ("\x04", 2), ("\x03", 130)])
def test_who_gives_no_password_when_asked_sends_nothing(home: Path, key: str, code: int) -> None:
    with (
        FakeArthas(user="ops", password="sesame") as fake,
        open_terminal("--url", fake.url, "-u", "ops", "exec", "version", home=home) as user,
    ):
        user.see("password of 'ops':")
        user.type(key)
        assert user.end() == code
        assert fake.requests == []


def test_the_editor_does_not_inherit_the_password(home: Path) -> None:
    editor = home / "editor"
    editor.write_text('#!/bin/sh\necho "echo [${ARTHAS_SHELL_PASSWORD-none}]" > $1\n')
    editor.chmod(0o700)
    variables = {"ARTHAS_SHELL_PASSWORD": "sesame", "EDITOR": str(editor)}
    with (
        FakeArthas(user="ops", password="sesame") as fake,
        open_terminal("-u", "ops", "--url", fake.url, home=home, variables=variables) as user,
    ):
        user.see(PROMPT)
        user.type(CTRL_X_CTRL_E)
        user.see("echo [none]")
        user.type(CTRL_C + CTRL_D)
        assert user.end() == 0


def test_a_wrong_password_ends_the_shell_with_4(home: Path) -> None:
    with FakeArthas(password="sesame") as fake, open_terminal("--url", fake.url, home=home) as user:
        user.see("user: arthas")
        user.enter("")
        user.see("password:")
        user.enter("wrong")
        assert user.end() == 4
