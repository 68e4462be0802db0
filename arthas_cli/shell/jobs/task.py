"""A command that runs: one thread takes its results to be drawn, whoever looks on."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, TooLarge
from arthas_cli.formats import Report
from arthas_cli.results import is_hit
from arthas_cli.session.outcome import StreamJob
from arthas_cli.session.phases import move
from arthas_cli.shell.jobs.phase import TASK_PHASES, TaskEvent, TaskPhase
from arthas_cli.shell.terminal.output import MAX_AT_ONCE
from arthas_cli.written import concerns_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job, Outcome
    from arthas_cli.shell.jobs.drawing import Drawing


# What is on its way when somebody stops a command is still seen; a flood is not.
STILL_SHOWN_S = 0.3
_STOPPING = frozenset({TaskPhase.STOPPING, TaskPhase.STOPPED, TaskPhase.DETACHED})
_ENDED = frozenset({TaskPhase.ENDED, TaskPhase.STOPPED})


@dataclass
class Progress:
    """How far a command has come. `named`: its last result about a file of the server.

    `is_paused`: it is not drawn for now, which changes nothing of how it goes.

    Threads: `_lock` guards `phase`. The task's thread counts in `hits` and `named`, the terminal's
    sets `is_paused`; others read these and are content with what was true a moment ago.
    """

    begun: float = field(default_factory=time.monotonic)
    phase: TaskPhase = TaskPhase.NEW
    hits: int = 0
    named: Result | None = None
    is_paused: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_stopping(self) -> bool:
        """Whether somebody asked to stop it."""
        return self.phase in _STOPPING

    @property
    def is_let_go(self) -> bool:
        """Whether its end is not awaited."""
        return self.phase is TaskPhase.DETACHED

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self.phase in _ENDED

    def note(self, event: TaskEvent) -> bool:
        """Move on by what happened; return whether that changed the phase."""
        with self._lock:
            before, self.phase = self.phase, move(TASK_PHASES, self.phase, event)
            return self.phase is not before

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
    """A job whose results are drawn.

    `number`: by which it is known in the background, 0 where it never was there. `error`: what
    drawing raised, or an unforeseen error of the job. `on_end` is called once, in the thread of
    the task, when it has ended. `learn` is told each result.

    Threads: one of its own, which takes the results. `_lock` guards `_on_end`, so that it is called
    once, whether the end or `call_at_end` comes first. `error` is written before the end is noted.
    """

    def __init__(
        self,
        job: Job,
        plan: Plan,
        drawing: Drawing,
        learn: Callable[[Result], object] = lambda _: None,
    ) -> None:
        self.job = job
        self.plan = plan
        self.drawing = drawing
        self.job_output = drawing.job_output
        self.progress = Progress()
        self.error: BaseException | None = None
        self.number = 0
        self._learn = learn
        self._on_end: Callable[[], object] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="results", daemon=True)
        if isinstance(job, StreamJob):
            job.tell_by(drawing.tell)

    @property
    def line(self) -> str:
        """The line as it was typed."""
        return self.plan.line

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return self.job.outcome

    def start(self) -> None:
        """Begin to run it, if it has not begun."""
        if self.progress.note(TaskEvent.START):
            self._thread.start()

    def detach(self) -> None:
        """Wait no more for the end of one that is being stopped."""
        self.progress.note(TaskEvent.DETACH)

    def stop(self) -> None:
        """Ask the server to stop it, out of sight; its end is still to be awaited."""
        self.progress.note(TaskEvent.STOP)
        self.job_output.buffer.fall_silent(STILL_SHOWN_S)
        threading.Thread(target=self._interrupt, name="interrupt", daemon=True).start()

    def call_at_end(self, callback: Callable[[], object] | None) -> None:
        """Call `callback` at the end (now, if it has ended), in place of any earlier one."""
        with self._lock:
            self._on_end = callback
            is_over = self.progress.has_ended
        if is_over and callback is not None:
            callback()

    def _interrupt(self) -> None:
        try:
            self.job.interrupt()
        except ArthasShellError as error:
            self.drawing.tell(error.message)

    def _run(self) -> None:
        try:
            unflushed = 0
            for result in self.job:
                number = self.progress.record(result)
                if self.progress.is_let_go:
                    return
                self._learn(result)
                self.drawing.show(result, number)
                unflushed += len(result.raw)
                if not self.job.has_ready or unflushed > MAX_AT_ONCE:
                    self.drawing.flush()
                    unflushed = 0
            outcome = self.job.outcome
            self.drawing.end(Report(self.plan.line, None, outcome, outcome.error))
        except MemoryError:  # another command may well fit
            self.error = TooLarge()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self.error = error
        finally:
            with self._lock:
                self.progress.note(TaskEvent.END)
                callback = self._on_end
            if callback is not None:
                callback()
