"""`quit`, `exit` and `q`: leave the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import Output, ShellCommand

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


_LEAVING = (
    "with background jobs running, type it twice; it stops them",
    "lists the classes left enhanced, and offers to reset only those",
)


def run_quit(context: ShellContext, line: str) -> None:
    """Leave."""
    read_argument(line, most=0)
    context.leave()


QUIT = ShellCommand("leave the shell", run_quit, details=_LEAVING, output=Output.NOTHING)
Q = ShellCommand(
    "leave the shell",
    run_quit,
    details=("while a stream runs, the key q stops the stream and does not leave", *_LEAVING),
    output=Output.NOTHING,
)
