"""Lines typed while a command runs, kept for the next prompts as the keys they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Iterable

_ENTER = KeyPress(Keys.ControlM, "\r")
# The keys that end a line, and how they are shown.
_ENDS: dict[str, str] = {Keys.ControlM: "\n", Keys.ControlJ: "\n", Keys.ControlD: "^D\n"}


class TypedLines:
    """Lines that are typed for the next prompts, as the keys of which they are made.

    `dropped`: how many were entered and will not be run.
    """

    def __init__(self) -> None:
        self.keys: list[KeyPress] = []
        self.dropped = 0

    @property
    def text(self) -> str:
        """What is shown of them, a line break behind each that was entered."""
        return "".join(_ENDS.get(key.key, key.data) for key in self.keys)

    @property
    def is_open(self) -> bool:
        """Whether there is a line that was begun and not entered."""
        return bool(self.keys) and self.keys[-1].key not in _ENDS

    def add(self, keys: Iterable[KeyPress]) -> None:
        """Take keys that make lines; those that would only edit them mean nothing here."""
        for key in keys:
            if key.key is Keys.BracketedPaste:
                text = key.data.replace("\r\n", "\n").replace("\r", "\n")
                self.keys += [KeyPress(Keys.BracketedPaste, text)] if text else []
            elif key.key in (Keys.ControlH, Keys.Backspace):
                self._erase()
            elif key.key is Keys.ControlD:
                self.keys += [] if self.is_open else [key]
            elif key.key in _ENDS or key.data.isprintable():
                self.keys.append(key)

    def drop_lines(self) -> None:
        """Drop those that were entered, and count them."""
        ends = [at for at, key in enumerate(self.keys) if key.key in _ENDS]
        del self.keys[: ends[-1] + 1 if ends else 0]
        self.dropped += len(ends)

    def _erase(self) -> None:
        if self.is_open:
            key = self.keys.pop()
            if len(key.data) > 1:  # a paste
                self.keys.append(KeyPress(key.key, key.data[:-1]))


def make_lines(lines: Iterable[str]) -> list[KeyPress]:
    """Return the keys that enter these lines."""
    return [key for line in lines for key in (make_text(line), _ENTER)]


def make_text(text: str) -> KeyPress:
    """Return what puts a text into the prompt at once, as a key."""
    return KeyPress(Keys.BracketedPaste, text)
