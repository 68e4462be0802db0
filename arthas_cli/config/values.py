"""Reads single settings, as people write them in options and variables.

Each raises NotRun with what is wrong, and with the variable that the value comes from.
"""

from __future__ import annotations

from typing import Literal

from arthas_cli.config.variables import Given, name_variable
from arthas_cli.errors import NotRun

Color = Literal["auto", "always", "never"]

_COLORS: tuple[Color, ...] = ("auto", "always", "never")
_MAX_S = 86400
_MOST_DIGITS = 5


def read_color(value: object) -> Color:
    """Read when to use colours."""
    for color in _COLORS:
        if value == color:
            return color
    raise name_variable(
        NotRun(f"'{value}' is not a colour setting", hint="use auto, always or never"), value
    )


def read_seconds(value: object) -> float:
    """Read a time in seconds."""
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _MAX_S:  # which also holds for a NaN
        raise name_variable(
            NotRun(
                f"'{value}' is not a time in seconds",
                hint="use a number of seconds, such as --connect-timeout 5",
            ),
            value,
        )
    return seconds


def read_fanout(value: object) -> int:
    """Read how many JVMs may be spoken to at a time."""
    text = str(value)
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    if not is_number or int(text) < 1:
        raise name_variable(
            NotRun(f"'{value}' is not a number of 1 or more", hint="use --fanout 50"), value
        )
    return int(text)


def read_text(value: object) -> str | None:
    """Return a text as it is."""
    return value if isinstance(value, str | None) else str(value)


def read_lines(value: object) -> tuple[str, ...]:
    """Return several texts; none where it is something else."""
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()


def read_words(value: object) -> tuple[str, ...]:
    """Read words as an option that may be given again, or a variable with blanks between them."""
    if isinstance(value, Given):
        return tuple(Given(word, value.variable) for word in value.split())
    return read_lines(value) or tuple(str(value or "").split())


def read_names(value: object) -> frozenset[str]:
    """Read names as `read_words`, in no order."""
    return frozenset(read_words(value))


def read_switch(value: object) -> bool:
    """Read a switch as people write one; raises NotRun where it is neither true nor false."""
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        raise name_variable(NotRun(f"'{value}' is neither true nor false"), value)
    return text in ("1", "true", "yes", "on")
