"""The shell's session on the server: opened when it is needed, opened anew once it is lost.

Its own questions, and the rounds of `:every`, have another one (`session.series`): nothing of them
stands in the way of what is typed, or is seen by those with whom the first one is shared.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, SessionLost
from arthas_cli.interrupts import HangupWatch
from arthas_cli.session.jvm import Jvm, ask_pid, ask_start, ask_uptime_s
from arthas_cli.session.series import Series
from arthas_cli.session.session import Welcome
from arthas_cli.session.shared import SharedSession
from arthas_cli.shell.place import format_start_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.session.outcome import Job
    from arthas_cli.session.server import Server
    from arthas_cli.session.session import Session


# Behind an interrupt that was not answered: nobody is held up for longer.
_HASTY_CLOSE_S = 1.0


class Link:
    """Holds one session at a time; `say` is told whom it reaches, `warn` what it cannot end.

    `join`: the id of somebody's session to be used, None for one of our own. `is_lost`: the server
    does not know the session any more, or was away, so that another JVM may be there. `start`: when
    the JVM was started, empty where that is not known. `find_place`: says what it runs in, as `Way`
    has it. `is_one_of_many`: its session is there to tell the JVM from the next; it is not
    announced, and nothing is pulled from it.

    Threads: the shell's opens and leaves sessions; the watch looks on, and sets `is_lost` and, of
    the session that is still the one, `start`. `_lock` guards `_session`, `welcome`,
    `start` and `_place`.
    """

    def __init__(  # noqa: PLR0913 - what holds for one JVM
        self,
        server: Server,
        say: Callable[[str], None],
        warn: Callable[[str], None],
        join: str | None = None,
        hangup: HangupWatch | None = None,
        *,
        is_one_of_many: bool = False,
    ) -> None:
        self.server = server
        self.join = join
        self.welcome = Welcome()
        self.is_lost = False
        self.start = ""
        self.find_place: Callable[[], str] = str
        self._place = ""
        self._say = say
        self._warn = warn
        self._hangup = hangup or HangupWatch()
        self._is_one_of_many = is_one_of_many
        self._session: SharedSession | None = None
        self._lock = threading.Lock()
        self._questions = Series(server, is_long=True, waits=False)
        server.series = self._questions.execute
        self._leaving: list[tuple[threading.Thread, Session]] = []
        self._troubles: queue.SimpleQueue[ArthasShellError] = queue.SimpleQueue()

    def open(self, *, is_asked: bool = False) -> SharedSession:
        """Return the session, a new one where there is none.

        `is_asked`: whoever answers is welcome, and told of.

        Raises:
            SessionLost: it is in another JVM than the one before, for which the line was meant.
            ArthasShellError: as `SharedSession.open` and `join`.
        """
        if self._session is None:
            with self._hangup.holding_back():  # else a session that is opened would stay
                if self.join is None:
                    self._session = SharedSession.open(self.server)
                else:
                    self._session = SharedSession.join(self.server, self.join)
            if not self._is_one_of_many:
                self._session.consumer.loop.start()  # also before the first command
            self.is_lost = False
            self._greet(self._session.welcome, is_asked=is_asked)
        return self._session

    def _greet(self, welcome: Welcome, *, is_asked: bool) -> None:
        """Announce whom a new session reaches, where that is news.

        Raises:
            SessionLost: as `open`.
        """
        before = Jvm(self.welcome, self.start, self._place)
        is_first = self.welcome == Welcome()
        now = Jvm(welcome, "" if is_first else ask_start(self.server), self.find_place())
        # What is known of the one before is not true of another.
        is_other = before.is_other(now)
        start = "" if is_other else before.start
        with self._lock:
            self.welcome, self.start, self._place = welcome, now.start or start, now.place
        if is_asked or (is_other and not (is_first and self._is_one_of_many)):
            self._say(format_start_line(welcome, self.server.url))
        if is_first or not is_other:
            return
        what = f"another JVM answers there now{before.compare(now, ask_uptime_s(self.server))}"
        if is_asked:
            self._say(what)
            return
        raise SessionLost(
            f"{what}: nothing was sent", hint="type the line again to run it on this JVM"
        )

    def confirm(self) -> None:
        """Make sure that a command which goes out past the session reaches the same JVM.

        Raises:
            SessionLost: it may be another one now; the next line says which.
            ArthasShellError: as `open`.
        """
        if not self.open().is_known():
            self.drop()
            raise SessionLost("the session is gone: the JVM may be another one now")

    def learn_start(self) -> None:
        """Ask when the JVM was started, once, behind the scenes: by that the next one is told."""
        session = self._session
        if session is None or self.start:
            return
        start = ask_start(self.server)
        if not (start and session.is_known()):
            return
        with self._lock:
            if self._session is session:
                self.start = start

    def describe_next(self) -> str:
        """Return which JVM answers now that the session is lost; open none."""
        before = Jvm(self.welcome, self.start, self._place)
        pid = ask_pid(self.server) or self.welcome.pid
        now = Jvm(replace(self.welcome, pid=pid), ask_start(self.server), self.find_place())
        if before.is_other(now):
            which = f"another JVM answers there now{before.compare(now, ask_uptime_s(self.server))}"
        elif before.start and now.start:
            which = "the same JVM answers there, without the session"
        else:
            which = "the session is gone: the next line says which JVM answers there now"
        return which

    def list_sessions(self) -> list[str]:
        """Return the id of the session, if there is one."""
        session = self._session
        return [] if session is None else [session.id]

    def give_away(self, session: Session) -> None:
        """Leave the session to the job that runs in it: the next command gets another one."""
        with self._lock:
            if self._session is session:
                self._session = None

    def reopen(self) -> SharedSession:
        """End the session, out of sight, and open a new one; return where that is.

        Raises:
            ArthasShellError: as `open`.
        """
        self.drop()
        return self.open(is_asked=True)

    def drop(self, job: Job | None = None) -> None:
        """Detach from the session and its job; both are ended in the background."""
        with self._lock:
            session, self._session = self._session, None
        if session is None:
            return

        def end() -> None:
            close_s = None
            try:
                if job is not None:
                    job.interrupt()
            except ArthasShellError as error:
                self._troubles.put(error)
                close_s = _HASTY_CLOSE_S
            finally:
                session.close(close_s)

        # No daemon: not even a second signal on the way out leaves the session behind.
        thread = threading.Thread(target=end, name="let go", daemon=False)
        thread.start()
        self._leaving.append((thread, session))

    def tell_troubles(self) -> None:
        """Warn of jobs that were let go and could not be stopped, once each."""
        while not self._troubles.empty():
            error = self._troubles.get()
            self._warn(f"could not stop a detached command: {error.message}")

    def close(self) -> bool:
        """End the sessions, and wait for those let go; return whether nothing stays behind."""
        questions = threading.Thread(target=self._questions.close, name="let go", daemon=False)
        questions.start()
        self.drop()
        for thread in [questions, *(thread for thread, _ in self._leaving)]:
            thread.join()
        self.tell_troubles()
        return all(session.is_closed for _, session in self._leaving)
