"""Many JVMs behind the doors of one client: a line is read and allowed once, and run on all."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

from arthas_cli.client.check import check_line, make_raw_plan
from arthas_cli.config.settings import DEFAULT_FANOUT
from arthas_cli.errors import ArthasShellError, NotRun, ReadOnly, Unconfirmed
from arthas_cli.fleet.job import FleetJob
from arthas_cli.fleet.member import Member
from arthas_cli.fleet.names import quote_names
from arthas_cli.fleet.parallel import call_each
from arthas_cli.guard.policy import Confirm, Policy
from arthas_cli.session.server import Server
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from arthas_cli.client.check import Known
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Answer, Request
    from arthas_cli.session.outcome import Job

_STRICTEST_FIRST = (Confirm.CHANGES, Confirm.DANGEROUS, Confirm.NEVER)


class Fleet:
    """Commands on many JVMs, as `Client` runs them on one.

    `policy`: what holds for a line that goes to all, the strictest there is. `fanout`: how many run
    a command at the same time. `ends_at_first`: as of `FleetJob`.

    Threads: one plans and starts. `_read` is what it read last.
    """

    def __init__(
        self,
        members: Sequence[Member],
        *,
        fanout: int = DEFAULT_FANOUT,
        ends_at_first: bool = False,
    ) -> None:
        self.members = tuple(members)
        self.fanout = fanout
        self.ends_at_first = ends_at_first
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
        return type(self)(members, fanout=self.fanout, ends_at_first=self.ends_at_first)

    @property
    def policy(self) -> Policy:
        """What holds for a line that goes to all: the strictest of each part."""
        policies = [member.client.server.policy for member in self.members]
        return Policy(
            is_read_only=any(policy.is_read_only for policy in policies),
            confirm=min((policy.confirm for policy in policies), key=_STRICTEST_FIRST.index),
            production=next(iter(self.productions), None),
        )

    @property
    def productions(self) -> list[str]:
        """The names of the production profiles among them."""
        found = (member.client.server.policy.production for member in self.members)
        return list(dict.fromkeys(name for name in found if name is not None))

    def plan(self, line: str, *, is_raw: bool = False, deadline_s: float | None = None) -> Plan:
        """Return how to run the line; raises as `Client.plan`.

        It is read once; where the answer of a server is needed for that, each is asked, and one
        that lacks the command or does not answer is passed over when it is run.

        Raises:
            NotRun: more run at the same time than may.
        """
        self._read = None
        known = self.members[0].client.known
        server = Server(_Unasked(), policy=self.policy)
        try:
            plan = check_line(line, server, is_raw=is_raw, deadline_s=deadline_s, known=known)
        except _Needed:
            plan = self._ask_each(line, deadline_s)
        if plan.is_stream and len(self.members) > self.fanout:
            raise NotRun(
                f"'{plan.name}' goes on until it is stopped, and at most {self.fanout} JVMs may"
                f" run it at the same time, not {len(self.members)}",
                hint=f"use --fanout {len(self.members)}",
            )
        return plan

    def read(self, line: str, deadline_s: float | None = None) -> Plan:
        """Return how to run the line in its turn, which is not now; raises as `plan`."""
        return self.plan(line, deadline_s=deadline_s)

    def check_ahead(self, line: str, deadline_s: float | None = None) -> None:
        """Refuse a line that could not run; raises as `Client.check_ahead`."""
        plan = self.plan(line, deadline_s=deadline_s)
        self._confirm(plan)

    def require(
        self,
        plan: Plan,
        deadline_s: float | None = None,
        *,
        warn: Callable[[str], None] = lambda _: None,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Refuse what was not confirmed, for all or for none; raises as `Client.require`."""
        self._confirm(plan)
        if plan.resets:
            each = [
                partial(
                    member.client.require,
                    plan,
                    deadline_s,
                    warn=partial(_tell, warn, member.name),
                    note=partial(_tell, note, member.name),
                )
                for member in self.members
            ]
            found = call_each(each, self.fanout)
            for member, error in zip(self.members, found, strict=True):
                if isinstance(error, Unconfirmed):
                    raise Unconfirmed(f"{member.name}: {error.message}", hint=error.hint)

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
        plans: Sequence[Plan | ArthasShellError] = [plan] * len(self.members)
        if self._read is not None and self._read[0] is plan:
            plans = self._read[1]
        starts = [
            partial(_start, member, own, deadline_s, spent_s, confirm)
            for member, own in zip(self.members, plans, strict=True)
        ]
        return FleetJob(
            self.members,
            starts,
            self.fanout,
            is_stream=plan.is_stream,
            ends_at_first=self.ends_at_first,
        )

    def _ask_each(self, line: str, deadline_s: float | None) -> Plan:
        """Return how the first that can runs the line; any plan where nobody answers at all.

        Raises:
            NotRun: nobody can, or one must not.
        """
        each = [partial(member.client.plan, line, deadline_s=deadline_s) for member in self.members]
        found = call_each(each, self.fanout)
        errors = [came for came in found if isinstance(came, ArthasShellError)]
        for error in errors:
            if isinstance(error, ReadOnly):  # what one refuses goes to none
                raise error
        plans = [came for came in found if not isinstance(came, ArthasShellError)]
        for error in errors:
            if isinstance(error, NotRun) and not plans:
                raise error
        plan = plans[0] if plans else make_raw_plan(line, self.members[0].client.known.commands)
        self._read = plan, found
        return plan

    def _confirm(self, plan: Plan) -> None:
        """Refuse a line that was not confirmed for each production profile.

        Raises:
            Unconfirmed: with the names of those.
        """
        lacking: dict[str, Unconfirmed] = {}
        for policy, confirmed in dict.fromkeys(
            (member.client.server.policy, member.client.confirmed) for member in self.members
        ):
            try:
                policy.require(plan.line, confirmed)
            except Unconfirmed as error:
                lacking[str(policy.production)] = error
        if len(lacking) == 1:
            raise next(iter(lacking.values()))
        if lacking:
            import shlex  # for a refusal alone

            doubt = self.policy.find_doubt(plan.line)
            given = " ".join(f"--yes {shlex.quote(name)}" for name in lacking)
            raise Unconfirmed(
                f"{quote_names(lacking)} are production, and {doubt}", hint=f"run it with {given}"
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
    confirm(member.name)
    return member.client.start(plan, deadline_s, spent_s=spent_s)


def _tell(tell: Callable[[str], None], name: str, text: str) -> None:
    tell(f"{name}: {text}")


class _Needed(Exception):
    """What a server says is needed to read a line."""


class _Unasked:
    """The transport to no server: a line that can be read without one is read once for all."""

    url = ""

    def send(
        self,
        request: Request,
        *,
        timeout_s: float | None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        """Ask nobody.

        Raises:
            _Needed: always.
        """
        del request, timeout_s, meanwhile
        raise _Needed
