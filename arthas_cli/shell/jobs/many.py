"""Runs a line on many JVMs at the shell: one job, drawn and looked on at as that of one is."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from arthas_cli.fleet.causes import list_causes
from arthas_cli.fleet.formats import FleetJsonWriter
from arthas_cli.fleet.parallel import call_each
from arthas_cli.fleet.text import FleetTextWriter
from arthas_cli.fleet.told import Told, tell_outcome
from arthas_cli.formats import JsonLinesWriter, Report
from arthas_cli.output import Paper
from arthas_cli.session.enhanced import forget
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.jobs import summary
from arthas_cli.shell.jobs.drawing import Drawing
from arthas_cli.shell.jobs.piped import PipedTask
from arthas_cli.shell.jobs.summary import format_end, format_let_go
from arthas_cli.shell.jobs.task import Task
from arthas_cli.shell.terminal.output import JobOutput
from arthas_cli.text import count
from arthas_cli.why.offer import Pointers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import TextIO

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.fleet.job import FleetJob
    from arthas_cli.fleet.member import Member
    from arthas_cli.formats import ResultWriter
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.shell.jobs.display import Screen
    from arthas_cli.shell.jobs.links import Links
    from arthas_cli.shell.jobs.piped import Piping
    from arthas_cli.shell.terminal.output import Terminal

_POINTERS = Pointers("':on NAME' and then ':why' look for the reason")


@dataclass(frozen=True, slots=True)
class Held:
    """What a job on many holds on the servers, as a session holds that of one."""

    job: FleetJob
    id: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether nothing of it runs any more."""
        return self.job.is_over and not self.job.list_silent()

    def close(self) -> None:
        """Stop it and give back what it holds."""
        self.job.close()


class _Voice:
    """Says above the live line what is told of each while it runs (`fleet.told.Voice`)."""

    def __init__(self, job_output: JobOutput) -> None:
        self._job_output = job_output

    def note(self, text: str) -> None:
        """Say it."""
        self._job_output.tell(text)

    tell = warn = note

    def show(self, text: str) -> None:
        """Show nothing: the live line does."""


def make_task(  # noqa: PLR0913, PLR0917 - what a line is made of
    job: FleetJob,
    plan: Plan,
    piping: Piping,
    terminal: Terminal,
    screen: Screen,
    learn: Callable[[Result], object],
    make_own: Callable[[Paper], ResultWriter] | None = None,
) -> Task:
    """Return the task of a line on many, its programs started; `learn`: as of `Task`.

    `make_own`: makes a form of results that is none of `display.DISPLAY_FORMATS`.

    Raises:
        NotRun: a program cannot be started, or the file cannot be written.
    """
    job_output = JobOutput(terminal)
    told = Told(
        job.members,
        plan,
        _Voice(job_output),
        notes_enhancer=piping.is_local,
        shows_progress=False,
    )
    job.tell_end = told.see_end

    def see(result: Result) -> None:
        told.see(result)
        learn(result)

    make = make_own or find_form(plan, job.members, piping)
    if piping.is_local:
        return piping.make_task(
            job, plan, job_output, terminal, lambda stream: make(Paper(stream)), see
        )
    paper = Paper(cast("TextIO", job_output), width=screen.width, color=screen.color)
    return Task(job, plan, Drawing(job_output, make(paper)), see)


def document_of(job: FleetJob) -> Callable[[Paper], ResultWriter]:
    """Return what makes the JSON document of a line on many."""
    return lambda paper: FleetJsonWriter(paper, job.members)


def find_form(
    plan: Plan, members: Sequence[Member], piping: Piping
) -> Callable[[Paper], ResultWriter]:
    """Return what makes the form of the results of a line on many."""
    name = piping.display_format
    if name == "json":
        return JsonLinesWriter

    def make(paper: Paper) -> ResultWriter:
        writer = FleetTextWriter(
            paper,
            members,
            is_live=not piping.is_local,
            tree_values=name == "tree",
            as_records=name == "records",
        )
        writer.begin(plan)
        return writer

    return make


def draw(
    screen: Screen,
    plan: Plan,
    make: Callable[[Paper], ResultWriter],
    results: list[Result],
    outcome: Outcome,
) -> str:
    """Return what results look like, without colours; who failed behind them."""
    stream = io.StringIO()
    writer = make(Paper(stream, width=screen.width))
    for result in results:
        writer.show(result)
    writer.end(Report(plan.line, None, outcome, outcome.error))
    return stream.getvalue() + "".join(
        f"{cause.names[0] if len(cause.names) == 1 else count(len(cause.names), 'JVM')}: failed:"
        f" {cause.message}\n"
        for cause in list_causes(outcome.ends)
    )


def advise(links: Links, plan: Plan, outcome: Outcome, names: Collection[str]) -> None:
    """Add what may help to the error of each, and note what a reset has reset.

    `names`: as of `summary.advise`.
    """
    servers, asked = links.servers, []
    for end in outcome.ends:
        server = servers.get(end.name)
        if server is None:
            continue
        if plan.resets and end.outcome.error is None:
            forget(server, plan.line)
        elif end.outcome.status:
            asked.append(
                partial(summary.advise, server, plan, end.outcome, names, pointers=_POINTERS)
            )
    call_each(asked, links.fanout)


def conclude(
    task: Task, job: FleetJob, diagnostics: Diagnostics, say: Callable[[str], None]
) -> Outcome:
    """Announce how the line ended on each; return how it did, with what is still to be told."""
    plan, progress = task.plan, task.progress
    if isinstance(task, PipedTask):
        task.show_screen()
    if progress.is_let_go:
        diagnostics.note(format_let_go(plan, progress))
        # No daemon: not even the end of the program leaves them behind.
        threading.Thread(target=job.close, name="let go", daemon=False).start()
        return Outcome()
    outcome = job.outcome
    end = format_end(plan, progress, outcome, task.drawing.unshown)
    if end:  # a loss is told even where --quiet was asked for
        is_whole = outcome.lost == 0 and not task.drawing.unshown
        (diagnostics.note if is_whole else say)(end)
    tell_outcome(diagnostics, outcome)
    job.close()
    error = task.outcome.error
    return outcome._replace(error=None if error is outcome.error else error)
