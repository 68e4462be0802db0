"""The commands in the background: each in a session of its own, its end told above the prompt."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.diagnostics import clean
from arthas_cli.errors import NoServer, NotRun
from arthas_cli.formats import format_lost
from arthas_cli.line.secrets import hide_secret
from arthas_cli.settings import DEFAULT_MAX_JOBS
from arthas_cli.shell.endings import format_end
from arthas_cli.shell.live import find_lost
from arthas_cli.text import count, one_line

if TYPE_CHECKING:
    from arthas_cli.session.session import Session
    from arthas_cli.shell.task import Task


@dataclass(frozen=True, slots=True)
class Background:
    """A command in the background."""

    number: int
    task: Task
    session: Session

    @property
    def title(self) -> str:
        """What stands above its results."""
        return f"[{self.number}] {one_line(hide_secret(self.task.line))}"


class Jobs:
    """The table of commands in the background; `most` of them at once."""

    def __init__(self, most: int = DEFAULT_MAX_JOBS) -> None:
        self.most = most
        self._found: dict[int, Background] = {}
        self._last = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._found)

    def check_room(self) -> None:
        """Raises NotRun where there are as many as there may be."""
        if len(self) >= self.most:
            raise NotRun(
                f"{count(len(self), 'command')} run in the background already",
                hint="each holds one of the server's few workers; end one with 'kill N'",
            )

    def add(self, task: Task, session: Session) -> Background:
        """Takes a task, which has the session to itself, and begins it if it has not begun."""
        with self._lock:
            if not task.number:  # one that is brought back and left again keeps its own
                self._last += 1
                task.number = self._last
            job = self._found[task.number] = Background(task.number, task, session)
        task.sheet.speaker = job.title
        task.call_at_end(lambda: self._finish(job))
        task.start()
        return job

    def find(self, given: str) -> Background:
        """Returns the job of that number; the newest one where none is given.

        Raises:
            NotRun: there is none.
        """
        with self._lock:
            number = int(given) if given.isdecimal() else max(self._found, default=0)
            found = self._found.get(number)
        if found is None or (given and not given.isdecimal()):
            what = f"job '{given}'" if given else "job in the background"
            raise NotRun(f"there is no {what}", hint="'jobs' lists them; 'COMMAND &' starts one")
        return found

    def take(self, job: Background) -> None:
        """Gives the job to whoever looks on from now on."""
        with self._lock:
            self._found.pop(job.number, None)
        job.task.sheet.speaker = ""

    def list_lines(self) -> list[str]:
        """Returns a line for each job: its command, how it goes."""
        return [f"{job.title} · {_describe(job.task)}" for job in self.list_running()]

    def list_running(self) -> list[Background]:
        """Returns the jobs by their numbers."""
        with self._lock:
            return sorted(self._found.values(), key=lambda job: job.number)

    def close(self) -> list[str]:
        """Stops them all; returns the lines of those that may run on: the server did not answer."""
        with self._lock:
            found, self._found = list(self._found.values()), {}
        for job in found:
            job.task.call_at_end(None)
        closing = [threading.Thread(target=job.session.close, name="let go") for job in found]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()
        return [job.task.line for job in found if not job.session.is_closed]

    def _finish(self, job: Background) -> None:
        """Tells how a job ended, in its own thread; the session is not needed any more."""
        with self._lock:
            self._found.pop(job.number, None)
        task = job.task
        error = task.error or task.outcome.error
        end = format_end(task.plan, task.progress, task.job.outcome)
        is_told = task.progress.is_stopping and task.job.outcome.status == 0
        why = f"failed: {clean(str(error))}" if error and not is_told else ""
        name = f"{job.title} ·" if isinstance(error, NoServer) else f"[{job.number}]"
        task.sheet.write(f"{name} " + (" · ".join(filter(None, (end, why))) or "done"))
        task.sheet.write("\n")
        task.sheet.flush()
        job.session.close()


def _describe(task: Task) -> str:
    progress = task.progress
    how = "stopping" if progress.is_stopping else "running"
    lost = format_lost(find_lost(task.job))
    return f"{how} for {progress.elapsed_s:.0f} s · {count(progress.hits, 'result')} · {lost}"
