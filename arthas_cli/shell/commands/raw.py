"""`:raw`: a line as it is, unchecked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.line.own_words import RAW
from arthas_cli.shell.context import Output, ShellCommand

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_raw(context: ShellContext, line: str) -> None:
    """Send a line as it is."""
    given = line.removeprefix(RAW).strip()
    if not given:
        raise LineError(
            "missing the line to send", line=line, span=(0, len(line)), hint="use ':raw COMMAND'"
        )
    context.runner.run(given, is_raw=True)


RAW_LINE = ShellCommand(
    "send a line as it is, without checks",
    run_raw,
    ":raw COMMAND",
    ("quotes, ';' and pipes are passed on, not interpreted here",),
    output=Output.OF_COMMAND,
)
