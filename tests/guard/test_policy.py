"""What is allowed, asked about or refused, by the policy of a target."""

from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import Risk
from arthas_cli.errors import ReadOnly
from arthas_cli.guard.policy import Confirm, Decision, Policy
from arthas_cli.guard.risk import Verdict

READ_ONLY = Policy(is_read_only=True)


@each_row(
    ("policy", "decisions"),
    [
        (Policy(), "pass pass pass ask"),
        (Policy(confirm=Confirm.CHANGES), "pass pass ask ask"),
        (Policy(confirm=Confirm.NEVER), "pass pass pass pass"),
        (Policy(production="shop"), "pass pass pass ask"),
        (Policy(production="shop", confirm=Confirm.NEVER), "pass pass pass ask"),
        (READ_ONLY, "pass pass refuse refuse"),
        (Policy(is_read_only=True, confirm=Confirm.NEVER), "pass pass refuse refuse"),
        (Policy(is_read_only=True, production="shop"), "pass pass refuse refuse"),
    ],
)
def test_what_becomes_of_a_line_follows_from_its_risk(policy: Policy, decisions: str) -> None:
    verdicts = [Verdict(risk, "", (0, 0)) for risk in Risk]
    assert [policy.decide(verdict) for verdict in verdicts] == [
        Decision(word) for word in decisions.split()
    ]


@pytest.mark.parametrize("line", ["version", "watch a b '{params}'", "stop -h"])
def test_read_only_lets_through_what_reads_and_observes(line: str) -> None:
    READ_ONLY.check(line)


def test_without_read_only_everything_goes_out() -> None:
    Policy(production="shop").check("stop")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "reset",
            "'reset' is refused by --read-only: it undoes the enhancements of everybody's commands",
        ),
        ("deploy x", "'deploy' is refused by --read-only: it is not known what 'deploy' does"),
        ("", "'' is refused by --read-only: it cannot be judged: there is no command"),
    ],
)
def test_read_only_refuses_with_the_reason(line: str, message: str) -> None:
    with pytest.raises(ReadOnly) as refused:
        READ_ONLY.check(line)
    assert refused.value.message == message
    assert (refused.value.kind, refused.value.exit_code) == ("read-only", 2)
    assert refused.value.hint == (
        "run it without --read-only; ARTHAS_SHELL_READ_ONLY or the profile may set it"
    )
