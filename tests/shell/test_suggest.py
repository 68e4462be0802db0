"""Grey suggestions: what may be suggested, and what the keys do with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.document import Document
from support.table import each_row

from arthas_cli.shell.commands import HARMLESS
from arthas_cli.shell.prompt.autosuggest import (
    HistorySuggest,
    may_suggest,
)
from arthas_cli.shell.prompt.history import open_history

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import User

END, RIGHT, CTRL_E = "\x1b[F", "\x1b[C", "\x05"


@each_row(
    "line",
    [
        "version",
        "thread -n 3",
        "watch demo.MathGame primeFactors '{params,returnObj,throwExp}' -n 5 -x 2",
        "watch a.B c returnObj 'params[0]>=7 && #cost>100'",
        "tt -t a.B c -n 5",
        "options unsafe",
        "sysprop user.dir",
        "getstatic a.B field",
        "version ; jvm",
        "version;jvm",
        "watch a.B c params[0]>1||params[0]<0",
        ":info",
        "history 5",
    ],
)
def test_a_line_that_only_reads_or_observes_may_be_suggested(line: str) -> None:
    assert may_suggest(line, HARMLESS)


@each_row(
    "line",
    [
        "ognl '@a.B@c'",
        "ognl 1",
        "vmtool --action getInstances --className a.B",
        "stop",
        "reset",
        "heapdump",
        "redefine A.class",
        "options unsafe true",
        "sysprop a b",
        "vmoption PrintGC true",
        "logger --level debug",
        "logger -n ROOT -l debug",
        "tt -i 1000 -p",
        "tt -d -i 1000",
        "tt --delete-all",
        "tt -i 1000 -w 'target.clear()'",
        "watch a.B c 'params[0].setX(1)'",
        "watch a.B c params 'params[0]=1'",
        "watch a.B c @a.B@c",
        "watch a.B c 'new a.B'",
        "getstatic a.B field 'clear()'",
        "classloader --load a.B",
        "jad a.B -d /tmp",
        "base64 -o x y",
        "profiler start",
        "jfr start",
        "somebodys-command",
        "thread --unknown",
        "version ; stop",
        "thread > file",
        "thread | sh",
        "thread|sh",
        "sysprop a|sh",
        "version;stop",
        "watch a.B c&",
        "version &",
        "kill 1",
        "quit",
        ":raw version",
        ":orphans end 3",
        ":every 2s stop",
        ":save a.txt",
        "watch 'a",
        "",
    ],
)
def test_a_line_that_may_change_something_is_never_suggested(line: str) -> None:
    assert not may_suggest(line, HARMLESS)


def suggest(path: Path, typed: str, *lines: str) -> str | None:
    history = open_history(path / "history")
    for line in lines:
        with history.keep(line):
            pass
    buffer = None
    found = HistorySuggest(history, HARMLESS).get_suggestion(buffer, Document(typed))  # type: ignore[arg-type]
    return found.text if found else None


def test_the_newest_line_that_begins_so_is_suggested(tmp_path: Path) -> None:
    assert suggest(tmp_path, "thr", "thread 1", "thread 2", "version") == "ead 2"


def test_a_line_that_changes_something_gives_way_to_an_older_one(tmp_path: Path) -> None:
    assert suggest(tmp_path, "options u", "options unsafe", "options unsafe true") == "nsafe"


@pytest.mark.parametrize("typed", ["", "  ", "version", "x"])
def test_nothing_is_suggested_where_nothing_fits(tmp_path: Path, typed: str) -> None:
    assert suggest(tmp_path, typed, "version") is None


def test_enter_takes_what_is_typed_and_not_what_is_suggested(user: User) -> None:
    user.enter("echo one")
    user.find_prompt()
    user.type("echo")
    user.wait_for(lambda: user.suggestion == " one")
    user.enter("")
    sent = [seen.body["command"] for seen in user.fake.requests if seen.action == "async_exec"]
    assert sent == ["echo one", "echo"]


@pytest.mark.parametrize("key", [RIGHT, CTRL_E, END])
def test_these_keys_take_a_suggestion(user: User, key: str) -> None:
    user.enter("echo one")
    user.find_prompt()
    user.type("echo")
    user.wait_for(lambda: user.suggestion == " one")
    user.type(key)
    user.wait_for(lambda: user.line == "echo one")
