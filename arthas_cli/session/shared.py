"""A session that several clients use: each has a consumer of its own and is told everything.

The server runs one job at a time in it, whoever started it, and tells who joins the last 50 results
once more (docs/protocol.md, 3.2).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from arthas_cli.errors import ArthasShellError
from arthas_cli.jsontext import as_int, as_text
from arthas_cli.protocol import Action, State
from arthas_cli.session.consumer import Consumer
from arthas_cli.session.refusal import explain_refusal
from arthas_cli.session.session import Session, Welcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.protocol import Result
    from arthas_cli.session.server import Server

# The replay comes at once; in the smallest batches its 52 results take as many pulls.
_MAX_PULLS = 60


class SharedSession(Session):
    """A session of which others may know, or one of somebody else's (`is_guest`).

    `replayed`: what a guest was told of the time before.

    Threads: as `Session`, and the onlooker's. `_claiming` guards `_own_jobs`, and is held while a
    job is being started, so that nobody takes it for somebody else's.
    """

    def __init__(self, server: Server, session_id: str, consumer_id: str) -> None:
        super().__init__(server, session_id, consumer_id)
        self.is_guest = False
        self.replayed: tuple[Result, ...] = ()
        self._own_jobs: set[int] = set()
        self._claiming = threading.Lock()

    @classmethod
    def join(cls, server: Server, session_id: str) -> Self:
        """Join somebody's session.

        Raises:
            SessionLost: the server does not know it.
            ArthasShellError: as `Server.ask`.
        """
        session = cls(server, session_id, _join(server, session_id))
        session.is_guest = True
        session.replayed = tuple(_take_replay(session.consumer))
        if server.may_tune:
            session.consumer.tune()
        session.welcome = _ask_welcome(server)
        return session

    def start(self, command: str, until: float | None = None) -> int:
        """Start a job as `Session.start` does, and remember that it is ours."""
        with self._claiming:
            job_id = super().start(command, until)
            self._own_jobs.add(job_id)
            return job_id

    def is_own(self, job_id: int) -> bool:
        """Return whether a job is ours; wait for one that is being started."""
        with self._claiming:
            return job_id in self._own_jobs

    def close(self, within_s: float | None = None) -> bool:
        """Close the session; a guest leaves it to its owner."""
        if self.is_guest:
            self.consumer.loop.stop()
            self.is_closed = True
            return True
        return super().close(within_s)


class Onlooker:
    """Tells what others do in a session: a consumer of its own, pulled by a thread of its own.

    `tell` is given each result of a job that is not ours, its `command` first and its `status`
    last; `fail` is told when nothing more will come, at the latest when the session ends.

    Threads: one of its own, which calls `tell` and `fail`.
    """

    def __init__(
        self,
        session: SharedSession,
        tell: Callable[[Result], None],
        fail: Callable[[ArthasShellError], None],
    ) -> None:
        self._session = session
        self._tell = tell
        self._fail = fail
        self._thread = threading.Thread(target=self._run, name="onlooker", daemon=True)

    def start(self) -> None:
        """Begin to look on.

        Raises:
            SessionLost: the server does not know the session.
            ArthasShellError: as `Server.ask`.
        """
        session = self._session
        self._consumer = Consumer(session.server, session.id, _join(session.server, session.id))
        _take_replay(self._consumer)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                response = self._consumer.pull().read()
                if response.state != State.SUCCEEDED or not response.has_results:
                    raise explain_refusal(response)
            except ArthasShellError as error:
                self._fail(error)
                return
            for result in response.results:
                if result.job_id and not self._session.is_own(result.job_id):
                    self._tell(result)


def _join(server: Server, session_id: str) -> str:
    """Return the id of a new consumer in the session."""
    response = server.ask(Action.JOIN_SESSION, session_id=session_id)
    if response.state != State.SUCCEEDED or response.consumer_id is None:
        raise explain_refusal(response)
    return response.consumer_id


def _take_replay(consumer: Consumer) -> list[Result]:
    """Pull what a new consumer is told again: up to the `input_status` that holds now."""
    told: list[Result] = []
    for _ in range(_MAX_PULLS):
        results = consumer.pull().read().results
        told += results
        allowed = (r.data.get("inputStatus") for r in results if r.type == "input_status")
        if not results or any(status != "DISABLED" for status in allowed):
            break
    return told


def _ask_welcome(server: Server) -> Welcome:
    """Ask what a new session is told by itself; the main class is not to be had so."""
    facts: dict[str, str] = {}
    for command, key in (("version", "version"), ("session", "javaPid")):
        for result in server.ask(Action.EXEC, command=command).results:
            value = result.data.get(key)
            text = as_text(value) or str(as_int(value) or "")
            facts[key] = facts.get(key) or text
    return Welcome(facts.get("version", ""), facts.get("javaPid", ""), "")
