"""`:json`: the last answer as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import ShellCommand
from arthas_cli.shell.jobs.answer import MAX_RESULTS, format_document, require_answer

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_json(context: ShellContext, line: str) -> None:
    """Print the last answer as JSON; raises NotRun where there is none."""
    read_argument(line, most=0)
    answer = require_answer(context.runner.answer)
    context.say.show(format_document(answer))
    context.note(answer.describe())


JSON = ShellCommand(
    "print the last answer as JSON",
    run_json,
    details=(f"only the last {MAX_RESULTS:,} results of a long answer are kept",),
    is_harmless=True,
)
