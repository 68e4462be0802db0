"""Lines of the shell with a pipe or redirect: their programs, beside the command on the server.

What programs write appears where results appear, above the prompt or the live line: the terminal
is an application's. One that wants it to itself, as a pager does, gets it once all
results are there.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from arthas_cli.errors import ArthasShellError, CommandFailed, LineError
from arthas_cli.formats import Report, make_text_writer
from arthas_cli.line.pipeline import Pipeline, split_pipeline
from arthas_cli.output import Paper
from arthas_cli.pipes.outflow import Chain, Spool
from arthas_cli.pipes.programs import find_programs, wants_screen
from arthas_cli.pipes.writer import PipeWriter
from arthas_cli.protocol import State
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.jobs.drawing import Feeding
from arthas_cli.shell.jobs.task import Task
from arthas_cli.shell.terminal.keyboard import lend_terminal
from arthas_cli.text import sanitise, strip_ansi

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from arthas_cli.environment import Environment
    from arthas_cli.formats import ResultWriter
    from arthas_cli.line.plan import Plan
    from arthas_cli.pipes.outflow import Outflow
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job
    from arthas_cli.shell.terminal.output import JobOutput, Terminal

_BY_PLACE = frozenset({"head", "tail"})  # they choose lines by their number, not by what they say


@dataclass(frozen=True, slots=True)
class Piping:
    """The local part of a line, its programs found.

    `display_format`: one of `display.DISPLAY_FORMATS`.
    """

    pipeline: Pipeline
    found: Sequence[Sequence[str]]
    display_format: str
    environment: Environment

    @property
    def command(self) -> str:
        """What is for the server."""
        return self.pipeline.command

    @property
    def is_local(self) -> bool:
        """Whether anything is to be done with the results but to show them."""
        return self.pipeline.is_local

    def refuse_screen(self, how: str) -> None:
        """Raise LineError where the last program wants the terminal, which goes only `how`."""
        if wants_screen(self.pipeline):
            program = self.pipeline.programs[-1]
            raise LineError(
                f"'{program.name}' needs the terminal to itself",
                line=self.pipeline.line,
                span=program.span,
                hint=f"run it {how}",
            )

    def draw(
        self,
        results: list[Result],
        outcome: Outcome,
        make_text: Callable[[TextIO], ResultWriter] | None = None,
    ) -> str:
        """Return what comes out of the programs for these results; `make_text`: as of `make_task`.

        Raises:
            NotRun: a program cannot be started, or the file cannot be written.
        """
        out = io.StringIO()
        chain = self._make_chain(cast("TextIO", out))
        with self._make_form(chain, make_text, width=self._width) as writer:
            writer.start()
            for result in results:
                writer.show(result)
            unnamed = Outcome(ends=outcome.ends)
            writer.end(Report(self.command, None, unnamed, outcome.error))
        error = f"failed: {outcome.error.message}\n" if outcome.error else ""
        return sanitise(strip_ansi(out.getvalue())) + error

    def make_task(  # noqa: PLR0913, PLR0917 - what a line is made of
        self,
        job: Job,
        plan: Plan,
        job_output: JobOutput,
        terminal: Terminal,
        make_text: Callable[[TextIO], ResultWriter] | None = None,
        learn: Callable[[Result], object] = lambda _: None,
    ) -> PipedTask:
        """Return the task of the line, its programs started.

        `make_text`: makes the form of results as text, None for that of results of the server.
        `learn`: as of `Task`.

        Raises:
            NotRun: a program cannot be started, or the file cannot be written.
        """
        if wants_screen(self.pipeline):
            spool = Spool(self.found, self.environment)
            form = self._make_form(spool, make_text)
            return PipedTask(job, plan, job_output, form, spool, learn)
        chain = self._make_chain(cast("TextIO", Relay(terminal, job_output)))
        width = None if plan.is_stream else self._width
        form = self._make_form(chain, make_text, width=width)
        return PipedTask(job, plan, job_output, form, learn=learn)

    @property
    def _width(self) -> int | None:
        """The terminal's width where the programs go by lines alone; who searches wants whole rows.

        None: drawn for no width.
        """
        names = {program.name for program in self.pipeline.programs}
        goes_to_terminal = self.pipeline.redirect is None and names <= _BY_PLACE
        return self.environment.output_width if goes_to_terminal else None

    def _make_chain(self, out: TextIO) -> Chain:
        environment = replace(self.environment, stdout=out, stderr=out)
        return Chain(self.found, self.pipeline.redirect, environment, is_captured=True)

    def _make_form(
        self,
        outflow: Outflow,
        make_text: Callable[[TextIO], ResultWriter] | None = None,
        *,
        width: int | None = None,
    ) -> PipeWriter:
        def make_own(stream: TextIO) -> ResultWriter:
            return make_text_writer(
                Paper(stream, width=width),
                tree_values=self.display_format == "tree",
                as_records=self.display_format == "records",
            )

        is_json = self.pipeline.wants_json or self.display_format == "json"
        pipeline = self.pipeline._replace(wants_json=is_json)
        return PipeWriter(pipeline, outflow, make_text or make_own)


def read_piping(line: str, display_format: str, environment: Environment) -> Piping:
    """Read the line.

    Raises:
        LineError: it is wrong, or there is no such program here.
    """
    pipeline = split_pipeline(line)
    return Piping(
        pipeline, find_programs(pipeline, environment.variables), display_format, environment
    )


def make_raw_piping(line: str, display_format: str, environment: Environment) -> Piping:
    """Return the whole line as what is for the server."""
    return Piping(Pipeline(line, line), (), display_format, environment)


class Relay:
    """A text stream for what programs write: nothing of it is obeyed by the terminal."""

    encoding = "utf-8"

    def __init__(self, terminal: Terminal, job_output: JobOutput) -> None:
        self._terminal = terminal
        self._job_output = job_output

    def write(self, text: str) -> int:
        """Take lines; one that is not whole is made so, for it stands above something else."""
        whole = sanitise(strip_ansi(text if text.endswith("\n") else f"{text}\n"))
        self._job_output.buffer.put(lambda: self._put(whole), len(whole), whole.count("\n"))
        return len(text)

    def _put(self, whole: str) -> None:
        job_output = self._job_output
        number = 0 if job_output.buffer.is_ending else whole.count("\n")
        self._terminal.put(whole, job_output.speaker, job_output.buffer, number)

    def flush(self) -> None:
        """Do nothing: all was handed on."""


class PipedTask(Task):
    """A command whose results go to programs or a file, which are started before it.

    `spool`: keeps the results for programs that want the terminal.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a line is made of
        self,
        job: Job,
        plan: Plan,
        job_output: JobOutput,
        writer: PipeWriter,
        spool: Spool | None = None,
        learn: Callable[[Result], object] = lambda _: None,
    ) -> None:
        super().__init__(job, plan, Feeding(job_output, writer), learn)
        self._piped = writer
        self._spool = spool
        writer.start()
        writer.attach(plan, job)

    @property
    def outcome(self) -> Outcome:
        """How the whole line ended: the command's own failure, else the last program's."""
        outcome = self._piped.judge(self.job.outcome)
        if self.progress.is_stopping:  # what became of the programs is what was asked for
            return outcome._replace(state=State.INTERRUPTED)
        if outcome.error is None and self._piped.code:
            return outcome._replace(error=CommandFailed(self._piped.format_code()))
        return outcome._replace(error=outcome.error or self._piped.trouble)

    @property
    def line(self) -> str:
        """The line as it was typed."""
        return self._piped.pipeline.line

    @property
    def wants_screen(self) -> bool:
        """Whether its programs wait for the terminal."""
        return self._spool is not None

    def show_screen(self) -> None:
        """Give the terminal to the programs that wait for it, if there are any.

        Raises:
            NotRun: one could not be started.
        """
        if self._spool is not None:
            with self._piped, lend_terminal():
                if not self.progress.is_let_go:
                    self._spool.show()

    def _interrupt(self) -> None:
        try:
            self._piped.interrupt()
        except ArthasShellError as error:
            self.drawing.tell(error.message)

    def _run(self) -> None:
        super()._run()
        if self._spool is None:
            with self._piped:
                """Ends what is left of the programs."""
