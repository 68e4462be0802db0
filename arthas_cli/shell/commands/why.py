"""`:why`: what keeps a command from showing anything, found out by reads alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import LineError, NotRun
from arthas_cli.formats import format_lost
from arthas_cli.line.parse import parse_line
from arthas_cli.results import is_hit
from arthas_cli.shell.context import ShellCommand
from arthas_cli.text import count, one_line
from arthas_cli.why.facts import find_target
from arthas_cli.why.queries import gather_facts
from arthas_cli.why.rules import diagnose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arthas_cli.shell.context import ShellContext
    from arthas_cli.why.finding import Finding

WORD = ":why"


def run_why(context: ShellContext, line: str) -> None:
    """Print why a line, or the last one that enhanced something, shows nothing.

    Raises:
        LineError: the line enhances nothing.
        NotRun: there is no line.
        ArthasShellError: the server is not to be had.
    """
    asked = line.removeprefix(WORD).strip() or context.runner.enhancing
    if not asked:
        raise NotRun("there is no command to explain", hint=f"use '{WORD} watch CLASS METHOD'")
    parsed = parse_line(asked, load_commands())
    target = find_target(parsed)
    if target is None:
        names = [name for name, command in load_commands().items() if command.enhances]
        raise LineError(
            "that command enhances no class",
            line=asked,
            span=parsed.name.span,
            hint=f"use one of {', '.join(names)}",
        )
    answer = context.runner.answer
    if answer and answer.plan.line == asked:
        shown, lost = sum(map(is_hit, answer.results)), answer.report.outcome.lost
        if shown or lost:
            also = f", {format_lost(lost)}" if lost else ""
            were = "was" if shown == 1 else "were"
            context.say(f"it was called: there {were} {count(shown, 'result')}{also}")
            return
    link = context.runner.link
    facts = gather_facts(link.server, target, link.welcome.version_numbers)
    for text in format_findings(diagnose(facts)):
        context.say(text)


def format_findings(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a line for each finding, and for each command of it one set in."""
    for finding in findings:
        yield one_line(finding.what)
        yield from (f"    {one_line(command)}" for command in finding.commands)


WHY = ShellCommand(
    "explain why a command shows nothing (default: the last)",
    run_why,
    ":why [COMMAND]",
    (
        "checks whether the class is loaded and has the method, and much more",
        "uses only sc, sm and options, so it changes nothing",
    ),
    is_harmless=True,
    needs_one=True,
)
