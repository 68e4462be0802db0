"""The lines typed before: per user, readable by nobody else, without secrets."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from prompt_toolkit.history import FileHistory, History

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Commands whose arguments are secrets.
_SECRET_COMMANDS = frozenset({"auth"})
_QUOTES = re.compile(r"""["'\\]""")


def holds_secret(line: str) -> bool:
    """Says whether the line must not be kept; one that was pasted may be several."""
    firsts = (part.split(maxsplit=1)[:1] for part in line.splitlines())
    return any(_QUOTES.sub("", word).lower() in _SECRET_COMMANDS for [word] in filter(None, firsts))


class ShellHistory(FileHistory):
    """Keeps no secret and nothing blank; what the file cannot take is kept in memory alone."""

    def load_history_strings(self) -> Iterable[str]:
        """Yields the lines, the newest first; none where the file cannot be read."""
        with suppress(OSError):
            yield from super().load_history_strings()

    def append_string(self, string: str) -> None:
        """Adds the line, if it is one to keep."""
        if string.strip() and not holds_secret(string):
            super().append_string(string)

    def store_string(self, string: str) -> None:
        """Writes the line where that can be done."""
        with suppress(OSError):
            super().store_string(string)


def open_history(path: Path) -> History:
    """Opens the history file, made with mode 0600 where it can be had."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600))
        path.chmod(0o600)
    return ShellHistory(str(path))
