"""The process as one value: its streams and variables, so that a test can give its own."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, TextIO

from arthas_cli.errors import NotRun

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Read once, at the start.
PASSWORD_VARIABLE = "ARTHAS_SHELL_PASSWORD"  # noqa: S105 - its name


class Nobody(io.StringIO):
    """A stream that was closed before the program began: nothing to read, nobody to write to."""

    def write(self, text: str, /) -> NoReturn:
        """Says what writing to a closed pipe says."""
        del text
        raise BrokenPipeError


@dataclass(frozen=True, slots=True)
class Environment:
    """Where input comes from, where output goes, and what the variables say."""

    stdin: TextIO = field(default_factory=lambda: sys.stdin or Nobody())
    stdout: TextIO = field(default_factory=lambda: sys.stdout or Nobody())
    stderr: TextIO = field(default_factory=lambda: sys.stderr or Nobody())
    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def has_terminal_input(self) -> bool:
        """Says whether somebody types."""
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
    """Yields the lines of the stream, which is called `name`.

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
