"""The program in a real terminal: a pty of its own, whose screen is rebuilt from what it writes.

with open_terminal("--url", fake.url) as terminal:
    terminal.see("❯")
    terminal.enter("version")
"""

from __future__ import annotations

import os
import sys
import termios
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pyte
from support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

COLUMNS, LINES = 80, 24
_LOOK_S = 0.02
_GLANCE_S = 0.005
_LEAVE_S = 2.0
_FOR_TESTS = ("COVERAGE", "JAVA_TOOL_OPTIONS")
_CHUNK = 65536


class Terminal:
    """A terminal of 80 by 24 with the program in it.

    `answers`: it says where its cursor is when it is asked, as most terminals do.
    """

    def __init__(self, child: Any, *, answers: bool = False) -> None:  # noqa: ANN401 - no types
        self._child = child
        self._screen = pyte.HistoryScreen(COLUMNS, LINES, history=10_000, ratio=0.5)
        if answers:
            self._screen.write_process_input = child.send  # type: ignore[method-assign]
        self._stream = pyte.ByteStream(self._screen)
        self._seen: str | None = None  # the screen, read once for all that it is compared with

    @property
    def screen(self) -> str:
        """What can be seen, without the blanks at the end of lines and the empty lines below."""
        if self._seen is None:
            self._seen = "\n".join(line.rstrip() for line in self._screen.display).rstrip()
        return self._seen

    @property
    def rows(self) -> list[list[Any]]:
        """What can be seen, cell by cell, with its colours."""
        return [
            [self._screen.buffer[at][column] for column in range(self._screen.columns)]
            for at in range(self._screen.lines)
        ]

    @property
    def lines(self) -> list[str]:
        """All lines up to the last one that is not empty, those that have left the screen too."""
        rows = [[row[at].data for at in range(COLUMNS)] for row in self._screen.history.top]
        return ["".join(row).rstrip() for row in rows] + self.screen.splitlines()

    @property
    def pid(self) -> int:
        pid: int = self._child.pid
        return pid

    @property
    def cpu_s(self) -> float:
        """How long the program has had a processor, whatever else the machine had to do."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def last_line(self) -> str:
        """The lowest line that is not empty."""
        return self.screen.rpartition("\n")[2]

    @property
    def modes(self) -> list[Any]:
        """How the terminal treats keys and output, as `stty -a` shows it."""
        modes: list[Any] = termios.tcgetattr(self._child.child_fd)
        return modes

    def type(self, keys: str) -> None:
        self._child.send(keys)

    def enter(self, line: str) -> None:
        self.type(line + "\r")

    def type_one_by_one(self, keys: str) -> None:
        """Types as a person does who is very quick: a key, a look at the screen, the next one."""
        for key in keys:
            self.type(key)
            self._read(_GLANCE_S)

    def resize(self, columns: int, lines: int) -> None:
        self._screen.resize(lines, columns)
        self._seen = None
        self._child.setwinsize(lines, columns)

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Waits until the condition holds for what the program has written by then."""
        until = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < until, f"waited in vain; the screen:\n{self.screen}"
            self._read()

    def see(self, text: str) -> None:
        """Waits until the text stands on the screen."""
        self.wait_for(lambda: text in self.screen)

    def end(self) -> int:
        """Waits until the program has ended; returns its exit code, negative for a signal."""
        self.wait_for(lambda: not self._child.isalive())
        self._read()
        status = self._child.exitstatus
        return -int(self._child.signalstatus) if status is None else int(status)

    def hang_up(self) -> None:
        """Takes the terminal away: its other end is closed, the number stays taken."""
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, self._child.child_fd)
        os.close(nothing)

    def close(self) -> None:
        """Takes the terminal away, and the program with it if it does not go by itself."""
        until = time.monotonic() + _LEAVE_S
        self.hang_up()
        while self._child.isalive() and time.monotonic() < until:
            time.sleep(_GLANCE_S)
        self._child.ptyproc.delayafterclose = 0
        self._child.close(force=True)

    def _read(self, look_s: float = _LOOK_S) -> None:
        try:
            self._stream.feed(self._child.read_nonblocking(_CHUNK, look_s))
            self._seen = None
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF:
            time.sleep(_LOOK_S)


@contextmanager
def open_terminal(
    *arguments: str,
    home: Path,
    ignores_hangup: bool = False,
    answers: bool = False,
    variables: Mapping[str, str] | None = None,
) -> Iterator[Terminal]:
    """Runs `arthas-shell ARGUMENTS…` in a terminal; ends it where the test did not.

    Only under a terminal that `answers` there are bars at the foot of the screen.
    """
    environment = {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        **({} if answers else {"PROMPT_TOOLKIT_NO_CPR": "1"}),
        "TERM": "xterm-256color",
        **{name: value for name, value in os.environ.items() if name.startswith(_FOR_TESTS)},
        **(variables or {}),
    }
    command = [sys.executable, "-m", "arthas_cli", *arguments]
    with open_any(command, environment, ignores_hangup=ignores_hangup, answers=answers) as terminal:
        yield terminal


@contextmanager
def open_any(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    ignores_hangup: bool = False,
    answers: bool = False,
    folder: Path | None = None,
) -> Iterator[Terminal]:
    """Runs any program in a terminal, with these variables alone."""
    child = pexpect.spawn(
        command[0],
        list(command[1:]),
        env=environment,
        cwd=folder,
        dimensions=(LINES, COLUMNS),
        ignore_sighup=ignores_hangup,
    )
    child.delaybeforesend = None
    terminal = Terminal(child, answers=answers)
    try:
        yield terminal
    finally:
        terminal.close()
