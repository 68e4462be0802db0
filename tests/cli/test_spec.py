"""`--spec`: what scripts rely on, as JSON."""

from __future__ import annotations

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


def test_every_kind_of_error_has_its_exit_code() -> None:
    spec = shell("--spec").document
    assert [(entry["exitCode"], entry["kind"]) for entry in spec["errorKinds"]] == [
        (3, "attach"),
        (3, "bad-answer"),
        (70, "bug"),
        (2, "config"),
        (124, "deadline"),
        (1, "failed"),
        (2, "format"),
        (5, "incomplete"),
        (130, "interrupted"),
        (141, "interrupted"),
        (143, "interrupted"),
        (3, "not-arthas"),
        (4, "not-permitted"),
        (2, "read-only"),
        (1, "refused"),
        (1, "server-error"),
        (3, "session-lost"),
        (2, "syntax"),
        (3, "timeout"),
        (3, "tls"),
        (2, "too-long"),
        (3, "too-old"),
        (3, "tunnel"),
        (4, "unauthorized"),
        (2, "unconfirmed"),
        (2, "unknown-command"),
        (2, "unknown-option"),
        (3, "unreachable"),
        (2, "usage"),
    ]


def test_every_result_type_and_command_is_named() -> None:
    spec = shell("--spec").document
    assert (len(spec["resultTypes"]), len(spec["arthasCommands"])) == (50, 49)
    assert "ARTHAS_SHELL_PASSWORD" in spec["variables"]
