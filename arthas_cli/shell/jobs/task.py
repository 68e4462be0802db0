"""A command that runs: one thread takes its results and draws them, whoever looks on."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from arthas_cli.diagnostics import clean
from arthas_cli.errors import ArthasShellError, TooLarge
from arthas_cli.formats import Report
from arthas_cli.results import is_hit
from arthas_cli.session.stream import Stream
from arthas_cli.shell.terminal.output import MAX_AT_ONCE
from arthas_cli.written import concerns_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.formats import ResultWriter
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job, Outcome
    from arthas_cli.shell.terminal.output import JobOutput


# What is on its way when somebody stops a command is still seen; a flood is not.
STILL_SHOWN_S = 0.3


@dataclass
class Progress:
    """How far a command has come. `named`: its last result about a file of the server."""

    begun: float = field(default_factory=time.monotonic)
    hits: int = 0
    named: Result | None = None
    is_stopping: bool = False
    is_let_go: bool = False
    is_paused: bool = False

    def record(self, result: Result) -> int:
        """Count the result, if it is one of those that the command is run for; return 1 or 0."""
        number = int(is_hit(result))
        self.hits += number
        if concerns_file(result):
            self.named = result
        return number

    @property
    def elapsed_s(self) -> float:
        """Seconds since the command was sent."""
        return time.monotonic() - self.begun


class Task:
    """A job, drawn in a form to an output.

    `number`: by which it is known in the background, 0 where it never was there. `error`: what
    drawing raised, or an unforeseen error of the job. `on_end` is called once, in the thread of
    the task, when it has ended. `learn` is told each result. `noun`: what its buffer counts.
    """

    noun = "result"

    def __init__(
        self,
        job: Job,
        plan: Plan,
        job_output: JobOutput,
        writer: ResultWriter,
        learn: Callable[[Result], object] = lambda _: None,
    ) -> None:
        self.job = job
        self.plan = plan
        self.job_output = job_output
        self.progress = Progress()
        self.has_ended = threading.Event()
        self.error: BaseException | None = None
        self.number = 0
        self._writer = writer
        self._learn = learn
        self._on_end: Callable[[], object] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="results", daemon=True)
        if isinstance(job, Stream):
            job.tell_by(self._tell)

    @property
    def line(self) -> str:
        """The line as it was typed."""
        return self.plan.line

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return self.job.outcome

    @property
    def unshown(self) -> str:
        """Says how many results were not shown, empty where all were."""
        number = self.job_output.buffer.unshown
        return f"{number} not shown" if number else ""

    def start(self) -> None:
        """Begin to run it, if it has not begun."""
        if not self._thread.is_alive() and not self.has_ended.is_set():
            self._thread.start()

    def stop(self) -> None:
        """Ask the server to stop it, out of sight; its end is still to be awaited."""
        self.progress.is_stopping = True
        self.job_output.buffer.fall_silent(STILL_SHOWN_S)
        threading.Thread(target=self._interrupt, name="interrupt", daemon=True).start()

    def call_at_end(self, callback: Callable[[], object] | None) -> None:
        """Call `callback` at the end (now, if it has ended), in place of any earlier one."""
        with self._lock:
            self._on_end = callback
            is_over = self.has_ended.is_set()
        if is_over and callback is not None:
            callback()

    def _interrupt(self) -> None:
        try:
            self.job.interrupt()
        except ArthasShellError as error:
            self._tell(error.message)

    def _tell(self, text: str) -> None:
        self.job_output.tell(clean(text))

    def _show(self, result: Result, number: int) -> None:
        self.job_output.buffer.put(partial(self._draw, result, number), len(result.raw), number)

    def _draw(self, result: Result, number: int) -> None:
        self._writer.show(result)
        self.job_output.number += number

    def flush(self) -> None:
        """Hand on what was drawn."""
        self.job_output.buffer.do(self._writer.flush)

    def _end(self, report: Report) -> None:
        self.job_output.buffer.put(partial(self._writer.end, report))

    def _run(self) -> None:
        try:
            unflushed = 0
            for result in self.job:
                number = self.progress.record(result)
                if self.progress.is_let_go:
                    return
                self._learn(result)
                self._show(result, number)
                unflushed += len(result.raw)
                if not self.job.has_ready or unflushed > MAX_AT_ONCE:
                    self.flush()
                    unflushed = 0
            outcome = self.job.outcome
            self._end(Report(self.plan.line, None, outcome, outcome.error))
        except MemoryError:  # another command may well fit
            self.error = TooLarge()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self.error = error
        finally:
            with self._lock:
                self.has_ended.set()
                callback = self._on_end
            if callback is not None:
                callback()
