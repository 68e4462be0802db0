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
from arthas_cli.session.outcome import Outcome, StreamJob

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


class _Run:
    """The run of one member, number `at`. `start` starts its job, `put` is given its news.

    `slots`: how many news may wait. `has_begun`: the server has started it.

    Threads: a worker runs it, any interrupts and closes. `_lock` guards `_job`, which is set once;
    the rest are events, a semaphore, and `has_begun`, which only ever becomes True.
    """

    def __init__(
        self, at: int, name: str, start: Callable[[], Job], put: Callable[[News], object]
    ) -> None:
        self.name = name
        self.slots = threading.Semaphore(_BATCHES)
        self.has_begun = False
        self._at = at
        self._start = start
        self._put = put
        self._job: Job | None = None
        self._is_stopping, self._is_left = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    @property
    def is_silent(self) -> bool:
        """Whether the server has not answered that the job was closed."""
        return isinstance(self._job, StreamJob) and self._job.may_run_on

    def run(self, tell: Callable[[str], None]) -> None:
        """Run it to its end; never raises. `tell`: told of a connection that is lost and back."""
        begun = time.monotonic()
        try:
            outcome = self._follow(tell)
        except BaseException as error:  # noqa: BLE001 - one that fails does not end the others
            elapsed_ms = round((time.monotonic() - begun) * 1000)
            outcome = Outcome(elapsed_ms=elapsed_ms, error=explain_unforeseen(error))
        self._put(News(self._at, outcome=outcome))

    def interrupt(self) -> None:
        """Stop it, or whatever comes of its start; what it still sends is to be awaited."""
        self._is_stopping.set()
        with self._lock:
            job = self._job
        if job is not None:
            with suppress(ArthasShellError):  # the job notices a server that is gone by itself
                job.interrupt()

    def close(self) -> None:
        """Stop it and give back what it holds on the server."""
        self._is_stopping.set()
        self._is_left.set()
        with self._lock:
            job = self._job
        if job is not None:
            job.close()

    def _follow(self, tell: Callable[[str], None]) -> Outcome:
        """Hand on what the job sends; raises ArthasShellError where it did not begin."""
        if self._is_stopping.is_set():
            raise Interrupted("interrupted before it began")
        job = self._start()
        with self._lock:
            self._job = job
        try:
            if isinstance(job, StreamJob):
                job.tell_by(lambda text: tell(f"{self.name}: {text}"))
            if self._is_stopping.is_set():
                self.interrupt()
            self._hand_on(job)
        finally:
            job.close()
            self._note_begun(job)
        return job.outcome

    def _hand_on(self, job: Job) -> None:
        batch: list[Result] = []
        for result in job:
            batch.append(result._replace(target=self.name))
            if len(batch) >= _BATCH or not job.has_ready:
                self._note_begun(job)
                if not self._put_batch(batch):
                    return
                batch = []
        self._put_batch(batch)  # behind the last there may have been one for the program alone

    def _put_batch(self, batch: Sequence[Result]) -> bool:
        """Add news once there is room for it; return whether anybody still takes them."""
        while not self.slots.acquire(timeout=_SLOT_S):
            if self._is_left.is_set():
                return False
        self._put(News(self._at, batch))
        return True

    def _note_begun(self, job: Job) -> None:
        has_begun = job.has_begun if isinstance(job, StreamJob) else job.outcome.state is not None
        self.has_begun = self.has_begun or has_begun


class Runs:
    """The jobs of many. `starts`: by the name of the member, in order, what starts its job.

    `fanout`: how many run at the same time. `is_stream`: the server can stop them. `tell`: told of
    connections that are lost and back.

    Threads: workers run the jobs, one takes the news, any interrupts and closes.
    """

    def __init__(
        self, starts: Sequence[tuple[str, Callable[[], Job]]], fanout: int, *, is_stream: bool
    ) -> None:
        self.tell: Callable[[str], None] = lambda _: None
        self._fanout = fanout
        self._is_stream = is_stream
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._runs = [
            _Run(at, name, start, self._news.put) for at, (name, start) in enumerate(starts)
        ]
        self._workers: list[threading.Thread] = []

    @property
    def has_news(self) -> bool:
        """Whether there is something to take."""
        return not self._news.empty()

    @property
    def begun(self) -> set[int]:
        """The numbers of those that their server has started, as far as is known."""
        return {at for at, run in enumerate(self._runs) if run.has_begun}

    def start(self) -> None:
        """Start the first of them."""
        self._workers = start_workers(
            lambda at: self._runs[at].run(self.tell), range(len(self._runs)), self._fanout
        )

    def take(self) -> News | None:
        """Return what has come; None where nothing has for a moment."""
        try:
            news = self._news.get(timeout=WAKE_S)
        except queue.Empty:
            return None
        if news.outcome is None:
            self._runs[news.at].slots.release()
        return news

    def list_silent(self) -> list[str]:
        """Return the names of those whose server has not answered that they were closed."""
        return [run.name for run in self._runs if run.is_silent]

    def interrupt(self) -> None:
        """Stop them; what they still send, their ends above all, is to be awaited."""
        for run in self._runs:
            threading.Thread(target=run.interrupt, name="interrupt", daemon=True).start()

    def close(self) -> None:
        """Stop them and give back what they hold on their servers, however long one is silent."""
        closers = [
            threading.Thread(target=run.close, name="close", daemon=True) for run in self._runs
        ]
        for closer in closers:
            closer.start()
        until = time.monotonic() + _CLOSE_S
        # An `exec` cannot be stopped, so nobody waits for who waits for its answer.
        for thread in (*closers, *(self._workers if self._is_stream else ())):
            thread.join(max(0.0, until - time.monotonic()))
