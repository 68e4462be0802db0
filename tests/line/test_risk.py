"""The risk of a line as it is typed."""

from __future__ import annotations

import pytest

from arthas_cli.catalogue.model import load_commands
from arthas_cli.line.reading import read_line
from arthas_cli.line.risk import judge_command

COMMANDS = load_commands()


@pytest.mark.parametrize(
    ("line", "risk", "why"),
    [
        ("sysprop", "reads", ""),
        ("sysprop a.b", "reads", ""),
        ("sysprop a.b x", "changes", "sets the property in the target"),
        ("options unsafe true", "dangerous", "lets JDK classes be enhanced"),
        ("options unsafe false", "changes", "server-wide, for every user"),
        ("watch a b x", "observes", ""),
        ("ognl 1", "dangerous", ""),
        ("tt -i 1000", "observes", ""),
        ("tt -i 1000 -p", "dangerous", "calls the recorded method again in the target"),
        ("tt -i 1000 --play", "dangerous", "calls the recorded method again in the target"),
        ("retransform -l", "reads", "lists only"),
        ("retransform /a.class", "dangerous", ""),
        ("profiler status", "reads", "asks only"),
        ("profiler start", "changes", ""),
        ("vmtool --action forceGc", "dangerous", "acts on the target"),
        ("vmtool --action=getInstances", "changes", "walks the heap with the world stopped"),
        ("vmtool --action nothing", "changes", ""),
        ("logger -l debug", "changes", "changes the level"),
        ("dashboard", "reads", "goes on until it is stopped: bound it"),
        ("dashboard -n 1", "reads", ""),
    ],
)
def test_options_and_values_raise_or_lower_the_risk(line: str, risk: str, why: str) -> None:
    [name, *pieces] = read_line(line, COMMANDS)
    assert name.command is not None
    judgement = judge_command(name.command, pieces)
    assert (judgement.risk, judgement.why) == (risk, why)
