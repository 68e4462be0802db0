"""Lines that are refused, and what is asked for them; lines that go out unchecked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.fake import Command, FakeArthas
from support.program import shell
from support.record_help import load_help

from .conftest import list_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import Run

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


def test_the_version_is_asked_once_for_all_lines_of_a_run(run: Run, fake: FakeArthas) -> None:
    line = "watch demo.MathGame run --timeout 5 -n 1"
    assert run("run", "-", stdin=f"{line}\n{line}\n").exit_code == 0
    assert list_lines(fake).count("version") == 1


def test_an_old_server_gets_neither_the_bound_nor_another_in_its_place() -> None:
    with FakeArthas(version="3.6.4") as fake:
        shell("exec", "watch demo.MathGame run -n 1 -x 0", ARTHAS_SHELL_URL=fake.url)
    assert "watch demo.MathGame run -n 1 -x 0" in list_lines(fake)


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
            "'--timeout' of 'watch' was added in Arthas 4.1.3; this server is 3.4.6",
            "leave it out, or attach a newer Arthas",
        ),
        (
            "watch a b -x 0",
            "4.1.5",
            "'-x 0' shows no value on Arthas 4.1.5",
            "use 1",
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
