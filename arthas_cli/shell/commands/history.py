"""`history`: the lines typed here."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.shell.commands.arguments import find_word, read_argument
from arthas_cli.shell.context import ShellCommand
from arthas_cli.shell.prompt.history import list_entries

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_history(context: ShellContext, line: str) -> None:
    """Print the lines typed here, or the last ones of them."""
    entries = context.history.entries
    given = read_argument(line, most=1)
    if given and not given.isdecimal():
        raise LineError(f"'{given}' is not a number", line=line, span=find_word(line, 1))
    for text in list_entries(entries, int(given or len(entries)), time.time()):
        context.say.show(text)


HISTORY = ShellCommand(
    "list the lines you typed, or the last N",
    run_history,
    "history [N]",
    (
        "with time and target, and how the line ended if it did not succeed",
        "!! runs the last line again, !7 line 7, !-2 the last but one",
        "Up recalls lines that begin like what you typed, Ctrl+R searches",
        "a line that holds a secret is never kept",
        "pipe it like any shell command that prints: history | grep watch",
    ),
    is_harmless=True,
)
