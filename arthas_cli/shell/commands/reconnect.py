"""`:reconnect`: another session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import Output, ShellCommand
from arthas_cli.shell.jobs.sharing import share

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_reconnect(context: ShellContext, line: str) -> None:
    """Open another session."""
    read_argument(line, most=0)
    runner = context.runner
    was_sharing, runner.sharing = runner.sharing is not None, None
    runner.link.reopen()
    if was_sharing:
        share(runner)


RECONNECT = ShellCommand(
    "end the session on the server and open a new one",
    run_reconnect,
    details=("background jobs go on; anyone who joined the session has to join again",),
    output=Output.NOTHING,
    needs_one=True,
)
