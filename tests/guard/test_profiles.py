"""What a profile of the configuration says of the guard holds for its target."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from support.program import shell

from arthas_cli.__main__ import run_program
from arthas_cli.environment import Environment
from arthas_cli.guard.policy import Confirm, Policy, make_policy
from arthas_cli.invocation import Invocation

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
init = ["heapdump i"]

[profiles."shop eu"]
url = "http://127.0.0.1:8563"
production = true
confirm = "changes"

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


WHY = (
    "arthas-shell: 'shop-prod' is production, and 'heapdump' is dangerous: it stops the whole JVM"
    " while it writes the heap to the server's disk\n"
)


@pytest.mark.parametrize(
    ("arguments", "stdin", "where"),
    [
        (("exec", "heapdump f"), "", ""),
        (("exec", "--", "heapdump", "f"), "", ""),
        (("exec", "-"), "heapdump f", ""),
        (("exec", "--raw", "heapdump f"), "", ""),
        (("exec", "heapdump f | cat"), "", ""),
        (("exec", "heapdump f > /no/such/folder/file"), "", ""),
        (("exec", "-o", "jsonl", "heapdump f"), "", ""),
        (("run", "-"), "", "in 'init' of the configuration\n"),
        ((), "heapdump f\n", "in stdin:1\n"),
    ],
)
def test_a_dangerous_line_without_a_prompt_is_refused_in_production(
    recorder: Recorder, config: str, arguments: tuple[str, ...], stdin: str, where: str
) -> None:
    ended = shell("--config", config, "-P", "shop-prod", *arguments, stdin=stdin)
    assert (ended.exit_code, recorder.lines) == (2, [])
    assert ended.stderr == f"{WHY}hint: run it with --yes shop-prod\n{where}"


def test_a_refusal_for_want_of_confirmation_has_its_kind(recorder: Recorder, config: str) -> None:
    document = shell("exec", "--config", config, "-P", "shop eu", "--json", "sysprop a b").document
    assert (document["state"], recorder.lines) == (None, [])
    assert document["error"] == {
        "kind": "unconfirmed",
        "message": (
            "'shop eu' is production, and 'sysprop' is a change: 'b': sets the property in the"
            " target"
        ),
        "hint": "run it with --yes 'shop eu'",
    }


@pytest.mark.parametrize(
    ("before", "behind", "variables"),
    [
        ((), ("--yes", "shop-prod"), {}),
        ((), ("--yes", "other", "--yes", "shop-prod"), {}),
        (("--yes", "shop-prod"), (), {}),
        ((), (), {"ARTHAS_SHELL_YES": "shop-prod"}),
        ((), (), {"ARTHAS_SHELL_YES": "other shop-prod"}),
    ],
)
def test_what_is_named_beforehand_runs_in_production(
    recorder: Recorder,
    config: str,
    before: tuple[str, ...],
    behind: tuple[str, ...],
    variables: dict[str, str],
) -> None:
    place = ("--config", config, "-P", "shop-prod")
    assert shell(*before, "exec", *place, *behind, "heapdump f", **variables).exit_code == 0
    assert recorder.lines == ["heapdump f"]


def test_another_name_confirms_nothing_and_the_nearest_place_counts(
    recorder: Recorder, config: str
) -> None:
    place = ("exec", "--config", config, "-P", "shop-prod")
    given = ("--yes", "shop eu", "heapdump f")
    assert shell(*place, *given, ARTHAS_SHELL_YES="shop-prod").exit_code == 2
    assert recorder.lines == []


def test_a_run_stops_at_the_line_that_is_not_confirmed(recorder: Recorder, config: str) -> None:
    lines = "version\nsysprop a b\njvm\n"
    ended = shell("run", "--config", config, "-P", "shop eu", "-", stdin=lines)
    assert (ended.exit_code, recorder.lines) == (2, ["version"])


@pytest.mark.parametrize("line", ["version", "watch a b -n 1", "sysprop a b", "heapdump -h"])
def test_what_the_shell_does_not_ask_about_needs_no_confirmation(
    recorder: Recorder, config: str, line: str
) -> None:
    assert shell("exec", "--config", config, "-P", "shop-prod", line).exit_code != 2
    assert recorder.lines


def test_outside_production_a_dangerous_line_runs_unasked(recorder: Recorder, config: str) -> None:
    assert shell("exec", "--config", config, "heapdump f").exit_code == 0
    assert recorder.lines == ["heapdump f"]


def test_yes_is_not_for_the_shell_which_asks(config: str) -> None:
    environment = Environment(Terminal(), io.StringIO(), stderr := io.StringIO(), {})
    code = run_program(["--config", config, "--yes", "shop-prod"], environment)
    assert (code, stderr.getvalue()) == (
        2,
        "arthas-shell: --yes is for 'exec', 'run' and lines on stdin\nhint: the shell asks\n",
    )


class Terminal(io.StringIO):
    """A stdin that somebody sits at."""

    def isatty(self) -> bool:
        return True
