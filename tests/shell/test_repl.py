"""The loop: lines in, results out, the server left as it was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import Command, FakeArthas, faults, status
from support.program import NO_THREAD_HINT
from support.table import each_row

from .conftest import BACKSPACE, CTRL_C, CTRL_D, ENTER, WATCH, User, open_shell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from support.fake import Call
    from support.fake.faults import Exchange
    from support.fake.wire import Reply


def late(exchange: Exchange) -> Reply:
    """Does nothing for a while."""
    exchange.wait(0.3)
    return exchange.answer()


def test_what_a_command_may_have_changed_is_asked_anew_by_completion(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert user.shell is not None
    expired: list[str] = []
    monkeypatch.setattr(user.shell.entry.completer.knowledge, "expire", expired.append)
    user.enter("version ; pwd | cat ; thread 99 ; version")
    assert expired == ["version", "pwd", "thread"]


def test_a_command_shows_its_results_or_what_the_server_says_against_it(user: User) -> None:
    assert user.enter("version") == "4.1.5\n"
    assert user.enter("thread 99") == "arthas-shell: thread do not exist! id: 99\n" + NO_THREAD_HINT


def test_a_typed_line_runs_in_the_session_of_the_shell(user: User) -> None:
    user.enter("version")
    user.enter("pwd")
    asked = [seen.body for seen in user.fake.requests if seen.action == "async_exec"]
    assert [body["command"] for body in asked] == ["version", "pwd"]
    assert {body["sessionId"] for body in asked} == {user.fake.sessions[0].id}


@each_row("line", ["", "    "])
def test_an_empty_line_does_nothing(user: User, line: str) -> None:
    assert user.enter(line) == ""
    assert all(seen.action != "async_exec" for seen in user.fake.requests)


@each_row(
    ("line", "said"),
    [
        ("wach a b", "there is no command 'wach'\nhint: did you mean 'watch'?\n  wach a b\n  ^^^^"),
        (
            "top",
            (
                "there is no command 'top'\nhint: use 'dashboard' for an overview, or 'thread"
                " -n 5' for the busiest threads\n  top\n  ^^^"
            ),
        ),
        (":infp", "there is no command ':infp'\nhint: did you mean ':info'?\n  :infp\n  ^^^^^"),
        ("thread 1\\", "nothing follows the backslash\n  thread 1\\\n          ^"),
    ],
)
def test_a_line_that_would_not_work_is_not_sent_and_its_place_is_shown(
    user: User, line: str, said: str
) -> None:
    assert user.enter(line) == f"arthas-shell: {said}\n"
    assert all(seen.action != "async_exec" for seen in user.fake.requests)


def test_a_stream_ends_with_a_line_that_counts(user: User) -> None:
    user.fake.target.rate = 1000
    last = user.enter(f"{WATCH} -n 3").splitlines()[-1]
    assert last.startswith("3 results · 0 lost · ended by itself after ")


def test_a_stream_that_fails_says_so(user: User) -> None:
    text = user.enter("watch no.such.Class run")
    assert "arthas-shell: No class or method is affected" in text


def test_results_that_were_lost_are_told_even_if_it_is_to_be_quiet(fake: FakeArthas) -> None:
    fake.register(
        Command("watch", lambda call: flood(call, 200), is_stream=True, is_interruptible=True)
    )
    with open_shell(fake, options={"quiet": True, "no_tune": True}) as user:
        user.find_prompt()
        fake.faults.next(faults.slow(0.2), action="pull_results")
        text = user.enter(f"{WATCH} -n 200")
    [end] = [line for line in text.splitlines() if "ended by itself" in line]
    lost = int(end.partition(" lost")[0].rpartition(" ")[2])
    shown = int(end.partition(" result")[0])
    assert lost > 0
    assert shown + lost == 200
    assert f"arthas-shell: {lost} results were lost" in text


def flood(call: Call, count: int) -> Iterable[dict[str, object]]:
    """Sends hits as fast as possible."""
    del call
    return ({"type": "watch", "value": f"@Integer[{number}]"} for number in range(count))


@pytest.mark.parametrize("key", ["q", CTRL_C])
def test_a_running_stream_is_stopped_on_the_server_and_the_shell_goes_on(
    user: User, key: str
) -> None:
    user.run_endless()
    user.see("@Integer[1]")
    user.type(key)
    user.see("stopped after")
    assert user.fake.jobs == []
    assert user.enter("version") == "4.1.5\n"
    assert len(user.fake.sessions) == 1


def test_a_stream_that_is_stopped_before_the_server_began_it_does_not_run_on(user: User) -> None:
    user.fake.faults.next(late, action="async_exec")
    user.begin(WATCH)
    user.wait_for(lambda: user.fake.requests[-1].action == "async_exec")
    user.type(CTRL_C)
    user.see("stopped ")
    user.find_prompt()
    assert user.fake.jobs == []


def test_ctrl_c_typed_right_behind_a_line_drops_it_however_long_its_check_would_take(
    user: User,
) -> None:
    user.fake.register(Command("help", run_until_stopped))
    user.type(f"nosuchcommand{ENTER}pwd{ENTER}{CTRL_C}version{ENTER}")
    user.see("4.1.5\n")
    assert not any(b"nosuchcommand" in seen.content for seen in user.fake.requests)


def test_a_second_ctrl_c_lets_go_at_once_and_the_job_is_stopped_all_the_same(user: User) -> None:
    user.run_endless()
    user.fake.faults.next(late, action="interrupt_job")
    user.type(CTRL_C + CTRL_C)
    user.see("detached from 'watch' after")
    user.find_prompt()
    user.wait_for(lambda: user.fake.jobs == [])
    assert user.enter("version") == "4.1.5\n"


def test_what_arthas_cannot_stop_is_said_to_run_on(user: User) -> None:
    user.fake.register(Command("dump", run_until_stopped))
    user.run_endless("dump demo.MathGame")
    user.type(CTRL_C + CTRL_C)
    user.see("warning: Arthas cannot interrupt 'dump'; it keeps running until it finishes\n")
    user.find_prompt()
    assert len(user.fake.jobs) == 1
    user.fake.jobs[0].end()
    assert user.enter("version") == "4.1.5\n"


def test_a_session_whose_job_runs_on_after_ctrl_c_is_not_used_again(user: User) -> None:
    user.fake.register(Command("dump", run_until_stopped))
    user.run_endless("dump demo.MathGame")
    user.type(CTRL_C)
    user.see("arthas-shell: Arthas cannot interrupt 'dump', which keeps running\n")
    user.find_prompt()
    user.wait_for(lambda: user.fake.sessions == [])
    user.fake.jobs[0].end()
    assert user.enter("version") == "4.1.5\n"


def run_until_stopped(call: Call) -> Iterable[dict[str, object]]:
    while call.wait(3600):
        pass
    return []


def test_a_command_that_answers_once_is_stopped_too_and_it_is_said(user: User) -> None:
    user.fake.register(Command("classloader", run_until_stopped, is_interruptible=True))
    user.run_endless("classloader")
    user.type(CTRL_C)
    user.find_prompt()
    assert user.text.startswith("stopped after ")
    assert user.text.count("\n") == 1


def test_a_job_let_go_that_could_not_be_stopped_is_told_before_the_next_prompt(
    user: User,
) -> None:
    user.run_endless("dashboard")
    user.see("processors=")  # by now its number is known, without which no interrupt is sent
    user.fake.faults.next(faults.unauthorized, action="interrupt_job", times=2)
    user.type(CTRL_C + CTRL_C)
    user.see("detached from")
    user.find_prompt()
    user.fake.wait_for(lambda: len(user.fake.sessions) == 0)
    said = "warning: could not stop a detached command: the server requires"
    user.wait_for(lambda: said in user.text or said in user.enter(""))


def test_ctrl_c_at_the_prompt_drops_the_line(user: User) -> None:
    user.type("versio")
    user.wait_for(lambda: user.line == "versio")
    user.type(CTRL_C)
    user.wait_for(lambda: user.line == "")
    assert user.enter("version") == "4.1.5\n"


def test_ctrl_d_on_an_empty_line_leaves_and_nothing_stays(user: User) -> None:
    user.type(CTRL_D)
    user.wait_for(user.has_ended.is_set)
    assert user.fake.sessions == []


def test_ctrl_d_within_a_line_does_not_leave(user: User) -> None:
    user.type("versionx\x1b[D" + CTRL_D)
    user.wait_for(lambda: user.line == "version")
    assert user.enter("") == "4.1.5\n"


def test_what_is_typed_while_a_command_runs_stands_in_the_next_prompt(user: User) -> None:
    user.run_endless()
    user.type("pwdx" + BACKSPACE + CTRL_C)
    user.wait_for(lambda: user.line == "pwd")
    assert user.enter("") == "/srv/app\n"


def test_lines_entered_while_a_command_runs_are_run_behind_it_in_order(user: User) -> None:
    user.run_endless()
    user.type("version" + ENTER + "pwd" + ENTER + "q")
    user.see("/srv/app\n")
    user.find_prompt()
    assert user.text.endswith("s\n4.1.5\n/srv/app\n")


def test_ctrl_c_drops_the_lines_that_were_entered_meanwhile_and_says_so(user: User) -> None:
    user.run_endless()
    user.type("version" + ENTER + "pw" + CTRL_C)
    user.wait_for(lambda: user.line == "pw")
    assert "4.1.5" not in user.text
    assert "1 line typed ahead dropped\n" in user.text


def test_a_session_that_was_forgotten_is_replaced_without_a_word_for_what_only_reads(
    user: User,
) -> None:
    user.fake.evict()
    assert user.enter("version") == "4.1.5\n"
    assert len(user.fake.sessions) == 1


def test_a_session_that_was_forgotten_is_told_where_running_twice_could_do_harm(
    user: User,
) -> None:
    user.fake.evict()
    assert user.enter("ognl 1").startswith("arthas-shell: the session is gone from the server\n")
    assert [seen.body["command"] for seen in user.fake.requests if seen.action == "async_exec"] == [
        "ognl 1"
    ]
    assert user.enter("version") == "4.1.5\n"


def test_a_session_that_is_stuck_is_replaced(user: User) -> None:
    user.fake.stick(user.fake.sessions[0].id)
    assert user.enter("version") == "4.1.5\n"


def test_a_session_lost_on_the_way_is_told_and_the_next_line_has_a_new_one(user: User) -> None:
    user.run_endless()
    user.fake.faults.next(faults.failed("session not found: x"), action="pull_results")
    user.see("arthas-shell: the session is gone from the server\nhint: run the command again\n")
    assert user.enter("version") == "4.1.5\n"
    user.wait_for(lambda: user.fake.jobs == [])


def test_a_server_that_is_gone_is_told_and_the_next_line_tries_again(user: User) -> None:
    user.fake.faults.next(faults.cut_before_headers, times=2, action="async_exec")
    assert user.enter("version").startswith("arthas-shell: ")
    assert user.enter("version").startswith("arthas-shell: ")
    assert user.enter("version") == "4.1.5\n"


def test_after_stop_it_is_said_that_nothing_listens_any_more() -> None:
    with FakeArthas() as fake, open_shell(fake) as user:
        user.find_prompt()
        user.enter("stop")
        assert user.enter("y") == "Arthas has stopped and no longer listens\n"
        assert user.enter("version").startswith("arthas-shell: nothing listens on 127.0.0.1:")


def test_a_closed_terminal_ends_the_shell_and_its_job(user: User) -> None:
    user.run_endless()
    user.hang_up()
    user.wait_for(user.has_ended.is_set)
    assert (user.fake.jobs, user.fake.sessions) == ([], [])


def test_lines_are_kept_for_the_next_shell_but_never_a_password(
    fake: FakeArthas, home: Path
) -> None:
    with open_shell(fake) as user:
        user.enter("version")
        user.enter("auth hunter2")
    [path] = [path for path in home.rglob("history") if path.is_file()]
    assert '"line": "version"' in path.read_text(encoding="utf-8")
    assert "hunter2" not in path.read_text(encoding="utf-8")
    with open_shell(fake) as user:
        user.find_prompt()
        user.type("\x1b[A")
        user.wait_for(lambda: user.line == "version")


def test_quit_typed_while_a_stream_runs_stops_that_and_is_no_error(user: User) -> None:
    user.run_endless()
    user.type(f"quit{ENTER}")
    user.see("stopped after ")
    user.see("'q' stopped the command; type 'quit' to leave the shell\n")
    assert user.enter("version") == "4.1.5\n"
    assert "there is no command 'uit'" in user.enter("uit")


def test_nothing_of_a_sequence_is_sent_when_a_command_in_it_is_unknown(user: User) -> None:
    said = user.enter("version ; nope ; pwd")
    assert said.startswith("arthas-shell: there is no command 'nope'\n")
    assert all(seen.action != "async_exec" for seen in user.fake.requests)


def test_the_class_loader_of_a_class_that_was_not_found_is_named(
    user: User, fake: FakeArthas
) -> None:
    about = {"name": "a.Twin", "classLoaderHash": "3f", "classloader": ["Web@3f"]}
    found = {"type": "sc", "classInfo": about}
    fake.register(Command("jad", lambda _call: [status(-1, "No class found for: a.Twin")]))
    fake.register(Command("sc", lambda _call: [found]))
    assert "hint: use -c 3f (Web)\n" in user.enter("jad -c 5 a.Twin")


def test_nothing_of_a_line_is_sent_where_a_later_command_could_not_run(user: User) -> None:
    said = user.enter("pwd ; watch a.B m 'params[0] === 1'")
    assert said.startswith("arthas-shell: '===' is not an OGNL operator\n")
    assert "/srv/app" not in said
