"""Where the results of a line with a pipe or redirect go: programs and a file, or a pager later."""

from __future__ import annotations

import atexit
import io
import os
import subprocess
import tempfile
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, Protocol, TextIO, cast

from arthas_cli.environment import advise
from arthas_cli.errors import NotRun
from arthas_cli.interrupts import LeaveNow
from arthas_cli.pipes.processes import Pump, end_programs, find_code, open_screen, start_programs
from arthas_cli.private_files import open_privately

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from arthas_cli.environment import Environment
    from arthas_cli.line.pipeline import Redirect
    from arthas_cli.pipes.processes import Process

# How long programs may take to end once their input has ended and the user wants to leave.
_GRACE_S = 2.0
# What a pager is shown is kept in memory up to this size, then in a file.
_MAX_IN_MEMORY = 1 << 20
_TEXT: dict[str, Any] = {"encoding": "utf-8", "errors": "backslashreplace", "newline": "\n"}


class Outflow(Protocol):
    """Takes the results of one command as text.

    `is_unread`: the programs ended before the results did. `code`: of the last program, once it
    has ended.
    """

    is_unread: bool
    code: int

    def start(self) -> TextIO:
        """Return what the results are written to; raises NotRun where that cannot be."""

    def call_when_unread(self, callback: Callable[[], object]) -> None:
        """Call `callback` once, in any thread, when nobody reads on."""

    def finish(self) -> None:
        """End the programs' input and wait until they have ended."""

    def hurry(self) -> None:
        """Give the programs little time to end."""

    def close(self) -> None:
        """End whatever runs; may be called in any state, more than once."""


class Chain:
    """Programs that run while the results come, a file behind them, or one of the two.

    `is_captured`: what they write goes to the environment's streams by way of this process, as
    it must where an application draws on the terminal; else they write there themselves, if the
    streams are real ones.

    Threads: one waits for each program. `_lock` guards `is_unread`, `_on_unread` and
    `_has_input_ended`; who writes may set `is_unread`, which is never taken back. The rest is of
    the thread that starts and ends it; `_processes` are all there before the others begin.
    """

    def __init__(
        self,
        found: Sequence[Sequence[str]],
        redirect: Redirect | None,
        environment: Environment,
        *,
        is_captured: bool = False,
    ) -> None:
        self.is_unread = False
        self.code = 0
        self._found = found
        self._redirect = redirect
        self._environment = environment
        self._is_captured = is_captured
        self._processes: list[Process] = []
        self._pumps: list[Pump] = []
        self._sink: TextIO | None = None
        self._on_unread: Callable[[], object] | None = None
        self._has_input_ended = False
        self._lock = threading.Lock()

    def start(self) -> TextIO:
        """Open the file and start the programs."""
        target = self._open_file()
        if not self._found:
            self._sink = target
            return target or self._environment.stdout
        with ExitStack() as ends:
            if target is not None:
                ends.callback(target.close)
            self._environment.stdout.flush()
            out = target or self._lead(self._environment.stdout, ends, is_screen=True)
            err = self._lead(self._environment.stderr, ends)
            self._processes += start_programs(
                self._found,
                self._environment.variables,
                (subprocess.PIPE, out, err),
                is_captured=self._is_captured,
            )
        atexit.register(self._end)
        self._sink = io.TextIOWrapper(cast("IO[bytes]", self._processes[0].stdin), **_TEXT)
        for process in self._processes:
            threading.Thread(
                target=self._watch, args=(process,), name="program", daemon=True
            ).start()
        return self._sink

    def call_when_unread(self, callback: Callable[[], object]) -> None:
        """Call `callback` when the first or the last program has ended too early."""
        with self._lock:
            self._on_unread = callback
            is_over = self.is_unread
        if is_over:
            callback()

    def finish(self) -> None:
        """End the input and wait for all programs; `code` is the last one's.

        Raises:
            OSError: the file, or stdout, could not be written.
        """
        with self._lock:
            self._has_input_ended = True
        if self._sink is not None:
            try:
                self._sink.close()
            except OSError:
                if not self._processes:
                    raise
        for process in self._processes:
            self.code = find_code(process)
        for pump in self._pumps:
            pump.join(_GRACE_S)  # somebody they left behind may hold the other end
            if pump.error is not None and pump.stream is self._environment.stdout:
                raise pump.error

    def hurry(self) -> None:
        """End the programs if they have not ended before long."""
        timer = threading.Timer(_GRACE_S, self._end)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """End the programs."""
        with self._lock:
            self._has_input_ended = True
        atexit.unregister(self._end)
        self._end()
        if self._sink is not None:
            with suppress(OSError, ValueError):
                self._sink.close()

    def _end(self) -> None:
        end_programs(self._processes)

    def _open_file(self) -> io.TextIOWrapper | None:
        if self._redirect is None:
            return None
        path = self._redirect.path
        mode = "a" if self._redirect.appends else "w"
        try:  # `finish` closes it
            file = open(path, mode, opener=open_privately, **_TEXT)  # noqa: SIM115
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise NotRun(f"cannot write '{path}': {why}", hint=advise(error)) from error
        return cast("io.TextIOWrapper", file)

    def _lead(self, stream: TextIO, ends: ExitStack, *, is_screen: bool = False) -> TextIO | int:
        """Return what a program is to write to so that it comes out of the stream."""
        if not self._is_captured and _is_fit(stream):
            return stream
        pair = open_screen() if self._is_captured and is_screen else None
        reader, writer = pair or os.pipe()
        ends.callback(os.close, writer)
        pump = Pump(reader, stream)
        self._pumps.append(pump)
        pump.start()
        return writer

    def _watch(self, process: Process) -> None:
        process.wait()
        with self._lock:
            is_end = process in (self._processes[0], self._processes[-1])
            if not is_end or self._has_input_ended or self.is_unread:
                return
            self.is_unread = True
            callback = self._on_unread
        if callback is not None:
            callback()


class Spool:
    """Keeps the results until all are there, then shows them in a pager or whatever draws.

    Such a program wants the terminal to itself, which the live line of a command has.
    """

    is_unread = False

    def __init__(self, found: Sequence[Sequence[str]], environment: Environment) -> None:
        self.code = 0
        self._found = found
        self._environment = environment
        # Closed by `close`: it lives as long as the command and its pager.
        self._file = tempfile.SpooledTemporaryFile(_MAX_IN_MEMORY, "w+", **_TEXT)  # noqa: SIM115

    def start(self) -> TextIO:
        """Return where the results are kept."""
        return cast("TextIO", self._file)

    def call_when_unread(self, callback: Callable[[], object]) -> None:
        """Never calls it: whoever reads begins when all is there."""

    def finish(self) -> None:
        """Wait for nothing."""

    def hurry(self) -> None:
        """Wait for nothing."""

    def close(self) -> None:
        """Forget the results."""
        self._file.close()

    def show(self) -> None:
        """Run the programs on the results, in the terminal; Ctrl+C is theirs.

        Raises:
            NotRun: one could not be started.
        """
        self._file.seek(0)
        self._file.fileno()  # has it written to a real file
        streams = (cast("IO[str]", self._file), None, None)
        with _kept_terminal(self._environment.stdin):
            processes = start_programs(self._found, self._environment.variables, streams)
            try:
                for process in processes:
                    self.code = _wait_patiently(process)
            finally:
                end_programs(processes)


def _wait_patiently(process: Process) -> int:
    while True:
        try:
            return find_code(process)
        except LeaveNow:
            raise
        except KeyboardInterrupt:
            continue


@contextmanager
def _kept_terminal(stream: TextIO) -> Iterator[None]:
    """Give the terminal back as it was, whatever a program made of it; elsewhere does nothing."""
    try:
        import termios
    except ImportError:  # Windows
        yield
        return
    modes = None
    with suppress(OSError, ValueError, termios.error):
        modes = termios.tcgetattr(stream.fileno())
    try:
        yield
    finally:
        if modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(stream.fileno(), termios.TCSADRAIN, modes)


def _is_fit(stream: TextIO) -> bool:
    """Return whether a program can write there by itself: few can where they would have to wait."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError, AttributeError):
        return False
    return os.name != "posix" or os.get_blocking(descriptor)
