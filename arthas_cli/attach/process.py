"""A process as /proc has it: whose it is, what it is called inside its namespace, its state."""

from __future__ import annotations

import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import AttachFailed, NotPermitted, NotRun

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc")
_IS_LINUX: bool = sys.platform == "linux"
_FIELD = re.compile(r"^(\w+):\s*(.*)$", re.MULTILINE)
_QUIT_BIT = 1 << 2  # SIGQUIT is signal 3, and the first has bit 0
_START_FIELD = 19  # of those behind the name, which may hold anything, brackets too
_STOPPED, _ENDED = "Tt", "ZX"
# Both are in a HotSpot; OpenJ9 has the first as well, as a stand-in for its own.
_HOTSPOT, _OTHER_VM = "libjvm.so", "libj9vm"


class Ids(NamedTuple):
    """Whose a process is, as the system judges what it may do."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Process:
    """A process; `folder` is its own below /proc.

    `inner_pid`: as the process itself knows it, another one in a container. `start`: when it began,
    in ticks since the machine did, by which it is told from a later one of the same number.
    `catches_quit`: SIGQUIT does not end it.
    """

    folder: Path
    pid: int
    inner_pid: int
    ids: Ids
    state: str
    start: int
    catches_quit: bool

    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped by a signal or a debugger, and answers nobody."""
        return self.state in _STOPPED

    @property
    def root(self) -> Path:
        """Its file system, which in a container is another than ours."""
        return self.folder / "root"

    @property
    def has_ended(self) -> bool:
        """Whether it is no longer there, or its number is another's."""
        try:
            return read_process(self.pid, self.folder.parent).start != self.start
        except AttachFailed:
            return True


def require_linux() -> None:
    """Raise NotRun where there is no /proc to find a JVM by."""
    if not _IS_LINUX:
        raise NotRun(
            "JVMs of this machine can be found and attached to on Linux only",
            hint="attach with arthas-boot.jar, then give the address with --url",
        )


def read_process(pid: int, proc: Path = PROC) -> Process:
    """Return the process.

    Raises:
        AttachFailed: there is none of that number.
    """
    folder = proc / str(pid)
    try:
        status = (folder / "status").read_text("utf-8", "replace")
        start = parse_start((folder / "stat").read_text("utf-8", "replace"))
    except (FileNotFoundError, ProcessLookupError):
        raise _make_missing(pid) from None
    process = parse_process(folder, pid, status, start)
    if process.state in _ENDED:
        raise _make_missing(pid)
    return process


def _make_missing(pid: int) -> AttachFailed:
    return AttachFailed(
        f"there is no process {pid}", hint="run 'arthas-shell attach' to list the JVMs"
    )


def parse_process(folder: Path, pid: int, status: str, start: int) -> Process:
    """Return the process that the text of its `status` describes."""
    fields = dict(_FIELD.findall(status))
    return Process(
        folder,
        pid,
        inner_pid=int(fields.get("NSpid", str(pid)).split()[-1]),
        ids=Ids(_read_effective(fields["Uid"]), _read_effective(fields["Gid"])),
        state=fields["State"][:1],
        start=start,
        catches_quit=bool(int(fields["SigCgt"], 16) & _QUIT_BIT),
    )


def _read_effective(ids: str) -> int:
    return int(ids.split()[1])


def parse_start(text: str) -> int:
    """Return when a process began, from its `stat`, in ticks since the machine did."""
    return int(text.rpartition(")")[2].split()[_START_FIELD])


def list_pids(proc: Path = PROC) -> Iterator[int]:
    """Yield the numbers of all processes, in order."""
    yield from sorted(int(entry.name) for entry in proc.iterdir() if entry.name.isdecimal())


def find_library(process: Process) -> str | None:
    """Return where the process has HotSpot's library, as it sees it; None: it is no HotSpot.

    Raises:
        NotPermitted: it is another user's process.
    """
    try:
        maps = (process.folder / "maps").read_text("utf-8", "replace")
    except PermissionError:
        raise make_not_permitted(process) from None
    except OSError:
        return None
    if _OTHER_VM in maps:
        return None
    lines = (line for line in maps.splitlines() if _HOTSPOT in line)
    return next((line[line.index("/") :].removesuffix(" (deleted)") for line in lines), None)


def make_not_permitted(process: Process) -> NotPermitted:
    """Return the error of somebody who may not touch the process."""
    user = name_user(process.ids.uid)
    return NotPermitted(
        f"process {process.pid} belongs to '{user}'", hint=f"run it as '{user}' or as root"
    )


def name_user(uid: int) -> str:
    """Return what the user of that number is called; the number where nobody knows."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def is_shared(process: Process, kind: str) -> bool:
    """Return whether the process is in our own namespace of that kind: "net", "mnt", "pid"."""
    try:
        theirs = (process.folder / "ns" / kind).stat()
        ours = (process.folder.parent / "self" / "ns" / kind).stat()
    except OSError:
        return True
    return os.path.samestat(theirs, ours)


def is_socket(path: Path) -> bool:
    """Return whether a socket is there."""
    try:
        return stat.S_ISSOCK(path.lstat().st_mode)
    except OSError:
        return False
