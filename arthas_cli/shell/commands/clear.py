"""`cls`: clear the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.shortcuts import clear

from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import Output, ShellCommand

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_cls(context: ShellContext, line: str) -> None:
    """Clear the screen."""
    del context
    read_argument(line, most=0)
    clear()


CLS = ShellCommand(
    "clear the screen",
    run_cls,
    details=("Ctrl+L does the same and keeps the line you are typing",),
    output=Output.NOTHING,
)
