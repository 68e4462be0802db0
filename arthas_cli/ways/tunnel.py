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
from arthas_cli.errors import BadAnswer, NoServer, TimedOut, Tunnel, TunnelBroke
from arthas_cli.transport.connecting import connect, connect_to_socket
from arthas_cli.transport.failures import explain_gone
from arthas_cli.ways.kept import keep_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.ways import Terms
    from arthas_cli.ways.kept import Kept

# A host behind two jumps takes seconds to let one in; nobody who is to answer waits for ever.
_OPEN_S, _ASKED_S = 30.0, 300.0
# Whoever tries again does so for half a minute.
_AGAIN_S = 10.0
_POLL_S = 0.01
# The program says why a connection through it came to nothing right behind its end.
_WORD_S = 0.6
# Behind a try in vain; and behind a login that was refused, of which some hosts count a few.
_PAUSE_S, _SHUT_OUT_S = 1.0, 60.0


class Leader(Protocol):
    """The program that leads there.

    `name`: of the way, as errors have it: "the ssh tunnel to 'shop-3'". `cure`: the hint where it
    does not open in time. `address`, `can_be_watched`: as for `Way`. `rows`: what `doctor` calls
    its three steps.
    """

    name: str
    cure: str
    address: str
    can_be_watched: bool
    rows: tuple[str, str, str]

    def start(self, hear: Callable[[str], None], *, may_ask: bool) -> Kept:
        """Start the program; raises Tunnel where there is none."""
        ...

    def find_endpoint(self, program: Kept) -> Endpoint | None:
        """Return where the way begins, None as long as it does not stand.

        Raises:
            Tunnel: it will not.
        """
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

    def describe(self) -> tuple[str, str]:
        """Return which program it is, and what it has reached once the way stands."""
        ...


class TunnelWay:
    """The way by one leader; see `config.way.Way`.

    Threads: any may use it. `_opening` is held by the one that opens it, and guards all fields but
    `_is_closed`, which only ever becomes True and ends what is being opened.
    """

    def __init__(self, leader: Leader, terms: Terms) -> None:
        self.address = leader.address
        self.can_be_watched = leader.can_be_watched
        self.asks_user = terms.may_ask
        self._leader = leader
        self._say = terms.say
        self._opening = threading.Lock()
        self._program: Kept | None = None
        self._endpoint = Endpoint()
        self._is_closed = False
        self._failure: Tunnel | None = None
        self._pause_ends = 0.0
        self._limit_s = _ASKED_S if self.asks_user else _OPEN_S

    def open(self, within_s: float | None) -> Endpoint:
        """Return where it begins; see `Way.open`."""
        limit_s = min(within_s or math.inf, self._limit_s)
        until = time.monotonic() + limit_s
        if not self._opening.acquire(timeout=limit_s):
            raise self._explain_wait(limit_s)
        try:
            if self._is_closed:
                raise Tunnel(f"{self._leader.name} is closed", hint="")
            if self._program is None or self._program.has_ended:
                self._end()
                if self._failure is not None and time.monotonic() < self._pause_ends:
                    raise self._failure
                self._start(until, limit_s)
        finally:
            self._opening.release()
        return self._endpoint

    def close(self) -> None:
        """End it, also one that is being opened."""
        self._is_closed = True
        self._end()

    def explain(self, error: NoServer) -> NoServer:
        """Return what the program said of it; see `Way.explain`."""
        program = self._program
        if program is None or isinstance(error, TimedOut):
            return error
        refusal = self._await_refusal(program, time.monotonic() - _WORD_S)
        if program.has_ended:
            ours = self._leader.explain_end(program.list_lines())
            is_cut = isinstance(error, BadAnswer)
            return TunnelBroke(ours.message, hint=ours.hint) if is_cut else ours
        if refusal is not None:
            return refusal
        may_have_ended = isinstance(error, BadAnswer) and self.can_be_watched
        if may_have_ended and self._probe(program) is not None:
            return explain_gone(self.address)
        return error

    def list_rows(self) -> Sequence[Row]:
        """Return what `doctor` examines: the program, how far it comes, whether it leads on."""
        checks = (lambda: self._leader.describe()[0], self._describe_end, self._describe_server)
        return [Row(name, check) for name, check in zip(self._leader.rows, checks, strict=True)]

    def _start(self, until: float, limit_s: float) -> None:
        """Start the program and wait until the way stands."""
        program = self._program = self._leader.start(self._hear, may_ask=self.asks_user)
        with keep_terminal(is_asked=self.asks_user):
            try:
                self._endpoint = self._await_endpoint(program, until, limit_s)
            except BaseException as error:
                self._end()
                self._note_failure(error, program.list_lines())
                raise
        self._limit_s = _AGAIN_S
        self.asks_user = False  # who watches a stream is not asked in the middle of it
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

    def _note_failure(self, error: BaseException, lines: Sequence[str]) -> None:
        """Have the next try wait: streams try again all the time, and are locked out for that."""
        if isinstance(error, Tunnel):
            pause_s = _SHUT_OUT_S if self._leader.is_shut_out(lines) else _PAUSE_S
            self._failure, self._pause_ends = error, time.monotonic() + pause_s

    def _hear(self, line: str) -> None:
        """Pass on what the program says while it asks the user."""
        if self.asks_user:
            self._say(line)

    def _end(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.end()

    def _await_refusal(self, program: Kept, since: float) -> NoServer | None:
        """Return why a connection since then came to nothing, None where that is not said."""
        until = time.monotonic() + _WORD_S
        while time.monotonic() < until and not program.has_ended:
            refusal = self._leader.explain_refusal(program.list_lines(since))
            if refusal is not None:
                return refusal
            time.sleep(_POLL_S)
        return None

    def _probe(self, program: Kept) -> NoServer | None:
        """Return why one more connection comes to nothing, None where it stands."""
        asked_at, end = time.monotonic(), self._endpoint
        with (
            suppress(OSError),
            connect_to_socket(end.socket_path, _WORD_S)
            if end.socket_path
            else connect(end.host, end.port, _WORD_S) as line,
        ):
            line.recv(1)
            return self._await_refusal(program, asked_at)
        return None

    def _describe_end(self) -> str:
        begun = time.monotonic()
        self.open(None)
        took_ms = (time.monotonic() - begun) * 1000
        return f"{self._leader.describe()[1]} after {took_ms:.0f} ms"

    def _describe_server(self) -> str:
        end = self.open(None)
        if self._program is not None and (refusal := self._probe(self._program)):
            raise refusal
        return f"{self.address} is reached by {end.socket_path or f'{end.host}:{end.port}'}"
