from __future__ import annotations

import asyncio
import stat
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.buffer import Buffer

from arthas_cli.shell.history import open_history
from arthas_cli.shell.secrets import holds_secret

if TYPE_CHECKING:
    from pathlib import Path

    from prompt_toolkit.history import History


def load(history: History) -> list[str]:
    """Returns what a new shell finds, the oldest first."""

    async def read() -> list[str]:
        return [line async for line in history.load()]

    return asyncio.run(read())[::-1]


def keep(history: History, *lines: str) -> None:
    for line in lines:
        history.append_string(line)


@pytest.mark.parametrize(
    "line",
    [
        "auth hunter2",
        "  auth --username ops hunter2",
        "'auth' hunter2",
        'au"th" hunter2',
        "\\auth hunter2",
        "Auth hunter2",
        "version\nauth hunter2",
        "\n\nauth hunter2",
    ],
)
def test_a_password_is_found_however_its_command_is_written(line: str) -> None:
    assert holds_secret(line)


@pytest.mark.parametrize("line", ["", "  ", "version", "help auth", "authority x", "sc *auth*"])
def test_other_lines_hold_no_secret(line: str) -> None:
    assert not holds_secret(line)


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


def test_a_line_typed_twice_running_is_kept_once(tmp_path: Path) -> None:
    buffer = Buffer(history=open_history(tmp_path / "history"))
    for _ in range(2):
        buffer.text = "version"
        buffer.append_to_history()
    assert buffer.history.get_strings() == ["version"]
