"""One command on many JVMs without a prompt: what is said of it beside the results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from arthas_cli.batch import Batch, End, advise_on
from arthas_cli.diagnostics import choose_worst
from arthas_cli.errors import ArthasShellError, ExitCode, OutputClosed
from arthas_cli.fleet.formats import make_fleet_writer
from arthas_cli.fleet.names import fold_briefly
from arthas_cli.fleet.parallel import call_each
from arthas_cli.fleet.text import FleetTextWriter
from arthas_cli.fleet.told import Told, tell_outcome
from arthas_cli.formats import FormatName, Report, preload
from arthas_cli.interrupts import LeaveNow
from arthas_cli.pipes.open import open_pipe
from arthas_cli.protocol import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.environment import Environment
    from arthas_cli.fleet.fleet import Fleet
    from arthas_cli.fleet.job import FleetJob
    from arthas_cli.formats import ResultWriter
    from arthas_cli.line.plan import Plan
    from arthas_cli.output import ColorSystem
    from arthas_cli.pipes.writer import PipeWriter
    from arthas_cli.session.outcome import Job, Outcome, TargetEnd


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

    def advise(self, plan: Plan, outcome: Outcome, begun: float) -> None:
        """Add to the error of each what may help."""
        fleet, left_s = cast("Fleet", self.client), self.find_rest(begun)
        each = [
            partial(advise_on, member.client, plan, end.outcome, left_s)
            for member, end in zip(fleet.members, outcome.ends, strict=False)
            if end.outcome.status
        ]
        call_each(each, fleet.fanout)

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


def make_fleet_batch(  # noqa: PLR0913 - what the lines of one run share
    fleet: Fleet,
    name: FormatName,
    environment: Environment,
    color: ColorSystem | None,
    shared: dict[str, Any],
    *,
    compares: bool,
) -> FleetBatch:
    """Return what runs lines on many; `shared`: the fields that are those of one JVM as well.

    `compares`: what differs is shown, not what each answers.
    """
    if compares:
        from arthas_cli.fleet.compare import refuse_stream
        from arthas_cli.fleet.compared import make_compare_writer, refuse_pipe

        names = [member.name for member in fleet.members]
        note = shared["diagnostics"].note
        own = {
            "refuse": refuse_stream,
            "make_writer": make_compare_writer(name, environment, color, names, note),
            "open_pipe": refuse_pipe,
        }
    else:
        own = {
            "make_writer": make_fleet_writer(name, environment, color, fleet.members),
            "open_pipe": lambda line: open_pipe(
                line, environment, name, lambda paper: FleetTextWriter(paper, fleet.members)
            ),
        }
    return FleetBatch(
        client=fleet,
        preload=lambda: preload(name),
        shows_progress=name in (FormatName.TEXT, FormatName.JSON),
        **(shared | own),
    )
