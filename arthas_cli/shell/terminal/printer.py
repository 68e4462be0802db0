"""Prints lines of the shell's own: to the terminal, or into a list."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from arthas_cli.columns import measure_terminal, wrap
from arthas_cli.output import Paper
from arthas_cli.text import fit_signs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


class Printer:
    """Writes lines of the shell's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._kept: list[str] | None = None

    def __call__(self, text: str) -> None:
        """Write a message: on a terminal no word of it is broken at the end of a line."""
        self._put(text, measure_terminal(self._stream))

    def show(self, text: str) -> None:
        """Write what may be copied, or read by a program: as it is."""
        self._put(text, None)

    def _put(self, text: str, width: int | None) -> None:
        if self._kept is not None:
            self._kept.append(text)
            return
        text = wrap(text, width)
        paper = Paper(self._stream)
        paper.write(fit_signs(text, getattr(self._stream, "encoding", "utf-8")))
        paper.flush()

    @contextmanager
    def record(self) -> Iterator[list[str]]:
        """Keep what is said in the list, and write nothing of it."""
        kept: list[str] = []
        self._kept = kept
        try:
            yield kept
        finally:
            self._kept = None
