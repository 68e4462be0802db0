"""What we know of the Arthas that we put into JVMs, in files that their owner alone can read.

One for each JVM, named by its pid and start: the port and the password. Beside it a lock that
whoever uses that Arthas shares, so that the last one knows it, and one for who attaches or leaves.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from arthas_cli.attach.process import read_process
from arthas_cli.config.credentials import Credentials
from arthas_cli.errors import AttachFailed, NotRun
from arthas_cli.private_files import open_privately, replacing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arthas_cli.attach.process import Process

_FOLDER = "arthas-shell"
_RECORD, _USERS, _GATE = ".json", ".users", ".gate"
_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Record:
    """An Arthas that we put into a JVM.

    `copy`: the name of the folder with its files in the JVM's /tmp, None where it has ours.
    `stays`: it is to go on when nobody uses it. `is_up`: it has answered.
    """

    port: int
    username: str
    password: str = field(repr=False)
    copy: str | None = None
    stays: bool = False
    is_up: bool = False

    @property
    def credentials(self) -> Credentials:
        """Who is let in."""
        return Credentials(self.username, self.password)


def find_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return our folder for what lasts as long as the machine runs, made if it is not there.

    Raises:
        NotRun: it cannot be made, or others may enter it.
    """
    uid = os.getuid()
    bases = [Path(base) for base in (environ.get("XDG_RUNTIME_DIR"), f"/run/user/{uid}") if base]
    base = next((base for base in bases if _is_ours(base)), None)
    folder = base / _FOLDER if base else Path(tempfile.gettempdir(), f"{_FOLDER}-{uid}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise NotRun(
            f"cannot make the folder '{folder}': {error.strerror}",
            hint="set XDG_RUNTIME_DIR to a folder of yours",
        ) from error
    if not _is_ours(folder) or folder.lstat().st_mode & 0o077:
        raise NotRun(
            f"the folder '{folder}' is open to other users",
            hint="remove it, or set XDG_RUNTIME_DIR to a folder of yours",
        )
    return folder


def _is_ours(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


class Place:
    """What is kept of the JVM of that name. `share` before it is used, `is_last` behind it."""

    def __init__(self, folder: Path, name: str) -> None:
        self._stem = folder / name
        self._users: int | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others from attaching and leaving meanwhile; it waits for those who do."""
        gate = self._enter_gate()
        try:
            yield
        finally:
            os.close(gate)

    def read(self) -> Record | None:
        """Return what is known, None for nothing."""
        try:
            facts = json.loads(self._path(_RECORD).read_text("utf-8"))
            return Record(**facts)
        except (OSError, ValueError, TypeError):
            return None

    def write(self, record: Record) -> None:
        """Keep what is known; raises OSError."""
        with replacing(self._path(_RECORD)) as file:
            file.write(json.dumps(asdict(record)).encode())

    def forget(self) -> None:
        """Remove all files; only within `alone`."""
        for suffix in (_RECORD, _USERS, _GATE):
            self._path(suffix).unlink(missing_ok=True)

    def share(self) -> None:
        """Be one of those who use it, until `is_last` or the end of the process; within `alone`."""
        import fcntl

        self._users = open_privately(self._path(_USERS), os.O_RDWR | os.O_CREAT)
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """Use it no longer, and return whether nobody else does; within `alone`."""
        import fcntl

        if self._users is None:
            return False
        users, self._users = self._users, None
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(users)
        return True

    def _path(self, suffix: str) -> Path:
        return self._stem.with_name(self._stem.name + suffix)

    def _enter_gate(self) -> int:
        """Return the descriptor that holds the gate: closed, it is open."""
        import fcntl

        path = self._path(_GATE)
        while True:
            gate = open_privately(path, os.O_RDWR | os.O_CREAT)
            try:
                fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(gate), path.stat()):
                    return gate
            except OSError:  # somebody is in it, or has just removed it
                time.sleep(_PAUSE_S)
            os.close(gate)


def name_process(process: Process) -> str:
    """Return the name of the JVM that a process is."""
    return f"{process.pid}-{process.start}"


def sweep(folder: Path) -> None:
    """Remove what is kept of JVMs that have ended."""
    for path in folder.glob("*-*.*"):
        pid, _, start = path.stem.partition("-")
        with suppress(ValueError, OSError):
            if not _runs(int(pid), int(start)):
                path.unlink(missing_ok=True)


def _runs(pid: int, start: int) -> bool:
    try:
        return read_process(pid).start == start
    except AttachFailed:
        return False
