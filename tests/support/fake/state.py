"""Everything a fake server knows: its sessions, its jobs, and the threads they run on."""

from __future__ import annotations

import itertools
import re
import threading
from functools import partial
from typing import TYPE_CHECKING

from support.fake.builtin import BUILTIN, make_timestamp
from support.fake.commands import Call, Command, Target, run_job
from support.fake.queues import CONSUMER_SLOTS, Consumer, Result
from support.fake.sessions import Job, Session, make_input_status, make_message
from support.fake.threads import CommandThread, Threads

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = "https://arthas.aliyun.com/doc"


class State:
    """The server behind the API."""

    def __init__(self, version: str, target: Target, on_stop: Callable[[], None]) -> None:
        self.version = version
        self.version_numbers = tuple(int(digits) for digits in re.findall(r"\d+", version))
        self.target = target
        self.queue_slots = CONSUMER_SLOTS
        self.commands: dict[str, Command] = {command.name: command for command in BUILTIN}
        self.sessions: dict[str, Session] = {}
        self.jobs: dict[int, Job] = {}
        self.threads = Threads()
        self._on_stop = on_stop
        self._command_thread = CommandThread(self.threads)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._is_stopped = False

    def take_job_number(self) -> int:
        """Job ids count over all clients (docs/protocol.md, 1.2)."""
        with self._lock:
            return next(self._numbers)

    def open_session(self) -> tuple[Session, Consumer]:
        session = Session(self.target.pid, is_one_time=False)
        assert session.queue is not None
        self.threads.start("distributor", session.queue.share)
        consumer = session.join(self.queue_slots, with_history=False)
        self.sessions[session.id] = session
        session.say(make_message("Welcome to arthas!"), self._make_welcome())
        session.say(make_input_status("ALLOW_INPUT"))
        return session, consumer

    def close_session(self, session: Session) -> None:
        self.sessions.pop(session.id, None)
        session.close()

    def start(self, job: Job, session: Session) -> None:
        """Lines a job up for the command thread; a stream leaves it at once."""
        self.jobs[job.number] = job
        if self._is_stopped:  # a request that came while it stopped
            job.end(-10)
            return
        run = partial(run_job, job, partial(self._make_call, job, session))
        if job.command.is_stream:
            self._command_thread.submit(partial(self.threads.start, job.command.name, run))
        else:
            self._command_thread.submit(run)

    def stop(self) -> None:
        """What the command `stop` does: no more connections, jobs and sessions end."""
        self._on_stop()
        self._is_stopped = True
        for job in list(self.jobs.values()):
            job.end(-10)
        for session in list(self.sessions.values()):
            self.close_session(session)
        self._command_thread.stop()

    def _make_call(
        self, job: Job, session: Session, words: list[str], options: dict[str, str]
    ) -> Call:
        return Call(
            job=job,
            target=self.target,
            version=self.version,
            session_id=session.id,
            commands=self.commands,
            sessions=self.sessions,
            jobs=self.jobs,
            words=words,
            options=options,
        )

    def _make_welcome(self) -> Result:
        return {
            "type": "welcome",
            "jobId": 0,
            "version": self.version,
            "pid": str(self.target.pid),
            "mainClass": self.target.main_class,
            "time": make_timestamp()[:23],
            "tutorials": f"{DOCS}/arthas-tutorials.html",
            "wiki": DOCS,
        }
