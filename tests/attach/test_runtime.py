from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.proc_trees import make_process

from arthas_cli.attach import runtime
from arthas_cli.attach.process import Process, read_process
from arthas_cli.attach.runtime import Place, Record, find_folder, name_process, sweep
from arthas_cli.errors import NotRun
from arthas_cli.private_files import open_privately

if TYPE_CHECKING:
    from pathlib import Path

RECORD = Record(40123, "arthas", "sesame", copy="arthas-shell-1")


@pytest.fixture
def process(tmp_path: Path) -> Process:
    make_process(tmp_path / "proc", 7, ["java"], start=4000)
    return read_process(7, tmp_path / "proc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return find_folder({"XDG_RUNTIME_DIR": str(tmp_path)})


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_kept_is_named_by_pid_and_start_and_for_its_owner_alone(
    folder: Path, process: Process
) -> None:
    place = Place(folder, name_process(process))
    with place.alone():
        place.write(RECORD)
        place.share()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list_names(folder) == ["7-4000.gate", "7-4000.json", "7-4000.users"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert Place(folder, name_process(process)).read() == RECORD
    assert "sesame" not in repr(RECORD)


def test_the_last_one_knows_that_it_is_the_last(folder: Path, process: Process) -> None:
    first, second = Place(folder, name_process(process)), Place(folder, name_process(process))
    for place in (first, second):
        with place.alone():
            place.share()
    with first.alone():
        assert not first.is_last()
    with second.alone():
        assert second.is_last()
        second.forget()
    assert list_names(folder) == []


def test_who_was_killed_uses_it_no_longer(folder: Path, process: Process) -> None:
    place = Place(folder, name_process(process))
    with place.alone():
        place.share()
    script = (
        "import fcntl, os, signal, sys\n"
        "users = os.open(sys.argv[1], os.O_RDWR)\n"
        "fcntl.flock(users, fcntl.LOCK_SH)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = folder / "7-4000.users"
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode == -9
    with place.alone():
        assert place.is_last()


def test_the_gate_holds_although_it_is_removed_at_each_end(folder: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from arthas_cli.attach.process import read_process\n"
        "from arthas_cli.attach.runtime import Place, name_process\n"
        "folder, number = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "place = Place(folder, name_process(read_process(int(sys.argv[3]))))\n"
        "for _ in range(40):\n"
        "    with place.alone():\n"
        "        number.write_text(str(int(number.read_text()) + 1))\n"
        "        place.forget()\n"
    )
    number = folder / "number"
    number.write_text("0")
    command = [sys.executable, "-c", script, str(folder), str(number), str(os.getpid())]
    both = [subprocess.Popen(command) for _ in range(3)]
    assert [one.wait(60) for one in both] == [0, 0, 0]
    assert number.read_text() == "120"


def test_a_gate_that_was_removed_before_it_was_entered_is_entered_anew(
    folder: Path, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def open_and_lose(path: Path, flags: int) -> int:
        descriptor = open_privately(path, flags)
        if not opened:
            path.unlink()
        opened.append(path)
        return descriptor

    monkeypatch.setattr(runtime, "open_privately", open_and_lose)
    with Place(folder, name_process(process)).alone():
        assert opened == [folder / "7-4000.gate"] * 2
        assert list_names(folder) == ["7-4000.gate"]


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"port": 1, "other": 2}'])
def test_what_is_no_record_is_none(folder: Path, process: Process, content: str) -> None:
    (folder / "7-4000.json").write_text(content)
    assert Place(folder, name_process(process)).read() is None


def test_what_is_kept_of_a_jvm_that_has_ended_is_removed(folder: Path) -> None:
    own = read_process(os.getpid())
    for stem in (f"{own.pid}-{own.start}", f"{own.pid}-{own.start + 1}", "999999999-1"):
        for suffix in ("json", "users", "gate"):
            (folder / f"{stem}.{suffix}").write_text(json.dumps({}))
    (folder / "999999999-2.gate").touch()
    sweep(folder)
    assert list_names(folder) == [
        f"{own.pid}-{own.start}.{suffix}" for suffix in ("gate", "json", "users")
    ]


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "arthas-shell").mkdir(mode=0o755)
    (tmp_path / "arthas-shell").chmod(0o755)
    with pytest.raises(NotRun, match=r"is open to other users$"):
        find_folder({"XDG_RUNTIME_DIR": str(tmp_path)})


def test_a_folder_behind_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir(mode=0o700)
    (tmp_path / "arthas-shell").symlink_to(tmp_path / "other")
    with pytest.raises(NotRun, match=r"is open to other users$"):
        find_folder({"XDG_RUNTIME_DIR": str(tmp_path)})
