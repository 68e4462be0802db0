"""Starts programs that read from one another, takes what they write, and ends them."""

from __future__ import annotations

import codecs
import os
import subprocess
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from arthas_cli.environment import PASSWORD_VARIABLE
from arthas_cli.errors import NotRun

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    Process = subprocess.Popen[bytes]

# What is captured is no terminal, whatever it looks like to the program.
_PLAIN = {"NO_COLOR": "1", "TERM": "dumb"}
_CHUNK = 65536
_END_S = 1.0
_SIGNALLED = 128


def start_programs(
    found: Sequence[Sequence[str]],
    variables: Mapping[str, str],
    streams: tuple[int | IO[Any] | None, int | IO[Any] | None, int | IO[Any] | None],
    *,
    is_captured: bool = False,
) -> list[Process]:
    """Start the programs: stdin of the first, stdout of the last, stderr of all are `streams`.

    With `is_captured` they are a process group of their own, which can be ended as a whole.

    Raises:
        NotRun: one could not be started; none is left.
    """
    stdin, stdout, stderr = streams
    environ = {name: value for name, value in variables.items() if name != PASSWORD_VARIABLE}
    if is_captured:
        environ |= _PLAIN
    started: list[Process] = []
    for number, words in enumerate(found, 1):
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own words, and no shell
                words,
                stdin=stdin,
                stdout=stdout if number == len(found) else subprocess.PIPE,
                stderr=stderr,
                env=environ,
                process_group=0 if is_captured and os.name == "posix" else None,
            )
        except (OSError, ValueError) as error:
            _abandon(started)
            why = getattr(error, "strerror", None) or str(error)
            raise NotRun(f"cannot start '{words[0]}': {why}", hint="") from error
        if started:
            _close(started[-1].stdout)  # or nobody would tell that process when its reader ends
        started.append(process)
        stdin = process.stdout
    return started


def _abandon(started: list[Process]) -> None:
    """End programs that will get no input, and what leads to them."""
    end_programs(started)
    for process in started:
        _close(process.stdin)
        _close(process.stdout)


def find_code(process: Process) -> int:
    """Wait for its end; return its exit code as a shell has it, 128 + N for signal N."""
    code = process.wait()
    return _SIGNALLED - code if code < 0 else code


def end_programs(processes: Sequence[Process]) -> None:
    """End what runs: asked first, forced a second later."""
    for force in (False, True):
        running = [process for process in processes if process.poll() is None]
        for process in running:
            _signal(process, force=force)
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_END_S)


def _signal(process: Process, *, force: bool) -> None:
    with suppress(OSError):
        if os.name == "posix" and os.getpgid(process.pid) == process.pid:
            import signal

            os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)
        elif force:
            process.kill()
        else:
            process.terminate()


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        with suppress(OSError):
            stream.close()


def open_screen() -> tuple[int, int] | None:
    """Return (what we read, what programs write to) of a terminal that nobody sees.

    On a pipe most programs would hold back what they write until they have 4 KiB. None where
    there is no such terminal (Windows).
    """
    try:
        import tty

        reader, writer = os.openpty()
    except (ImportError, OSError):
        return None
    tty.setraw(writer)  # no line feed is to become two characters
    return reader, writer


class Pump(threading.Thread):
    """Writes what comes out of `reader` to a text stream, line by line but for very long ones.

    `error`: why not all of it was written, if so.
    """

    def __init__(self, reader: int, stream: TextIO) -> None:
        super().__init__(name="program output", daemon=True)
        self.stream = stream
        self.error: OSError | None = None
        self._reader = reader
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def run(self) -> None:
        """Write until nobody can write to `reader` any more."""
        try:
            while chunk := self._read():
                self._take(self._decoder.decode(chunk))
            self._take(self._decoder.decode(b"", final=True))
            self._write(self._rest)
        except OSError as error:
            self.error = error
        os.close(self._reader)

    def _read(self) -> bytes:
        with suppress(OSError):  # how a terminal says that nobody writes to it any more
            return os.read(self._reader, _CHUNK)
        return b""

    def _take(self, text: str) -> None:
        lines, line_break, rest = (self._rest + text).rpartition("\n")
        self._rest = rest
        if len(rest) > _CHUNK:  # no memory is spent on a line without end
            lines, line_break, self._rest = lines + line_break + rest, "", ""
        self._write(lines + line_break)

    def _write(self, text: str) -> None:
        if text:
            self.stream.write(text.replace("\r\n", "\n"))
            self.stream.flush()
