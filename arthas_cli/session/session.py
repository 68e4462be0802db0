"""One session on the server and its consumer: opened, asked, closed."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from arthas_cli.catalogue.versions import OLDEST, parse_version
from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    NotArthas,
    TimedOut,
    TooOld,
)
from arthas_cli.jsontext import as_text
from arthas_cli.protocol import Action, Result, State
from arthas_cli.session.consumer import Consumer
from arthas_cli.session.refusal import explain_refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from arthas_cli.session.server import Server

_INTERRUPT_S = 1.0
_INTERRUPT_TRIES = 5
_CLOSE_TRIES = 2
_REFUSED_S = 2.0  # refused for longer: the session is stuck (versions, section 3.3)
_REFUSED_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a server says of itself to a new session; the main class may hold secrets."""

    version: str = ""
    pid: str = ""
    main_class: str = ""

    @property
    def version_numbers(self) -> tuple[int, ...]:
        """The version as numbers; empty where it is not known."""
        return parse_version(self.version)


class Session:
    """A session of our own with one consumer; runs one job at a time (protocol, section 3.5).

    `is_closed`: the server has answered that it is, or it is there no more.
    """

    def __init__(self, server: Server, session_id: str, consumer_id: str) -> None:
        self.server = server
        self.id = session_id
        self.consumer = Consumer(server, session_id, consumer_id)
        self.welcome = Welcome()
        self.is_closed = False
        self._starting = threading.Lock()  # else an interrupt could stop the job after its own

    @classmethod
    def open(cls, server: Server) -> Self:
        """Opens a session, tunes its consumer where that is allowed, reads the server's welcome.

        Raises:
            TooOld: the server is older than 3.4.6.
            NotArthas: the answer names no session.
            ArthasShellError: as `Server.ask`.
        """
        response = server.ask(Action.INIT_SESSION)
        if response.session_id is None or response.consumer_id is None:
            raise NotArthas(f"the server opened no session: {response.message or response.state}")
        session = cls(server, response.session_id, response.consumer_id)
        try:
            if server.may_tune:
                session.consumer.tune()
            session.welcome = _await_welcome(session.consumer)
        except BaseException:  # Ctrl+C included: nothing stays behind on the server
            session.close()
            raise
        return session

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self, command: str) -> int:
        """Starts the command as the session's one job; returns the job's id.

        Raises:
            Refused: the session stays busy.
            SessionLost: the server does not know the session.
            UnknownCommand: the server does not know the command.
            CommandFailed: the server would not start it.
            BadAnswer: it is said to have been started, but names no job.
            ArthasShellError: as `Server.ask`.
        """
        refused_until = time.monotonic() + _REFUSED_S
        is_first = True
        while True:
            with self._starting:
                response = self.server.ask(Action.ASYNC_EXEC, command=command, session_id=self.id)
            message = response.message or ""
            job_id = response.job_id or 0
            if response.state == State.SCHEDULED and job_id > 0:
                return job_id
            if response.state == State.REFUSED and time.monotonic() < refused_until:
                time.sleep(_REFUSED_PAUSE_S)
            elif is_first and message.endswith("exec command failed:null"):
                is_first = False  # two parses met in the server; nothing ran (versions, 5)
            else:
                raise explain_refusal(response, command)

    def rejoin(self, limit: int | None = None) -> None:
        """Has another consumer, where the server has forgotten the one before.

        It is told the session's last results once more (`session.replay`). `limit`: how many
        results are to come, as far as is known.

        Raises:
            SessionLost: the server does not know the session.
            ArthasShellError: as `Server.ask`.
        """
        response = self.server.ask(Action.JOIN_SESSION, session_id=self.id)
        if response.state != State.SUCCEEDED or response.consumer_id is None:
            raise explain_refusal(response)
        self.consumer.replace(response.consumer_id, limit)

    def interrupt(self, is_wanted: Callable[[], bool] = lambda: True) -> bool:
        """Interrupts the foreground job; says whether there was one, as far as can be known.

        Sent again on a new connection when no answer comes, for the first may wait behind
        somebody's long request (protocol, section 4.1); it may also have stopped the job. The
        server is not told which job is meant, so nothing is sent once it `is_wanted` no more.
        """
        is_unsure = False
        for _ in range(_INTERRUPT_TRIES - 1):
            try:
                return self._interrupt_once(is_wanted) or is_unsure
            except (TimedOut, BadAnswer):
                is_unsure = True
        return self._interrupt_once(is_wanted) or is_unsure

    def _interrupt_once(self, is_wanted: Callable[[], bool]) -> bool:
        with self._starting:
            if not is_wanted():
                return False
            response = self.server.ask(
                Action.INTERRUPT_JOB, session_id=self.id, timeout_s=_INTERRUPT_S
            )
        return response.state == State.SUCCEEDED

    def is_busy(self) -> bool:
        """Says whether a job runs in the session, without touching it.

        A second command is refused while one runs (protocol, section 3.5); where none runs,
        `version` does no harm. Its results stand in the queue behind all that came before.
        """
        response = self.server.ask(Action.ASYNC_EXEC, command="version", session_id=self.id)
        return response.state == State.REFUSED

    def close(self) -> None:
        """Closes the session, which interrupts its job; a session already gone is no error."""
        self.consumer.loop.stop()
        for _ in range(_CLOSE_TRIES):
            try:
                self.server.ask(Action.CLOSE_SESSION, session_id=self.id, timeout_s=_INTERRUPT_S)
            except (TimedOut, BadAnswer):
                continue  # the request may have been lost
            except ArthasShellError:
                pass
            self.is_closed = True
            return


def _await_welcome(consumer: Consumer) -> Welcome:
    """Pulls what a new session is told; in small batches that takes several pulls."""
    for _ in range(_WELCOME_PULLS):
        results = consumer.pull().read().results
        welcome = _read_welcome(results)
        if welcome is not None or not results:
            return welcome or Welcome()
    return Welcome()


def _read_welcome(results: tuple[Result, ...]) -> Welcome | None:
    for result in results:
        if result.type == "welcome":
            texts = {name: as_text(result.data.get(name)) or "" for name in _WELCOME_FIELDS}
            welcome = Welcome(texts["version"], texts["pid"], texts["mainClass"])
            if () < welcome.version_numbers < OLDEST:
                raise TooOld(f"the server is Arthas {welcome.version}")
            return welcome
    return None


_WELCOME_PULLS = 3
_WELCOME_FIELDS = ("version", "pid", "mainClass")
