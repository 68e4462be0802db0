"""`:share`: let a colleague join the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import ShellCommand
from arthas_cli.shell.jobs.onlooker import format_invitation
from arthas_cli.shell.jobs.sharing import share

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_share(context: ShellContext, line: str) -> None:
    """Print how to join the session."""
    read_argument(line, most=0)
    invitation, explained = format_invitation(share(context.runner))
    context.say.show(invitation)
    context.say(explained)


SHARE = ShellCommand(
    "let a colleague join this session",
    run_share,
    details=("prints the command to join with; background jobs are not shared",),
    needs_one=True,
)
