"""`:every`: the same command again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.shell.context import Output, ShellCommand
from arthas_cli.shell.jobs.every import repeat

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_every(context: ShellContext, line: str) -> None:
    """Repeat a command."""
    repeat(context.runner, line)


EVERY = ShellCommand(
    "run a command again and again",
    run_every,
    ":every TIME COMMAND",
    (
        "e.g. :every --until changed --times 10 2s thread -b",
        "--until nonempty, empty, changed or fails; --times N stops after N rounds",
    ),
    output=Output.OF_COMMAND,
)
