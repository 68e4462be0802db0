"""`exec`: one command, and an exit code that says how it went."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from support.fake import Command, FakeArthas, faults, status
from support.program import NO_THREAD_HINT
from support.scans import count_scans
from support.waiting import within

from .conftest import burst, list_lines

if TYPE_CHECKING:
    from .conftest import Run

WATCH = "watch demo.MathGame run"
TLS = Path(__file__).parent.parent / "data" / "tls"
LONG_SLEEP = "ognl @java.lang.Thread@sleep(60000)"
# Less than any request takes that is not cut short.
SOON_S = 8.0


def test_a_command_that_worked_exits_with_0_and_its_results_on_stdout(run: Run) -> None:
    ended = run("exec", "version")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "4.1.5\n", "")


def test_a_plain_known_one_shot_is_one_request(run: Run, fake: FakeArthas) -> None:
    run("exec", "version")
    assert [seen.action for seen in fake.requests] == ["exec"]
    assert "sessionId" not in fake.requests[0].body


def test_without_a_deadline_the_servers_own_is_raised_to_a_day(run: Run, fake: FakeArthas) -> None:
    run("exec", "version")
    assert fake.requests[0].body["execTimeout"] == 24 * 3600 * 1000


def test_a_stream_has_a_session_of_its_own_that_is_closed(run: Run, fake: FakeArthas) -> None:
    assert run("exec", f"{WATCH} -n 1").exit_code == 0
    actions = [seen.action for seen in fake.requests]
    assert (actions[0], actions[-1]) == ("init_session", "close_session")
    assert (fake.sessions, fake.jobs) == ([], [])


def test_text_of_the_target_is_shown_with_marks_and_never_obeyed(
    run: Run, fake: FakeArthas
) -> None:
    hostile = "\x1b[2J\u202e\x07 [bold]x[/bold]"
    fake.register(Command("echo", lambda _call: [{"type": "echo", "content": hostile}]))
    assert run("exec", "echo x").stdout == "␛[2J<U+202E>␇ [bold]x[/bold]\n"


def test_words_that_a_success_came_with_are_part_of_the_text(run: Run, fake: FakeArthas) -> None:
    fake.register(Command("reset", lambda _call: [status(0, "all \x1b[32mwell\x1b[m")]))
    ended = run("exec", "reset")
    assert (ended.exit_code, ended.stdout) == (0, "all well\n")


def test_what_sums_a_stream_up_comes_at_its_end(run: Run) -> None:
    *_, last = run("exec", "trace demo.MathGame run -n 2").stdout.splitlines()
    assert last == "demo.MathGame:run(): n=2 min=0.001000ms median=0.001500ms max=0.002000ms"


def test_how_many_classes_were_enhanced_is_said_on_stderr(run: Run) -> None:
    ended = run("exec", f"{WATCH} -n 1")
    assert ended.stderr == "enhanced: 1 class, 1 method\n"


def test_help_of_a_command_is_a_success_although_the_server_says_minus_10(run: Run) -> None:
    ended = run("exec", "watch -h")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout.startswith("usage:  watch ")


def test_a_command_that_failed_exits_with_1_and_the_servers_words(run: Run) -> None:
    ended = run("exec", "thread 999999")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == "arthas-shell: thread do not exist! id: 999999\n" + NO_THREAD_HINT


def test_a_failure_of_several_lines_is_indented_behind_its_first(
    run: Run, fake: FakeArthas
) -> None:
    fake.register(Command("pwd", lambda _: [status(-1, "it failed, try:\n1. Execute `sm`")]))
    ended = run("exec", "pwd")
    assert ended.exit_code == 1
    assert ended.stderr == "arthas-shell: it failed, try:\n  1. Execute `sm`\n"


def test_a_command_that_the_catalogue_has_and_the_server_lacks_is_unknown(run: Run) -> None:
    ended = run("exec", "--json", "sysprop")
    assert (ended.exit_code, ended.document["error"]["kind"]) == (2, "unknown-command")
    assert ended.stderr == (
        "arthas-shell: the server has no command 'sysprop'\n"
        "hint: it may be disabled on that server\n"
        "  sysprop\n"
        "  ^^^^^^^\n"
    )


@pytest.mark.usefixtures("quick_pulls")
def test_results_that_were_lost_exit_with_5_and_their_number(run: Run, fake: FakeArthas) -> None:
    fake.target.rate = 5
    fake.faults.next(faults.swallow, skip=7, action="pull_results")
    ended = run("exec", "--json", f"{WATCH} -n 4")
    document = ended.document
    shown = sum(result["type"] == "watch" for result in document["results"])
    assert (ended.exit_code, document["error"]["kind"]) == (5, "incomplete")
    assert document["lost"] > 0
    assert shown + document["lost"] == 4
    assert "hint: narrow the command" in ended.stderr


def test_results_that_may_be_lost_exit_with_5_as_well(run: Run, fake: FakeArthas) -> None:
    fake.register(Command("burst", burst))
    ended = run("exec", "--json", "burst")
    assert (ended.exit_code, ended.document["lost"]) == (5, None)
    assert len(ended.document["results"]) == 500


def test_allow_loss_makes_a_loss_a_success(run: Run, fake: FakeArthas) -> None:
    fake.register(Command("burst", burst))
    ended = run("exec", "--json", "--allow-loss", "burst")
    assert ended.exit_code == 0
    assert re.fullmatch(
        r"500 results · maybe some lost · broke off after \d+\.\d s\n", ended.stderr
    )
    assert (ended.document["lost"], ended.document["error"]) == (None, None)


CLOSING = r"{} · {} · {} after \d+\.\d s\n"


def test_allow_loss_still_says_what_is_shown_and_lost(run: Run, fake: FakeArthas) -> None:
    fake.target.rate = None
    ended = run("--quiet", "--no-tune", "exec", "--allow-loss", f"{WATCH} -n 3000")
    closing = CLOSING.format(r"([\d,]+) results", r"([\d,]+) lost", "ended by itself")
    found = re.fullmatch(closing, ended.stderr)
    assert ended.exit_code == 0
    assert found is not None, ended.stderr
    shown, lost = (int(number.replace(",", "")) for number in found.groups())
    assert shown + lost == 3000
    assert lost > 0


def test_a_connection_that_is_lost_for_good_is_told_with_what_was_shown(
    run: Run, fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull.AWAY_S", 0.5)
    fake.faults.next(faults.cut_before_headers, skip=3, times=math.inf, action="pull_results")
    ended = run("--quiet", "exec", f"{WATCH} -n 100")
    closing = CLOSING.format(r"\d+ results?", "maybe some lost", "broke off")
    assert ended.exit_code == 3
    assert re.fullmatch(
        closing + "arthas-shell: the server closed the connection without an answer\nhint: .*\n",
        ended.stderr,
    )


def test_a_connection_that_is_lost_is_said_at_once(run: Run, fake: FakeArthas) -> None:
    fake.target.rate = 20
    fake.faults.next(faults.cut_before_headers, skip=3, times=3, action="pull_results")
    ended = run("exec", f"{WATCH} -n 5")
    assert ended.exit_code == 0
    assert [line for line in ended.stderr.splitlines() if line.startswith("warning: ")] == [
        "warning: the server closed the connection without an answer; trying again for 30 s",
        "warning: the connection is back",
    ]


def test_a_bug_of_ours_exits_with_70_and_tells_where_the_details_are(
    run: Run, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object, **__: object) -> NoReturn:
        raise LookupError("planted")

    monkeypatch.setattr("arthas_cli.client.client.check_line", fall)
    ended = run("exec", "--json", "version")
    (details,) = logs.rglob("bug-*.txt")
    assert ended.exit_code == 70
    assert ended.stderr == (
        f"arthas-shell: a bug in arthas-shell (LookupError); the details are in {details}\n"
        "hint: please report it\n"
    )
    assert (ended.document["command"], ended.document["error"]["kind"]) == ("version", "bug")


def test_a_deadline_interrupts_a_stream_and_exits_with_124(run: Run, fake: FakeArthas) -> None:
    ended = run("exec", "--json", "-t", "1", WATCH)
    assert ended.exit_code == 124
    assert ended.document["state"] == "INTERRUPTED"
    assert ended.document["error"] == {
        "kind": "deadline",
        "message": "the deadline of 1 s passed",
        "hint": "allow more time with --timeout",
    }
    assert (fake.jobs, fake.sessions) == ([], [])


def test_at_the_deadline_it_is_said_what_the_server_cannot_stop(run: Run) -> None:
    ended = run("exec", "--timeout", "0.1", LONG_SLEEP)
    assert (ended.exit_code, ended.stdout) == (124, "")
    assert ended.stderr == (
        "arthas-shell: the deadline of 0.1 s passed; Arthas cannot interrupt 'ognl', which keeps"
        " running\n"
        "hint: allow more time with --timeout\n"
    )


@pytest.mark.parametrize("line", ["version", "watch a.B c", "reset", "profiler stop", "no-such"])
def test_a_server_that_says_nothing_is_told_of_in_one_time_whatever_is_asked(
    run: Run, fake: FakeArthas, line: str
) -> None:
    fake.faults.next(faults.hang, times=math.inf)
    with within(SOON_S):
        ended = run("exec", "-t", "0.2", line)
    assert ended.exit_code == 124
    address = fake.url.removeprefix("http://").removesuffix("/api")
    assert ended.stderr.splitlines()[0] in (
        f"arthas-shell: the deadline of 0.2 s passed; {address} did not answer",
        "arthas-shell: the deadline of 0.2 s passed; the server does not answer",
    )


def test_a_session_that_does_not_close_holds_no_deadline_up(
    run: Run, fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.faults.next(faults.hang, times=math.inf, action="close_session")
    monkeypatch.setattr("arthas_cli.session.session._AGAIN_S", 3 * SOON_S)
    monkeypatch.setattr("arthas_cli.session.session._CLOSE_S", 3 * SOON_S)
    with within(SOON_S):
        assert run("exec", "-t", "0.3", WATCH).exit_code == 124


def test_the_deadline_holds_for_the_look_into_the_servers_help_too(
    run: Run, fake: FakeArthas
) -> None:
    run("exec", "-t", "1.5", "nosuchcommand")
    assert [seen.body["execTimeout"] for seen in fake.requests] == [1500]


def test_a_line_from_stdin_loses_only_the_line_breaks_around_it(run: Run, fake: FakeArthas) -> None:
    ended = run("exec", "-", stdin="\r\necho 'a  b' \r\n")
    assert (ended.exit_code, ended.stdout) == (0, "a  b\n")
    assert list_lines(fake) == ["echo 'a  b' "]


def test_raw_sends_a_line_without_a_look_into_the_servers_help(run: Run, fake: FakeArthas) -> None:
    ended = run("exec", "--raw", "nosuchcommand --foo")
    assert ended.exit_code == 2
    assert list_lines(fake) == ["nosuchcommand --foo"]


def test_stop_succeeds_when_nothing_listens_any_more(run: Run) -> None:
    ended = run("exec", "stop")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "")


def test_a_second_answer_that_the_server_could_not_write_warns(run: Run, fake: FakeArthas) -> None:
    fake.faults.next(faults.server_error, times=2, action="exec")
    ended = run("run", "--keep-going", "-", stdin="version\npwd\n")
    assert ended.exit_code == 1
    assert ended.stderr.count("warning: the server answered HTTP 500 twice") == 1


@pytest.mark.parametrize("behind", ["", " | cat"])
def test_a_line_is_scanned_once_and_read_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, behind: str
) -> None:
    line = "watch demo.MathGame primeFactors '{params,returnObj}' -x 2 -n 3"
    with count_scans(monkeypatch, "watch") as seen:
        run("exec", line + behind)
    assert (seen.has_sent, seen.scanned, seen.read) == (True, [line + behind], [line])


def test_words_behind_two_dashes_are_scanned_once(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with count_scans(monkeypatch, "sysprop") as seen:
        run("exec", "--", "sysprop", "user.dir", "a b")
    assert (seen.has_sent, seen.scanned) == (True, ["sysprop user.dir 'a b'"])


def test_a_line_of_run_is_scanned_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with count_scans(monkeypatch, "version") as seen:
        run("run", "-", stdin="version\n")
    assert (seen.has_sent, seen.scanned) == (True, ["version"])
