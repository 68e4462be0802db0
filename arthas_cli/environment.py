"""The process as one value: its streams and variables, so that a test can give its own."""

from __future__ import annotations

import errno
import io
import os
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, TextIO, cast

from arthas_cli.errors import NotRun

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from _typeshed import ReadableBuffer


# Read once, at the start.
PASSWORD_VARIABLE = "ARTHAS_SHELL_PASSWORD"  # noqa: S105 - its name
_PAUSE_S = 0.01


class Nobody(io.StringIO):
    """A stream that was closed before the program began: nothing to read, nobody to write to."""

    def write(self, text: str, /) -> NoReturn:
        """Return what writing to a closed pipe says."""
        del text
        raise BrokenPipeError


class Unwritten(OSError):
    """Something could not be written to stdout or stderr, and nobody has closed it."""


# A file that took no more: the disk or the quota is full, or the file as large as it may be.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CURES = {
    errno.ENOSPC: "make room there, or write to another disk",
    errno.EDQUOT: "make room there, or write to another disk",
    errno.EISDIR: "name a file, not a folder",
    errno.ENOENT: "create the folder first",
    errno.EACCES: "use a file that you can write",
    errno.EPERM: "use a file that you can write",
    errno.EROFS: "use a file that you can write",
}


def advise(error: BaseException) -> str:
    """Return what to do about a file that could not be written; empty where nobody can say."""
    return _CURES.get(getattr(error, "errno", None) or 0, "")


class Whole(io.BufferedIOBase):
    """Writes all that it is given, however long that takes, or raises; from then on always.

    A write of the system may take a part, or nothing where it would have to wait. Python's own
    streams take that for done where they are unbuffered, and lose the rest where they are not.

    Threads: any writes. `_lock` guards all fields, and is held while something is written; a signal
    that writes as well comes in the thread that holds it.
    """

    def __init__(self, beneath: io.RawIOBase) -> None:
        self._beneath = beneath
        self._rest = memoryview(b"")
        self._error: OSError | None = None
        self._lock = threading.RLock()

    def write(self, content: ReadableBuffer, /) -> int:
        """Write it all; what an exception of a signal leaves is written with the next."""
        given = bytes(content)
        with self._lock:
            self._rest = memoryview(bytes(self._rest) + given if self._rest else given)
            self.flush()
        return len(given)

    def flush(self) -> None:
        """Write what is left."""
        with self._lock:
            while self._rest:
                if self._error is not None:
                    raise self._error
                try:
                    taken = self._beneath.write(self._rest)
                except ConnectionError as error:
                    self._error = error
                except OSError as error:
                    self._error = Unwritten(error.errno, error.strerror)
                else:
                    self._drop(taken)

    def _drop(self, taken: int | None) -> None:
        if taken is None:
            _wait_for_room(self.fileno())
        else:
            self._rest = self._rest[taken:]

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor beneath."""
        return self._beneath.fileno()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._beneath.isatty()


def make_whole(stream: TextIO | None) -> TextIO | None:
    """Return a stream to the same place that writes all or raises; None, or one in memory, itself.

    Its descriptor stays open when it is closed.
    """
    beneath = getattr(stream, "buffer", None)
    raw = getattr(beneath, "raw", beneath)
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(raw, io.RawIOBase):
        return stream
    stream.flush()
    return io.TextIOWrapper(
        cast("io.BufferedWriter", Whole(raw)),  # as far as it is written to
        stream.encoding,
        stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _wait_for_room(descriptor: int) -> None:
    """Wait until a stream that never waits takes more."""
    import select
    import time

    try:
        select.select((), (descriptor,), ())
    except (OSError, ValueError):  # Windows asks sockets alone; a number may be too high to ask
        time.sleep(_PAUSE_S)


@dataclass(frozen=True, slots=True)
class Environment:
    """Where input comes from, where output goes, and what the variables say."""

    stdin: TextIO = field(default_factory=lambda: sys.stdin or Nobody())
    stdout: TextIO = field(default_factory=lambda: sys.stdout or Nobody())
    stderr: TextIO = field(default_factory=lambda: sys.stderr or Nobody())
    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def has_terminal_input(self) -> bool:
        """Whether somebody types."""
        return self.stdin.isatty()

    @property
    def output_height(self) -> int | None:
        """Lines of the terminal on stdout; None where there is no terminal."""
        return _measure_terminal().lines if self.stdout.isatty() else None

    @property
    def output_width(self) -> int | None:
        """Columns of the terminal on stdout; None where there is no terminal."""
        return _measure_terminal().columns if self.stdout.isatty() else None


def _measure_terminal() -> os.terminal_size:
    import shutil  # what is piped needs no size

    return shutil.get_terminal_size()


# Some editors and shells on Windows begin a text with it.
_MARK = "\ufeff"


def read_lines(stream: TextIO, name: str) -> Iterator[str]:
    """Yield the lines of the stream, which is called `name`.

    Raises:
        NotRun: it cannot be read, or something else than text is in it.
    """
    try:
        for number, line in enumerate(stream):
            yield line if number else line.removeprefix(_MARK)
    except UnicodeDecodeError as error:
        raise NotRun(f"{name} is not {error.encoding} text", hint="save it as UTF-8") from error
    except OSError as error:
        raise NotRun(f"cannot read {name}: {error.strerror}") from error
