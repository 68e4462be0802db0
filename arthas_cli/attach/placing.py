"""Where the JVM finds the files of Arthas: where they are, or in a copy in its own /tmp.

A copy is made where its user may not read ours, or another file system is beneath it. Whoever made
one takes it away again: `remove_copy`.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from arthas_cli.attach.acting import call_as
from arthas_cli.attach.distribution import AGENT_JAR, CORE_JAR
from arthas_cli.environment import NO_ROOM
from arthas_cli.errors import AttachFailed, NotRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.attach.process import Process


# What Arthas needs beside it: the rest of its folder is for those who start it.
_WANTED = (AGENT_JAR, CORE_JAR, "arthas-spy.jar", "arthas.properties", "logback.xml")
_LIBRARIES = ("async-profiler", "lib")
_TMP = "tmp"
# Signs that the agent takes for its own, and longer than a request has room for.
_UNUSABLE, _MAX_PATH = ";", 256


def place_arthas(process: Process, home: Path, tell: Callable[[str], None]) -> str:
    """Return the folder of Arthas as the process sees it.

    `tell` is told the name of a copy before there is one.

    Raises:
        NotRun: we cannot read it ourselves.
        AttachFailed: there is no room for a copy.
    """
    path = os.fspath(home.resolve())
    is_usable = _UNUSABLE not in path and len(os.fsencode(path)) <= _MAX_PATH
    if is_usable and _is_seen(process, home):
        return path
    name = f"arthas-shell-{secrets.token_hex(8)}"
    with ExitStack() as stack:
        try:
            sources = {
                file: stack.enter_context((home / file).open("rb")) for file in list_files(home)
            }
            size = sum(os.fstat(source.fileno()).st_size for source in sources.values())
        except OSError as error:
            raise NotRun(
                f"cannot read the Arthas in '{home}': {error.strerror}",
                hint="make the folder readable, or name another one with --arthas-home",
            ) from error
        tell(name)
        _copy(process, name, sources, size)
    return f"/{_TMP}/{name}"


def remove_copy(process: Process, name: str) -> None:
    """Remove a copy, as the user who made it; where the process has ended, with its files."""
    root = Path("/") if process.has_ended else process.root

    def remove() -> str:
        shutil.rmtree(root / _TMP / name, ignore_errors=True)
        return ""

    with suppress(OSError, AttachFailed):
        call_as(process.ids, remove)


def list_files(home: Path) -> list[str]:
    """Return the files of that folder that Arthas needs, by their names in it."""
    found = [name for name in _WANTED if (home / name).exists()]
    for folder in _LIBRARIES:
        found += [f"{folder}/{path.name}" for path in sorted((home / folder).glob("*"))]
    return found


def _is_seen(process: Process, home: Path) -> bool:
    """Return whether the process would find these very files under our own names for them."""

    def look() -> str:
        for name in (AGENT_JAR, CORE_JAR):
            path = home.resolve() / name
            with (process.root / path.relative_to("/")).open("rb") as theirs:
                if os.fstat(theirs.fileno())[1:3] != ours[name]:  # inode and device
                    return ""
        return "seen"

    try:
        ours = {name: (home / name).stat()[1:3] for name in (AGENT_JAR, CORE_JAR)}
        return bool(call_as(process.ids, look))
    except (OSError, AttachFailed):
        return False


def _copy(process: Process, name: str, sources: Mapping[str, BinaryIO], size: int) -> None:
    folder = process.root / _TMP / name

    def copy() -> str:
        folder.mkdir(mode=0o700)
        try:
            _check_room(folder, size)
            for file, source in sources.items():
                (folder / PurePosixPath(file).parent).mkdir(mode=0o700, exist_ok=True)
                with (folder / file).open("xb") as new:
                    shutil.copyfileobj(source, new)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return ""

    try:
        call_as(process.ids, copy)
    except KeyboardInterrupt:  # the child has ended in the midst of it
        remove_copy(process, name)
        raise
    except OSError as error:
        if error.errno in NO_ROOM:
            raise _make_full(process, size) from error
        raise AttachFailed(
            f"cannot copy Arthas to /tmp of process {process.pid}: {error.strerror}",
            hint="make its /tmp writable, or use an Arthas that its user can read, with"
            " --arthas-home",
        ) from error


def _check_room(folder: Path, size: int) -> None:
    found = os.statvfs(folder)
    if found.f_bavail * found.f_frsize < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _make_full(process: Process, size: int) -> AttachFailed:
    return AttachFailed(
        f"there is no room for Arthas in /tmp of process {process.pid}: it takes"
        f" {-(-size // (1 << 20))} MiB",
        hint="make room there, or use an Arthas that its user can read, with --arthas-home",
    )
