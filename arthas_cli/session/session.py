"""One session on the server and its consumer: opened, asked, closed."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from arthas_cli.catalogue.versions import OLDEST, parse_version
from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    NoServer,
    NotArthas,
    TimedOut,
    TooOld,
)
from arthas_cli.jsontext import as_text
from arthas_cli.protocol import Action, Result, State
from arthas_cli.session.consumer import Consumer
from arthas_cli.session.orphans import end_job, list_jobs
from arthas_cli.session.refusal import explain_refusal
from arthas_cli.session.server import QUICK_S, remain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from arthas_cli.protocol import Response
    from arthas_cli.session.server import Server

# How long to wait for an answer before it is asked again, on a new connection: the first one may
# stand behind somebody's long request (docs/protocol.md, 6.1).
_AGAIN_S = 1.0
_INTERRUPT_S, _INTERRUPT_TRIES = 3.0, 5
_CLOSE_S, _CLOSE_TRIES = 2.0, 2
_HASTY_CLOSE_S = 0.2
_REFUSED_S = 2.0  # refused for longer: the session is stuck (docs/protocol.md, 3.6)
_REFUSED_PAUSE_S, _MOST_PAUSE_S = 0.002, 0.05  # each pause is twice the one before
# They send a row for each of many things found, and nothing stops them. Once their session is
# closed each row waits for 100 ms, and with it everybody's commands (docs/protocol.md, 4.2).
_LISTING = ("classloader", "sc", "sm")


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
    """A session of our own with one consumer; runs one job at a time (docs/protocol.md, 3.4).

    `is_closed`: the server has answered that it is, or it is there no more; or it is left to the
    server, which forgets it in time. `command`: what was started last, empty once it has ended.

    Threads: one runs jobs, any interrupts and closes. `_starting` guards no field: it is held while
    a start or an interrupt is on its way, for an interrupt could stop the job behind its own.
    `is_closed` only ever becomes True.
    """

    def __init__(self, server: Server, session_id: str, consumer_id: str) -> None:
        self.server = server
        self.id = session_id
        self.consumer = Consumer(server, session_id, consumer_id)
        self.welcome = Welcome()
        self.is_closed = False
        self.command = ""
        self._starting = threading.Lock()

    @classmethod
    def open(
        cls, server: Server, until: float | None = None, *, fixed_batch: int | None = None
    ) -> Self:
        """Open a session, tune its consumer where that is allowed, read the server's welcome.

        `until`: when to wait for answers no more, by `time.monotonic`. `fixed_batch`: as of
        `Consumer`.

        Raises:
            TooOld: the server is older than 3.4.6.
            NotArthas: the answer names no session.
            ArthasShellError: as `Server.ask`.
        """
        response = server.ask(Action.INIT_SESSION, timeout_s=remain(QUICK_S, until))
        if response.session_id is None or response.consumer_id is None:
            raise NotArthas(
                f"the server did not open a session: {response.message or response.state}"
            )
        session = cls(server, response.session_id, response.consumer_id)
        session.consumer.fixed_batch = fixed_batch
        try:
            if server.may_tune:
                session.consumer.tune(until=until)
            session.welcome = _await_welcome(session.consumer, until)
            server.version = session.welcome.version_numbers or server.version
        except BaseException as error:  # Ctrl+C included: nothing stays behind on the server
            session.close(_HASTY_CLOSE_S if isinstance(error, TimedOut) and until else None)
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

    def start(self, command: str, until: float | None = None) -> int:
        """Start the command as the session's one job; return the job's id.

        `until`: when to wait for answers no more, by `time.monotonic`.

        Raises:
            Refused: the session stays busy.
            SessionLost: the server does not know the session.
            UnknownCommand: the server does not know the command.
            CommandFailed: the server would not start it.
            BadAnswer: it is said to have been started, but names no job.
            ArthasShellError: as `Server.ask`.
        """
        refused_until = time.monotonic() + remain(_REFUSED_S, until)
        is_first, pause_s = True, _REFUSED_PAUSE_S
        while True:
            with self._starting:
                response = self.server.ask(
                    Action.ASYNC_EXEC,
                    timeout_s=remain(QUICK_S, until),
                    command=command,
                    session_id=self.id,
                )
            job_id = response.job_id or 0
            if response.state == State.SCHEDULED and job_id > 0:
                self.command = command
                return job_id
            if response.state == State.REFUSED and time.monotonic() < refused_until:
                time.sleep(pause_s)
                pause_s = min(2 * pause_s, _MOST_PAUSE_S)
            elif is_first and response.is_parse_race:
                is_first = False
                self._end_unbegun(command)
            else:
                raise explain_refusal(response, command)

    def _end_unbegun(self, command: str) -> None:
        """End the job whose parse met another, for the session would never be free of it.

        The server has put it into the foreground, begins it no more, and interrupts it in vain
        (docs/protocol.md, 1.3).
        """
        if self.server.may_look:
            with suppress(ArthasShellError):
                for job in list_jobs(self.server) or ():
                    if (job.session_id, job.line) == (self.id, command):
                        end_job(self.server, job.id)

    def rejoin(self, limit: int | None = None) -> None:
        """Join another consumer, where the server has forgotten the one before.

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

    def interrupt(
        self, is_wanted: Callable[[], bool] = lambda: True, within_s: float = _INTERRUPT_S
    ) -> bool:
        """Interrupt the foreground job; return whether there was one, as far as can be known.

        Sent again and again where no answer comes; one of those may have stopped the job as well.
        The server is not told which job is meant, so nothing is sent once it `is_wanted` no more.

        Raises:
            TimedOut: no answer has come `within_s` seconds.
            ArthasShellError: as `Server.ask`.
        """
        until = time.monotonic() + within_s
        is_unsure = False
        for tries in range(1, _INTERRUPT_TRIES + 1):
            with self._starting:
                if not is_wanted():
                    return is_unsure
                try:
                    response = self._ask_again(Action.INTERRUPT_JOB, until)
                except (TimedOut, BadAnswer):
                    if tries == _INTERRUPT_TRIES or time.monotonic() >= until:
                        raise
                    is_unsure = True
                else:
                    return response.state == State.SUCCEEDED or is_unsure
        return is_unsure

    def _ask_again(self, action: Action, until: float) -> Response:
        """Ask once more, and wait for the answer a while, at the longest `until` then."""
        return self.server.ask(action, session_id=self.id, timeout_s=remain(_AGAIN_S, until))

    def is_known(self) -> bool:
        """Return whether the server knows the session still: it is the same Arthas as before."""
        response = self.server.ask(Action.SESSION_INFO, session_id=self.id)
        return response.state == State.SUCCEEDED

    def is_busy(self) -> bool:
        """Return whether a job runs in the session, without touching it.

        A second command is refused while one runs (docs/protocol.md, 3.4); where none runs,
        `version` does no harm. Its results stand in the queue behind all that came before.
        """
        response = self.server.ask(Action.ASYNC_EXEC, command="version", session_id=self.id)
        return response.state == State.REFUSED

    def close(self, within_s: float | None = None) -> bool:
        """Close the session, which interrupts its job; a session already gone is no error.

        It is left as it is where that would hold up the server. Returns whether the server has
        answered.
        """
        self.consumer.loop.stop()
        is_left = self.command.partition(" ")[0] in _LISTING
        action = Action.SESSION_INFO if is_left else Action.CLOSE_SESSION
        until = time.monotonic() + (_CLOSE_S if within_s is None else within_s)
        for _ in range(_CLOSE_TRIES):
            try:
                self._ask_again(action, until)
            except (TimedOut, BadAnswer):
                if time.monotonic() >= until:
                    return False
                continue
            except NoServer:
                self.is_closed = True
                return False
            except ArthasShellError:
                pass
            self.is_closed = True
            return True
        return False  # each request may have been lost


def _await_welcome(consumer: Consumer, until: float | None) -> Welcome:
    """Pull what a new session is told; in small batches that takes several pulls."""
    for _ in range(_WELCOME_PULLS):
        results = consumer.pull(until=until).read().results
        welcome = _read_welcome(results)
        if welcome is not None or not results:
            return welcome or Welcome()
    return Welcome()


def _read_welcome(results: Sequence[Result]) -> Welcome | None:
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
