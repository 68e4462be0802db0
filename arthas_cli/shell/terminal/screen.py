"""The terminal that applications draw on, where it has other characters than they draw with."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from prompt_toolkit.output import create_output

from arthas_cli.text import fit_signs, list_lacking

if TYPE_CHECKING:
    from typing import TextIO

    from prompt_toolkit.output import Output


class FittedStream:
    """Writes to a stream what its encoding can hold: plain signs for ours, codes for the rest."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding: str = stream.encoding

    def write(self, text: str) -> int:
        """Write the text as far as it can be, and its codes."""
        fitted = fit_signs(text, self.encoding).encode(self.encoding, "backslashreplace")
        return self._stream.write(fitted.decode(self.encoding))

    def flush(self) -> None:
        """Hand on what was written."""
        self._stream.flush()

    def fileno(self) -> int:
        """Return the descriptor beneath."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._stream.isatty()


def make_screen(stream: TextIO) -> Output | None:
    """Return what to draw on for a stream that lacks signs of ours; None for any other."""
    if not (stream.isatty() and list_lacking(stream.encoding or "utf-8")):
        return None
    return create_output(cast("TextIO", FittedStream(stream)))
