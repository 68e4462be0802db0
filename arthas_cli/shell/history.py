"""The lines typed before: per user, readable by nobody else, without secrets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

if TYPE_CHECKING:
    from pathlib import Path

# Commands whose arguments are secrets.
_SECRET_COMMANDS = frozenset({"auth"})


def holds_secret(line: str) -> bool:
    """Says whether the line must not be kept."""
    words = line.split()
    return bool(words) and words[0] in _SECRET_COMMANDS


class ShellHistory(FileHistory):
    """A history file that keeps no secret; what cannot be written is kept in memory alone."""

    def store_string(self, string: str) -> None:
        """Writes the line unless it holds a secret."""
        if not holds_secret(string):
            super().store_string(string)

    def append_string(self, string: str) -> None:
        """Adds the line unless it holds a secret."""
        if not holds_secret(string):
            super().append_string(string)


def open_history(path: Path) -> History:
    """Opens the history file, made with mode 0600; in memory where it cannot be had."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600))
        path.chmod(0o600)
    except OSError:
        return InMemoryHistory()
    return ShellHistory(str(path))
