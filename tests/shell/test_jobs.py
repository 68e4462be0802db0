"""Commands in the background, and several in one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.table import each_row

from .conftest import CTRL_C, CTRL_D, WATCH

if TYPE_CHECKING:
    from pathlib import Path

    from support.fake import FakeArthas

    from .conftest import User

CTRL_Z = "\x1a"
QUIET = "watch demo.MathGame nosuch -n 1"


@pytest.fixture(autouse=True)
def _slow(fake: FakeArthas) -> None:
    """A method that is not called while the tests last."""
    fake.target.rate = 0.001


def start_behind(user: User, line: str = WATCH) -> None:
    before = len(user.fake.jobs)
    user.enter(f"{line} &")
    user.wait_for(lambda: len(user.fake.jobs) == before + 1)


def test_a_command_in_the_background_has_a_session_of_its_own(user: User) -> None:
    start_behind(user)
    assert user.text.startswith(f"[1] {WATCH}\n")
    assert len(user.fake.sessions) == 2
    assert "4.1.5\n" in user.enter("version")


def test_the_sign_that_puts_it_there_is_not_sent(user: User) -> None:
    start_behind(user)
    assert [job.line for job in user.fake.jobs] == [
        "watch --timeout 3600 demo.MathGame primeFactors"
    ]


def test_jobs_lists_what_runs(user: User) -> None:
    assert user.enter("jobs") == ""
    start_behind(user)
    start_behind(user, "trace demo.MathGame run")
    first, second = user.enter("jobs").splitlines()[-2:]
    assert first.startswith(f"[1] {WATCH} · running for ")
    assert second.startswith("[2] trace demo.MathGame run · running for ")
    assert first.endswith(" · 0 results · 0 lost")


def test_the_title_of_a_job_holds_no_secret(user: User) -> None:
    start_behind(user, f"{WATCH} params 'params[0].password==\"hunter2\"'")
    assert user.enter("jobs").startswith("[1] watch … · running for ")
    assert "hunter2" not in user.text


def test_a_job_is_listed_as_it_was_typed_with_its_pipe_and_its_file(
    user: User, tmp_path: Path
) -> None:
    line = f"{WATCH} | grep 'a b' > '{tmp_path}/found'"
    start_behind(user, line)
    assert user.text.startswith(f"[1] {line}\n")
    assert user.enter("jobs").startswith(f"[1] {line} · running for ")


def test_kill_stops_one_on_the_server_and_tells_its_end(user: User) -> None:
    start_behind(user)
    user.enter("kill 1")
    user.see("[1] 0 results · 0 lost · stopped after ")
    assert user.fake.jobs == []
    user.wait_for(lambda: len(user.fake.sessions) == 1)


def test_fg_brings_the_newest_back_and_ctrl_c_stops_it(user: User) -> None:
    start_behind(user)
    user.begin("fg")
    user.wait_for(lambda: not user.is_at_prompt)
    user.type(CTRL_C)
    user.see("0 results · 0 lost · stopped after ")
    user.wait_for(lambda: len(user.fake.sessions) == 1)
    assert user.enter("jobs") == ""


def test_ctrl_z_puts_a_running_command_there_with_the_session_it_has(user: User) -> None:
    user.run_endless()
    user.type(CTRL_Z)
    user.see(f"[1] {WATCH} · still running; 'fg' brings it back")
    assert len(user.fake.jobs) == 1
    assert user.enter("version").endswith("4.1.5\n")
    assert len(user.fake.sessions) == 2


def test_ctrl_z_and_fg_can_follow_each_other(user: User) -> None:
    user.run_endless()
    user.type(CTRL_Z)
    user.see("still running")
    user.begin("fg 1")
    user.wait_for(lambda: not user.is_at_prompt)
    user.type(CTRL_Z)
    user.wait_for(lambda: user.text.count("still running") == 2)
    user.begin("fg 1")
    user.wait_for(lambda: not user.is_at_prompt)
    user.type("q")
    user.see("0 results · 0 lost · stopped after ")


def test_a_job_that_is_brought_back_and_left_again_keeps_its_number(user: User) -> None:
    user.enter(f"{WATCH} &")
    user.enter("trace demo.MathGame run &")
    user.enter("kill 1")
    user.wait_for(lambda: len(user.fake.jobs) == 1)
    user.wait_for(lambda: "[1] 0 results" in user.text)
    user.begin("fg 2")
    user.wait_for(lambda: not user.is_at_prompt)
    user.type(CTRL_Z)
    user.see("[2] trace demo.MathGame run · still running")


def test_more_than_three_are_refused_with_the_reason(user: User) -> None:
    for _ in range(3):
        start_behind(user)
    refused = user.enter(f"{WATCH} &")
    assert "arthas-shell: 3 commands run in the background already\n" in refused
    assert "end one with 'kill N'" in refused
    assert len(user.fake.jobs) == 3


@each_row(
    ("line", "what"),
    [
        ("fg", "there is no job in the background"),
        ("fg 7", "there is no job '7'"),
        ("kill x", "there is no job 'x'"),
        ("kill", "which job?"),
        ("fg %x", "there is no job '%x'"),
    ],
)
def test_a_job_that_is_not_there_is_named(user: User, line: str, what: str) -> None:
    assert user.enter(line).startswith(f"arthas-shell: {what}\n")


def test_where_there_are_other_jobs_they_are_named(user: User) -> None:
    start_behind(user)
    assert user.enter("kill 7").endswith(f"\nhint: use one of [1] {WATCH}\n")


def test_what_a_word_does_not_take_has_a_hint(user: User) -> None:
    assert "\nhint: run 'help jobs' for its usage\n" in user.enter("jobs -h")


def test_a_command_that_would_not_work_is_not_started(user: User) -> None:
    assert "there is no command 'nosuch'" in user.enter("nosuch &")
    assert len(user.fake.sessions) == 1


def test_a_command_that_fails_there_says_so(user: User) -> None:
    user.enter(f"{QUIET} &")
    user.see("failed: No class or method is affected")


def test_leaving_with_commands_in_the_background_asks_once_and_then_stops_them(user: User) -> None:
    start_behind(user)
    user.type(CTRL_D)
    user.see("not left: 1 job still running; run 'quit' again to stop them and leave\n")
    user.find_prompt()
    assert len(user.fake.jobs) == 1
    user.type(CTRL_D)
    user.wait_for(user.has_ended.is_set)
    assert (user.fake.jobs, user.fake.sessions) == ([], [])


@pytest.mark.parametrize("word", ["quit", "exit", "q"])
def test_the_word_that_leaves_does_so_the_second_time(user: User, word: str) -> None:
    start_behind(user)
    assert user.enter(word) == (
        "not left: 1 job still running; run 'quit' again to stop them and leave\n"
    )
    user.type(f"{word}\r")
    user.wait_for(user.has_ended.is_set)
    assert user.fake.jobs == []


def test_another_line_in_between_asks_again(user: User) -> None:
    start_behind(user)
    user.enter("quit")
    user.enter("version")
    assert "run 'quit' again to stop them and leave" in user.enter("quit")


def test_several_commands_in_a_line_run_in_order(user: User) -> None:
    assert user.enter("version ; pwd ; echo ';'") == "4.1.5\n/srv/app\n;\n"


def test_what_follows_a_failure_does_not_run(user: User) -> None:
    assert "/srv/app" not in user.enter("thread 99 ; pwd")


def test_what_follows_a_stopped_command_does_not_run(user: User) -> None:
    user.begin(f"{WATCH} ; pwd")
    user.wait_for(lambda: user.fake.jobs)
    user.wait_for(lambda: not user.is_at_prompt)
    user.type(CTRL_C)
    user.see("stopped after")
    user.find_prompt()
    assert "/srv/app" not in user.text


def test_nothing_between_two_separators_is_shown_in_its_place(user: User) -> None:
    shown = user.enter("version ; ; pwd")
    assert shown.splitlines() == [
        "arthas-shell: there is no command",
        "  version ; ; pwd",
        "            ^",
    ]


def test_a_sequence_may_begin_something_in_the_background(user: User) -> None:
    assert "4.1.5\n" in user.enter(f"{WATCH} & ; version")
    user.wait_for(lambda: len(user.fake.jobs) == 1)


def test_two_commands_that_may_meet_in_one_method_are_warned_of(user: User) -> None:
    start_behind(user)
    assert "warning: " not in user.text
    assert "warning" not in user.enter("version")
    assert "warning" not in user.enter("stack demo.MathGame run -n 1 &")
    assert (
        f"warning: [1] {WATCH} watches the same calls: Arthas can fail in a thread of the"
        " program where a second command joins in\n"
    ) in user.enter("trace demo.MathGame primeFactors -n 1 &")


def test_signs_without_blanks_do_the_same(user: User) -> None:
    assert user.enter("version;pwd") == "4.1.5\n/srv/app\n"
    user.enter(f"{WATCH}&")
    sent = "watch --timeout 3600 demo.MathGame primeFactors"
    user.wait_for(lambda: sent in [job.line for job in user.fake.jobs])


def test_of_commands_whose_jvm_has_gone_each_is_named_and_the_wait_is_told_once(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull.AWAY_S", 0.3)
    start_behind(user)
    start_behind(user, "watch demo.MathGame run")
    user.fake.end()
    user.wait_for(lambda: user.text.count("failed: ") == 2)
    for title in (f"[1] {WATCH} · ", "[2] watch demo.MathGame run · "):
        assert re.search(re.escape(title) + ".*failed: ", user.text)
    assert user.text.count("trying again for 0.3 s") == 1
