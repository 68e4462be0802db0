"""Runs a command on many JVMs to show what differs between their answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from arthas_cli.errors import FormatError, LineError, NotRun
from arthas_cli.fleet.compare import refuse_stream
from arthas_cli.fleet.compared import CompareWriter
from arthas_cli.formats import FormatName
from arthas_cli.line.own_words import COMPARE
from arthas_cli.shell.terminal.output import JobOutput

if TYPE_CHECKING:
    from arthas_cli.shell.jobs.runner import Runner


def compare(runner: Runner, line: str) -> None:
    """Run the command in the line, and show what differs.

    Raises:
        ArthasShellError: the line, or the command in it, would not work; there is one JVM only.
    """
    command = line.removeprefix(COMPARE).strip()
    if not command:
        end = len(line)
        hint = "use :compare COMMAND, such as ':compare sysprop'"
        raise LineError("missing the command to compare", line=line, span=(end, end), hint=hint)
    links = runner.links
    if not links.is_many:
        hint = "run ':on all' first" if links.may_be_many else "start the shell on several: --on"
        raise NotRun("there is one JVM, and nothing to compare it with", hint=hint)
    plan, piping = runner.preflight.check(command, "text")
    refuse_stream(plan)
    if piping.pipeline.wants_json:
        raise FormatError(
            "':compare' prints text, there is no JSON for it",
            hint="use 'arthas-shell exec --compare --json', or ':json' for the whole answers",
        )
    names = [place.name for place in links.active]
    runner.run_on_all(
        plan,
        piping,
        partial(
            CompareWriter, name=FormatName.TEXT, names=names, tell=JobOutput(runner.terminal).tell
        ),
    )
