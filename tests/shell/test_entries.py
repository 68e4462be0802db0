"""The history's file: what is written comes back, whatever else is in it."""

from __future__ import annotations

import stat
import threading
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.shell.prompt.history_file import (
    KEPT_ENTRIES,
    MAX_ENTRIES,
    Entry,
    append_entry,
    format_entry,
    load_entries,
    parse_entries,
    parse_entry,
)

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = Entry("watch a.B c '{params}'", 1_700_000_000, "http://h/api", "a.Main", 1234, "lost")


def test_an_entry_is_one_line_of_json() -> None:
    assert format_entry(ENTRY) == (
        '{"at": 1700000000, "url": "http://h/api", "main": "a.Main", "ms": 1234,'
        ' "outcome": "lost", "rule": 2, "line": "watch a.B c \'{params}\'"}\n'
    )


@given(st.text(st.characters(), min_size=1))
def test_any_line_comes_back_as_it_was(line: str) -> None:
    written = format_entry(Entry(line))
    assert written.count("\n") == 1
    assert written.isascii()
    assert list(parse_entries(written)) == [Entry(line)]


@each_row(
    "text",
    [
        "",
        "nonsense",
        '{"line": "vers',
        "[1]",
        '{"line": 7}',
        '{"line": ""}',
        '{"at": 1}',
        "{" * 5000,
        '{"line":' + "[" * 100_000,
    ],
)
def test_what_is_no_entry_is_none(text: str) -> None:
    assert parse_entry(text) is None


def test_fields_that_are_missing_or_wrong_are_unknown() -> None:
    assert parse_entry('{"line": "jvm", "at": "now", "ms": NaN, "x": {}}') == Entry("jvm")


def test_a_broken_line_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b'{"line": "one"}\n{"line": "tw\n\xff\x00\n{"line": "three"}\n')
    assert [entry.line for entry in load_entries(path)] == ["one", "three"]


def test_what_an_older_version_wrote_is_read_with_its_time() -> None:
    text = "\n# 2026-01-02 03:04:05.678\n+version\n+pwd\n\n# no time\n+jvm\n" + format_entry(ENTRY)
    first, second, third = parse_entries(text)
    assert (first.line, second, third) == ("version\npwd", Entry("jvm"), ENTRY)
    assert first.at > 1_760_000_000


def test_an_entry_behind_one_that_was_cut_off_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text('{"line": "one"}\n{"line": "tw', encoding="utf-8")
    load_entries(path)
    append_entry(path, ENTRY)
    assert [entry.line for entry in load_entries(path)] == ["one", ENTRY.line]


def test_many_shells_write_at_once_without_tearing_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "history"

    def write(number: int) -> None:
        for _ in range(50):
            append_entry(path, Entry(str(number) * 5000))

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [entry.line for entry in load_entries(path)]
    assert len(lines) == 400
    assert {len(set(line)) for line in lines} == {1}


def test_a_file_that_is_too_long_keeps_its_newest_entries(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text(
        "".join(format_entry(Entry(f"echo {n}")) for n in range(MAX_ENTRIES + 1)), encoding="utf-8"
    )
    entries = load_entries(path)
    assert len(entries) == KEPT_ENTRIES
    assert entries[-1].line == f"echo {MAX_ENTRIES}"
    assert list(parse_entries(path.read_text(encoding="utf-8"))) == entries
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["history"]


def test_a_file_that_is_long_enough_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "history"
    text = "".join(format_entry(Entry(f"echo {n}")) for n in range(MAX_ENTRIES))
    path.write_text(text, encoding="utf-8")
    assert len(load_entries(path)) == MAX_ENTRIES
    assert path.read_text(encoding="utf-8") == text
