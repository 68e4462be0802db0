"""The styles by what they mean; the only place that names a colour."""

from __future__ import annotations

from rich.style import Style

TITLE = Style(bold=True)
LABEL = Style(color="cyan")
DIM = Style(dim=True)
NOTE = Style(dim=True, italic=True)
ERROR = Style(color="red")
WARNING = Style(color="yellow")
GOOD = Style(color="green")
HOT = Style(color="red", bold=True)
PATH = Style(color="blue")

# Values and sources.
TYPE = Style(color="cyan")
STRING = Style(color="green")
NUMBER = Style(color="magenta")
WORD = Style(color="yellow")
KEY = Style(color="blue")
COMMENT = Style(dim=True)

# Thread states, in the colours that Arthas' own terminal has made familiar.
THREAD_STATES: dict[str, Style] = {
    "NEW": Style(color="cyan"),
    "RUNNABLE": Style(color="green"),
    "BLOCKED": Style(color="red", bold=True),
    "WAITING": Style(color="yellow"),
    "TIMED_WAITING": Style(color="magenta"),
    "TERMINATED": Style(color="blue"),
}
