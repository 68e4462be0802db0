"""A program that leads to a server: it runs beside us, and what it says is kept."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from arthas_cli.text import one_line
from arthas_cli.ways import keeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MAX_LINES, _MAX_LINE = 50, 1000
_END_S = 5.0
_REST_S = 0.5
# Longer ones leave no room for the name of a Unix socket, of which a program makes a longer one
# first: 104 bytes at the most on macOS.
_MAX_FOLDER = 70


def make_folder() -> Path:
    """Make a folder that only its owner can look into, for sockets."""
    places = [os.environ.get("XDG_RUNTIME_DIR") or "", tempfile.gettempdir(), "/tmp"]  # noqa: S108 - the last is for a path that is too long
    room = next(
        (
            place
            for place in places
            if os.access(place or ".", os.W_OK) and 0 < len(os.fsencode(place)) <= _MAX_FOLDER
        ),
        None,
    )
    return Path(tempfile.mkdtemp(prefix="arthas-", dir=room))


@contextmanager
def keep_terminal(*, is_asked: bool) -> Iterator[None]:
    """Give the terminal back as it was where a program that asks there is ended in the middle."""
    if not is_asked:
        yield
        return
    try:
        import termios

        terminal = os.open("/dev/tty", os.O_RDWR)
    except (ImportError, OSError):  # Windows; or there is none
        yield
        return
    modes = termios.tcgetattr(terminal)
    try:
        yield
    except BaseException:
        termios.tcsetattr(terminal, termios.TCSANOW, modes)
        raise
    finally:
        os.close(terminal)


class Kept:
    """Runs a program until `end`, or until we end (`keeper`).

    `folder`: is removed behind it. `hear`: told each line that it writes, as it comes. `is_apart`:
    it heeds Ctrl+C even where it was started to ignore it, so that it is to have no part in the
    terminal.

    Threads: any may end it or read its lines; one of its own adds them and calls `hear`.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        hear: Callable[[str], None] | None = None,
        *,
        is_apart: bool = False,
    ) -> None:
        self.folder = folder
        self._lines: deque[tuple[float, str]] = deque(maxlen=_MAX_LINES)
        self._hear = hear
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*_find_keeper(), keeper.APART if is_apart else keeper.BESIDE, str(folder), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._reading = threading.Thread(target=self._read, name="way", daemon=True)
        self._reading.start()

    @property
    def has_ended(self) -> bool:
        """Whether it has ended, by itself or not."""
        return self._process.poll() is not None

    def list_lines(self, since: float = 0.0) -> list[str]:
        """Return what it has written last, since a time of `time.monotonic`."""
        if self.has_ended:
            self._reading.join(_REST_S)
        return [line for at, line in list(self._lines) if at >= since]

    def end(self) -> None:
        """End it; more than once does no harm."""
        assert self._process.stdin is not None  # noqa: S101 - for the types
        self._process.stdin.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reading.join(_REST_S)

    def _read(self) -> None:
        """Read to the end: a program whose pipe is full, or closed, would stop or end."""
        assert self._process.stdout is not None  # noqa: S101 - for the types
        with self._process.stdout as stream:
            while raw := stream.readline(_MAX_LINE):
                line = one_line(raw.decode("utf-8", "replace").strip())
                if line:
                    self._lines.append((time.monotonic(), line))
                    if self._hear is not None:
                        self._hear(line)


def _find_keeper() -> list[str]:
    """Return the command of the keeper; out of an archive it is handed over as text."""
    python = [sys.executable, "-I", "-S"]
    if Path(keeper.__file__).exists():
        return [*python, keeper.__file__]
    import pkgutil

    source = pkgutil.get_data(__package__, "keeper.py") or b""
    return [*python, "-c", source.decode("utf-8")]
