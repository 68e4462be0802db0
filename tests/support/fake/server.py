"""The fake itself, as tests use it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from support.fake import api
from support.fake.commands import Command, Target
from support.fake.faults import Exchange, Faults
from support.fake.sessions import Job, Session
from support.fake.state import State
from support.fake.wire import CLOSED, Preflight, Reply, Seen, Wire, make_json_reply, route
from support.raw_server import Listener
from support.waiting import PATIENCE_S, wait_for

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from types import TracebackType

_INSIDE = "ognl --classLoaderClass com.taobao.arthas."


class FakeArthas:
    """An Arthas server without a JVM: a context manager that listens on a free loopback port.

    `target` is the pretended JVM, `faults` plans what goes wrong, `requests` is what came, in
    order. With `password`, every request needs Basic authentication (user `arthas`).
    """

    def __init__(
        self,
        *,
        version: str = "4.1.5",
        target: Target | None = None,
        user: str = "arthas",
        password: str | None = None,
    ) -> None:
        self.target = target or Target()
        self.faults = Faults()
        self.requests: list[Seen] = []
        self._gate = None if password is None else Preflight(user, password)
        self._listener = Listener(self._serve)
        self._state = State(version, self.target, self._listener.refuse)
        self.url = f"http://127.0.0.1:{self._listener.port}/api"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._state.stop()
        self._listener.close()
        self._state.threads.join(PATIENCE_S)

    def stop(self) -> None:
        """Ends as a JVM that is killed: nobody listens, every connection breaks."""
        self._listener.refuse()
        self._listener.cut()

    @property
    def jobs(self) -> list[Job]:
        """The jobs that run; what is put to Arthas itself, unasked and at any time, left out."""
        running = [job for job in list(self._state.jobs.values()) if not job.ended.is_set()]
        return [job for job in running if not job.line.startswith(_INSIDE)]

    @property
    def lines(self) -> list[str]:
        """The lines of all jobs so far, in the order of their start."""
        return [job.line for job in self._state.jobs.values()]

    @property
    def sessions(self) -> list[Session]:
        """The sessions that are open; one-time sessions are not among them."""
        return list(self._state.sessions.values())

    def produced(self, job_id: int) -> int:
        """Returns how many results a job sent, its status not counted, received or lost."""
        return self._state.jobs[job_id].produced

    def count_hits(self, line: str) -> int:
        """Returns how many hits the jobs of a line made, received or lost."""
        return sum(job.hits for job in self._state.jobs.values() if job.line == line)

    def register(self, *commands: Command) -> None:
        """Adds commands, or replaces those of the same name."""
        self._state.commands |= {command.name: command for command in commands}

    def evict(self) -> None:
        """Forgets every session that has no foreground job, as after the idle timeout (3.2)."""
        for session in self.sessions:
            if session.foreground is None:
                self._state.close_session(session)

    def restart(self, main_class: str = "demo.MathGame") -> None:
        """Is another JVM from now on, that of the same number: it knows no session."""
        for session in self.sessions:
            self._state.close_session(session)
        self.target.main_class, self.target.start = main_class, "2026-11-24 17:24:01"

    def end(self) -> None:
        """Is no more, as a JVM that was killed: nothing listens, and what was open is cut off."""
        self._listener.refuse()
        self._listener.cut()

    def expire_consumers(self) -> None:
        """Forgets every consumer, as after five minutes without a pull (3.2)."""
        for session in self.sessions:
            assert session.queue is not None
            session.queue.drop_consumers()

    def stick(self, session_id: str) -> None:
        """Leaves a session with a job that has ended in its foreground (docs/protocol.md, 3.6)."""
        command = self._state.commands["version"]
        job = Job(self._state.take_job_number(), "version", command, lambda _result: None)
        job.end()
        self._state.sessions[session_id].take(job)

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Waits until the condition holds; raises as `support.waiting.wait_for`."""
        wait_for(condition, lambda: [job.line for job in self.jobs])

    def reply(self, seen: Seen) -> Reply:
        """Answers one request, well or not."""
        self.requests.append(seen)
        fault = self.faults.take(seen)
        if fault is None:
            return self._answer(seen)
        wait = self._listener.closing.wait
        return fault(Exchange(seen, lambda: self._answer(seen), wait))

    def _answer(self, seen: Seen) -> Reply:
        denied = self._gate.check(seen) if self._gate else None
        return denied or self._dress(route(seen, self._answer_api))

    def _answer_api(self, content: bytes) -> Reply:
        try:
            return make_json_reply(api.answer(self._state, content))
        except api.Silent:
            return CLOSED

    def _dress(self, reply: Reply) -> Reply:
        """Gives the answer the headers that this version sends (docs/protocol.md, 6.2)."""
        version = self._state.version_numbers
        headers = dict(reply.headers)
        if version >= (4, 1) or self._gate is not None:
            headers["set-cookie"] = f"asession={(self._gate or Preflight('', '')).make_cookie()}"
        return replace(
            reply, headers=headers, has_length=version >= (3, 5), closes=version >= (3, 6, 8)
        )

    def _serve(self, connection: socket.socket) -> None:
        Wire(connection, connection.getpeername(), self)  # type: ignore[arg-type]  # only `reply` is used
