"""What each meaning looks like, in words; the only place that names a colour.

Whoever draws makes its own styles of these: `theme` those of rich, the prompt those of
prompt_toolkit, and who writes to a stream by itself the codes of a terminal (`make_code`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOKS: Mapping[str, str] = {
    "title": "bold",
    "label": "cyan",
    "dim": "dim",
    "faint": "bright_black",
    "note": "dim italic",
    "error": "red",
    "failure": "bold red",
    "warning": "yellow",
    "good": "green",
    "hot": "bold red",
    "path": "blue",
    "live": "reverse",
    # Values and sources, and what is typed of them.
    "type": "cyan",
    "string": "green",
    "number": "magenta",
    "word": "yellow",
    "key": "blue",
    "comment": "dim",
    "class": "bright_blue",
    "method": "yellow",
    "variable": "magenta",
    "operator": "bold",
    "wrong": "underline red",
    # The prompt.
    "place": "bold cyan",
    "now": "bold underline",
    # How much a line may do.
    "reads": "green",
    "observes": "cyan",
    "changes": "yellow",
    "dangerous": "bold red",
    # Thread states, in the colours that Arthas' own terminal has made familiar.
    "NEW": "cyan",
    "RUNNABLE": "green",
    "BLOCKED": "bold red",
    "WAITING": "yellow",
    "TIMED_WAITING": "magenta",
    "TERMINATED": "blue",
}
# What tells many JVMs apart, one after the other and again from the first.
TARGET_LOOKS = (
    *("cyan", "green", "magenta", "yellow", "blue"),
    *("bright_cyan", "bright_green", "bright_magenta", "bright_yellow", "bright_blue"),
)
_ATTRIBUTES = {"bold": 1, "dim": 2, "italic": 3, "underline": 4, "reverse": 7}
_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_FIRST_COLOUR = 30
PLAIN = "\x1b[0m"


def make_code(meaning: str) -> str:
    """Return what a terminal is told to write so from here on, until `PLAIN`."""
    numbers = (
        _ATTRIBUTES.get(word) or _FIRST_COLOUR + _COLOURS.index(word)
        for word in LOOKS[meaning].split()
    )
    return f"\x1b[{';'.join(map(str, numbers))}m"


def name_for_prompt(look: str) -> str:
    """Return a look in the words of prompt_toolkit."""
    words = (
        word if word in _ATTRIBUTES else f"ansi{word.replace('_', '')}" for word in look.split()
    )
    return " ".join(words)
