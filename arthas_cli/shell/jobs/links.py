"""The JVMs that the shell is on, one or many: which of them get what is typed, and how they are.

What the shell asks by itself, as for completion, it asks the `lead`: the first that answers.
"""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.client.check import Known
from arthas_cli.diagnostics import clean
from arthas_cli.errors import ArthasShellError, NoServer, ServerError
from arthas_cli.fleet.fleet import Fleet
from arthas_cli.fleet.parallel import call_each
from arthas_cli.fleet.rules import list_productions
from arthas_cli.shell.jobs.choice import Choice
from arthas_cli.text import count, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from arthas_cli.client.client import Client
    from arthas_cli.fleet.job import FleetJob
    from arthas_cli.fleet.member import Member
    from arthas_cli.guard.policy import Policy
    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import TargetEnd
    from arthas_cli.session.server import Server
    from arthas_cli.shell.jobs.link import Link


_TOO_MANY = "use ':on NAME…' to choose fewer, or start the shell with --fanout {number}"


class Place(NamedTuple):
    """One JVM. `error`: what it said last where it did not answer, None where it did."""

    member: Member
    link: Link
    error: ArthasShellError | None = None
    latency_ms: float | None = None

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self.member.name

    @property
    def is_gone(self) -> bool:
        """Whether it did not answer the last time, or another may be there in its place."""
        return self.error is not None or self.link.is_lost


class Links:
    """Links to one JVM or to many.

    `word`: as of `Choice`. `fanout`: as of `Fleet`.

    Threads: the shell's chooses and runs; the watch looks, and sets a whole `Place` at a time.
    """

    def __init__(
        self,
        members: Sequence[Member],
        make_link: Callable[[Member], Link],
        *,
        word: str = "",
        fanout: int = 1,
    ) -> None:
        self.fanout = fanout
        self._places = {member.name: Place(member, make_link(member)) for member in members}
        self.choice = Choice(self._places, word)
        self._known = Known()
        self._made: tuple[tuple[tuple[str, ...], Known], Client | Fleet] | None = None

    @property
    def all(self) -> list[Place]:
        """All of them, in the order given."""
        return list(self._places.values())

    @property
    def active(self) -> list[Place]:
        """Those that get what is typed."""
        return [self._places[name] for name in self.choice.active]

    @property
    def is_many(self) -> bool:
        """Whether a line goes to several."""
        return len(self.choice.active) > 1

    @property
    def may_be_many(self) -> bool:
        """Whether there are several, be it that a line goes to one alone."""
        return len(self._places) > 1

    @property
    def lead(self) -> Link:
        """The first of the active ones that answers; the first of them where none does."""
        active = self.active
        answering = (place.link for place in active if place.error is None)
        return next(answering, active[0].link)

    @property
    def client(self) -> Client | Fleet:
        """What runs a line on the active ones, by what is known; it remembers how it read it."""
        key = self.choice.active, self._known
        if self._made is None or self._made[0] != key:
            self._made = key, self._make_client()
        return self._made[1]

    def _make_client(self) -> Client | Fleet:
        members = [place.member for place in self.active]
        if not self.is_many:
            return members[0].client.with_known(self._known)
        fleet = Fleet(members, fanout=self.fanout, hint_of_too_many=_TOO_MANY)
        return fleet.with_known(self._known)

    @property
    def policy(self) -> Policy:
        """What holds for a line."""
        client = self.client
        return client.policy if isinstance(client, Fleet) else client.server.policy

    @property
    def productions(self) -> list[str]:
        """The names of the production profiles among the active ones."""
        return list_productions([place.member for place in self.active])

    @property
    def servers(self) -> dict[str, Server]:
        """The servers of the active ones, by name."""
        return {place.name: place.link.server for place in self.active}

    def list_others(self) -> list[Server]:
        """Return the servers of all that answer, but for that of the lead."""
        lead = self.lead
        return [p.link.server for p in self.all if p.error is None and p.link is not lead]

    def know(self, known: Known) -> None:
        """Take what is known by now of commands and versions."""
        self._known = known

    def start(self, plan: Plan) -> FleetJob:
        """Return the job that runs the plan on the active ones, each made sure of before."""
        client = self.client
        if not isinstance(client, Fleet):
            raise TypeError("one JVM runs a plan in its session")
        return client.start(plan, confirm=lambda name: self._places[name].link.confirm())

    def open(self) -> None:
        """Open the sessions of all.

        Raises:
            ArthasShellError: none could be opened; why the first could not.
        """
        self.look(self._places)
        errors = [place.error for place in self.all]
        if all(errors) and errors[0] is not None:
            raise errors[0]

    def look(self, names: Iterable[str]) -> None:
        """Ask each how it is."""
        places = [self._places[name] for name in names]
        found = call_each([partial(_measure, place) for place in places], self.fanout)
        for place, came in zip(places, found, strict=True):
            if isinstance(came, ArthasShellError):
                self._places[place.name] = place._replace(error=came, latency_ms=None)
            else:
                self._places[place.name] = place._replace(error=None, latency_ms=came)

    def note(self, ends: Iterable[TargetEnd]) -> None:
        """Take how a line ended on each: what its queue still holds is not to be trusted."""
        for name, _, outcome in ends:
            place = self._places[name]
            is_gone = isinstance(outcome.error, NoServer)
            self._places[name] = place._replace(error=outcome.error if is_gone else None)
            if isinstance(outcome.error, NoServer | ServerError):
                place.link.drop()

    def tell_troubles(self) -> None:
        """Warn of jobs that were let go and could not be stopped, once each."""
        for place in self.all:
            place.link.tell_troubles()

    def close(self) -> bool:
        """End the sessions; return whether nothing stays behind."""
        found = call_each([place.link.close for place in self.all], self.fanout)
        return all(came is True for came in found)


def _measure(place: Place) -> float:
    """Return how long a small request took, in ms.

    Raises:
        ArthasShellError: it was not answered.
    """
    session = place.link.open()
    begun = time.monotonic()
    if not session.is_known():
        place.link.is_lost = True
    return (time.monotonic() - begun) * 1000


def describe_places(links: Links) -> list[str]:
    """Return what the shell starts with on many: how many answer with which version, who not."""
    versions = Counter(
        f"Arthas {one_line(place.link.welcome.version) or 'of an unknown version'}"
        for place in links.all
        if place.error is None
    )
    parts = [f"{version} ×{number}" for version, number in versions.most_common()]
    lines = [" · ".join([count(len(links.all), "JVM"), *parts, "try ':targets'"])]
    errors = ((place.name, place.error) for place in links.all if place.error is not None)
    return lines + [f"{one_line(name)}: {clean(error.message)}" for name, error in errors]
