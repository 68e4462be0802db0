"""The words of the shell's own with a pipe or redirect."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest
from support.terminal import open_terminal

from arthas_cli.shell.commands import COMMANDS
from arthas_cli.shell.context import Output

from .conftest import CTRL_C, CTRL_D

if TYPE_CHECKING:
    from pathlib import Path

    from support.fake import FakeArthas

    from .conftest import User

PROMPT = "[arthas@4242 demo.MathGame] ❯"


def list_words(output: Output) -> list[str]:
    return [name for name, word in COMMANDS.items() if word.output is output]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (":info | grep -c ^target", "1\n"),
        ("history | grep -o 'history [|]'", "history |\n"),
        ("history| grep -o 'history[|]'", "history|\n"),
        ("jobs | wc -l | tr -d ' '", "0\n"),
        (":help | grep -c :save!", "1\n"),
        (":help :json | head -n 1", ":json: print the last answer as JSON\n"),
        (":set | grep -o ^editing", "editing\n"),
        (":format | grep -c tree", "1\n"),
        (":share | grep -o -- --join", "--join\n"),
        (":orphans | grep -o 'no job'", "no job\n"),
        (":json | jq -r '.results[0].version'", "4.1.5\n"),
        (":curl | grep -o ^curl", "curl\n"),
    ],
)
def test_what_a_word_prints_goes_to_the_programs(user: User, line: str, shown: str) -> None:
    user.enter("version")
    assert user.enter(line) == shown


def test_the_help_of_the_server_and_ours_go_to_the_same_program(user: User) -> None:
    shown = user.enter("help | grep -E '^ *(:save|watch) '")
    assert [line.split()[0] for line in shown.splitlines()] == ["watch", ":save"]
    assert "--sizeLimit" in user.enter("help watch | grep sizeLimit")


def test_what_a_word_prints_goes_to_a_file_and_nothing_is_shown(user: User, tmp_path: Path) -> None:
    file = tmp_path / "file"
    user.enter("version")
    assert user.enter(f":json > '{file}'") == ""
    assert json.loads(file.read_text("utf-8"))["command"] == "version"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert user.enter(f":help :json >> '{file}'") == ""
    assert file.read_text("utf-8").endswith(
        "}\n:json: print the last answer as JSON\n"
        "  only the last 1,000 results of a long answer are kept\n"
    )


def test_the_last_answer_is_still_that_of_the_server_afterwards(user: User) -> None:
    user.enter("version")
    user.enter(":json | wc -l")
    assert user.enter(":json | jq -r .command") == "version\n"


@pytest.mark.parametrize("word", list_words(Output.NOTHING))
def test_a_word_that_prints_nothing_takes_no_pipe_and_is_not_done(user: User, word: str) -> None:
    mark = " " * (len(word) + 3) + "^"
    assert user.enter(f"{word} | cat") == (
        f"arthas-shell: '{word}' prints nothing that could be piped\n  {word} | cat\n{mark}\n"
    )
    assert user.enter(f"{word} >> file").endswith(f"{mark}^\n")


def test_a_command_that_a_word_carries_keeps_its_own_pipe(user: User) -> None:
    assert set(list_words(Output.OF_COMMAND)) == {"help", ":raw", ":every", ":compare"}
    assert ":every --times 1" not in user.enter(":every --times 1 100ms version | sed s/4/four/")
    assert "four.1.5\n" in user.text


def test_a_program_that_is_not_there_is_told_before_the_word_does_anything(user: User) -> None:
    assert user.enter(":format json | nosuch") == (
        "arthas-shell: there is no program 'nosuch' here\n"
        "hint: check the name: '|' runs a local program; quote a '|' that is meant literally\n"
        "  :format json | nosuch\n                 ^^^^^^\n"
    )
    assert user.enter("version") == "4.1.5\n"


def test_a_word_has_no_results_to_be_made_json_of(user: User) -> None:
    assert user.enter("history |json | jq .") == (
        "arthas-shell: 'history' prints text, there is no JSON for it\n"
        "hint: use ':json' for the last answer, ':json > FILE' to write it to a file\n"
        "  history |json | jq .\n          ^\n"
    )


def test_what_follows_a_program_that_failed_does_not_run(user: User) -> None:
    assert user.enter(":info | false ; version") == "arthas-shell: 'false' ended with code 1\n"


def test_a_word_that_fails_says_so_and_starts_no_program(user: User, tmp_path: Path) -> None:
    shown = user.enter(f":json | tee '{tmp_path}/file'")
    assert shown == "arthas-shell: there is no answer yet\nhint: run a command first\n"
    assert list(tmp_path.glob("file")) == []


def test_what_the_shell_says_is_shown_again_after_a_pipe(user: User) -> None:
    user.enter(":json | cat")
    assert user.enter(":help :json").startswith(":json: ")


def test_a_program_that_does_not_end_is_let_go_and_the_session_is_kept(user: User) -> None:
    [session] = user.fake.sessions
    user.begin(":info | sleep 600")
    user.wait_for(lambda: not user.is_at_prompt)
    user.type(CTRL_C + CTRL_C)
    user.find_prompt()
    assert user.enter("version").endswith("4.1.5\n")
    assert user.fake.sessions == [session]


def test_a_pager_gets_the_terminal(fake: FakeArthas, tmp_path: Path) -> None:
    with open_terminal("--url", fake.url, home=tmp_path) as terminal:
        terminal.see(PROMPT)
        terminal.enter(":help | less")
        terminal.wait_for(lambda: terminal.last_line.startswith((":", "(END)")))
        assert "Shell commands" in terminal.screen
        terminal.type("q")
        terminal.wait_for(lambda: terminal.last_line == PROMPT)
        terminal.type(CTRL_D)
        assert terminal.end() == 0
