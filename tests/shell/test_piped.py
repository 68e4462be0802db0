"""Lines of the shell with a pipe or redirect."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from support.fake import Call, Command
from support.terminal import open_terminal

from .conftest import CTRL_C, CTRL_D, WATCH, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from support.fake import FakeArthas

PROMPT = "[arthas@4242 demo.MathGame] ❯"


def list_sent(fake: FakeArthas) -> list[str]:
    return [seen.body["command"] for seen in fake.requests if seen.action == "async_exec"]


def sleep_forever(folder: Path) -> str:
    """Returns a program that says in a file who it is, and ends only when it is ended."""
    file = f"{folder}/pid"
    code = f"import os, time; open('{file}', 'w').write(str(os.getpid())); time.sleep(600)"
    return f"'{sys.executable}' -c \"{code}\""


def wait_for_pid(user: User, folder: Path) -> int:
    user.wait_for(lambda: (folder / "pid").exists() and (folder / "pid").read_text("ascii"))
    return int((folder / "pid").read_text("ascii"))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_gets_the_results_and_what_it_writes_is_shown(user: User) -> None:
    assert user.enter("version | sed s/4/four/") == "four.1.5\n"
    assert list_sent(user.fake) == ["version"]


def test_jq_gets_json_and_shows_what_it_was_asked_for(user: User) -> None:
    assert user.enter("version | jq -r .version") == "4.1.5\n"


def test_the_word_json_shows_the_results_as_json_lines(user: User) -> None:
    assert user.enter("version |json").endswith('"type":"version","version":"4.1.5"}\n')


def test_the_format_of_the_shell_is_what_a_program_gets(user: User) -> None:
    user.enter(":format json")
    assert user.enter("version | sed 's/.*version/version/'") == 'version":"4.1.5"}\n'


def test_results_go_to_a_file_and_nothing_is_shown(user: User, tmp_path: Path) -> None:
    assert user.enter(f"version > '{tmp_path}/file'") == ""
    assert user.enter(f"version | cat >> '{tmp_path}/file'") == ""
    assert (tmp_path / "file").read_text("utf-8") == "4.1.5\n4.1.5\n"


def test_a_program_that_failed_is_told_with_its_code_and_nothing_follows(user: User) -> None:
    shown = user.enter("version | false ; version")
    assert shown == "arthas-shell: 'false' ended with code 1\n"


def test_a_program_that_is_not_there_is_told_before_anything_is_sent(user: User) -> None:
    shown = user.enter("version | nosuch")
    assert shown.startswith("arthas-shell: there is no program 'nosuch' here\n")
    assert shown.endswith("  version | nosuch\n            ^^^^^^\n")
    assert list_sent(user.fake) == []


def test_a_file_that_cannot_be_written_is_told_before_anything_is_sent(
    user: User, tmp_path: Path
) -> None:
    shown = user.enter(f"version > '{tmp_path}'")
    assert shown == (
        f"arthas-shell: cannot write '{tmp_path}': Is a directory\n"
        "hint: name a file, not a folder\n"
    )
    assert list_sent(user.fake) == []


def test_what_a_program_writes_is_never_obeyed_by_the_terminal(user: User) -> None:
    assert user.enter(r"version | printf 'a\033[31mb\033[0m\a\r\n'") == "ab␇\n"


def test_what_a_program_says_on_stderr_is_shown_too(user: User) -> None:
    assert user.enter("version | sh -c 'cat >&2'") == "4.1.5\n"


def test_a_program_sees_no_terminal_that_it_could_colour(user: User) -> None:
    assert user.enter("version | sh -c 'echo $TERM $NO_COLOR'") == "dumb 1\n"


def test_the_lines_of_a_stream_come_through_as_they_come(user: User) -> None:
    def tell(call: Call) -> Iterable[Mapping[str, object]]:
        yield {"type": "echo", "content": "first"}
        call.wait(60)

    user.fake.register(Command("watch", tell, is_stream=True, is_interruptible=True))
    user.begin(f"{WATCH} | grep --color=always first")
    user.see("first\n")
    user.type(CTRL_C)
    user.find_prompt()


def test_a_program_that_has_enough_stops_the_command_and_what_follows_runs(user: User) -> None:
    user.fake.target.rate = 1000
    shown = user.enter(f"{WATCH} -n 100000 | head -n 1 ; version")
    assert shown.endswith("\n4.1.5\n")
    assert "arthas-shell:" not in shown
    assert user.fake.jobs == []


def test_ctrl_c_ends_the_command_and_the_programs_have_their_say(user: User) -> None:
    user.run_endless(f"{WATCH} |json | wc -l")
    user.type(CTRL_C)
    user.find_prompt()
    first, *_ = user.text.splitlines()
    assert first.strip().isdecimal()
    assert "stopped after" in user.text
    assert user.fake.jobs == []


def test_ctrl_c_ends_a_program_that_works_on_when_all_results_are_there(
    user: User, tmp_path: Path
) -> None:
    user.begin(f"version | {sleep_forever(tmp_path)}")
    pid = wait_for_pid(user, tmp_path)
    user.type(CTRL_C)
    user.find_prompt()
    assert not is_running(pid)
    assert "code" not in user.text
    assert user.enter("version") == "4.1.5\n"


def test_a_second_ctrl_c_does_not_wait_for_the_program_which_is_ended_all_the_same(
    user: User, tmp_path: Path
) -> None:
    user.begin(f"version | {sleep_forever(tmp_path)}")
    pid = wait_for_pid(user, tmp_path)
    user.type(CTRL_C + CTRL_C)
    user.find_prompt()
    user.wait_for(lambda: not is_running(pid))


def test_a_command_in_the_background_may_have_a_pipe_and_a_redirect(
    user: User, tmp_path: Path
) -> None:
    user.enter(f"{WATCH} -n 2 |json | wc -l > '{tmp_path}/count' &")
    user.wait_for(lambda: "[1] 2 results" in user.text)
    assert (tmp_path / "count").read_text("utf-8").strip() == "2"


def test_what_a_program_of_the_background_writes_stands_under_its_command(user: User) -> None:
    user.enter("version | cat &")
    user.see("[1] done · 'fg 1' shows 1 line\n")
    assert user.enter("fg 1") == "[1] version | cat\n4.1.5\n"


def test_a_pager_is_not_run_in_the_background(user: User) -> None:
    assert user.enter("version | less &") == (
        "arthas-shell: 'less' needs the terminal to itself\nhint: run it without '&'\n"
        "  version | less\n            ^^^^\n"
    )


def test_a_command_that_is_repeated_may_have_a_pipe(user: User) -> None:
    shown = user.enter(":every --times 2 100ms version | sed s/4/four/")
    assert shown.startswith(
        "every 0.1s · version | sed s/4/four/ · round 1\nfour.1.5\n"
        "every 0.1s · version | sed s/4/four/ · round 2\nfour.1.5\n"
    )


def test_a_command_is_repeated_until_a_program_lets_something_through(user: User) -> None:
    shown = user.enter(":every --until nonempty --times 5 100ms version | grep 4")
    assert shown.startswith("every 0.1s · version | grep 4 · round 1\n4.1.5\n1 round · ")


def test_leaving_ends_the_programs_of_the_background(fake: FakeArthas, tmp_path: Path) -> None:
    with open_terminal("--url", fake.url, home=tmp_path) as terminal:
        terminal.see(PROMPT)
        terminal.enter(f"{WATCH} | {sleep_forever(tmp_path)} &")
        terminal.wait_for(lambda: (tmp_path / "pid").exists() and fake.jobs)
        terminal.wait_for(lambda: terminal.last_line == PROMPT)
        terminal.type(CTRL_D)
        terminal.see(f"run 'quit' again to stop them and leave\n{PROMPT}")
        terminal.type(CTRL_D)
        assert terminal.end() == 0
    assert not is_running(int((tmp_path / "pid").read_text("ascii")))
    assert (fake.sessions, fake.jobs) == ([], [])


def test_a_pager_gets_the_terminal_once_all_results_are_there(
    fake: FakeArthas, tmp_path: Path
) -> None:
    with open_terminal("--url", fake.url, home=tmp_path) as terminal:
        terminal.see(PROMPT)
        terminal.enter("thread | less")
        terminal.wait_for(lambda: "(END)" in terminal.last_line or terminal.last_line == ":")
        assert "main" in terminal.screen
        terminal.type("q")
        terminal.wait_for(lambda: terminal.last_line == PROMPT)
        terminal.enter("version")
        terminal.see("4.1.5\n" + PROMPT)


def test_the_output_of_a_program_stands_above_the_live_line(
    fake: FakeArthas, tmp_path: Path
) -> None:
    fake.target.rate = 20
    with open_terminal("--url", fake.url, home=tmp_path) as terminal:
        terminal.see(PROMPT)
        terminal.enter(f"{WATCH} | jq -r .className")
        terminal.wait_for(lambda: "Ctrl+C stops" in terminal.last_line)
        terminal.wait_for(lambda: terminal.screen.splitlines()[-2] == "demo.MathGame")
        terminal.type(CTRL_C)
        terminal.wait_for(lambda: terminal.last_line == PROMPT)


def test_ctrl_c_belongs_to_the_pager_and_a_terminal_it_spoilt_is_put_right(
    fake: FakeArthas, tmp_path: Path
) -> None:
    pager = tmp_path / "most"
    pager.write_text(
        "#!/bin/sh\ntrap 'echo caught >/dev/tty; stty raw -echo </dev/tty; exit' INT\n"
        "cat >/dev/tty; echo waiting >/dev/tty; while :; do sleep 0.05; done\n"
    )
    pager.chmod(0o755)
    with open_terminal("--url", fake.url, home=tmp_path) as terminal:
        terminal.see(PROMPT)
        terminal.enter(f"version | '{pager}'")
        terminal.see("4.1.5\nwaiting")
        before = terminal.modes
        terminal.type(CTRL_C)
        terminal.see("caught")
        terminal.wait_for(lambda: terminal.last_line.endswith(PROMPT))
        terminal.enter("version | cat")
        terminal.see("4.1.5\n" + PROMPT)
        terminal.type(CTRL_D)
        assert terminal.end() == 0
        assert terminal.modes == before


def test_a_signal_that_ends_the_shell_ends_the_pager_too(fake: FakeArthas, tmp_path: Path) -> None:
    pager = tmp_path / "most"
    pager.write_text(f"#!/bin/sh\necho $$ > '{tmp_path}/pid'; exec sleep 600\n")
    pager.chmod(0o755)
    with open_terminal("--url", fake.url, home=tmp_path) as terminal:
        terminal.see(PROMPT)
        terminal.enter(f"version | '{pager}'")
        terminal.wait_for(
            lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text("ascii")
        )
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.end() == 143
    assert not is_running(int((tmp_path / "pid").read_text("ascii")))
    assert fake.sessions == []
