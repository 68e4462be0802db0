"""The one door to a server: a line is checked, allowed and started here, for every front end."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from arthas_cli.client.check import Known, check_line, read_plan
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.server import QUICK_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Job
    from arthas_cli.session.server import Server
    from arthas_cli.session.session import Session


@dataclass(frozen=True, slots=True)
class Client:
    """Commands on one server.

    `known`: as of `check_line`. `confirmed`: what may be done without being asked by a front end
    that cannot ask its user: the names of production profiles, and `reset`.
    """

    server: Server
    known: Known = field(default_factory=Known)
    confirmed: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        """The address of the API."""
        return self.server.url

    def with_known(self, known: Known) -> Self:
        """Return the same with what is known by now."""
        return replace(self, known=known)

    def plan(self, line: str, *, is_raw: bool = False, deadline_s: float | None = None) -> Plan:
        """Return how to run the line; raises as `check_line`. Nothing but questions is sent."""
        return check_line(line, self.server, is_raw=is_raw, deadline_s=deadline_s, known=self.known)

    def read(self, line: str, deadline_s: float | None = None) -> Plan:
        """Return how to run the line in its turn, which is not now; raises as `read_plan`."""
        return read_plan(line, self.server, deadline_s=deadline_s, known=self.known)

    def check_ahead(self, line: str, deadline_s: float | None = None) -> None:
        """Refuse a line that could not run, before those that stand before it do.

        Raises:
            LineError, ReadOnly, Unconfirmed: it could not.
            ArthasShellError: that cannot be told; the line says so in its turn.
        """
        self.server.policy.require(self.read(line, deadline_s).line, self.confirmed)

    def require(
        self,
        plan: Plan,
        deadline_s: float | None = None,
        *,
        warn: Callable[[str], None] = lambda _: None,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Refuse what the shell would ask about; end what is to be ended before a `reset`.

        `warn` is told what may go wrong, `note` what was ended.

        Raises:
            Unconfirmed: nobody has named it beforehand.
            ArthasShellError: the server does not answer, or a command does not end.
        """
        self.server.policy.require(plan.line, self.confirmed)
        if not plan.resets:
            return
        from arthas_cli.session.doubts import end_jobs, find_doubts  # others start faster

        doubts = find_doubts(self.server, plan.line, min(QUICK_S, deadline_s or QUICK_S))
        doubts.require(self.confirmed)
        if doubts.warning:
            warn(doubts.warning)
        if doubts.jobs:
            note(end_jobs(self.server, doubts.jobs))

    @contextmanager
    def open_series(self, *, is_long: bool) -> Iterator[None]:
        """Have one-shots go by one session while it lasts; `is_long`: as of `Series`."""
        from arthas_cli.session.series import Series  # a single command starts faster without

        with closing(Series(self.server, is_long=is_long)) as series:
            self.server.series = series.execute
            yield

    def start(
        self,
        plan: Plan,
        deadline_s: float | None = None,
        *,
        session: Session | None = None,
        spent_s: float = 0.0,
    ) -> Job:
        """Return the job that runs the plan.

        With a `session` it runs in that one; else what streams gets a session of its own.
        `spent_s`: how much of the deadline is over already.

        Raises:
            ArthasShellError: no session could be opened.
        """
        begun = time.monotonic() - spent_s
        if session is None and not plan.is_stream:
            job = OneShot(self.server, plan, deadline_s=deadline_s)
            if spent_s:
                job.spend(spent_s)
            return job
        from arthas_cli.session.session import Session  # a one-shot without it starts faster
        from arthas_cli.session.stream import Stream

        if session is not None:
            return Stream(session, plan, deadline_s=deadline_s, begun=begun)
        until = None if deadline_s is None else begun + deadline_s
        opened = Session.open(self.server, until)
        return Stream(opened, plan, deadline_s=deadline_s, begun=begun, owns_session=True)
