"""What is allowed on many JVMs: what holds for one of them holds for a line that goes to all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, NotRun, ReadOnly, Unconfirmed
from arthas_cli.fleet.names import quote_names
from arthas_cli.guard.policy import Confirm, Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.fleet.member import Member
    from arthas_cli.line.plan import Plan

_STRICTEST_FIRST = (Confirm.CHANGES, Confirm.DANGEROUS, Confirm.NEVER)


def join_policies(members: Sequence[Member]) -> Policy:
    """Return the strictest of each part; `production` is the first of the profiles that are."""
    policies = [member.client.server.policy for member in members]
    return Policy(
        is_read_only=any(policy.is_read_only for policy in policies),
        confirm=min((policy.confirm for policy in policies), key=_STRICTEST_FIRST.index),
        production=next(iter(list_productions(members)), None),
    )


def list_productions(members: Sequence[Member]) -> list[str]:
    """Return the names of the production profiles among them."""
    found = (member.client.server.policy.production for member in members)
    return list(dict.fromkeys(name for name in found if name is not None))


def confirm(members: Sequence[Member], plan: Plan) -> None:
    """Refuse a line that was not confirmed for each production profile.

    Raises:
        Unconfirmed: with the names of those.
    """
    lacking: dict[str, Unconfirmed] = {}
    kinds = dict.fromkeys((one.client.server.policy, one.client.confirmed) for one in members)
    for policy, confirmed in kinds:
        try:
            policy.require(plan.line, confirmed)
        except Unconfirmed as error:
            lacking[str(policy.production)] = error
    if len(lacking) == 1:
        raise next(iter(lacking.values()))
    if lacking:
        import shlex  # for a refusal alone

        doubt = join_policies(members).find_doubt(plan.line)
        given = " ".join(f"--yes {shlex.quote(name)}" for name in lacking)
        raise Unconfirmed(
            f"{quote_names(lacking)} are production, and {doubt}", hint=f"run it with {given}"
        )


def raise_refusal(found: Sequence[object]) -> None:
    """Raise what nobody took, or what one must not; `found`: what each returned or raised.

    Raises:
        NotRun: why.
    """
    refusals = [came for came in found if isinstance(came, NotRun)]
    for refusal in refusals:
        is_shared = all(isinstance(came, ArthasShellError) for came in found)
        if is_shared or isinstance(refusal, ReadOnly | Unconfirmed):
            raise refusal
