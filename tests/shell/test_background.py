"""Results of commands in the background: kept until somebody looks, or printed at once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from support.fake import Call, Command, FakeArthas, status

from arthas_cli.shell.terminal.bugs import telling_bugs

from .conftest import CTRL_C, CTRL_D, ENTER, WATCH, open_shell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .conftest import User

CTRL_Z = "\x1a"
MONITOR = "monitor demo.MathGame run"
PRINT = ":set background print"


class Lines:
    """A command `monitor` that sends a line whenever a test says so, until it is to end."""

    def __init__(self, fake: FakeArthas) -> None:
        self._fake = fake
        self._wanted = 0
        self._has_ended = False
        command = Command("monitor", self._run, is_stream=True, is_interruptible=True)
        fake.register(command)

    def send(self, number: int) -> None:
        self._wanted += number

    def end(self) -> None:
        self._has_ended = True

    def _run(self, call: Call) -> Iterator[Mapping[str, object]]:
        number = 0
        while not self._has_ended or number < self._wanted:
            if number < self._wanted:
                number += 1
                yield {"type": "echo", "content": f"line {number}"}
            elif not call.wait(0.01):
                break
        yield status(0)


@pytest.fixture
def lines(fake: FakeArthas) -> Lines:
    return Lines(fake)


def list_news(user: User) -> list[str]:
    """Returns what the toolbar says of the jobs."""
    return [job.news for job in user.shell.runner.jobs.list_all()] if user.shell else []


def start(user: User, lines: Lines, number: int) -> None:
    """Starts a job and waits until it has brought so many lines."""
    lines.send(number)
    user.enter(f"{MONITOR} &")
    user.wait_for(lambda: list_news(user) == [f"[1] {number} new"])


def test_results_are_kept_and_the_toolbar_counts_what_is_new(user: User, lines: Lines) -> None:
    start(user, lines, 3)
    assert user.text == f"[1] {MONITOR}\n"
    assert user.enter("jobs").startswith(f"[1] {MONITOR} · running for 0 s · 3 results, 3 new · ")


def test_fg_shows_what_was_kept_and_goes_on(user: User, lines: Lines) -> None:
    start(user, lines, 2)
    user.begin("fg 1")
    user.see(f"[1] {MONITOR}\nline 1\nline 2\n")
    lines.send(1)
    user.see("line 2\nline 3\n")
    user.type(CTRL_Z)
    user.see("still running")
    lines.send(1)
    user.wait_for(lambda: list_news(user) == ["[1] 1 new"])
    assert "line 4" not in user.text


def test_the_end_is_told_in_one_line_and_the_results_can_still_be_seen(
    user: User, lines: Lines
) -> None:
    start(user, lines, 2)
    lines.end()
    user.see("[1] 2 results · 0 lost · ended by itself after ")
    user.see(" s · 'fg 1' shows 2 results\n")
    user.wait_for(lambda: list_news(user) == ["[1] ended, 2 new"])
    user.wait_for(lambda: len(user.fake.sessions) == 1)
    assert user.enter("fg %1").startswith(
        f"[1] {MONITOR}\nline 1\nline 2\n2 results · 0 lost · ended"
    )
    assert user.enter("jobs") == ""


def test_a_bug_while_the_end_is_told_is_said_and_leaves_no_session_behind(
    user: User, lines: Lines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def fail(_line: str) -> int:
        raise ValueError(_line)

    start(user, lines, 2)
    assert user.shell is not None
    monkeypatch.setattr(user.shell.runner.jobs, "find_number", fail)
    lines.end()
    user.see("[1] a bug in arthas-shell (ValueError); the details are in ")
    user.see("; please report it\n")
    user.wait_for(lambda: len(user.fake.sessions) == 1)
    assert [*(tmp_path / "state").rglob("bug-*.txt")] != []


def test_what_a_thread_of_the_shell_dies_of_is_told_above_the_prompt(
    user: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    user.find_prompt()
    assert user.shell is not None
    with telling_bugs(user.shell.runner.terminal):
        dying = threading.Thread(target=lambda: int("x"))
        dying.start()
        dying.join()
    user.see("a bug in arthas-shell (ValueError); the details are in ")


def test_what_has_ended_with_nothing_to_see_is_gone(user: User, lines: Lines) -> None:
    lines.end()
    user.enter(f"{MONITOR} &")
    user.see("[1] 0 results · 0 lost · ended by itself after ")
    assert user.enter("jobs") == ""


def test_a_number_is_never_given_twice(user: User, lines: Lines) -> None:
    lines.end()
    for number in (1, 2, 3):
        user.enter(f"{MONITOR} &")
        user.see(f"[{number}] 0 results · ")


def test_a_number_alone_brings_the_job_back(user: User, lines: Lines) -> None:
    start(user, lines, 1)
    user.begin("%1")
    user.see(f"[1] {MONITOR}\nline 1\n")
    user.type(CTRL_C)
    user.see("1 result · 0 lost · stopped after ")


def test_kill_of_what_has_ended_forgets_its_results(user: User, lines: Lines) -> None:
    start(user, lines, 2)
    lines.end()
    user.see("'fg 1' shows 2 results")
    assert user.enter("kill %1") == f"[1] {MONITOR} · 2 results dropped\n"
    assert user.enter("jobs") == ""


def test_kill_of_what_runs_names_it_and_its_end_is_told(user: User, lines: Lines) -> None:
    start(user, lines, 2)
    assert user.enter("kill %1").startswith(f"[1] {MONITOR} · stopping\n")
    user.see("[1] 2 results · 0 lost · stopped after ")
    user.see(" s · 'fg 1' shows 2 results\n")


def test_what_there_is_no_room_for_is_dropped_and_counted(
    user: User, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.shell.terminal.buffer.MAX_KEPT", 3)
    lines.send(5)
    user.enter(f"{MONITOR} &")
    user.wait_for(lambda: "5 results, 3 new" in user.enter("jobs"))
    lines.end()
    user.see("[1] 5 results, 2 not shown · 0 lost · ended by itself after ")
    assert user.enter("fg").startswith(
        f"[1] {MONITOR}\n… 2 earlier results dropped: too many to keep\nline 3\nline 4\nline 5\n"
        "5 results, 2 not shown · 0 lost · "
    )


def test_of_those_that_have_ended_the_last_five_are_kept(user: User, lines: Lines) -> None:
    lines.send(1)
    lines.end()
    for number in range(1, 7):
        user.enter(f"{MONITOR} &")
        user.see(f"'fg {number}' shows 1 result\n")
    user.see("[1] 1 result dropped: too many jobs have ended\n")
    assert [news[:3] for news in list_news(user)] == ["[2]", "[3]", "[4]", "[5]", "[6]"]


def test_ended_jobs_take_no_place_of_those_that_run(user: User, lines: Lines) -> None:
    lines.send(1)
    lines.end()
    for number in range(1, 5):
        user.enter(f"{MONITOR} &")
        user.see(f"'fg {number}' shows 1 result\n")


def test_leaving_what_nobody_has_looked_at_is_asked_about_once(user: User, lines: Lines) -> None:
    start(user, lines, 2)
    lines.end()
    user.see("'fg 1' shows 2 results")
    user.type(CTRL_D)
    user.see("not left: 2 results not looked at ('jobs' lists them); run 'quit' again to leave\n")
    user.find_prompt()
    user.type(CTRL_D)
    user.wait_for(user.has_ended.is_set)


def test_who_wants_it_has_results_printed_above_the_prompt(user: User, lines: Lines) -> None:
    user.enter(PRINT)
    lines.send(2)
    user.enter(f"{MONITOR} &")
    user.see(f"[1] {MONITOR}\nline 1\nline 2\n")
    assert list_news(user) == ["[1]"]
    lines.end()
    user.see("\n[1] 2 results · 0 lost · ended by itself after ")
    user.wait_for(lambda: list_news(user) == [])


def test_the_configuration_can_say_so(fake: FakeArthas, lines: Lines) -> None:
    with open_shell(fake, options={"background": "print"}) as user:
        lines.send(1)
        lines.end()
        user.enter(f"{MONITOR} &")
        user.see("line 1\n")


def test_what_was_kept_is_printed_once_that_is_wanted(user: User, lines: Lines) -> None:
    start(user, lines, 2)
    user.enter(PRINT)
    user.see("line 1\nline 2\n")
    user.enter(":set background collect")
    lines.send(1)
    user.wait_for(lambda: list_news(user) == ["[1] 1 new"])
    assert "line 3" not in user.text


def test_results_that_come_while_a_line_is_typed_leave_it_alone(user: User, lines: Lines) -> None:
    user.enter(PRINT)
    user.enter(f"{MONITOR} &")
    user.type("ver")
    lines.send(100)
    user.see("line 100\n")
    user.type("sion" + ENTER)
    user.see("4.1.5\n")


def test_results_do_not_come_between_a_question_and_what_it_asks(user: User, lines: Lines) -> None:
    user.enter(PRINT)
    user.enter(f"{MONITOR} &")
    user.enter("ognl '@a.B@c()'")
    asked = user.text
    lines.send(1)
    shell = user.shell
    user.wait_for(lambda: shell and "1 result" in shell.runner.jobs.list_all()[0].describe())
    terminal = shell.runner.terminal if shell else None
    user.wait_for(lambda: terminal and (vars(terminal)["_pieces"] or "line 1" in user.text))
    user.wait_for(lambda: terminal and not terminal.is_scheduled)
    assert user.text == asked
    user.enter("n")
    user.see("line 1\n")


def test_a_job_of_enhancing_kind_is_quiet_too(user: User) -> None:
    user.enter(f"{WATCH} -n 2 &")
    user.see("[1] 2 results · 0 lost · ended by itself after ")
    assert "result=@Integer" not in user.text
    assert "result=@Integer" in user.enter("fg")


def test_what_is_to_be_known_of_the_answer_stands_in_the_line_that_tells_the_end(
    user: User,
) -> None:
    assert user.enter("sc no.such.Class &").startswith("[1] sc no.such.Class\n")
    user.see("[1] no loaded class matches 'no.such.Class'\n")


def test_what_is_to_be_known_of_a_file_stands_there_too(user: User) -> None:
    profile = {"type": "profiler", "action": "dumpCollapsed", "executeResult": ""}
    user.fake.register(Command("profiler", lambda _call: [profile]))
    user.enter("profiler dumpCollapsed &")
    user.see("[1] the profile is empty: no sample was taken")


def test_the_file_of_a_command_in_the_background_is_offered(user: User) -> None:
    dump = {"type": "heapdump", "dumpFile": "/srv/app/arthas-output/a.hprof", "live": False}
    user.fake.register(Command("heapdump", lambda _call: [dump]))
    user.begin("heapdump &")
    user.see("it stops the whole JVM")
    user.enter("y")
    user.see("run :get a.hprof to fetch the file")


def test_what_a_line_may_have_meant_is_told_at_its_end(user: User) -> None:
    user.enter("watch demo.MathGmae run -n 1 &")
    user.see(
        " · failed: No class or method is affected · did you mean 'demo.MathGame'?"
        " ':why watch demo.MathGmae run -n 1' looks for the reason\n"
    )
    assert "1. Execute" not in user.text
