"""Text that waits for the terminal: whole lines in the order in which they came, or a count."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.text import count

if TYPE_CHECKING:
    from arthas_cli.shell.terminal.buffer import JobBuffer

# A terminal that is too slow, or held by its user, gets no more than this; the rest is counted.
_MAX_CHARACTERS = 4_000_000


class Piece(NamedTuple):
    """Whole lines; `number` of results that are in them, of the command with that buffer.

    `speaker` names a command in the background that they are of.
    """

    text: str
    speaker: str = ""
    buffer: JobBuffer | None = None
    number: int = 0

    @property
    def is_unwanted(self) -> bool:
        """Whether nobody wants to see them any more."""
        return self.buffer is not None and self.number > 0 and self.buffer.is_silent

    def drop(self) -> None:
        """Count the results in them as not shown."""
        if self.buffer is not None:
            self.buffer.count_unshown(self.number)


class Pieces:
    """The pieces that wait.

    Threads: any puts, the terminal's takes. `_lock` guards all fields.
    """

    def __init__(self) -> None:
        self._pieces: deque[Piece] = deque()
        self._length = 0
        self._skipped = 0
        self._speaker = ""
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        """Return whether there is more."""
        return bool(self._pieces)

    def put(self, piece: Piece) -> None:
        """Add a piece; where there is no room the oldest go."""
        with self._lock:
            self._pieces.append(piece)
            self._length += len(piece.text)
            while self._length > _MAX_CHARACTERS and len(self._pieces) > 1:
                dropped = self._pieces.popleft()
                dropped.drop()
                self._length -= len(dropped.text)
                self._skipped += dropped.text.count("\n")

    def take(self, room: int) -> str:
        """Take so many characters, and the piece with the last of them to its end."""
        lines: list[str] = []
        with self._lock:
            if self._skipped:
                what = count(self._skipped, "line")
                lines.append(f"… {what} not drawn: the terminal is too slow\n")
                self._skipped = 0
            while self._pieces and room > 0:
                piece = self._pieces.popleft()
                self._length -= len(piece.text)
                if piece.is_unwanted:
                    piece.drop()
                    continue
                if piece.speaker not in ("", self._speaker):
                    lines.append(f"{piece.speaker}\n")
                self._speaker = piece.speaker
                lines.append(piece.text)
                room -= len(piece.text)
        return "".join(lines)
