"""One command on many JVMs without a prompt: what is said of it beside the results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from arthas_cli.batch import Batch, End
from arthas_cli.diagnostics import choose_worst
from arthas_cli.errors import ArthasShellError, ExitCode, OutputClosed
from arthas_cli.fleet.names import fold_briefly
from arthas_cli.fleet.text import FleetTextWriter
from arthas_cli.fleet.told import Told, tell_outcome
from arthas_cli.formats import Report
from arthas_cli.interrupts import LeaveNow
from arthas_cli.protocol import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.fleet.job import FleetJob
    from arthas_cli.formats import ResultWriter
    from arthas_cli.line.plan import Plan
    from arthas_cli.pipes.writer import PipeWriter
    from arthas_cli.session.outcome import Job, TargetEnd


@dataclass(frozen=True)
class FleetBatch(Batch):
    """What the lines of one run on many JVMs share.

    `preload`: loads what is needed to draw. `shows_progress`: how many have answered.
    """

    preload: Callable[[], None] = lambda: None
    shows_progress: bool = False

    def follow(self, plan: Plan, job: Job, writer: ResultWriter, piped: PipeWriter | None) -> End:
        """Show what they send until all have ended or are abandoned."""
        job = cast("FleetJob", job)
        told = Told(
            job.members,
            plan,
            self.diagnostics,
            notes_enhancer=self.notes_enhancer or piped is not None,
            shows_progress=self.shows_progress,
        )
        job.tell_end = told.see_end
        job.tell_by(self.diagnostics.warn)
        job.meanwhile = self.preload
        if piped is not None:
            # A deadline is each one's own, and they do not all begin at the same time.
            piped.attach(plan, job, self.deadline_s if plan.is_stream else None)
        text = writer if piped is None else piped.writer
        if isinstance(text, FleetTextWriter):
            text.begin(plan)
        self.interrupts.job = (piped or job) if plan.is_stream else None
        try:
            told.begin()
            for result in job:
                writer.show(result)
                told.see(result)
                if not job.has_ready:
                    writer.flush()
        except LeaveNow:
            self._say_what_runs_on(plan, job)
            return End([], job.outcome)
        except ArthasShellError as error:
            return End([error], job.outcome)
        finally:
            told.stop()
        if job.ends_at_first and not job.has_hit:
            self.diagnostics.note("no JVM had a hit")
        outcome = job.outcome if piped is None else piped.judge(job.outcome)
        return End([] if outcome.error is None else [outcome.error], outcome)

    def conclude(self, line: str, writer: ResultWriter, end: End) -> ExitCode:
        """Hand on how the command ended; report who failed, by cause, and how many did what."""
        if not end.outcome.ends:  # nothing was sent to any
            return super().conclude(line, writer, end)
        ends = tuple(self._settle(each) for each in end.outcome.ends)
        outcome = end.outcome._replace(ends=ends)
        own = [error for error in end.errors if error is not end.outcome.error]
        worst = self.choose_error([*end.errors, self.interrupts.error])
        try:
            writer.end(Report(line, self.client.url, outcome, worst))
        except OutputClosed as closed:
            worst = choose_worst([worst, closed])
        if isinstance(worst, OutputClosed):
            return worst.exit_code
        tell_outcome(self.diagnostics, outcome)
        for error in (*own, self.interrupts.error):
            if error is not None:
                self.diagnostics.report(error)
        return ExitCode.OK if worst is None else worst.exit_code

    def find_silent(self, plan: Plan, job: Job) -> str:
        """Return, with a verb, whose servers have not answered that the job was closed."""
        names = cast("FleetJob", job).list_silent() if plan.is_stream else []
        return f"{fold_briefly(names)} {'does' if len(names) == 1 else 'do'}" if names else ""

    def _settle(self, end: TargetEnd) -> TargetEnd:
        """Return the end with the error that its document has."""
        error = self.choose_error([end.outcome.error])
        if error is None and end.outcome.state == State.INTERRUPTED:
            error = self.interrupts.error
        return end._replace(outcome=end.outcome._replace(error=error))
