"""Files that only their owner can read: how they are made, replaced and added to."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from arthas_cli.private_files import append, replacing, write_new

if TYPE_CHECKING:
    from pathlib import Path


def test_each_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    write_new(tmp_path / "new", b"1")
    append(tmp_path / "log", b"2")
    with replacing(tmp_path / "other") as file:
        file.write(b"3")
    made = {
        path.name: (path.stat().st_mode & 0o777, path.read_bytes()) for path in tmp_path.iterdir()
    }
    assert made == {"new": (0o600, b"1"), "log": (0o600, b"2"), "other": (0o600, b"3")}


def test_a_file_that_is_there_is_not_made_anew(tmp_path: Path) -> None:
    write_new(tmp_path / "new", b"1")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "new", b"2")
    assert (tmp_path / "new").read_bytes() == b"1"


def test_what_fails_half_way_changes_nothing(tmp_path: Path) -> None:
    write_new(tmp_path / "new", b"1")
    with suppress(KeyError), replacing(tmp_path / "new") as file:
        file.write(b"2")
        raise KeyError
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("new", b"1")]


def test_what_is_added_comes_behind_what_is_there(tmp_path: Path) -> None:
    append(tmp_path / "log", b"")
    append(tmp_path / "log", b"1")
    append(tmp_path / "log", b"2")
    assert (tmp_path / "log").read_bytes() == b"12"
