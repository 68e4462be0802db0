"""A way that a program of this machine keeps open: started when needed, and anew when it ended.

What the program is, and what it says, is known by a `Leader`.
"""

from __future__ import annotations

import math
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from arthas_cli.config.way import Endpoint, Row
from arthas_cli.errors import BadAnswer, NoServer, ServerGone, TimedOut, Tunnel, TunnelBroke
from arthas_cli.transport.connecting import connect, connect_to_socket
from arthas_cli.transport.failures import explain_gone
from arthas_cli.ways.kept import keep_terminal
from arthas_cli.ways.pause import Pause

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.ways import Terms
    from arthas_cli.ways.kept import Kept

# A host behind two jumps takes seconds to let one in; nobody who is to answer waits for ever.
_OPEN_S, _ASKED_S = 30.0, 300.0
# Whoever tries again does so for half a minute.
_AGAIN_S = 10.0
_POLL_S = 0.01
_ASKED_ONCE = (
    "a password is asked for only at the start: leave and start again, or add a key to the agent"
    " with ssh-add"
)


class Leader(Protocol):
    """The program that leads there.

    `cure`: the hint where it does not open in time. `can_be_watched`: as for `Way`. `may_ask`: it
    can ask the user for a password. `word_s`: it says why a connection came to nothing so long
    behind its end.
    """

    cure: str
    can_be_watched: bool
    may_ask: bool
    word_s: float

    @property
    def name(self) -> str:
        """The way as errors have it: "the ssh tunnel to 'shop-3'"."""
        ...

    @property
    def address(self) -> str:
        """The server as errors have it; see `Way`."""
        ...

    @property
    def place(self) -> str:
        """What it leads to; see `Way`."""
        ...

    def start(self, hear: Callable[[str], None], until: float, *, may_ask: bool) -> Kept:
        """Start the program; raises ArthasShellError where that is not to be."""
        ...

    def find_endpoint(self, program: Kept) -> Endpoint | None:
        """Return where the way begins, None as long as it does not stand.

        Raises:
            ArthasShellError: it will not.
        """
        ...

    def is_over(self, program: Kept) -> bool:
        """Return whether it has ended, or says that it is about to."""
        ...

    def explain_end(self, lines: Sequence[str]) -> Tunnel:
        """Return why the program has ended, by what it wrote."""
        ...

    def explain_refusal(self, lines: Sequence[str]) -> NoServer | None:
        """Return why a connection came to nothing, None where the lines do not say so."""
        ...

    def is_shut_out(self, lines: Sequence[str]) -> bool:
        """Return whether it was refused entry, so that it is not to try again at once."""
        ...

    def list_steps(self, open_way: Callable[[], float]) -> Sequence[Row]:
        """Return what `doctor` examines before the way; `open_way` returns the ms it took."""
        ...


class TunnelWay:
    """The way by one leader; see `config.way.Way`.

    Threads: any may use it. `_opening` is held by the one that opens it, and guards all fields but
    `_is_closed`, which only ever becomes True and ends what is being opened.
    """

    def __init__(self, leader: Leader, terms: Terms) -> None:
        self.can_be_watched = leader.can_be_watched
        self.asks_user = terms.may_ask and leader.may_ask
        self._leader = leader
        self._say = terms.say
        self._opening = threading.Lock()
        self._program: Kept | None = None
        self._endpoint = Endpoint()
        self._uses = 0
        self._is_closed = self._has_asked = False
        self._pause = Pause()
        self._limit_s = _ASKED_S if self.asks_user else _OPEN_S

    @property
    def address(self) -> str:
        """The server as errors name it."""
        return self._leader.address

    @property
    def place(self) -> str:
        """What it leads to, as far as the program tells."""
        return self._leader.place

    @property
    def stands(self) -> bool:
        """Whether the program runs, and has not said that it is about to end."""
        program = self._program
        return program is not None and not self._leader.is_over(program)

    def open(self, within_s: float | None) -> Endpoint:
        """Return where it begins; see `Way.open`."""
        limit_s = min(within_s or math.inf, self._limit_s)
        until = time.monotonic() + limit_s
        if not self._opening.acquire(timeout=limit_s):
            raise self._explain_wait(limit_s)
        try:
            if self._is_closed:
                raise Tunnel(f"{self._leader.name} is closed", hint="")
            if not self.stands:
                self._end()
                self._pause.check()
                self._start(until, limit_s)
            self._uses += 1
        finally:
            self._opening.release()
        return self._endpoint

    def close(self) -> None:
        """End it, also one that is being opened."""
        self._is_closed = True
        self._end()

    def explain(self, error: NoServer) -> NoServer:
        """Return what the program said of it; see `Way.explain`."""
        program, leader = self._program, self._leader
        if program is None or isinstance(error, TimedOut):
            return error
        refusal = _await_refusal(leader, program, time.monotonic() - leader.word_s)
        is_cut = isinstance(error, BadAnswer)
        if refusal is not None and self.can_be_watched:
            return refusal
        if refusal is not None:  # it cuts off all others, in some versions by itself
            program.end()
            what = f"the server has ended: nothing listens on {self.address} any more"
            return ServerGone(what) if is_cut and self._uses > 1 else refusal
        if leader.is_over(program):
            ours = leader.explain_end(program.list_lines())
            return TunnelBroke(ours.message, hint=ours.hint) if is_cut else ours
        may_have_ended = is_cut and self.can_be_watched
        if may_have_ended and _probe(leader, program, self._endpoint) is not None:
            return explain_gone(self.address)
        return error

    def list_rows(self) -> Sequence[Row]:
        """Return what `doctor` examines: how far the program comes, and whether it leads on."""

        def open_way() -> float:
            begun = time.monotonic()
            self.open(None)
            return (time.monotonic() - begun) * 1000

        return (*self._leader.list_steps(open_way), Row("forward", self._describe_server))

    def _start(self, until: float, limit_s: float) -> None:
        """Start the program and wait until the way stands."""
        asks = self.asks_user
        self._has_asked = self._has_asked or asks
        lines: Sequence[str] = ()
        with keep_terminal(is_asked=asks):
            try:
                program = self._program = self._leader.start(
                    self._say if asks else _ignore, until, may_ask=asks
                )
                self._endpoint, self._uses = self._await_endpoint(program, until, limit_s), 0
            except BaseException as error:
                if self._program is not None:
                    lines = self._program.list_lines()
                self._end()
                is_shut_out = self._leader.is_shut_out(lines)
                if is_shut_out and self._has_asked and not asks and isinstance(error, Tunnel):
                    error.hint = _ASKED_ONCE
                self._pause.note(error, is_shut_out=is_shut_out)
                raise
        self._limit_s = _AGAIN_S
        self.asks_user = False  # who watches a stream is not asked in the middle of it
        self._pause = Pause()
        if self._is_closed:  # meanwhile
            program.end()

    def _await_endpoint(self, program: Kept, until: float, limit_s: float) -> Endpoint:
        while (endpoint := self._leader.find_endpoint(program)) is None:
            if program.has_ended:
                raise self._leader.explain_end(program.list_lines())
            if time.monotonic() >= until:
                raise self._explain_wait(limit_s)
            time.sleep(_POLL_S)
        return endpoint

    def _explain_wait(self, seconds: float) -> TimedOut:
        what = f"{self._leader.name} did not open"
        return TimedOut(what, within_s=seconds, hint=self._leader.cure)

    def _end(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.end()

    def _describe_server(self) -> str:
        end = self.open(None)
        program = self._program
        if program is not None and self.can_be_watched:
            refusal = _probe(self._leader, program, end)
            if refusal is not None:
                raise refusal
        return f"{self.address} is reached by {end.socket_path or f'{end.host}:{end.port}'}"


def _ignore(_: str) -> None:
    """Say nothing of what the program writes."""


def _await_refusal(leader: Leader, program: Kept, since: float) -> NoServer | None:
    """Return why a connection since then came to nothing, None where that is not said."""
    until = time.monotonic() + leader.word_s
    while True:
        is_late = leader.is_over(program) or time.monotonic() >= until
        refusal = leader.explain_refusal(program.list_lines(since))
        if refusal is not None or is_late:
            return refusal
        time.sleep(_POLL_S)


def _probe(leader: Leader, program: Kept, end: Endpoint) -> NoServer | None:
    """Return why one more connection comes to nothing, None where it stands."""
    asked_at = time.monotonic()
    with (
        suppress(OSError),
        connect_to_socket(end.socket_path, leader.word_s)
        if end.socket_path
        else connect(end.host, end.port, leader.word_s) as line,
    ):
        line.recv(1)
        return _await_refusal(leader, program, asked_at)
    return None
