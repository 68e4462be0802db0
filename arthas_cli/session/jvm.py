"""Which JVM answers: what tells one from the next behind the same address.

In a container each JVM may have the pid 1; when it was started is another for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import ArthasShellError
from arthas_cli.jsontext import as_int, as_object, as_text
from arthas_cli.session.ask import ask
from arthas_cli.session.execute import execute
from arthas_cli.session.session import Welcome
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.jsontext import Json
    from arthas_cli.session.server import Server

_ANSWER_S = 3.0
_START = "JVM-START-TIME"
# The shortest time that it takes for one look.
_UPTIME = "dashboard -n 1 -i 50"
_UNITS = (("d", 86400), ("h", 3600), ("min", 60))


class Jvm(NamedTuple):
    """A JVM; `start`: when it was started, as its server writes that, empty where not known.

    `place`: what it runs in, as the way there tells it from all others, empty where not known.
    """

    welcome: Welcome = Welcome()
    start: str = ""
    place: str = ""

    def is_other(self, now: Jvm) -> bool:
        """Return whether `now` is another one, as far as is known."""
        known = ((self.start, now.start), (self.place, now.place))
        differs = any(before and later and before != later for before, later in known)
        return self.welcome != now.welcome or differs

    def compare(self, now: Jvm, uptime_s: int | None) -> str:
        """Return `, pid 31241 (was 21912), up 3 s`: what there is to tell of `now`.

        The same pid twice tells nothing.
        """
        before, pid = (one_line(jvm.welcome.pid) or "?" for jvm in (self, now))
        facts = (
            f", pid {pid} (was {before})" if pid != before else "",
            f", up {format_age(uptime_s)}" if uptime_s is not None else "",
        )
        return "".join(facts)


def ask_start(server: Server) -> str:
    """Return when the JVM was started, empty where that is not to be had."""
    for said in _ask(server, "jvm"):
        runtime = as_object(said.get("jvmInfo")).get("RUNTIME")
        for entry in map(as_object, runtime if isinstance(runtime, list) else ()):
            if entry.get("name") == _START:
                return as_text(entry.get("value")) or ""
    return ""


def ask_uptime_s(server: Server) -> int | None:
    """Return how many seconds the JVM has run, None where that is not to be had."""
    found = (said.get("runtimeInfo") for said in _ask(server, _UPTIME))
    return next((as_int(as_object(info).get("uptime")) for info in found if info), None)


def ask_pid(server: Server) -> str:
    """Return the pid of the JVM, empty where that is not to be had."""
    found: list[Json] = [said.get("javaPid") for said in _ask(server, "session")]
    return next((str(as_int(pid)) for pid in found if as_int(pid)), "")


def _ask(server: Server, line: str) -> list[Mapping[str, Json]]:
    try:
        # By no session: it may be that of another JVM, and has a word of its own in the answer.
        return ask(server, line, deadline_s=_ANSWER_S, run=execute)
    except ArthasShellError:
        return []


def format_age(seconds: int) -> str:
    """Return `3 s`, `12 min`, `5 h`, `2 d`."""
    return next(
        (f"{seconds // size} {unit}" for unit, size in _UNITS if seconds >= size), f"{seconds} s"
    )
