"""A line is checked before it is sent; what our catalogue lacks is looked up in the server's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.fake import Command, FakeArthas, faults
from support.fake.commands import HELP
from support.program import shell
from support.record_help import load_help

from .conftest import list_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import Run


def test_an_unknown_command_points_at_the_place_and_suggests_the_nearest(
    run: Run, fake: FakeArthas
) -> None:
    ended = run("exec", "  tread -n 3")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "arthas-shell: there is no command 'tread'\n"
        "hint: did you mean 'thread'?\n"
        "    tread -n 3\n"
        "    ^^^^^\n"
    )
    assert list_lines(fake) == ["help tread"]


def test_an_unknown_command_that_resembles_none_points_to_help(run: Run) -> None:
    ended = run("exec", "xyzzy")
    assert "hint: 'help' lists the commands\n" in ended.stderr


def test_a_command_that_the_servers_help_lists_runs(run: Run, fake: FakeArthas) -> None:
    fake.register(Command("external", lambda _call: [{"type": "echo", "content": "here"}]))
    ended = run("exec", "external --any thing")
    assert (ended.exit_code, ended.stdout) == (0, "here\n")
    assert list_lines(fake) == ["help external", "external --any thing"]


def test_a_command_that_the_servers_help_lists_is_suggested_too(run: Run, fake: FakeArthas) -> None:
    fake.register(Command("external", lambda _call: []))
    assert "hint: did you mean 'external'?\n" in run("exec", "extrenal").stderr


def test_an_unknown_option_points_at_the_place_and_suggests_the_nearest(
    run: Run, fake: FakeArthas
) -> None:
    ended = run("exec", "watch demo.MathGame run --limit-s 3")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "arthas-shell: 'watch' has no option '--limit-s'\n"
        "hint: did you mean '--limits'?\n"
        "  watch demo.MathGame run --limit-s 3\n"
        "                          ^^^^^^^^^\n"
    )
    assert list_lines(fake) == ["help watch"]


def test_an_unknown_option_that_resembles_none_points_to_the_commands_help(run: Run) -> None:
    ended = run("exec", "sc --zzz demo.*")
    hint = "hint: 'help sc' lists its options; behind -- words are no options\n"
    assert hint in ended.stderr


@pytest.mark.parametrize("option", ["--newer 5", "--newer=5", "-N 5"])
def test_an_option_that_the_servers_help_has_goes_through(
    run: Run, fake: FakeArthas, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    newer = {"longName": "newer", "shortName": "N", "acceptValue": True}
    known = HELP["sc"]
    monkeypatch.setitem(HELP, "sc", {**known, "options": [*known["options"], newer]})
    assert run("exec", f"sc demo.* {option}").exit_code == 0
    assert list_lines(fake) == ["help sc", f"sc demo.* {option}"]


def test_what_looks_like_an_option_behind_two_dashes_is_an_argument(
    run: Run, fake: FakeArthas
) -> None:
    assert run("exec", "echo -- --zzz").exit_code == 0
    assert list_lines(fake) == ["echo -- --zzz"]


@pytest.mark.parametrize(
    ("line", "message", "caret"),
    [
        ("sc 'demo", "the quote is not closed", "   ^^^^^"),
        ("sc demo\\", "nothing follows the backslash", "       ^"),
        ("thread | grep x", "'|' does nothing over HTTP", "       ^"),
        ("thread >> file", "'>>' does nothing over HTTP", "       ^^"),
        ("watch a b &", "'&' does nothing over HTTP", "          ^"),
    ],
)
def test_a_line_that_cannot_work_is_not_sent_and_the_place_is_shown(
    run: Run, fake: FakeArthas, line: str, message: str, caret: str
) -> None:
    ended = run("exec", line)
    assert (ended.exit_code, ended.stdout, fake.requests) == (2, "", [])
    what, *_, shown, place = ended.stderr.splitlines()
    assert (what, shown, place) == (f"arthas-shell: {message}", f"  {line}", f"  {caret}")


@pytest.mark.parametrize("line", ["", "   ", "\t"])
def test_a_line_without_a_command_is_refused(run: Run, fake: FakeArthas, line: str) -> None:
    ended = run("exec", line)
    assert (ended.exit_code, fake.requests) == (2, [])
    assert ended.stderr.startswith("arthas-shell: there is no command\n")


def test_a_line_break_in_the_line_is_refused_and_shown_as_a_blank(run: Run) -> None:
    ended = run("exec", "version\npwd")
    assert ended.exit_code == 2
    assert ended.stderr == (
        "arthas-shell: the line breaks outside quotes\n"
        "hint: a command is one line; inside quotes a line break is kept\n"
        "  version pwd\n"
        "         ^\n"
    )


def test_when_the_servers_help_cannot_be_had_that_is_the_error(run: Run, fake: FakeArthas) -> None:
    fake.faults.next(faults.unauthorized)
    ended = run("exec", "nosuchcommand")
    assert ended.exit_code == 4
    assert ended.stderr.startswith("arthas-shell: the server wants a user and a password")


def test_a_help_without_anything_in_it_lists_nothing(run: Run, fake: FakeArthas) -> None:
    odd: list[dict[str, object]] = [
        {"type": "help"},
        {"type": "help", "commands": [7, {"summary": "nameless"}]},
    ]
    fake.register(Command("help", lambda _call: odd))
    assert run("exec", "nosuchcommand").exit_code == 2
    assert run("exec", "sc --zzz a").exit_code == 2


REFUSED = [
    "",
    "tread -n 3",
    "watch demo.MathGame run --limit-s 3",
    "watch demo.MathGame",
    "thread -n 3 -i",
    "thread -n abc",
    "thread -n 1 -n 2",
    "thread 1 2",
    "thread --state RUNING",
    "sc --details=true a",
    "echo a b",
    "echo 'a",
    "thread | grep x",
    "thread > file",
    "watch a b &",
    "echo a ; pwd",
    "watch a b '{params'",
    "watch a b -x 0",
    "watch a b -x 9",
    "tt -w params",
    "trace a b --skipJDKMethod maybe",
]
OLD_REFUSED = [
    "watch a b --timeout 5",
    "watch a b -m 3",
    "monitor a b -E",
    "line --class a --method b",
]


def describe(detail: Mapping[str, Any]) -> Command:
    """Returns a command that does nothing and has this help."""
    return Command(detail["name"], lambda _call: [], detail=detail)


def list_commands(fake: FakeArthas) -> set[str]:
    """Returns the commands that the server was sent, by name; nothing else may open a session."""
    assert {seen.action for seen in fake.requests} <= {"exec"}
    return {line.split()[0] for line in list_lines(fake)}


@pytest.mark.parametrize("line", REFUSED)
def test_of_a_line_that_is_refused_nothing_is_sent_but_questions(
    run: Run, fake: FakeArthas, line: str
) -> None:
    ended = run("exec", line)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert list_commands(fake) <= {"help", "version"}


@pytest.mark.parametrize("line", OLD_REFUSED)
def test_what_an_old_server_would_misread_is_not_sent(line: str) -> None:
    with FakeArthas(version="3.4.6") as old:
        for name in ("watch", "monitor"):
            old.register(describe(load_help("3.4.6")[name]))
        ended = shell("exec", line, ARTHAS_SHELL_URL=old.url)
        assert ended.exit_code == 2
        assert list_commands(old) <= {"help", "version"}


@pytest.mark.parametrize("line", ["version", "thread -n 1", "sc -d demo.*", "sc -x 1 demo.*"])
def test_a_plain_one_shot_is_one_request(run: Run, fake: FakeArthas, line: str) -> None:
    assert run("exec", line).exit_code == 0
    assert list_lines(fake) == [line]


@pytest.mark.parametrize("line", ["thread --all", "sc -cs x demo.*"])
def test_an_option_that_is_everywhere_or_known_by_version_costs_one_question_at_most(
    run: Run, fake: FakeArthas, line: str
) -> None:
    run("exec", line)
    assert list_lines(fake) in ([line], ["version", line])


def test_an_option_that_only_newer_servers_have_is_sent_to_one(run: Run, fake: FakeArthas) -> None:
    run("exec", "watch demo.MathGame run --timeout 5 -n 1")
    sent = [seen.body.get("command") for seen in fake.requests if seen.action != "pull_results"]
    assert sent[0] == "version"
    assert "watch demo.MathGame run --timeout 5 -n 1" in sent


def test_where_the_version_is_not_known_the_help_decides(run: Run, fake: FakeArthas) -> None:
    fake.register(Command("version", lambda _call: [{"type": "version", "version": "dev"}]))
    assert run("exec", "watch demo.MathGame run --timeout 5 -n 1").exit_code == 0
    assert list_lines(fake)[:2] == ["version", "help watch"]


@pytest.mark.parametrize(
    ("line", "version", "message", "hint"),
    [
        (
            "watch a b --timeout 5",
            "3.4.6",
            "'--timeout' of 'watch' came with Arthas 4.1.3; this server is 3.4.6",
            "leave it out, or attach a newer Arthas",
        ),
        (
            "watch a b -x 0",
            "4.1.5",
            "'-x 0' shows no value on Arthas 4.1.5",
            "1 shows it",
        ),
    ],
)
def test_what_a_version_cannot_do_is_said_with_the_version(
    line: str, version: str, message: str, hint: str
) -> None:
    with FakeArthas(version=version) as fake:
        fake.register(describe(load_help(version)["watch"]))
        ended = shell("exec", line, ARTHAS_SHELL_URL=fake.url)
    assert ended.stderr.startswith(f"arthas-shell: {message}\nhint: {hint}\n")


@pytest.mark.parametrize(
    "line",
    [
        "echo 'a",
        "echo a\\",
        "echo a | grep x",
        "echo --zzz",
        "nosuch | x",
        "echo a ; echo b",
        "echo a b c",
        "thread -n abc",
        "echo a\nb",
    ],
)
def test_a_raw_line_is_sent_as_it_is_whatever_is_in_it(
    run: Run, fake: FakeArthas, line: str
) -> None:
    run("exec", "--raw", line)
    assert list_lines(fake) == [line]


def test_a_raw_line_that_streams_is_run_as_a_stream(run: Run, fake: FakeArthas) -> None:
    ended = run("exec", "--raw", "watch demo.MathGame run -n 2 | nothing")
    assert ended.exit_code in (0, 1, 5)
    assert "async_exec" in [seen.action for seen in fake.requests]


def test_a_raw_line_with_nothing_in_it_is_not_sent(run: Run, fake: FakeArthas) -> None:
    assert run("exec", "--raw", "  ").exit_code == 2
    assert fake.requests == []


def test_an_external_command_is_checked_by_its_own_help(run: Run, fake: FakeArthas) -> None:
    hello = {
        "name": "hello",
        "summary": "Say hello",
        "arguments": [{"argName": "who", "required": True, "multiValued": False}],
        "options": [{"longName": "loud", "acceptValue": False}],
    }
    fake.register(describe(hello))
    assert "'hello' needs who" in run("exec", "hello --loud").stderr
    assert "did you mean '--loud'?" in run("exec", "hello --lod you").stderr
    assert run("exec", "hello --loud you").exit_code == 0
    assert list_lines(fake) == [*["help hello"] * 3, "hello --loud you"]
