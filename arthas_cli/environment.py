"""The process as one value: its streams and variables, so that a test can give its own."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Environment:
    """Where input comes from, where output goes, and what the variables say."""

    stdin: TextIO = field(default_factory=lambda: sys.stdin)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def has_terminal_input(self) -> bool:
        """Says whether somebody types."""
        return self.stdin.isatty()

    @property
    def output_width(self) -> int | None:
        """Columns of the terminal on stdout; None where there is no terminal."""
        return shutil.get_terminal_size().columns if self.stdout.isatty() else None
