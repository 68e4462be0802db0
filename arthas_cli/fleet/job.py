"""One command on many JVMs as one job: what each sends comes tagged with its name, as it comes."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Self

from arthas_cli.diagnostics import choose_worst
from arthas_cli.errors import Interrupted
from arthas_cli.fleet.runs import Runs
from arthas_cli.protocol import State
from arthas_cli.results import is_hit
from arthas_cli.session.outcome import Outcome, TargetEnd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.fleet.member import Member
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job

_INTERRUPTED = Interrupted("interrupted")


class FleetJob:
    """A job on many JVMs (`session.outcome.Job`); one that fails does not end the others.

    `starts`: what starts each one's, in the order of the members. `fanout`: how many run at the
    same time. `is_stream`: the servers can stop them. `ends_at_first`: all are stopped as soon as
    one has a hit, which is the last result; `has_hit`: that has come. `tell_end` is called, in the
    thread that iterates, when one has ended, behind its results, but not behind a last hit.
    `meanwhile`: done once, while the first answers are awaited.
    """

    def __init__(
        self,
        members: Sequence[Member],
        starts: Sequence[Callable[[], Job]],
        fanout: int,
        *,
        is_stream: bool = False,
        ends_at_first: bool = False,
    ) -> None:
        self.members = members
        self.is_stream = is_stream
        self._first = ""
        self.has_hit = False
        self.tell_end: Callable[[TargetEnd], object] = lambda _: None
        self.meanwhile: Callable[[], object] = lambda: None
        self.ends_at_first = ends_at_first
        names = [member.name for member in members]
        self._runs = Runs(list(zip(names, starts, strict=True)), fanout, is_stream=is_stream)
        self._has_started = False
        self._begun = time.monotonic()
        self._elapsed_ms: int | None = None
        self._ready: deque[Result] = deque()
        self._outcomes: dict[int, Outcome] = {}

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        if not self._has_started:
            self._has_started = True
            self._runs.start()
            self.meanwhile()
        while not self._ready:
            if self.is_over:
                if self._elapsed_ms is None:
                    self._elapsed_ms = self._measure_ms()
                raise StopIteration
            self._take()
        result = self._ready.popleft()
        if self.ends_at_first and is_hit(result):
            self.has_hit, self._first = True, result.target
            self._ready.clear()
            self._runs.interrupt()
        return result

    @property
    def has_ready(self) -> bool:
        """Whether the next result is there without a wait, as far as is known."""
        return bool(self._ready) or self._runs.has_news

    @property
    def has_begun(self) -> bool:
        """Whether a server has started it, as far as is known."""
        return bool(self._runs.begun)

    @property
    def outcome(self) -> Outcome:
        """How it ended: as the one that ended worst, what was lost of all, in the whole time."""
        ends = tuple(self._make_end(at) for at in range(len(self.members)))
        worst = choose_worst(end.outcome.error for end in ends)
        outcome = next(end.outcome for end in ends if end.outcome.error is worst)
        begun = self._runs.begun
        return outcome._replace(
            lost=sum_lost([end.outcome.lost for at, end in enumerate(ends) if at in begun]),
            elapsed_ms=self._measure_ms() if self._elapsed_ms is None else self._elapsed_ms,
            ends=ends,
        )

    def list_silent(self) -> list[str]:
        """Return the names of those that may run on: their server has not answered the close."""
        return self._runs.list_silent()

    def tell_by(self, tell: Callable[[str], None]) -> None:
        """Call `tell`, in any thread, where a connection is lost and when it is back."""
        self._runs.tell = tell

    def interrupt(self) -> None:
        """Stop it everywhere; what is still sent, the ends above all, is to be awaited."""
        self._runs.interrupt()

    def close(self) -> None:
        """Stop it everywhere and give back what it holds there."""
        if self._has_started:
            self._runs.close()

    @property
    def ended(self) -> int:
        """How many have ended."""
        return len(self._outcomes)

    @property
    def lost(self) -> int | None:
        """How many results were lost so far, None where that cannot be known."""
        return sum_lost(self._runs.list_lost())

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        ended = {self.members[at].name for at in self._outcomes}
        is_left = self._first in ended and not self.is_stream  # an `exec` cannot be stopped
        return is_left or len(self._outcomes) == len(self.members)

    def _take(self) -> None:
        news = self._runs.take()
        if news is None:
            return
        if news.outcome is not None:
            self._outcomes[news.at] = self._judge(news.outcome)
            if not self.has_hit:
                self.tell_end(self._make_end(news.at))
        elif not self.has_hit:
            self._ready.extend(news.results)

    def _make_end(self, at: int) -> TargetEnd:
        member = self.members[at]
        unended = Outcome(elapsed_ms=self._measure_ms(), error=_INTERRUPTED)
        outcome = self._outcomes.get(at) or self._judge(unended)
        return TargetEnd(member.name, member.url, outcome)

    def _judge(self, outcome: Outcome) -> Outcome:
        """Return how one ended; what was stopped because of a hit is no failure, nor are losses."""
        if not self.has_hit:
            return outcome
        return outcome._replace(state=outcome.state or State.INTERRUPTED, lost=0, error=None)

    def _measure_ms(self) -> int:
        return round((time.monotonic() - self._begun) * 1000)


def sum_lost(lost: Sequence[int | None]) -> int | None:
    """Return how many were lost of all, None where that cannot be known of one."""
    known = [number for number in lost if number is not None]
    return sum(known) if len(known) == len(lost) else None
