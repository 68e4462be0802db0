"""Jobs and sessions: the state that the API looks at and moves (docs/protocol.md, 3.2 and 3.4)."""

from __future__ import annotations

import threading
import time
import uuid
from typing import TYPE_CHECKING

from support.fake.queues import Consumer, Result, SessionQueue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from support.fake.commands import Command


def make_input_status(status: str) -> Result:
    return {"type": "input_status", "jobId": 0, "inputStatus": status}


def make_message(text: str) -> Result:
    return {"type": "message", "jobId": 0, "message": text}


class Job:
    """One run of a command line.

    `produced` counts its results, lost or not, without status; `hits` those that `-n` counts.
    """

    def __init__(
        self, number: int, line: str, command: Command, emit: Callable[[Result], None]
    ) -> None:
        self.number = number
        self.line = line
        self.command = command
        self.status = "READY"
        self.produced = 0
        self.hits = 0
        self.ended = threading.Event()
        self.on_end: Callable[[Callable[[], None]], None] = lambda finish: finish()
        self._emit = emit
        self._is_ending = False
        self._lock = threading.RLock()  # a full queue ends the job that fills it

    def append(self, result: Result) -> None:
        """Sends a result; one of type `status` ends the job, none comes after it."""
        is_end = result.get("type") == "status"
        if is_end:  # a flood takes the lock again and again, and may never let the end through
            self._is_ending = True
        elif self._is_ending:
            return
        with self._lock:
            if self.ended.is_set():
                return
            if not is_end:
                self.produced += 1
                self.hits += result.get("type") == self.command.name
                self._emit({**result, "jobId": self.number})
                return
            self.status = "TERMINATED"
            self.ended.set()
            self.on_end(lambda: self._emit({**result, "jobId": self.number}))

    def end(self, code: int = 0, message: str | None = None) -> None:
        self.append({"type": "status", "statusCode": code, "message": message})

    def list_sent(self, sent: Iterable[Result]) -> list[Result]:
        """Returns what of `sent` is there once no result is on its way, the last one above all."""
        with self._lock:
            return list(sent)

    def interrupt(self) -> None:
        """Calls the command's interrupt handler, if it has one; else it runs on."""
        if self.command.is_interruptible:
            self.end()


class Session:
    """A session; a one-time session has no queue and no consumers."""

    def __init__(self, pid: int, *, is_one_time: bool) -> None:
        self.id = str(uuid.uuid4())
        self.pid = pid
        self.created_s = self.accessed_s = time.time()
        self.foreground: Job | None = None
        self.queue = None if is_one_time else SessionQueue(self._interrupt_with)
        self._input = make_input_status("ALLOW_INPUT")
        self._lock = threading.RLock()
        self._consumers_made = 0

    def join(self, slots: int, *, with_history: bool) -> Consumer:
        """Adds a consumer; with history it gets what the session saw last."""
        assert self.queue is not None
        self._consumers_made += 1
        consumer = Consumer(f"{uuid.uuid4().hex}_{self._consumers_made}", slots=slots)
        with self._lock:
            self.queue.join(consumer, self._input if with_history else None)
        return consumer

    def say(self, *results: Result) -> None:
        """Queues results that belong to no job's command."""
        for result in results:
            if self.queue is not None:
                self.queue.append(result)

    def allow(self, what: str) -> None:
        """Announces ALLOW_INPUT or ALLOW_INTERRUPT."""
        self._input = make_input_status(what)
        self.say(self._input)

    def take(self, job: Job, *announcement: Result) -> bool:
        """Makes the job the foreground job, unless there is one.

        A job that has ended already is never let go of: the session is stuck.
        """
        with self._lock:
            if self.foreground is not None:
                return False
            self.foreground = job
            job.on_end = self._release
            self.say(*announcement)
            self.allow("ALLOW_INTERRUPT")
            return True

    def let_go(self, job: Job) -> None:
        """Sends the job to the background: from now on the session does not know it."""
        with self._lock:
            job.on_end = lambda finish: finish()
            self.foreground = None
            self.allow("ALLOW_INPUT")

    def close(self) -> None:
        """Interrupts the foreground job and closes the consumers."""
        if self.foreground is not None:
            self.foreground.interrupt()
        if self.queue is not None:
            self.queue.close()

    def _release(self, finish: Callable[[], None]) -> None:
        """Status, free session and ALLOW_INPUT in one step, so that no other job comes between."""
        with self._lock:
            finish()
            self.foreground = None
            self.allow("ALLOW_INPUT")

    def _interrupt_with(self, message: str) -> None:
        job = self.foreground
        if job is not None:
            job.interrupt()
            self.say(make_message(message))
