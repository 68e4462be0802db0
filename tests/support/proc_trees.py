"""Folders as /proc has them for processes, made of a few facts."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

STATUS = """\
Name:\t{name}
Umask:\t0022
State:\t{state}
Tgid:\t{pid}
Pid:\t{pid}
Uid:\t{uid}\t{uid}\t{uid}\t{uid}
Gid:\t{uid}\t{uid}\t{uid}\t{uid}
NSpid:\t{inner}
SigBlk:\t0000000000000000
SigCgt:\t{caught}
"""
LIBRARY = "/usr/lib/jvm/java-17/lib/server/libjvm.so"
MAPS = """\
55d0c0a3c000-55d0c0a3d000 r-xp 00001000 08:01 1310 /usr/lib/jvm/java-17/bin/java
7f1c2c000000-7f1c2d200000 r-xp 00000000 08:01 1318 {library}
"""
JAVA_SIGNALS = "2000000181005ccf"


def make_process(  # noqa: PLR0913 - the facts of a process
    proc: Path,
    pid: int,
    command: Sequence[str],
    *,
    uid: int | None = None,
    inner: str | None = None,
    state: str = "S (sleeping)",
    start: int = 4_000,
    caught: str = JAVA_SIGNALS,
    maps: str | None = MAPS,
    library: str = LIBRARY,
    threads: Sequence[str] = ("java",),
) -> Path:
    """Makes the folder of a process; `maps` None: they may not be read."""
    folder = proc / str(pid)
    (folder / "root" / "tmp").mkdir(parents=True)
    name = command[0].rpartition("/")[2][:15]
    owner = os.getuid() if uid is None else uid
    facts = {"name": name, "state": state, "pid": pid, "uid": owner, "caught": caught}
    (folder / "status").write_text(STATUS.format(**facts, inner=inner or pid))
    numbers = " ".join(["0"] * 18)
    (folder / "stat").write_text(f"{pid} ({name}) ) {state[0]} {numbers} {start} 0 0")
    (folder / "cmdline").write_bytes(b"".join(word.encode() + b"\0" for word in command))
    if maps is not None:
        (folder / "maps").write_text(maps.format(library=library))
    for number, thread in enumerate(threads):
        (folder / "task" / str(pid + number)).mkdir(parents=True)
        (folder / "task" / str(pid + number) / "comm").write_text(thread + "\n")
    return folder


def make_perf_data(values: Mapping[str, str]) -> bytes:
    """Returns what a little-endian JVM publishes."""
    entries = b""
    for name, value in values.items():
        name_bytes, text = name.encode() + b"\0", value.encode() + b"\0"
        data_at = 20 + len(name_bytes)
        size = data_at + len(text)
        size += -size % 8
        head = struct.pack("<iiibbbbi", size, 20, len(text), ord("B"), 0, 5, 1, data_at)
        entries += (head + name_bytes + text).ljust(size, b"\0")
    head = b"\xca\xfe\xc0\xc0" + bytes([1, 2, 0, 1])
    return head + struct.pack("<iiqii", 0, 0, 0, 32, len(values)) + entries
