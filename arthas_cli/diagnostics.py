"""The only writer to stderr: errors, warnings and notes, each as whole lines."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.columns import measure_terminal, width_of, wrap
from arthas_cli.errors import PRECEDENCE, ArthasShellError, Bug, LineError, TooLarge
from arthas_cli.palette import PLAIN, make_code
from arthas_cli.text import fit_signs, sanitise, strip_ansi

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import TextIO

_PROGRAM = "arthas-shell"
_MAX_PLACE = 300
_INDENT = "  "


class Diagnostics:
    """Speaks to the user beside the data. `is_quiet` leaves notes and warnings out."""

    def __init__(
        self,
        stream: TextIO,
        *,
        has_color: bool = False,
        is_quiet: bool = False,
        is_verbose: bool = False,
    ) -> None:
        self._stream = stream
        self._has_color = has_color
        self._is_quiet = is_quiet
        self._is_verbose = is_verbose
        self._shown = 0

    def report(
        self, error: ArthasShellError, message: str | None = None, hint: str | None = None
    ) -> None:
        """Write what went wrong, what to do about it, and for a line the place in it.

        `message`, `hint`: in place of the error's own.
        """
        hint = error.hint if hint is None else hint
        what, *more = clean(error.message if message is None else message).split("\n")
        self._write(f"{self._paint(f'{_PROGRAM}:', 'failure')} {what}")
        for line in more:
            self._write(f"{_INDENT}{line}")
        if hint:
            self._write(self._paint("hint:", "warning") + f" {clean(hint)}")
        if isinstance(error, LineError):
            width = measure_terminal(self._stream)
            for line in format_place(error, width and width - len(_INDENT)):
                self._put(f"{_INDENT}{line}")

    def warn(self, text: str) -> None:
        """Write something the user should know."""
        if not self._is_quiet:
            self._write(f"{self._paint('warning:', 'warning')} {clean(text)}")

    def note(self, text: str) -> None:
        """Write something good to know."""
        if not self._is_quiet:
            self.tell(text)

    def tell(self, text: str) -> None:
        """Write what is never left out: that results are missing."""
        self._write(self._paint(clean(text), "dim"))

    def show(self, text: str) -> None:
        """Put the text in the place of what it showed last; "" removes it. For terminals alone."""
        if self._is_quiet or not (text or self._shown):
            return
        with suppress(OSError, ValueError):  # nobody is left to be shown
            if self._stream.isatty():
                self._stream.write("\r" + clean(text).ljust(self._shown) + ("" if text else "\r"))
                self._stream.flush()
                self._shown = len(text)

    def detail(self, text: str) -> None:
        """Write what only --verbose asks for."""
        if self._is_verbose:
            self.note(text)

    def _paint(self, text: str, meaning: str) -> str:
        return f"{make_code(meaning)}{text}{PLAIN}" if self._has_color else text

    def _write(self, text: str) -> None:
        self._put(wrap(text, measure_terminal(self._stream)))

    def _put(self, line: str) -> None:
        self.show("")  # the line takes its place
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        line = fit_signs(line, encoding)
        with suppress(OSError, ValueError):  # nobody is left to be told
            self._stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
            self._stream.flush()


def clean(text: str) -> str:
    """Return the text with nothing in it that a terminal would obey."""
    return sanitise(strip_ansi(text)).rstrip("\n")


def format_place(error: LineError, room: int | None = None) -> list[str]:
    """Return the line and, under it, a caret below each character that is meant.

    `room`: columns that there are for it.
    """
    line, start, end = _cut_around(error.line, *error.span, room or _MAX_PLACE)
    before, meant, behind = (
        sanitise(part).replace("\n", " ") for part in (line[:start], line[start:end], line[end:])
    )
    indent = "".join(
        "\t" if character == "\t" else " " * width_of(character) for character in before
    )
    return [before + meant + behind, indent + "^" * max(1, width_of(meant))]


def _cut_around(line: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """Return as much of a long line as one can look at, and where the span is in it."""
    if width_of(line) <= min(room, _MAX_PLACE):
        return line, start, end
    most = max(1, min(room, _MAX_PLACE) - 2)  # beside the marks
    first = max(0, min(start - most // 3, len(line) - most))
    last = min(len(line), first + most)
    while last > start + 1 and width_of(line[first:last]) > most:
        last -= 1
    mark, more = "…" * (first > 0), "…" * (last < len(line))
    shift = first - len(mark)
    return f"{mark}{line[first:last]}{more}", start - shift, min(end, last) - shift


def choose_worst(errors: Iterable[ArthasShellError | None]) -> ArthasShellError | None:
    """Return the error whose exit code comes first where several hold."""
    found = [error for error in errors if error is not None]
    return min(found, key=lambda error: PRECEDENCE.index(error.exit_code), default=None)


def explain_unforeseen(error: BaseException) -> ArthasShellError:
    """Return our error for one that nobody catches; a bug is recorded in the folder for logs."""
    match error:
        case ArthasShellError():
            return error
        case MemoryError():
            return TooLarge()
    from platformdirs import user_log_path

    return record_bug(error, user_log_path("arthas-shell", appauthor=False))


def format_unforeseen(error: BaseException) -> str:
    """Return in one line what `explain_unforeseen` makes of it."""
    ours = explain_unforeseen(error)
    return "; ".join(clean(text) for text in (ours.message, ours.hint) if text)


def record_bug(error: BaseException, folder: Path) -> Bug:
    """Write the traceback to a file that only its owner can read; return what to tell the user.

    Local variables are not written, nor what an error says that looks like a secret.
    """
    path = folder / f"bug-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    import traceback  # for a bug alone

    from arthas_cli.line.secrets import hide_secret
    from arthas_cli.private_files import write_new

    rows = "".join(traceback.format_exception(error)).split("\n")
    # What is indented is of the program's own source, or its places.
    text = "\n".join(row if row.startswith(" ") else hide_secret(row) for row in rows)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        whole = f"{_PROGRAM}, Python {sys.version}\n{text}"
        write_new(path, whole.encode("utf-8", "backslashreplace"))
    except OSError:
        where = "the details could not be written"
    else:
        where = f"the details are in {path}"
    return Bug(f"a bug in arthas-shell ({type(error).__name__}); {where}", hint="please report it")
