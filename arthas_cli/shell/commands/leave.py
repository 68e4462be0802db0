"""`quit`, `exit` and `q`: leave the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import Output, ShellCommand

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


_LEAVING = (
    "with jobs in the background it has to be said twice, and stops them",
    "classes left enhanced are named, and a 'reset' of exactly those is offered",
)


def run_quit(context: ShellContext, line: str) -> None:
    """Leave."""
    read_argument(line, most=0)
    context.leave()


QUIT = ShellCommand("leave", run_quit, details=_LEAVING, output=Output.NOTHING)
Q = ShellCommand(
    "leave",
    run_quit,
    details=("while a stream runs the key q stops that, and does not leave", *_LEAVING),
    output=Output.NOTHING,
)
