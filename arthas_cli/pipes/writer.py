"""The format of results that go to a program or a file."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from arthas_cli.environment import advise
from arthas_cli.errors import (
    ArthasShellError,
    CommandFailed,
    DeadlineReached,
    Incomplete,
    Interrupted,
    OutputClosed,
)
from arthas_cli.formats import JsonLinesWriter
from arthas_cli.output import Paper, explain
from arthas_cli.protocol import State
from arthas_cli.results import Role, find_role

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from arthas_cli.formats import Report, ResultWriter
    from arthas_cli.interrupts import Stoppable
    from arthas_cli.line.pipeline import Pipeline
    from arthas_cli.line.plan import Plan
    from arthas_cli.pipes.outflow import Outflow
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job, Outcome

# A job that can look to its deadline has done so by then.
_LATER_S = 0.5


class ResultLinesWriter(JsonLinesWriter):
    """One result a line and nothing else, so that a program sees only what it is asked about."""

    def show(self, result: Result) -> None:
        """Write the server's own text of the result."""
        if find_role(result.type) is not Role.COUNT:  # `jq .cost` asks for what was found
            super().show(result)

    def end(self, report: Report) -> None:
        """Hand on the last lines: how it ended is told elsewhere."""
        del report
        self.flush()


class PipeWriter:
    """Writes the results of one command to where the pipeline leads.

    When nobody reads on, what streams is stopped on the server and the rest is passed over: that
    is a normal end. `make_text` makes the form of results as text on a stream. `writer`: the form
    that was made. `trouble`: why the file could not be written, if so.
    """

    def __init__(
        self, pipeline: Pipeline, outflow: Outflow, make_text: Callable[[TextIO], ResultWriter]
    ) -> None:
        self.pipeline = pipeline
        self._outflow = outflow
        self._make_text = make_text
        self.writer: ResultWriter | None = None
        self._job: Job | None = None
        self._is_stream = False
        self._timer = threading.Timer(0, lambda: None)
        self._has_shown = False
        self.trouble: ArthasShellError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._outflow.close()

    def start(self) -> None:
        """Start the programs and open the file; raises NotRun where that cannot be done."""
        sink = self._outflow.start()
        is_json = self.pipeline.wants_json
        self.writer = ResultLinesWriter(Paper(sink)) if is_json else self._make_text(sink)

    def attach(self, plan: Plan, job: Job, deadline_s: float | None = None) -> None:
        """Set which job the results are of, and how long it may take, None for ever.

        The job has the same deadline, but cannot see to it while a program takes no results.
        """
        self._job = job
        if deadline_s is not None:
            self._timer = threading.Timer(deadline_s + _LATER_S, _interrupt, (self,))
            self._timer.daemon = True
            self._timer.start()
        self._is_stream = plan.is_stream and plan.is_interruptible
        self._outflow.call_when_unread(self._stop)

    def interrupt(self) -> None:
        """Stop both sides; the programs may still say what they have to say of the results."""
        self._outflow.hurry()
        if self._job is not None:
            self._job.interrupt()

    def show(self, result: Result) -> None:
        """Write the result, unless nobody reads on."""
        self._has_shown = True
        self._write(lambda writer: writer.show(result))

    def flush(self) -> None:
        """Hand on what was written."""
        self._write(lambda writer: writer.flush())

    def end(self, report: Report) -> None:
        """End the input of the programs and wait for their end.

        Where a command failed and said nothing, no program is made to believe that it did.

        Raises:
            OutputClosed: nobody reads what the programs write.
        """
        self._timer.cancel()
        if isinstance(report.error, DeadlineReached | Interrupted):
            self._outflow.hurry()
        elif report.error is not None and not self._has_shown:
            self._outflow.close()
            return
        self._write(lambda writer: writer.end(report))
        try:
            self._outflow.finish()
        except OSError as error:
            if isinstance(closed := explain(error), OutputClosed):
                raise closed from error
            self.trouble = self.trouble or self._explain(error)

    def judge(self, outcome: Outcome) -> Outcome:
        """Return how the whole line ended, as far as the command and the file are concerned."""
        error = outcome.error
        is_cut = self._outflow.is_unread or self.trouble is not None
        if is_cut and isinstance(error, Incomplete | Interrupted | None):
            outcome = outcome._replace(state=State.SUCCEEDED, error=self.trouble)
        return outcome

    @property
    def code(self) -> int:
        """The exit code of the last program, as a shell has it; 0 where there is none."""
        return self._outflow.code

    def format_code(self) -> str:
        """Return with which code the last program ended."""
        return f"'{self.pipeline.programs[-1].name}' ended with code {self.code}"

    def _write(self, write: Callable[[ResultWriter], None]) -> None:
        if self.writer is None or self.trouble is not None or self._outflow.is_unread:
            return
        try:
            write(self.writer)
        except OutputClosed:
            if not self.pipeline.programs:
                raise
            self._outflow.is_unread = True
            self._stop()
        except OSError as error:
            self.trouble = self._explain(error)
            self._stop()

    def _explain(self, error: OSError) -> ArthasShellError:
        redirect = self.pipeline.redirect
        where = f"'{redirect.path}'" if redirect else "the results"
        return CommandFailed(f"cannot write {where}: {error.strerror}", hint=advise(error))

    def _stop(self) -> None:
        if self._job is not None and self._is_stream:
            threading.Thread(
                target=_interrupt, args=(self._job,), name="interrupt", daemon=True
            ).start()


def _interrupt(job: Stoppable) -> None:
    with suppress(ArthasShellError):  # the job notices a server that is gone by itself
        job.interrupt()
