"""`:format`: how results are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.shell.commands.arguments import find_word, read_argument
from arthas_cli.shell.context import ShellCommand
from arthas_cli.shell.jobs.display import DISPLAY_FORMATS

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_format(context: ShellContext, line: str) -> None:
    """Print how results can be displayed, or change it."""
    display_format = read_argument(line, most=1)
    if not display_format:
        for name, summary in DISPLAY_FORMATS.items():
            context.say(
                f"{'*' if name == context.runner.display_format else ' '} {name:<10}{summary}"
            )
    elif display_format in DISPLAY_FORMATS:
        context.runner.display_format = display_format
    else:
        what, span = f"there is no format '{display_format}'", find_word(line, 1)
        raise LineError(what, line=line, span=span, hint=f"use one of {', '.join(DISPLAY_FORMATS)}")


FORMAT = ShellCommand(
    "show how results are displayed, or change it",
    run_format,
    ":format [NAME]",
    tuple(f"{name:<10}{summary}" for name, summary in DISPLAY_FORMATS.items()),
    values=DISPLAY_FORMATS,
    is_harmless=True,
)
