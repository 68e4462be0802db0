"""One command without a prompt (`exec`), or many (`run`)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.diagnostics import choose_worst
from arthas_cli.errors import (
    ArthasShellError,
    ExitCode,
    Incomplete,
    LineError,
    OutputClosed,
    UnknownCommand,
)
from arthas_cli.formats import Report
from arthas_cli.interrupts import Abandon, Interrupts
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import Plan, make_plan
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.outcome import Outcome
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.formats import Format
    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job
    from arthas_cli.session.server import Server


@dataclass(frozen=True)
class Batch:
    """What the lines of one run share. `deadline_s`: for each command, None for none."""

    server: Server
    make_format: Callable[[], Format]
    diagnostics: Diagnostics
    deadline_s: float | None = None
    allows_loss: bool = False
    checks_lines: bool = True
    interrupts: Interrupts = field(default_factory=Interrupts)

    def run_line(self, line: str) -> ExitCode:
        """Runs one command to its end and shows what came; nothing of it stays behind."""
        form = self.make_format()
        outcome, errors = self._run(line, form)
        if self.allows_loss:
            errors = [error for error in errors if not isinstance(error, Incomplete)]
        worst = choose_worst([*errors, self.interrupts.error])
        with suppress(OutputClosed):
            form.end(Report(line, self.server.url, outcome, worst))
        if worst is None:
            return ExitCode.OK
        if not isinstance(worst, OutputClosed):
            self.diagnostics.report(worst)
        return worst.exit_code

    def run_lines(self, lines: Iterable[str], *, keeps_going: bool = False) -> ExitCode:
        """Runs the lines one after the other; returns the first failure's code.

        Empty lines and those that begin with `#` are passed over. Stops at the first failure
        unless `keeps_going`, and at a signal in any case.
        """
        first = ExitCode.OK
        for line in lines:
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            code = self.run_line(text)
            first = first or code
            if code and (
                not keeps_going or self.interrupts.error or code == ExitCode.OUTPUT_CLOSED
            ):
                break
        return first

    def _run(self, line: str, form: Format) -> tuple[Outcome, list[ArthasShellError | None]]:
        job: Job | None = None
        try:
            plan = self._plan(line)
            job = start_job(self.server, plan, self.deadline_s)
            self.interrupts.job = job if plan.is_stream else None
            for result in job:
                form.show(result)
                self._note_enhancer(result)
        except Abandon:
            if job is not None and self.interrupts.job is None:
                self.diagnostics.note("Arthas cannot stop the command; it runs on to its end")
            return Outcome(), [self.interrupts.error]
        except ArthasShellError as error:
            return Outcome(), [error]
        finally:
            self.interrupts.job = None
            if job is not None:
                job.close()
        return job.outcome, [job.outcome.error]

    def _plan(self, line: str) -> Plan:
        """Reads the line and refuses what would not work; sends nothing but `help`."""
        parsed = parse_line(line, load_commands())
        if (
            self.checks_lines
            and parsed.command is None
            and not has_command(self.server, parsed.name.text)
        ):
            raise explain_unknown_command(parsed)
        return make_plan(parsed)

    def _note_enhancer(self, result: Result) -> None:
        """Says how many classes were changed: a pattern may be wider than it looks."""
        effect = result.data.get("effect")
        if result.type == "enhancer" and result.data.get("success") and isinstance(effect, dict):
            classes, methods = effect.get("classCount"), effect.get("methodCount")
            self.diagnostics.note(f"enhanced: {classes} classes, {methods} methods")


def start_job(server: Server, plan: Plan, deadline_s: float | None) -> Job:
    """Returns the job that runs the plan; what streams gets a session of its own.

    Raises:
        ArthasShellError: no session could be opened.
    """
    if not plan.is_stream:
        return OneShot(server, plan, deadline_s=deadline_s)
    return Stream(Session.open(server), plan, deadline_s=deadline_s, owns_session=True)


def has_command(server: Server, name: str) -> bool:
    """Asks the server's `help` whether it has the command: external ones exist.

    Raises:
        ArthasShellError: `help` could not be had.
    """
    job = OneShot(server, Plan("help", "help", is_read=True))
    names: set[object] = set()
    for result in job:
        commands = result.data.get("commands")
        if isinstance(commands, list):
            names |= {entry.get("name") for entry in commands if isinstance(entry, dict)}
    if job.outcome.error is not None:
        raise job.outcome.error
    return name in names


def explain_unknown_command(parsed: ParsedLine) -> LineError:
    """Returns the error for a command that neither we nor the server know."""
    from difflib import get_close_matches

    name = parsed.name.text
    close = get_close_matches(name, [n for n, c in load_commands().items() if not c.is_hidden], n=1)
    hint = f"did you mean '{close[0]}'?" if close else "'help' lists the commands"
    return UnknownCommand(
        f"there is no command '{name}'", line=parsed.line, span=parsed.name.span, hint=hint
    )
