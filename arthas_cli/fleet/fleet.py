"""Many JVMs behind the doors of one client: a line is read and allowed once, and run on all."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

from arthas_cli.config.settings import DEFAULT_FANOUT
from arthas_cli.errors import ArthasShellError, NotRun, TimedOut, Unconfirmed
from arthas_cli.fleet.job import FleetJob
from arthas_cli.fleet.member import Member
from arthas_cli.fleet.names import fold_briefly
from arthas_cli.fleet.parallel import call_each
from arthas_cli.fleet.reading import check_for_all, read_for_all
from arthas_cli.fleet.rules import confirm, join_policies, list_productions
from arthas_cli.line.plan import Plan
from arthas_cli.session.execute import explain_wait
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from arthas_cli.client.check import Known
    from arthas_cli.guard.policy import Policy
    from arthas_cli.session.outcome import Job


class Fleet:
    """Commands on many JVMs, as `Client` runs them on one.

    `policy`: what holds for a line that goes to all, the strictest there is. `fanout`: how many run
    a command at the same time. `ends_at_first`: as of `FleetJob`. `hint_of_too_many`: what to do
    where a stream would go to more.

    Threads: one plans and starts. `_read` is what it read last.
    """

    def __init__(
        self,
        members: Sequence[Member],
        *,
        fanout: int = DEFAULT_FANOUT,
        ends_at_first: bool = False,
        hint_of_too_many: str = "use --fanout {number}",
    ) -> None:
        self.members = tuple(members)
        self.fanout = fanout
        self.ends_at_first = ends_at_first
        self.hint_of_too_many = hint_of_too_many
        self._read: tuple[Plan, Sequence[Plan | ArthasShellError]] | None = None

    @property
    def url(self) -> str:
        """What stands for the addresses of all."""
        return count(len(self.members), "JVM")

    @property
    def confirmed(self) -> frozenset[str]:
        """What may be done without being asked."""
        return frozenset().union(*(member.client.confirmed for member in self.members))

    def with_known(self, known: Known) -> Self:
        """Return the same with what is known by now; the version of one says nothing of another."""
        known = replace(known, version=())
        members = [Member(member.name, member.client.with_known(known)) for member in self.members]
        return type(self)(
            members,
            fanout=self.fanout,
            ends_at_first=self.ends_at_first,
            hint_of_too_many=self.hint_of_too_many,
        )

    @property
    def policy(self) -> Policy:
        """What holds for a line that goes to all: the strictest of each part."""
        return join_policies(self.members)

    @property
    def productions(self) -> list[str]:
        """The names of the production profiles among them."""
        return list_productions(self.members)

    def plan(self, line: str, *, is_raw: bool = False, deadline_s: float | None = None) -> Plan:
        """Return how to run the line; raises as `Client.plan`.

        One that lacks the command, or does not answer when it must be asked, is passed over when
        it is run.

        Raises:
            NotRun: more run at the same time than may.
        """
        plan, each = read_for_all(
            self.members, line, self.fanout, is_raw=is_raw, deadline_s=deadline_s
        )
        self._read = plan, each
        self._refuse_too_many(plan)
        return plan

    def read(self, line: str, deadline_s: float | None = None) -> Plan:
        """Return how to run the line in its turn, which is not now; raises as `plan`."""
        return self.plan(line, deadline_s=deadline_s)

    def check_ahead(self, line: str, deadline_s: float | None = None) -> None:
        """Refuse a line that could not run; raises as `Client.check_ahead`."""
        plan = check_for_all(self.members, line, self.fanout, deadline_s)
        if plan is not None:
            self._refuse_too_many(plan)

    def require(
        self,
        plan: Plan,
        deadline_s: float | None = None,
        *,
        warn: Callable[[str], None] = lambda _: None,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Refuse what was not confirmed, for all or for none; raises as `Client.require`."""
        confirm(self.members, plan)
        if plan.resets:
            self._require_each(plan, deadline_s, warn, note)

    @contextmanager
    def open_series(self, *, is_long: bool) -> Iterator[None]:
        """Have the one-shots of each go by one session while it lasts, as `Client.open_series`."""
        from arthas_cli.session.series import Series

        opened = [Series(member.client.server, is_long=is_long) for member in self.members]
        for member, series in zip(self.members, opened, strict=True):
            member.client.server.series = series.execute
        try:
            yield
        finally:
            call_each([series.close for series in opened], self.fanout)

    def start(
        self,
        plan: Plan,
        deadline_s: float | None = None,
        *,
        confirm: Callable[[str], object] = lambda _: None,
        spent_s: float = 0.0,
    ) -> FleetJob:
        """Return the job that runs the plan on all; `spent_s`: as of `Client.start`.

        `confirm`: called with the name of each before it begins, in a thread of that one; what it
        raises is that one's error.
        """
        starts = [
            partial(_start, member, own, deadline_s, spent_s, confirm)
            for member, own in zip(self.members, self._find_own(plan), strict=True)
        ]
        return FleetJob(
            self.members,
            starts,
            self.fanout,
            is_stream=plan.is_stream,
            ends_at_first=self.ends_at_first,
        )

    def _require_each(
        self,
        plan: Plan,
        deadline_s: float | None,
        warn: Callable[[str], None],
        note: Callable[[str], None],
    ) -> None:
        """Ask each whether it may, and say once what several say alike; raises Unconfirmed."""
        said: list[tuple[Callable[[str], None], str, str]] = []  # appended to by any thread

        def listen(tell: Callable[[str], None], name: str) -> Callable[[str], None]:
            return lambda text: said.append((tell, text, name))

        each = [
            partial(
                member.client.require,
                plan,
                deadline_s,
                warn=listen(warn, member.name),
                note=listen(note, member.name),
            )
            for member in self.members
        ]
        for member, error in zip(self.members, call_each(each, self.fanout), strict=True):
            if isinstance(error, Unconfirmed):
                raise Unconfirmed(f"{member.name}: {error.message}", hint=error.hint)
        for tell, text in dict.fromkeys((tell, text) for tell, text, _ in said):
            told = {name for _, own, name in said if own == text}
            names = [member.name for member in self.members if member.name in told]
            tell(f"{fold_briefly(names)}: {text}")

    def _find_own(self, plan: Plan) -> Sequence[Plan | ArthasShellError]:
        """Return how each runs the plan, which may be another one of the line that was read."""
        read, each = self._read or (None, ())
        if read is None or read.line != plan.line:
            return [plan] * len(self.members)
        return [plan if isinstance(own, Plan) and read is not plan else own for own in each]

    def _refuse_too_many(self, plan: Plan) -> None:
        """Refuse a stream that does not run everywhere at the same time; raises NotRun."""
        number = len(self.members)
        if plan.is_stream and number > self.fanout:
            raise NotRun(
                f"'{plan.name}' goes on until it is stopped, and at most {self.fanout} JVMs may"
                f" run it at the same time, not {number}",
                hint=self.hint_of_too_many.format(number=number),
            )


def _start(
    member: Member,
    plan: Plan | ArthasShellError,
    deadline_s: float | None,
    spent_s: float,
    confirm: Callable[[str], object],
) -> Job:
    if isinstance(plan, ArthasShellError):
        raise plan
    begun = time.monotonic() - spent_s
    confirm(member.name)
    try:
        return member.client.start(plan, deadline_s, spent_s=spent_s)
    except TimedOut as error:
        raise explain_wait(error, begun, deadline_s) from error
