"""How wide text is in a terminal, and where a long line is broken; loads no library."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from arthas_cli.text import strip_ansi

if TYPE_CHECKING:
    from typing import TextIO

_WORD = re.compile(r" *[^ ]+")
# Up to where the text begins of a line such as `  F1    help`.
_LABEL = re.compile(r" *(?:[^ ].*? {2,})?(?=[^ ])")


def measure_terminal(stream: TextIO) -> int | None:
    """Return the columns of the terminal that the stream writes to; None where it is none."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or None if stream.isatty() else None
    except (OSError, ValueError):
        return None


def width_of(text: str) -> int:
    """Return the columns that a text takes; the codes of colours take none."""
    text = strip_ansi(text)
    return len(text) if text.isascii() else sum(map(_width_of_character, text))


def _width_of_character(character: str) -> int:
    import unicodedata  # most text is plain

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "FW" else 1


def wrap(text: str, width: int | None) -> str:
    """Return the text with lines of at most `width` columns, broken at blanks; None: as it is.

    What follows stands below the text of its line, behind a label or the blanks at its beginning. A
    word that is longer than a line is left to the terminal.
    """
    if width is None:
        return text
    return "\n".join(piece for line in text.split("\n") for piece in _wrap_line(line, width))


def _wrap_line(line: str, width: int) -> list[str]:
    if width_of(line) <= width:
        return [line]
    label = _LABEL.match(line)
    indent = width_of(label[0]) if label else 0
    if indent > width // 2:
        indent = len(line) - len(line.lstrip(" "))
    lines = [""]
    for word in _WORD.findall(line):
        bare = word.lstrip(" ")
        is_full = width_of(lines[-1]) + width_of(word) > width
        if lines[-1].strip() and is_full and indent + width_of(bare) <= width:
            lines.append(" " * indent + bare)
        else:
            lines[-1] += word
    return lines
