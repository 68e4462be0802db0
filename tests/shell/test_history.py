from __future__ import annotations

import asyncio
import json
import stat
import time
from typing import TYPE_CHECKING

import pytest
from support.fake import faults
from support.table import each_row

from arthas_cli.errors import LineError
from arthas_cli.shell.prompt.history import expand_reference, list_entries, open_history
from arthas_cli.shell.prompt.history_file import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from prompt_toolkit.history import History

    from arthas_cli.shell.prompt.history import ShellHistory

    from .conftest import User


def load(history: History) -> list[str]:
    """Returns what a new shell finds, the oldest first."""

    async def read() -> list[str]:
        return [line async for line in history.load()]

    return asyncio.run(read())[::-1]


def keep(history: ShellHistory, *lines: str) -> None:
    for line in lines:
        with history.keep(line):
            pass


def test_a_line_with_the_password_of_the_connection_is_never_kept(tmp_path: Path) -> None:
    history = open_history(tmp_path / "history", ["sesame"])
    keep(history, "echo sesame", "echo ses'ame'", "echo same")
    assert history.get_strings() == ["echo same"]
    assert "ses" not in (tmp_path / "history").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", ["echo se\"sa'me", "echo 'se\"sa'\"'\"'me'", r"echo se\"sa\'me"])
def test_nor_is_one_with_a_password_that_has_quotes(tmp_path: Path, line: str) -> None:
    history = open_history(tmp_path / "history", ["se\"sa'me", "''"])
    keep(history, line, "echo 'same'")
    assert history.get_strings() == ["echo 'same'"]


def test_lines_that_an_older_version_kept_are_dropped_from_the_file_where_they_hold_a_secret(
    tmp_path: Path,
) -> None:
    path = tmp_path / "history"
    old = ["version", 'ognl \'#{"password":"hunter2"}\'', "pwd"]
    path.write_text("".join(json.dumps({"line": line}) + "\n" for line in old))
    assert load(open_history(path)) == ["version", "pwd"]
    assert "hunter2" not in path.read_text()
    before = path.stat().st_ino
    assert load(open_history(path)) == ["version", "pwd"]
    assert path.stat().st_ino == before


def test_the_next_shell_finds_the_lines_of_this_one(tmp_path: Path) -> None:
    keep(open_history(tmp_path / "new" / "history"), "version", "thread -n 3")
    assert load(open_history(tmp_path / "new" / "history")) == ["version", "thread -n 3"]


def test_secrets_and_blank_lines_are_kept_neither_in_the_file_nor_in_memory(
    tmp_path: Path,
) -> None:
    history = open_history(tmp_path / "history")
    keep(history, "auth hunter2", "   ", "version")
    assert history.get_strings() == ["version"]
    assert "hunter2" not in (tmp_path / "history").read_text(encoding="utf-8")


def test_nobody_else_can_read_the_file_even_if_they_could_before(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.touch(0o644)
    open_history(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_where_no_file_can_be_had_the_lines_are_kept_in_memory_without_secrets(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    history = open_history(tmp_path / "file" / "history")
    keep(history, "version", "auth hunter2")
    assert history.get_strings() == ["version"]


def test_a_file_that_cannot_be_read_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "history").mkdir()
    history = open_history(tmp_path / "history")
    keep(history, "version")
    assert history.get_strings() == ["version"]
    assert load(open_history(tmp_path / "history")) == []


def test_a_pasted_line_of_many_comes_back_whole(tmp_path: Path) -> None:
    keep(open_history(tmp_path / "history"), "version\npwd")
    assert load(open_history(tmp_path / "history")) == ["version\npwd"]


def test_of_lines_typed_twice_the_last_is_gone_through_and_all_are_listed(tmp_path: Path) -> None:
    keep(open_history(tmp_path / "history"), "version", "pwd", "version")
    history = open_history(tmp_path / "history")
    assert history.get_strings() == load(history) == ["pwd", "version"]
    assert [entry.line for entry in history.entries] == ["version", "pwd", "version"]


def test_what_became_of_a_line_is_in_the_file_for_the_next_shell(tmp_path: Path) -> None:
    with open_history(tmp_path / "history").keep("thread", "http://a/api", "demo.MathGame") as said:
        said.outcome = "failed"
    [entry] = open_history(tmp_path / "history").entries
    assert (entry.url, entry.main_class, entry.outcome) == (
        "http://a/api",
        "demo.MathGame",
        "failed",
    )
    assert entry.at > 1_700_000_000
    assert entry.duration_ms < 10_000


def test_a_line_whose_shell_was_ended_is_in_the_file_as_interrupted(tmp_path: Path) -> None:
    history = open_history(tmp_path / "history")
    with pytest.raises(KeyboardInterrupt), history.keep("watch a b"):
        raise KeyboardInterrupt
    assert open_history(tmp_path / "history").entries[0].outcome == "interrupted"


ENTRIES = [Entry("version"), Entry("pwd"), Entry("thread -n 3")]


@each_row(
    ("line", "meant"),
    [
        ("!!", "thread -n 3"),
        ("!1", "version"),
        ("!-2", "pwd"),
        ("!! | grep http", "thread -n 3 | grep http"),
        ("echo !!", "echo !!"),
        ("version", "version"),
    ],
)
def test_a_reference_at_the_beginning_means_a_line_of_the_history(line: str, meant: str) -> None:
    assert expand_reference(line, ENTRIES) == meant


@each_row(
    ("line", "what", "span"),
    [
        ("!4", "there is no line 4 in the history", (0, 2)),
        ("!0 x", "there is no line 0 in the history", (0, 2)),
        ("!-4", "there is no line -4 in the history", (0, 3)),
        ("!ls -l", "this is not a line of the history", (0, 3)),
        ("!1x", "this is not a line of the history", (0, 3)),
        ("!", "this is not a line of the history", (0, 1)),
    ],
)
def test_any_other_line_that_begins_so_is_an_error(
    line: str, what: str, span: tuple[int, int]
) -> None:
    with pytest.raises(LineError) as caught:
        expand_reference(line, ENTRIES)
    assert (caught.value.message, caught.value.span) == (what, span)


def test_without_a_history_there_is_no_last_line() -> None:
    with pytest.raises(LineError, match="nothing was typed yet"):
        expand_reference("!!", [])


def test_a_list_tells_time_target_and_what_went_wrong() -> None:
    now = time.mktime((2026, 3, 4, 12, 0, 0, 0, 0, -1))
    entries = [
        Entry("watch a b", int(now) - 86400, "http://h:8563/api", "demo.MathGame", 9, "failed"),
        Entry("version\npwd", int(now) - 60, "http://h:8563/api", "", 9, "ok"),
        Entry("jvm"),
    ]
    assert list_entries(entries, 3, now) == [
        "    1  2026-03-03  demo.MathGame      failed  watch a b",
        "    2  11:59:00    http://h:8563/api          version␊pwd",
        "    3                                         jvm",
    ]
    assert list_entries(entries, 1, now) == ["    3  jvm"]
    assert list_entries(entries, 0, now) == []


def test_only_lines_that_begin_as_what_is_typed_come_up(user: User) -> None:
    for line in ("pwd", "version", "echo a"):
        user.enter(line)
    user.type("pw\x1b[A")
    user.wait_for(lambda: user.line == "pwd")


def test_a_reference_is_shown_before_it_runs_and_kept_as_what_it_means(user: User) -> None:
    user.enter("echo a")
    assert user.enter("!!") == "echo a\na\n"
    assert user.enter("!1") == "echo a\na\n"
    user.type("\x1b[A")
    user.wait_for(lambda: user.line == "echo a")


def test_what_is_no_reference_is_not_sent(user: User) -> None:
    sent = len(user.fake.requests)
    assert user.enter("!ls") == (
        "arthas-shell: this is not a line of the history\n"
        "hint: use !! for the last line, !7 for line 7, !-2 for the last but one; see 'history'\n"
        "  !ls\n  ^^^\n"
    )
    assert len(user.fake.requests) == sent


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("version", "ok"),
        ("history", "ok"),
        ("thread 99", "failed"),
        ("wach a b", "failed"),
        ("history all", "failed"),
    ],
)
def test_the_history_knows_how_a_line_ended(
    user: User, home: Path, line: str, outcome: str
) -> None:
    user.enter(line)
    [path] = [path for path in home.rglob("history") if path.is_file()]
    assert open_history(path).entries[0].outcome == outcome


def test_the_history_knows_that_a_stream_was_stopped(user: User, home: Path) -> None:
    user.run_endless()
    user.type("q")
    user.find_prompt()
    [path] = [path for path in home.rglob("history") if path.is_file()]
    assert open_history(path).entries[0].outcome == "interrupted"


def test_the_history_knows_that_a_stream_was_left_running(user: User, home: Path) -> None:
    user.run_endless()
    user.type("\x1a")
    user.see("still running; 'fg' brings it back")
    user.find_prompt()
    [path] = [path for path in home.rglob("history") if path.is_file()]
    assert open_history(path).entries[0].outcome == "left"


def test_the_history_knows_that_the_server_was_lost(user: User, home: Path) -> None:
    user.fake.faults.next(faults.cut_before_headers, times=2, action="async_exec")
    user.enter("version")
    [path] = [path for path in home.rglob("history") if path.is_file()]
    assert open_history(path).entries[0].outcome == "lost"
