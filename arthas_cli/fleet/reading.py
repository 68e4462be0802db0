"""A line for many JVMs is read once; where what a server says is needed for that, each is asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from arthas_cli.client.check import check_line, make_raw_plan, read_plan
from arthas_cli.errors import ArthasShellError
from arthas_cli.fleet.parallel import call_each
from arthas_cli.fleet.rules import confirm, join_policies, raise_refusal
from arthas_cli.session.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.fleet.member import Member
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Answer, Request


def read_for_all(
    members: Sequence[Member],
    line: str,
    fanout: int,
    *,
    is_raw: bool = False,
    deadline_s: float | None = None,
) -> tuple[Plan, Sequence[Plan | ArthasShellError]]:
    """Return how to run the line, and how each runs it or why it cannot.

    Where nobody answers at all the first is any plan.

    Raises:
        NotRun: nobody can run it, or one must not.
    """
    server, known = _stand_for(members), members[0].client.known
    try:
        plan = check_line(line, server, is_raw=is_raw, deadline_s=deadline_s, known=known)
    except _Needed:
        each = [partial(member.client.plan, line, deadline_s=deadline_s) for member in members]
        found = call_each(each, fanout)
        raise_refusal(found)
        plans = (came for came in found if not isinstance(came, ArthasShellError))
        return next(plans, None) or make_raw_plan(line, known.commands), found
    return plan, [plan] * len(members)


def check_for_all(
    members: Sequence[Member], line: str, fanout: int, deadline_s: float | None = None
) -> Plan | None:
    """Refuse a line that could not run; return how it runs, None where each had to be asked.

    Raises:
        NotRun: why it could not.
    """
    server, known = _stand_for(members), members[0].client.known
    try:
        plan = read_plan(line, server, deadline_s=deadline_s, known=known)
    except _Needed:
        each = [partial(member.client.check_ahead, line, deadline_s) for member in members]
        raise_refusal(call_each(each, fanout))
        return None
    confirm(members, plan)
    return plan


def _stand_for(members: Sequence[Member]) -> Server:
    """Return a server that allows what all of them do, and answers nothing."""
    return Server(_Unasked(), policy=join_policies(members))


class _Needed(Exception):
    """What a server says is needed to read a line."""


class _Unasked:
    """The transport to no server."""

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
