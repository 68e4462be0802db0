"""`:format`: how results are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.shell.commands.arguments import find_word, read_argument
from arthas_cli.shell.context import ShellCommand
from arthas_cli.shell.jobs.display import LOOKS

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_format(context: ShellContext, line: str) -> None:
    """Print how results can be displayed, or change it."""
    look = read_argument(line, most=1)
    if not look:
        for name, summary in LOOKS.items():
            context.say(f"{'*' if name == context.runner.look else ' '} {name:<10}{summary}")
    elif look in LOOKS:
        context.runner.look = look
    else:
        what, span = f"there is no format '{look}'", find_word(line, 1)
        raise LineError(what, line=line, span=span, hint=f"use one of {', '.join(LOOKS)}")


FORMAT = ShellCommand(
    "show how results are displayed, or change it",
    run_format,
    ":format [NAME]",
    tuple(f"{name:<10}{summary}" for name, summary in LOOKS.items()),
    values=LOOKS,
    is_harmless=True,
)
