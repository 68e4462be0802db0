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
        raise LineError("send which line?", line=line, span=(0, len(line)), hint=":raw COMMAND")
    context.runner.run(given, is_raw=True)


RAW_LINE = ShellCommand(
    "send a line as it is, unchecked",
    run_raw,
    ":raw COMMAND",
    ("nothing in it is read here: no quotes, no ';', no pipes",),
    output=Output.OF_COMMAND,
)
