"""`get`: a file of the server's output folder, to a file here or to stdout, and what is there.

A file comes under a temporary name beside its target and takes its own only when it is whole, so
that neither a broken connection nor Ctrl+C nor a full disk leaves half of one. Nothing is held in
memory, and one whose length is not announced may take nine tenths of the room that there is.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from arthas_cli.environment import NO_ROOM
from arthas_cli.errors import ArthasShellError, BadAnswer, CommandFailed, ExitCode, NotRun
from arthas_cli.interrupts import Interrupts, LeaveNow
from arthas_cli.output import Paper, write_bytes
from arthas_cli.private_files import open_new
from arthas_cli.progress import format_progress, format_size
from arthas_cli.text import count, one_line
from arthas_cli.transport.files import NoSuchFile, list_files, open_file
from arthas_cli.transport.folder import FOLDER, normalise_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from arthas_cli.config.settings import Connection
    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.environment import Environment
    from arthas_cli.transport.files import Download
    from arthas_cli.transport.folder import Entry

_MAX_NAMED = 8
_REDRAW_S = 0.1
_ROOM_HINT = "make room there, or give it a name on another disk"
_PROFILES = (".html", ".txt", ".svg", ".collapsed", ".jfr", ".md")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to get. `target`: a file or folder here, None for the file's own name here.

    Of `run_get`: a `name` that is empty or ends in a slash asks what is there, and the `target`
    "-" is stdout.
    """

    name: str
    target: str | None = None
    overwrites: bool = False


def run_get(
    connection: Connection, environment: Environment, diagnostics: Diagnostics, wish: Wish
) -> ExitCode:
    """Get a file, or return what is there.

    Raises:
        ArthasShellError: as `get_file`, `copy_file`, `show_files`; Interrupted at a signal.
    """
    interrupts = Interrupts()
    with interrupts.watch():
        try:
            if not wish.name or wish.name.endswith("/"):
                show_files(connection, Paper(environment.stdout), diagnostics, wish.name)
            elif wish.target == "-":
                copy_file(connection, diagnostics, wish.name, environment.stdout)
            else:
                get_file(connection, diagnostics, wish)
        except LeaveNow as abandon:
            raise (interrupts.error or abandon) from None
    return ExitCode.OK


def get_file(connection: Connection, diagnostics: Diagnostics, wish: Wish) -> Path:
    """Download a file; return where it is.

    Raises:
        NotRun: the target already exists, or cannot be written.
        CommandFailed: there is no room for it.
        ArthasShellError: it does not come, or not whole.
    """
    inside = normalise_name(wish.name)
    path = find_target(inside, wish.target)
    if path.exists() and not wish.overwrites:
        raise _already_there(path)
    try:
        with open_file(connection, inside) as download:
            size = _save(download, path, diagnostics, overwrites=wish.overwrites)
    except NoSuchFile as error:
        raise _name_others(error, connection, inside) from None
    if size == 0:
        diagnostics.warn(f"'{path}' is empty{_explain_empty(path)}")
    diagnostics.note(f"{path}: {format_size(size)}")
    return path


def copy_file(connection: Connection, diagnostics: Diagnostics, name: str, stream: TextIO) -> None:
    """Write a file to stdout as it comes.

    Raises:
        NotRun: stdout is a terminal.
        ArthasShellError: it does not come, or not whole.
    """
    if stream.isatty():
        raise NotRun(
            "refusing to write a file to the terminal",
            hint="redirect it: arthas-shell get NAME -O - > FILE",
        )
    inside = normalise_name(name)
    try:
        with open_file(connection, inside) as download:
            write_bytes(stream, _receive(download, inside, diagnostics))
    except NoSuchFile as error:
        raise _name_others(error, connection, inside) from None


def show_files(
    connection: Connection, paper: Paper, diagnostics: Diagnostics, folder: str = ""
) -> None:
    """List the output folder, or one in it, a line each; raises as `list_files`."""
    lines = format_listing(list_files(connection, normalise_name(folder)))
    for line in lines:
        paper.write(line)
    paper.flush()
    if not lines:
        diagnostics.note(f"{folder or FOLDER} is empty")


def format_listing(entries: list[Entry]) -> list[str]:
    """Return a line for each entry: its size in bytes, its time, its name."""
    sizes = ["-" if entry.size is None else str(entry.size) for entry in entries]
    width = max(map(len, sizes), default=0)
    return [
        f"{size:>{width}}  {entry.time:<19}  {one_line(entry.name)}"
        for size, entry in zip(sizes, entries, strict=True)
    ]


def find_target(inside: str, target: str | None) -> Path:
    """Return the local file: what is in the folder's folders lands under its last name.

    Raises:
        NotRun: the name is that of a folder, or of no file here.
    """
    base = inside.rpartition("/")[2]
    path = Path(target).expanduser() if target else Path(base)
    if not base:
        raise NotRun(f"'{inside or FOLDER}' is a folder", hint="name a file in it")
    if target and path.is_dir():
        path /= base
    if ("\0" in str(path)) or one_line(path.name) != path.name:
        raise NotRun(f"'{path.name}' is not a valid file name here", hint="choose another name")
    return path


def _save(download: Download, path: Path, diagnostics: Diagnostics, *, overwrites: bool) -> int:
    """Write the file and give it its name; return its size."""
    temporary = path.parent / f".arthas-shell-{os.urandom(6).hex()}.part"
    try:
        try:
            with open_new(temporary) as file:
                chunks = _receive(download, path.name, diagnostics)
                for chunk in _check_room(chunks, download.size, path):
                    file.write(chunk)
                size = file.tell()
            _give_name(temporary, path, overwrites=overwrites)
        finally:  # named before it is made, so that no signal can come in between
            temporary.unlink(missing_ok=True)
    except FileExistsError:
        raise _already_there(path) from None
    except OSError as error:
        what = f"cannot write '{path}': {error.strerror}"
        if error.errno in NO_ROOM:
            raise CommandFailed(what, hint=_ROOM_HINT) from error
        raise NotRun(what, hint="choose another name") from error
    return size


def _check_room(chunks: Iterator[bytes], size: int | None, path: Path) -> Iterator[bytes]:
    """Yield the chunks as long as there is room for them; of no known size, not to the last byte.

    Raises:
        CommandFailed: there is none.
    """
    free = shutil.disk_usage(path.parent).free
    most, length = (free, size) if size is not None else (free * 9 // 10, 0)
    while length <= most:
        chunk = next(chunks, b"")
        if not chunk:
            return
        yield chunk
        if size is None:
            length += len(chunk)
    has = "its size is unknown" if size is None else f"it is {format_size(size)}"
    what = f"not enough space for '{path}': {has}, and {format_size(free)} are free"
    raise CommandFailed(what, hint=_ROOM_HINT)


def _give_name(temporary: Path, path: Path, *, overwrites: bool) -> None:
    if overwrites:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)  # unlike a rename it never replaces what came meanwhile
    except FileExistsError:
        raise
    except OSError:  # there are file systems without links
        if path.exists():
            raise FileExistsError from None
        temporary.replace(path)


def _receive(download: Download, name: str, diagnostics: Diagnostics) -> Iterator[bytes]:
    """Yield the chunks, show how far they are; raises BadAnswer where not all came."""
    return _check_size(_show_progress(download, name, diagnostics), download.size)


def _check_size(chunks: Iterator[bytes], size: int | None) -> Iterator[bytes]:
    """Yield the chunks; raises BadAnswer where not all came."""
    done = 0
    try:
        for chunk in chunks:
            done += len(chunk)
            yield chunk
    except BadAnswer as error:
        if not done:
            raise
        of = "" if size is None else f" of {format_size(size)}"
        raise BadAnswer(
            f"the file was cut off after {format_size(done)}{of}", hint="download it again"
        ) from error
    if size not in (None, done):
        raise BadAnswer(f"received {done} of {size} bytes", hint="download it again")


def _show_progress(download: Download, name: str, diagnostics: Diagnostics) -> Iterator[bytes]:
    """Yield the chunks and show on the terminal how far they are."""
    begun = shown = time.monotonic()
    done = 0
    try:
        for chunk in download.chunks:
            done += len(chunk)
            yield chunk
            now = time.monotonic()
            if now - shown >= _REDRAW_S:
                shown = now
                diagnostics.show(format_progress(name, done, download.size, now - begun))
    finally:
        diagnostics.show("")


def _already_there(path: Path) -> NotRun:
    return NotRun(f"'{path}' already exists", hint="choose another name, or use -f to overwrite it")


def _name_others(error: NoSuchFile, connection: Connection, inside: str) -> NoSuchFile:
    """Return the error with what is there instead, where the server tells."""
    if not inside or inside.rpartition("/")[2].startswith("."):
        return error
    try:
        entries = list_files(connection, inside.rpartition("/")[0])
    except ArthasShellError:
        return error
    return NoSuchFile(error.message, hint=_list_names(entries) or "the folder is empty")


def _list_names(entries: list[Entry]) -> str:
    """Return the newest names, and how many more there are; the server's order is by name."""
    names = [entry.name for entry in sorted(entries, key=lambda entry: entry.time)]
    more = len(names) - _MAX_NAMED
    listed = ", ".join(one_line(name) for name in names[-_MAX_NAMED:])
    return listed and f"there is {listed}" + (f" and {count(more, 'other')}" if more > 0 else "")


def _explain_empty(path: Path) -> str:
    if path.suffix.lower() in _PROFILES:
        return ": nothing was sampled, or it is still being written"
    return ""
