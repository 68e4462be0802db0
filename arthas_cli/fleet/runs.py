"""The jobs of many JVMs, each run to its end in a thread of a few; what they send comes in batches.

A job whose results nobody takes waits for its reader, and no other does: it goes on pulling, and
keeps what comes (`session.backlog`).
"""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.diagnostics import explain_unforeseen
from arthas_cli.errors import ArthasShellError, Interrupted
from arthas_cli.fleet.parallel import WAKE_S, start_workers
from arthas_cli.session.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.fleet.member import Member
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job

# What may wait of one to be taken: so many batches of so many results.
_BATCHES, _BATCH = 4, 64
_SLOT_S = 0.1
# Closing a session on a server that does not answer takes two seconds.
_CLOSE_S = 2.5


class News(NamedTuple):
    """What came of the member number `at`: results, and behind the last of them how it ended."""

    at: int
    results: Sequence[Result] = ()
    outcome: Outcome | None = None


class Runs:
    """The jobs of the members. `starts`: what starts each one's, in the order of the members.

    `is_stream`: the server can stop them. `begun`: the numbers of those that the server has
    started.

    Threads: workers run the jobs, one thread takes the news, any interrupts and closes. `_lock`
    guards `_jobs` and `begun`. The rest are a queue, semaphores and events.
    """

    def __init__(
        self,
        members: Sequence[Member],
        starts: Sequence[Callable[[], Job]],
        fanout: int,
        *,
        is_stream: bool,
    ) -> None:
        self.begun: set[int] = set()
        self._members = members
        self._starts = starts
        self._fanout = fanout
        self._is_stream = is_stream
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._slots = [threading.Semaphore(_BATCHES) for _ in members]
        self._workers: list[threading.Thread] = []
        self._jobs: dict[int, Job] = {}
        self._is_stopping = threading.Event()
        self._is_closing = threading.Event()
        self._lock = threading.Lock()

    @property
    def has_news(self) -> bool:
        """Whether there is something to take."""
        return not self._news.empty()

    def start(self) -> None:
        """Start the first of them."""
        self._workers = start_workers(self._run, range(len(self._members)), self._fanout)

    def take(self) -> News | None:
        """Return what has come; None where nothing has for a moment."""
        try:
            news = self._news.get(timeout=WAKE_S)
        except queue.Empty:
            return None
        if news.outcome is None:
            self._slots[news.at].release()
        return news

    def list_silent(self) -> list[str]:
        """Return the names of those whose server has not answered that they were closed."""
        with self._lock:
            jobs = sorted(self._jobs.items())
        return [self._members[at].name for at, job in jobs if getattr(job, "may_run_on", False)]

    def interrupt(self) -> None:
        """Stop them; what they still send, their ends above all, is to be awaited."""
        self._is_stopping.set()
        for job in self._list_jobs():
            threading.Thread(target=_interrupt, args=(job,), name="interrupt", daemon=True).start()

    def close(self) -> None:
        """Stop them and give back what they hold on their servers, however long one is silent."""
        self._is_stopping.set()
        self._is_closing.set()
        closers = [
            threading.Thread(target=job.close, name="close", daemon=True)
            for job in self._list_jobs()
        ]
        for closer in closers:
            closer.start()
        until = time.monotonic() + _CLOSE_S
        # An `exec` cannot be stopped, so nobody waits for who waits for its answer.
        for thread in (*closers, *(self._workers if self._is_stream else ())):
            thread.join(max(0.0, until - time.monotonic()))

    def _list_jobs(self) -> list[Job]:
        with self._lock:
            return list(self._jobs.values())

    def _run(self, at: int) -> None:
        """Run one to its end; never raises."""
        begun = time.monotonic()
        try:
            outcome = self._follow(at)
        except BaseException as error:  # noqa: BLE001 - one that fails does not end the others
            elapsed_ms = round((time.monotonic() - begun) * 1000)
            outcome = Outcome(elapsed_ms=elapsed_ms, error=explain_unforeseen(error))
        self._news.put(News(at, outcome=outcome))

    def _follow(self, at: int) -> Outcome:
        """Hand on what a job sends.

        Raises:
            ArthasShellError: it did not begin.
        """
        if self._is_stopping.is_set():
            raise Interrupted("interrupted before it began")
        job = self._starts[at]()
        with self._lock:
            self._jobs[at] = job
        try:
            if self._is_stopping.is_set():
                _interrupt(job)
            self._hand_on(at, job)
        finally:
            job.close()
            self._note_begun(at, job)
        with self._lock:
            if not getattr(job, "may_run_on", False):
                del self._jobs[at]
        return job.outcome

    def _hand_on(self, at: int, job: Job) -> None:
        name = self._members[at].name
        batch: list[Result] = []
        for result in job:
            batch.append(result._replace(target=name))
            if len(batch) >= _BATCH or not job.has_ready:
                self._note_begun(at, job)
                if not self._put(at, batch):
                    return
                batch = []
        self._put(at, batch)  # behind the last there may have been one for the program alone

    def _put(self, at: int, batch: Sequence[Result]) -> bool:
        """Add news once there is room for it; return whether anybody still takes them."""
        while not self._slots[at].acquire(timeout=_SLOT_S):
            if self._is_closing.is_set():
                return False
        self._news.put(News(at, batch))
        return True

    def _note_begun(self, at: int, job: Job) -> None:
        if getattr(job, "has_begun", job.outcome.state is not None):
            with self._lock:
                self.begun.add(at)


def _interrupt(job: Job) -> None:
    with suppress(ArthasShellError):  # the job notices a server that is gone by itself
        job.interrupt()
