"""`--spec`: what scripts rely on, as JSON."""

from __future__ import annotations

import re
from pathlib import Path

from support.program import shell

README = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")


def test_the_commands_and_their_options_are_in_it() -> None:
    spec = shell("--spec").document
    names = [command["name"] for command in spec["commands"]]
    assert {"", "exec", "run", "demo", "config", "completion"} <= set(names)
    [run] = [command for command in spec["commands"] if command["name"] == "run"]
    assert run["arguments"] == ["FILE | -"]
    options = {option["names"][-1]: option for option in run["options"]}
    assert options["--output"]["choices"] == ["text", "json", "jsonl", "csv"]
    assert options["--host"]["variable"] == "ARTHAS_SHELL_HOST"
    assert (options["--keep-going"]["takesValue"], options["--url"]["takesValue"]) == (False, True)


def test_the_exit_codes_are_those_of_the_readme() -> None:
    codes = {entry["code"] for entry in shell("--spec").document["exitCodes"]}
    table = README.partition("### Exit codes")[2].partition("##")[0]
    told = {
        int(code)
        for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
        for code in row.split(",")
    }
    assert codes == told


def test_every_kind_of_error_has_its_exit_code() -> None:
    kinds = {entry["kind"]: entry["exitCode"] for entry in shell("--spec").document["errorKinds"]}
    assert kinds == {
        "failed": 1,
        "refused": 1,
        "server-error": 1,
        "usage": 2,
        "syntax": 2,
        "unknown-command": 2,
        "unknown-option": 2,
        "read-only": 2,
        "config": 2,
        "too-long": 2,
        "format": 2,
        "unreachable": 3,
        "timeout": 3,
        "tls": 3,
        "not-arthas": 3,
        "bad-answer": 3,
        "too-old": 3,
        "session-lost": 3,
        "unauthorized": 4,
        "incomplete": 5,
        "bug": 70,
        "deadline": 124,
    } | {"interrupted": kinds["interrupted"]}


def test_every_result_type_and_command_is_named() -> None:
    spec = shell("--spec").document
    assert (len(spec["resultTypes"]), len(spec["arthasCommands"])) == (50, 49)
    assert "ARTHAS_SHELL_PASSWORD" in spec["variables"]
