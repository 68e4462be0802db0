"""`:compare`: what differs between the answers of many JVMs to one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.own_words import COMPARE
from arthas_cli.shell.context import Output, ShellCommand
from arthas_cli.shell.jobs.compare import compare

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_compare(context: ShellContext, line: str) -> None:
    """Show what differs."""
    compare(context.runner, line)


COMPARISON = ShellCommand(
    "show only what differs between the JVMs",
    run_compare,
    f"{COMPARE} COMMAND",
    (
        "e.g. :compare sysprop, :compare vmoption, :compare sc -d CLASS, :compare jvm",
        "rows that are the same everywhere are counted, not shown",
    ),
    output=Output.OF_COMMAND,
)
