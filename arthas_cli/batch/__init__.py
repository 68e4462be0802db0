"""One command without a prompt (`exec`); `run` has one after the other run here."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.client.client import Client
from arthas_cli.diagnostics import choose_worst
from arthas_cli.errors import (
    ArthasShellError,
    ExitCode,
    FormatError,
    Incomplete,
    NotRun,
    OutputClosed,
    TimedOut,
)
from arthas_cli.formats import Report, TextResultWriter, format_closing
from arthas_cli.interrupts import Interrupts, LeaveNow
from arthas_cli.jsontext import as_int, as_object
from arthas_cli.line.scan import scan_line
from arthas_cli.results import is_hit
from arthas_cli.session.execute import explain_wait
from arthas_cli.session.outcome import Outcome, StreamJob
from arthas_cli.text import count
from arthas_cli.written import FileNotes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.fleet.fleet import Fleet
    from arthas_cli.formats import ResultWriter
    from arthas_cli.line.plan import Plan
    from arthas_cli.pipes.writer import PipeWriter
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job

_POINTERS = "':why' of the shell looks for the reason", "--json has what Arthas advises"
_NOTHING_RESET = "if a class is still enhanced after this, run 'jad CLASS': that restores its code"


class End(NamedTuple):
    """How a line ended: what went wrong, and the closing line where results are missing."""

    errors: list[ArthasShellError]
    outcome: Outcome = Outcome()
    has_lost: bool = False
    closing: str = ""


@dataclass(frozen=True)
class Batch:
    """What the lines of one run share.

    `deadline_s`: for each command, None for none. `refuse`: raises NotRun where
    the answer to a plan cannot be shown.
    `notes_enhancer`: whether to say on stderr how many
    classes were changed, which a terminal on stdout shows already. `open_pipe`: makes what takes
    the results of a line that has a pipe or redirect, None for any other.
    """

    client: Client | Fleet
    make_writer: Callable[[], ResultWriter]
    diagnostics: Diagnostics
    open_pipe: Callable[[str], PipeWriter | None]
    deadline_s: float | None = None
    allows_loss: bool = False
    refuse: Callable[[Plan], None] = lambda _: None
    checks_lines: bool = True
    notes_enhancer: bool = True
    interrupts: Interrupts = field(default_factory=Interrupts)
    files: FileNotes = field(default_factory=FileNotes)

    def run_line(self, line: str) -> int:
        """Run one command to its end and show what came; nothing of it stays behind.

        Returns an `ExitCode`, or where a local program ended the line well or not, its code.
        """
        try:
            line = scan_line(line) if self.checks_lines else line
            piped = self.open_pipe(line) if self.checks_lines else None
        except ArthasShellError as error:
            return self.conclude(line, self.make_writer(), End([error]))
        if piped is None:
            writer = self.make_writer()
            return self.conclude(line, writer, self._run(line, writer))
        with piped:
            code = self.conclude(line, piped, self._run(piped.pipeline.command, piped, piped))
            if code == ExitCode.OK and piped.trouble is not None:
                self.diagnostics.report(piped.trouble)
                return piped.trouble.exit_code
            if code == ExitCode.OK and piped.code:
                self.diagnostics.note(piped.format_code())
            return code or piped.code

    def conclude(self, line: str, writer: ResultWriter, end: End) -> ExitCode:
        """Hand on how the command ended and report the worst of it, and what that hides."""
        worst = self.choose_error([*end.errors, self.interrupts.error])
        try:
            writer.end(Report(line, self.client.url, end.outcome, worst))
        except OutputClosed as closed:
            worst = choose_worst([worst, closed])
        if isinstance(worst, OutputClosed):
            return worst.exit_code
        if end.has_lost and not isinstance(worst, Incomplete):
            self.diagnostics.tell(end.closing)
        for error in end.errors:
            if error is not worst and not isinstance(error, Incomplete):
                self.diagnostics.warn(error.message)
        if worst is None:
            return ExitCode.OK
        self.diagnostics.report(worst)
        return worst.exit_code

    def choose_error(self, errors: Iterable[ArthasShellError | None]) -> ArthasShellError | None:
        """Return the worst of them, but for what is allowed."""
        return choose_worst(
            error for error in errors if not (self.allows_loss and isinstance(error, Incomplete))
        )

    def check_ahead(self, line: str) -> ExitCode:
        """Report why a line could not run, before what stands before it does; 0 for nothing.

        What cannot be told is no reason: the line says so in its turn.
        """
        try:
            piped = self.open_pipe(line)
            command = line if piped is None else piped.pipeline.command
            self.client.check_ahead(command, self.deadline_s)
        except NotRun as error:
            return self.conclude(line, self.make_writer(), End([error]))
        except (ArthasShellError, LeaveNow):
            pass
        return ExitCode.OK

    def _run(self, line: str, writer: ResultWriter, piped: PipeWriter | None = None) -> End:
        begun = time.monotonic()
        try:
            plan = self.client.plan(line, is_raw=not self.checks_lines, deadline_s=self.deadline_s)
            self.refuse(plan)
            self.client.require(
                plan, self.deadline_s, warn=self.diagnostics.warn, note=self.diagnostics.note
            )
            kind = "stream" if plan.is_stream else "one-shot"
            self.diagnostics.detail(f"'{plan.name}' goes to {self.client.url} as a {kind}")
            if piped is not None:
                piped.start()
            job = self.client.start(plan, self.deadline_s)
        except LeaveNow:
            return End([])
        except TimedOut as error:
            return End([explain_wait(error, begun, self.deadline_s)])
        except ArthasShellError as error:
            return End([error])
        try:
            end = self.follow(plan, job, writer, piped)
            self.advise(plan, end.outcome, begun)
        except LeaveNow:
            return End([])
        finally:
            self.interrupts.job = None
            job.close()
        return end

    def advise(self, plan: Plan, outcome: Outcome, begun: float) -> None:
        """Add to the error what may help, within what is left of the deadline."""
        if isinstance(self.client, Client):
            advise_on(self.client, plan, outcome, self.find_rest(begun))

    def find_rest(self, begun: float) -> float | None:
        """Return how many seconds are left of the deadline; None where there is none."""
        if self.deadline_s is None:
            return None
        return max(0.0, self.deadline_s - (time.monotonic() - begun))

    def follow(self, plan: Plan, job: Job, writer: ResultWriter, piped: PipeWriter | None) -> End:
        """Show what the job sends until it ends or is abandoned."""
        shown, is_blank = 0, True
        stream = job if isinstance(job, StreamJob) else None
        if stream is not None:
            stream.tell_by(self.diagnostics.warn)
        if piped is not None:
            piped.attach(plan, job, self.deadline_s)
        self.interrupts.job = (piped or job) if plan.is_stream else None
        try:
            for result in job:
                writer.show(result)
                is_blank = is_blank and result.type == "row_affect"
                shown += is_hit(result)
                self._note_effect(result, is_unseen=self.notes_enhancer or piped is not None)
                if caution := self.files.read(result, plan.file):
                    self.diagnostics.warn(caution)
                if not job.has_ready:
                    writer.flush()
        except LeaveNow:
            self._say_what_runs_on(plan, job)
            return End([])
        except ArthasShellError as error:
            return End([error])
        outcome = job.outcome if piped is None else piped.judge(job.outcome)
        is_text = piped is not None or isinstance(writer, TextResultWriter)
        is_empty = is_blank and is_text and plan.is_read and not outcome.message
        if note := outcome.remark or ("no results" if is_empty and outcome.error is None else ""):
            self.diagnostics.note(note)
        errors = [] if outcome.error is None else [outcome.error]
        has_run = stream.has_begun if stream else isinstance(outcome.error, Incomplete)
        has_lost = has_run and outcome.lost != 0
        return End(errors, outcome, has_lost, format_closing(shown, plan, outcome))

    def _say_what_runs_on(self, plan: Plan, job: Job) -> None:
        """Warn if a command that was abandoned may still be running."""
        job.close()
        if silent := self.find_silent(plan, job):
            self.diagnostics.warn(f"{silent} not answer; '{plan.name}' may still be running")
        elif not (plan.is_stream and plan.is_interruptible):
            self.diagnostics.note(
                f"Arthas cannot interrupt '{plan.name}'; it keeps running until it finishes"
            )

    def find_silent(self, plan: Plan, job: Job) -> str:
        """Return, with its verb, who has not answered that the job was closed; empty for nobody."""
        del plan
        return "the server does" if isinstance(job, StreamJob) and job.may_run_on else ""

    def _note_effect(self, result: Result, *, is_unseen: bool) -> None:
        """Note how many classes were changed: a pattern may be wider than it looks.

        `is_unseen`: nobody sees what the enhancer itself says of it.
        """
        if result.type == "enhancer" and is_unseen:
            effect = as_object(result.data.get("effect"))
            classes, methods = as_int(effect.get("classCount")), as_int(effect.get("methodCount"))
            if classes and methods:
                taken = f"{count(classes, 'class', 'classes')}, {count(methods, 'method')}"
                self.diagnostics.note(f"enhanced: {taken}")
        elif result.type == "reset" and "reset" in self.client.confirmed:
            affect = as_object(result.data.get("affect"))
            if as_int(affect.get("classCount")) == 0:
                self.diagnostics.note(_NOTHING_RESET)


def advise_on(client: Client, plan: Plan, outcome: Outcome, left_s: float | None) -> None:
    """Add to the error of a command what may help, by asking for it at most `left_s` seconds."""
    if outcome.status:
        from arthas_cli.session.loaders import offer_loaders  # hardly ever needed
        from arthas_cli.why.offer import Pointers, offer_why

        pointers = Pointers(*_POINTERS)
        offer_why(client.server, plan, outcome, pointers=pointers, timeout_s=left_s)
        offer_loaders(client.server, plan, outcome, left_s)


def refuse_other_than_table(plan: Plan) -> None:
    """Raise FormatError where the answer is no table."""
    if not plan.is_table:
        what = f"the answer to '{plan.name}' is not a table"
        raise FormatError(what, hint="use -o text, json or jsonl")
