"""What a profile of the configuration says of the guard holds for its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.program import shell

from arthas_cli.environment import Environment
from arthas_cli.guard.policy import Confirm, Policy
from arthas_cli.invocation import Invocation, make_policy

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Recorder

CONFIG = """
[defaults]
confirm = "changes"

[profiles.shop-prod]
url = "http://127.0.0.1:8563"
production = true
confirm = "never"

[profiles.audit]
url = "http://127.0.0.1:8563"
read_only = true
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    path.chmod(0o600)
    return str(path)


@pytest.mark.parametrize(
    ("profile", "policy"),
    [
        ({}, Policy(confirm=Confirm.CHANGES)),
        ({"profile": "shop-prod"}, Policy(confirm=Confirm.NEVER, production="shop-prod")),
        ({"profile": "audit"}, Policy(is_read_only=True, confirm=Confirm.CHANGES)),
        (
            {"profile": "shop-prod", "read_only": True},
            Policy(is_read_only=True, confirm=Confirm.NEVER, production="shop-prod"),
        ),
    ],
)
def test_the_policy_is_that_of_the_profile(
    config: str, profile: dict[str, object], policy: Policy
) -> None:
    settings = Invocation(Environment(variables={}), [{"config": config, **profile}]).settings
    assert make_policy(settings) == policy


def test_exec_is_refused_by_a_profile_that_only_reads(recorder: Recorder, config: str) -> None:
    ended = shell("exec", "--config", config, "-P", "audit", "reset")
    assert (ended.exit_code, recorder.requests) == (2, [])
    assert shell("exec", "--config", config, "-P", "audit", "version").exit_code == 0
    assert recorder.lines == ["version"]


def test_exec_does_not_ask_on_a_production_target(recorder: Recorder, config: str) -> None:
    assert shell("exec", "--config", config, "-P", "shop-prod", "reset").exit_code == 0
    assert recorder.lines == ["reset"]
