"""A line is checked before it is sent; what our catalogue lacks is looked up in the server's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import Command, FakeArthas, faults
from support.fake.commands import HELP

from .conftest import list_lines

if TYPE_CHECKING:
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


def test_a_word_of_the_shell_is_said_to_be_one(run: Run) -> None:
    ended = run("exec", ":info")
    assert (ended.exit_code, ended.stdout) == (2, "")
    hint = "hint: start 'arthas-shell' and type ':info' there: it is a command of the shell\n"
    assert hint in ended.stderr


def test_help_of_what_is_no_command_says_so_instead_of_listing_all(
    run: Run, fake: FakeArthas
) -> None:
    ended = run("exec", "help watc")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "arthas-shell: there is no command 'watc'\nhint: did you mean 'watch'?\n"
        "  help watc\n       ^^^^\n"
    )
    assert list_lines(fake) == ["help watc"]


def test_help_of_a_command_that_only_the_server_knows_runs(run: Run, fake: FakeArthas) -> None:
    fake.register(Command("external", lambda _call: []))
    assert run("exec", "help external").exit_code == 0


@pytest.mark.parametrize(
    ("line", "said", "hint"),
    [
        ("", "there is no command", "give one, such as 'version'; 'help' lists them"),
        (
            "thread 'x",
            "the quote is not closed",
            "close it with ', or write \\' outside quotes for a ' that is meant",
        ),
    ],
)
def test_a_line_that_cannot_be_read_has_a_hint(run: Run, line: str, said: str, hint: str) -> None:
    lines = run("exec", line).stderr.splitlines()
    assert lines[:2] == [f"arthas-shell: {said}", f"hint: {hint}"]


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
    hint = "hint: 'help sc' lists its options; after -- nothing is read as an option\n"
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
        ("echo '|' x", "'|' does not work over HTTP", "     ^^^"),
        ('echo ">>" file', "'>>' does not work over HTTP", "     ^^^^"),
        ("thread |", "nothing follows '|'", "       ^"),
        ("watch a b &", "only the shell runs commands in the background", "          ^"),
        ("thread -n 3;jvm", "only one command can be run here", "           ^"),
        ("watch a b params|head -3", "'params|head' can be read in two ways", "                ^"),
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
        "hint: put the command on one line, or quote the line break\n"
        "  version pwd\n"
        "         ^\n"
    )


def test_when_the_servers_help_cannot_be_had_that_is_the_error(run: Run, fake: FakeArthas) -> None:
    fake.faults.next(faults.unauthorized)
    ended = run("exec", "nosuchcommand")
    assert ended.exit_code == 4
    assert ended.stderr.startswith(
        "arthas-shell: the server requires a valid user name and password"
    )


def test_a_help_without_anything_in_it_lists_nothing(run: Run, fake: FakeArthas) -> None:
    odd: list[dict[str, object]] = [
        {"type": "help"},
        {"type": "help", "commands": [7, {"summary": "nameless"}]},
    ]
    fake.register(Command("help", lambda _call: odd))
    assert run("exec", "nosuchcommand").exit_code == 2
    assert run("exec", "sc --zzz a").exit_code == 2
