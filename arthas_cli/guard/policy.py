"""What is allowed here: which lines pass, which are asked about, which are refused."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.catalogue.model import Risk
from arthas_cli.errors import ReadOnly, Unconfirmed

if TYPE_CHECKING:
    from collections.abc import Collection

    from arthas_cli.config.settings import Settings
    from arthas_cli.guard.fields import Field
    from arthas_cli.guard.risk import Verdict


class Decision(StrEnum):
    """What becomes of a line. ASK: who can ask asks, who cannot refuses it in production."""

    PASS = "pass"  # noqa: S105 - no password
    ASK = "ask"
    REFUSE = "refuse"


class Confirm(StrEnum):
    """From which risk on a line is to be confirmed."""

    CHANGES = "changes"
    DANGEROUS = "dangerous"
    NEVER = "never"


_ASKED: dict[Confirm, tuple[Risk, ...]] = {
    Confirm.CHANGES: (Risk.CHANGES, Risk.DANGEROUS),
    Confirm.DANGEROUS: (Risk.DANGEROUS,),
    Confirm.NEVER: (),
}


class Policy(NamedTuple):
    """What holds for a target.

    `production`: the name to be typed before a dangerous line. `fields`: what the target was asked
    of and is no method.
    """

    is_read_only: bool = False
    confirm: Confirm = Confirm.DANGEROUS
    production: str | None = None
    fields: frozenset[Field] = frozenset()

    def decide(self, verdict: Verdict) -> Decision:
        """Return what becomes of a line with that verdict."""
        if self.is_read_only and not verdict.changes_nothing:
            return Decision.REFUSE
        is_graver = self.production is not None and verdict.risk == Risk.DANGEROUS
        return Decision.ASK if is_graver or verdict.risk in _ASKED[self.confirm] else Decision.PASS

    def find_doubt(self, line: str) -> str:
        """Return why a line is to be confirmed before it is sent, empty where it is not."""
        from arthas_cli.guard.risk import judge_line  # a one-shot without it starts faster

        verdict = judge_line(line, self.fields)
        if self.decide(verdict) is not Decision.ASK:
            return ""
        risk = "dangerous" if verdict.risk == Risk.DANGEROUS else "a change"
        return f"'{line.split(maxsplit=1)[0]}' is {risk}: {verdict.reason}"

    def require(self, line: str, confirmed: Collection[str]) -> None:
        """Refuse a line that is to be confirmed and cannot be asked about, unless it was before.

        That is so in production alone. `confirmed`: the names that were given beforehand.

        Raises:
            Unconfirmed: the name of the production profile is not among them.
        """
        name = self.production
        doubt = self.find_doubt(line) if name is not None and name not in confirmed else ""
        if doubt:
            what = f"'{name}' is production, and {doubt}"
            import shlex  # for a refusal alone

            raise Unconfirmed(what, hint=f"run it with --yes {shlex.quote(str(name))}")

    def check(self, line: str) -> None:
        """Refuse a line that is not allowed, as it is about to be sent.

        Raises:
            ReadOnly: it may change something.
        """
        if not self.is_read_only:
            return
        from arthas_cli.guard.risk import judge_line  # a one-shot without it starts faster

        verdict = judge_line(line, self.fields)
        if self.decide(verdict) is Decision.REFUSE:
            raise ReadOnly(
                f"'{line.split(maxsplit=1)[0] if line.strip() else line}' is refused by"
                f" --read-only: {verdict.reason}",
                hint=verdict.cure or None,
            )


def make_policy(settings: Settings) -> Policy:
    """Return what the settings allow; in production the profile's name is to be typed."""
    profile = settings.profile
    return Policy(
        is_read_only=settings.is_read_only,
        confirm=Confirm(settings.confirm),
        production=profile.name if profile is not None and profile.is_production else None,
    )
