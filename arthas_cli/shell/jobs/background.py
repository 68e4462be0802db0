"""The commands in the background: each in a session of its own, quiet until somebody looks."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.config.settings import DEFAULT_MAX_JOBS
from arthas_cli.diagnostics import clean, format_unforeseen
from arthas_cli.errors import NoServer, NotRun
from arthas_cli.formats import format_lost
from arthas_cli.guard.meeting import may_meet
from arthas_cli.line.secrets import hide_secret
from arthas_cli.session.enhanced import read_line
from arthas_cli.shell.jobs.live import find_lost
from arthas_cli.shell.jobs.summary import format_end
from arthas_cli.shell.terminal.fit import cut_text
from arthas_cli.text import count, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.session.session import Session
    from arthas_cli.shell.jobs.many import Held
    from arthas_cli.shell.jobs.task import Task

# Those that have ended are kept for whoever has not seen their results yet.
_MAX_ENDED = 5
_MAX_OF_TITLE = 40
# It is a ConcurrentModificationException of Arthas' own code (docs/protocol.md, 3.9).
_MEETING = "Arthas can fail in a thread of the program where a second command joins in"


@dataclass(frozen=True, slots=True)
class Background:
    """A command in the background."""

    number: int
    task: Task
    session: Session | Held

    @property
    def title(self) -> str:
        """What stands above its results."""
        return f"[{self.number}] {one_line(hide_secret(self.task.line))}"

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self.task.progress.has_ended

    @property
    def news(self) -> str:
        """Returns `[1] 12 new`, or that it has ended."""
        new = self.task.job_output.buffer.new
        facts = [
            *["ended"] * self.has_ended,
            *[f"{new:,} new"] * self.task.job_output.buffer.is_holding,
        ]
        return " ".join([f"[{self.number}]", ", ".join(facts)]).rstrip()

    def show_kept(self) -> None:
        """Show what was kept, and from now on what comes."""
        job_output, noun = self.task.job_output, self.task.drawing.noun

        def tell(dropped: int) -> None:
            job_output.tell(f"… {count(dropped, f'earlier {noun}')} dropped: too many to keep")

        job_output.buffer.open(tell)
        self.task.drawing.flush()

    def describe(self) -> str:
        """Return its command and how it goes."""
        task, progress = self.task, self.task.progress
        how = "stopping" if progress.is_stopping else "running"
        how = "ended" if self.has_ended else f"{how} for {progress.elapsed_s:.0f} s"
        new = f"{self.task.job_output.buffer.new:,} new" if self.task.job_output.buffer.new else ""
        results = ", ".join(filter(None, (count(progress.hits, task.plan.noun), new)))
        return f"{self.title} · {how} · {results} · {format_lost(find_lost(task.job))}"

    def format_ending(self, remarks: Sequence[str] = (), number: int = 0) -> str:
        """Return the one line that tells its end, with what else is to be known of it.

        `number`: of its line in the history, 0 where it is not there.
        """
        task, outcome = self.task, self.task.job.outcome
        error = task.error or task.outcome.error
        is_told = task.progress.is_stopping and outcome.status == 0
        facts = (
            *format_end(task.plan, task.progress, outcome, task.drawing.unshown).split("\n"),
            f"failed: {clean(str(error))}" if error and not is_told else "",
            *(() if error and is_told else remarks),
        )
        how = " · ".join(filter(None, facts)) or "done"
        more = (
            f" · 'fg {self.number}' shows {self.format_new()}" if task.job_output.buffer.new else ""
        )
        if not isinstance(error, NoServer):
            return f"[{self.number}] {how}{more}"
        again = f" · '!{number}' starts it again" if number else ""
        return f"{self.title} · {how}{more}{again}"

    def format_new(self) -> str:
        """Return `12 results`, those that nobody has looked at."""
        return count(self.task.job_output.buffer.new, self.task.drawing.noun)


class Jobs:
    """The table of commands in the background; `most` of them at once.

    Those that have ended stay in it as long as there are results of theirs to be looked at.
    `is_quiet`: results are kept for `fg`; else they are shown as they come. `remark`: returns what
    is to be known of a task at its end, beside how it ended. `find_number` finds a line in the
    history, 0 where it is not there.

    Threads: the shell's, and each task's when it ends. `_lock` guards `_found` and `_last`; the
    rest is the shell's.
    """

    def __init__(
        self,
        most: int = DEFAULT_MAX_JOBS,
        *,
        is_quiet: bool = True,
        remark: Callable[[Task], Sequence[str]] = lambda _: (),
    ) -> None:
        self.most = most
        self._remark = remark
        self.find_number: Callable[[str], int] = lambda _: 0
        self._is_quiet = is_quiet
        self._found: dict[int, Background] = {}
        self._last = 0
        self._lock = threading.Lock()

    @property
    def is_quiet(self) -> bool:
        """Whether results are kept until somebody looks."""
        return self._is_quiet

    def keep_quiet(self, is_quiet: bool) -> None:  # noqa: FBT001 - a switch
        """Keep results from now on, or show them as they come, the kept ones first."""
        self._is_quiet = is_quiet
        for job in self.list_running():
            if is_quiet:
                job.task.job_output.buffer.shut()
            else:
                job.show_kept()

    def check_room(self) -> None:
        """Raise NotRun where there are as many as there may be."""
        running = len(self.list_running())
        if running >= self.most:
            raise NotRun(
                f"{count(running, 'command')} run in the background already",
                hint="end one with 'kill N'; each holds one of the server's few workers",
            )

    def add(self, task: Task, session: Session | Held) -> Background:
        """Take a task, which has the session to itself, and begin it if it has not begun."""
        with self._lock:
            if not task.number:  # one that is brought back and left again keeps its own
                self._last += 1
                task.number = self._last
            job = self._found[task.number] = Background(task.number, task, session)
        task.job_output.speaker = job.title
        if self._is_quiet:
            task.job_output.buffer.shut()
        task.call_at_end(lambda: self._finish(job))
        task.start()
        return job

    def find(self, given: str) -> Background:
        """Return the job of that number, `1` or `%1`; the newest one where none is given.

        Raises:
            NotRun: there is none.
        """
        text = given.removeprefix("%").removeprefix("%")
        with self._lock:
            number = int(text) if text.isdecimal() else max(self._found, default=0)
            found = self._found.get(number)
        if found is None or (text and not text.isdecimal()):
            what = f"job '{given}'" if text else "job in the background"
            names = ", ".join(cut_text(job.title, _MAX_OF_TITLE) for job in self.list_all())
            hint = f"use one of {names}" if names else "start one with 'COMMAND &'"
            raise NotRun(f"there is no {what}", hint=hint)
        return found

    def end(self, given: str) -> str:
        """Stop the job of that number, or forget one that has ended; return what to say of it.

        Raises:
            NotRun: there is none.
        """
        job = self.find(given)
        title = job.title
        if not job.has_ended:
            job.task.stop()
            return f"{title} · stopping"
        self.take(job)
        return f"{title} · {job.format_new()} dropped"

    def take(self, job: Background) -> None:
        """Give the job to whoever looks on from now on."""
        with self._lock:
            self._found.pop(job.number, None)
        job.task.job_output.speaker = ""

    def list_all(self) -> list[Background]:
        """Return the jobs by their numbers."""
        with self._lock:
            return sorted(self._found.values(), key=lambda job: job.number)

    def list_running(self) -> list[Background]:
        """Return those that have not ended, by their numbers."""
        return [job for job in self.list_all() if not job.has_ended]

    def close(self) -> list[str]:
        """Stop them all; return the lines of those that may still be running."""
        with self._lock:
            found, self._found = list(self._found.values()), {}
        for job in found:
            job.task.call_at_end(None)
            job.task.job_output.buffer.fall_silent(0)
        found = [job for job in found if not job.session.is_closed]
        closing = [threading.Thread(target=job.session.close, name="let go") for job in found]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()
        return [job.task.line for job in found if not job.session.is_closed]

    def _finish(self, job: Background) -> None:
        """Announce how a job ended, in its own thread; the session is not needed any more."""
        with self._lock:
            if self._found.get(job.number) is not job:
                return  # somebody looks on again
            if not job.task.job_output.buffer.new:
                del self._found[job.number]
            gone = self._drop_oldest()
        job_output = job.task.job_output
        try:
            job_output.flush()
            job_output.speaker = ""
            number = self.find_number(job.task.line)
            job_output.tell(job.format_ending(self._remark(job.task), number))
        except Exception as error:  # noqa: BLE001 - nobody waits for this thread
            job_output.tell(f"[{job.number}] {format_unforeseen(error)}")
        for old in gone:
            job_output.tell(f"[{old.number}] {old.format_new()} dropped: too many jobs have ended")
        job.session.close()

    def _drop_oldest(self) -> list[Background]:
        """Forget the oldest of those that have ended, if they are too many; return them."""
        ended = [job for job in self._found.values() if job.has_ended]
        gone = sorted(ended, key=lambda job: job.number)[:-_MAX_ENDED]
        for job in gone:
            del self._found[job.number]
        return gone


def format_leaving(jobs: Sequence[Background]) -> str:
    """Return what is to be known before one leaves them."""
    running = sum(not job.has_ended for job in jobs)
    new = sum(job.task.job_output.buffer.new for job in jobs if job.has_ended)
    facts = (
        f"{count(running, 'job')} still running" if running else "",
        f"{count(new, 'result')} not looked at ('jobs' lists them)" if new else "",
    )
    how = "stop them and leave" if running else "leave"
    return f"not left: {', '.join(filter(None, facts))}; run 'quit' again to {how}"


def find_meeting(line: str, running: Sequence[Background]) -> str:
    """Return what is to be known before the line joins commands that run; empty for nothing."""
    parsed = read_line(line) if running else None
    for job in running:
        other = read_line(job.task.plan.line)
        if parsed and other and may_meet(parsed, other):
            return f"{job.title} watches the same calls: {_MEETING}"
    return ""
