"""One command without a prompt (`exec`), or many (`run`)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.check import Known, check_line
from arthas_cli.diagnostics import choose_worst
from arthas_cli.errors import (
    ArthasShellError,
    ExitCode,
    Incomplete,
    LineError,
    OutputClosed,
    TimedOut,
)
from arthas_cli.formats import BESIDE_RESULTS, Report, format_closing
from arthas_cli.interrupts import Abandon, Interrupts
from arthas_cli.jsontext import as_int, as_object
from arthas_cli.line.sequence import split_sequence
from arthas_cli.session.execute import make_late
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.outcome import Outcome
from arthas_cli.session.server import QUICK_S
from arthas_cli.text import count
from arthas_cli.written import FileNotes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.formats import Format
    from arthas_cli.line.plan import Plan
    from arthas_cli.pipes.form import PipeForm
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job
    from arthas_cli.session.server import Server
    from arthas_cli.session.stream import Stream

# What ends a run of many lines even if it is to go on after failures.
_ENDS = (ExitCode.INTERRUPTED, ExitCode.TERMINATED, ExitCode.OUTPUT_CLOSED)


class _End(NamedTuple):
    """How a line ended: what went wrong, and the closing line where results are missing."""

    errors: list[ArthasShellError]
    outcome: Outcome = Outcome()
    has_lost: bool = False
    closing: str = ""


@dataclass(frozen=True)
class Batch:
    """What the lines of one run share.

    `deadline_s`: for each command, None for none. `confirmed`: what nobody need be asked about.
    `known`: of the server, without asking it. `notes_enhancer`: whether to say on stderr how many
    classes were changed, which a terminal on stdout shows already. `open_pipe`: makes what takes
    the results of a line that has a pipe or redirect, None for any other.
    """

    server: Server
    make_format: Callable[[], Format]
    diagnostics: Diagnostics
    open_pipe: Callable[[str], PipeForm | None]
    deadline_s: float | None = None
    allows_loss: bool = False
    confirmed: frozenset[str] = frozenset()
    checks_lines: bool = True
    known: Known = field(default_factory=Known)
    notes_enhancer: bool = True
    interrupts: Interrupts = field(default_factory=Interrupts)
    files: FileNotes = field(default_factory=FileNotes)

    def run_line(self, line: str) -> int:
        """Runs one command to its end and shows what came; nothing of it stays behind.

        Returns an `ExitCode`, or where a local program ended the line well or not, its code.
        """
        try:
            piped = self.open_pipe(line) if self.checks_lines else None
        except ArthasShellError as error:
            return self._conclude(line, self.make_format(), _End([error]))
        if piped is None:
            form = self.make_format()
            return self._conclude(line, form, self._run(line, form))
        with piped:
            code = self._conclude(line, piped, self._run(piped.pipeline.command, piped, piped))
            if code == ExitCode.OK and piped.trouble is not None:
                self.diagnostics.report(piped.trouble)
                return piped.trouble.exit_code
            if code == ExitCode.OK and piped.code:
                self.diagnostics.note(piped.format_code())
            return code or piped.code

    def _conclude(self, line: str, form: Format, end: _End) -> ExitCode:
        """Hands on how the command ended and reports the worst of it, and what that hides."""
        errors = [*end.errors, self.interrupts.error]
        if self.allows_loss:
            errors = [error for error in errors if not isinstance(error, Incomplete)]
        worst = choose_worst(errors)
        try:
            form.end(Report(line, self.server.url, end.outcome, worst))
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

    def run_lines(self, lines: Iterable[str], *, keeps_going: bool = False) -> int:
        """Runs the lines one after the other; returns the first failure's code.

        Empty lines and those that begin with `#` are passed over. Stops at the first failure
        unless `keeps_going`; in any case at a signal and when nobody reads on, with its code.
        """
        first: int = ExitCode.OK
        for line in list_commands(lines, are_read=self.checks_lines):
            code = self.run_line(line)
            if code in _ENDS:
                return code
            first = first or code
            if first and not keeps_going:
                break
        return first

    def _run(self, line: str, form: Format, piped: PipeForm | None = None) -> _End:
        try:
            plan = check_line(
                line,
                self.server,
                is_raw=not self.checks_lines,
                deadline_s=self.deadline_s,
                known=self.known,
            )
            self._require(plan)
            kind = "stream" if plan.is_stream else "one-shot"
            self.diagnostics.detail(f"'{plan.name}' goes to {self.server.url} as a {kind}")
            if piped is not None:
                piped.start()
            job = start_job(self.server, plan, self.deadline_s)
        except Abandon:
            return _End([])
        except ArthasShellError as error:
            return _End([error])
        try:
            return self._follow(plan, job, form, piped)
        finally:
            self.interrupts.job = None
            job.close()

    def _require(self, plan: Plan) -> None:
        """Refuses what the shell would ask about; ends what is to be ended before a `reset`.

        Raises:
            Unconfirmed: nobody has named it beforehand.
            ArthasShellError: the server does not answer, or a command does not end.
        """
        self.server.policy.require(plan.line, self.confirmed)
        if not plan.resets:
            return
        from arthas_cli.session.doubts import end_jobs, find_doubts  # others start faster

        doubts = find_doubts(self.server, plan.line, min(QUICK_S, self.deadline_s or QUICK_S))
        doubts.require(self.confirmed)
        if doubts.warning:
            self.diagnostics.warn(doubts.warning)
        if doubts.jobs:
            self.diagnostics.note(end_jobs(self.server, doubts.jobs))

    def _follow(self, plan: Plan, job: Job, form: Format, piped: PipeForm | None) -> _End:
        """Shows what the job sends until it ends or is abandoned."""
        shown = 0
        stream = _find_stream(plan, job)
        if stream is not None:
            stream.tell_by(self.diagnostics.warn)
        if piped is not None:
            piped.attach(plan, job, self.deadline_s)
        self.interrupts.job = (piped or job) if plan.is_stream else None
        try:
            for result in job:
                form.show(result)
                shown += result.type not in BESIDE_RESULTS
                if self.notes_enhancer or piped is not None:
                    self._note_enhancer(result)
                if caution := self.files.read(result, plan.file):
                    self.diagnostics.warn(caution)
                if not job.has_ready:
                    form.flush()
        except Abandon:
            self._say_what_runs_on(plan, job)
            return _End([])
        except ArthasShellError as error:
            return _End([error])
        outcome = job.outcome if piped is None else piped.judge(job.outcome)
        if outcome.error is None and outcome.remark:
            self.diagnostics.note(outcome.remark)
        errors = [] if outcome.error is None else [outcome.error]
        has_run = stream.has_begun if stream else isinstance(outcome.error, Incomplete)
        has_lost = has_run and outcome.lost != 0
        return _End(errors, outcome, has_lost, format_closing(shown, plan, outcome))

    def _say_what_runs_on(self, plan: Plan, job: Job) -> None:
        """Says of a command that was let go whether it goes on."""
        job.close()
        stream = _find_stream(plan, job)
        if stream and stream.may_run_on:
            self.diagnostics.warn(f"the server does not answer: '{plan.name}' may run on")
        elif not (plan.is_stream and plan.is_interruptible):
            self.diagnostics.note(f"Arthas cannot stop '{plan.name}'; it runs on to its end")

    def _note_enhancer(self, result: Result) -> None:
        """Says how many classes were changed: a pattern may be wider than it looks."""
        effect = as_object(result.data.get("effect"))
        classes, methods = as_int(effect.get("classCount")), as_int(effect.get("methodCount"))
        if result.type == "enhancer" and classes and methods:
            taken = f"{count(classes, 'class', 'classes')}, {count(methods, 'method')}"
            self.diagnostics.note(f"enhanced: {taken}")


def list_commands(lines: Iterable[str], *, are_read: bool = True) -> Iterator[str]:
    """Yields the commands of the lines; what is a comment, or nothing, is passed over.

    A line that is not read is one command, whatever is in it.
    """
    for line in lines:
        text = line.strip()
        if text.startswith("#"):
            continue
        if not are_read:
            yield from filter(None, [text])
            continue
        try:
            parts = split_sequence(text)
        except LineError:
            yield text  # whoever runs it says what is wrong
        else:  # a '&' is refused there as well: nobody could bring the command back
            yield from (f"{part.line} &" if part.is_behind else part.line for part in parts)


def _find_stream(plan: Plan, job: Job) -> Stream | None:
    if not plan.is_stream:
        return None
    from arthas_cli.session.stream import Stream  # a one-shot does not load it

    return job if isinstance(job, Stream) else None


def start_job(server: Server, plan: Plan, deadline_s: float | None) -> Job:
    """Returns the job that runs the plan; what streams gets a session of its own.

    Raises:
        ArthasShellError: no session could be opened.
    """
    begun = time.monotonic()
    if not plan.is_stream:
        return OneShot(server, plan, deadline_s=deadline_s)
    from arthas_cli.session.session import Session  # a one-shot without it starts faster
    from arthas_cli.session.stream import Stream

    until = None if deadline_s is None else begun + deadline_s
    try:
        session = Session.open(server, until)
    except TimedOut as error:
        if until is None or time.monotonic() < until:
            raise
        raise make_late(deadline_s, "; the server does not answer") from error
    return Stream(session, plan, deadline_s=deadline_s, begun=begun, owns_session=True)
