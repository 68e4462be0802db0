"""What is read from a server's `help`, however odd it is, and how it goes with what we know."""

from __future__ import annotations

import pytest
from support.record_help import load_help
from support.table import each_row

from arthas_cli.catalogue.model import Argument, Command, Option, Risk, load_commands
from arthas_cli.catalogue.served import merge_command, read_command, read_names

EXTERNAL = {
    "name": "hello",
    "summary": "Say hello\nto all",
    "arguments": [{"argName": "who", "required": True, "multiValued": True}],
    "options": [
        {"longName": "help", "shortName": "h", "acceptValue": False, "description": "this help"},
        {"longName": "loud", "shortName": "l", "acceptValue": False, "description": "Shout"},
        {"longName": "tone", "acceptValue": True, "description": "\n How\x1b[31m it sounds\n"},
    ],
    "usage": "  hello [-h] [-l] [--tone {low, high}] who ",
    "description": "\nEXAMPLES:\n  hello all\n  hello -l you  # louder\n  other\n\nWIKI:\n  hello",
}


def read(detail: object) -> Command:
    command = read_command(detail)
    assert command is not None
    return command


def test_a_command_that_only_the_server_knows_is_described_by_its_help() -> None:
    command = read(EXTERNAL)
    assert (command.name, command.summary) == ("hello", "Say hello")
    assert command.arguments == (Argument("who", "text", is_required=True, is_multi=True),)
    assert [(o.short, o.long, o.kind, o.summary) for o in command.options] == [
        ("-l", "--loud", "flag", "Shout"),
        (None, "--tone", "enum", "How␛[31m it sounds"),
    ]
    assert command.options[1].enum == ("low", "high")
    assert command.examples == ("hello all", "hello -l you")


def test_a_command_that_only_the_server_knows_counts_as_dangerous() -> None:
    command = merge_command(None, read(EXTERNAL))
    assert (command.risk, command.is_streaming, command.is_open) == (Risk.DANGEROUS, False, False)


def test_a_command_that_declares_nothing_may_take_any_words() -> None:
    assert merge_command(None, read({"name": "bare"})).is_open
    assert not merge_command(load_commands()["version"], read({"name": "version"})).is_open


@each_row("detail", [None, 7, "x", [], {}, {"name": ""}, {"name": "a b"}, {"name": "\x1b[31m"}])
def test_what_describes_no_command_is_none(detail: object) -> None:
    assert read_command(detail) is None


def test_what_is_odd_in_a_description_is_left_out() -> None:
    odd = {
        "name": "odd",
        "options": [7, {"description": "nameless"}, {"longName": "a b"}, {"shortName": "s"}],
        "arguments": "none",
        "usage": 7,
    }
    command = read(odd)
    assert [(o.short, o.long, o.takes_value) for o in command.options] == [("-s", None, False)]
    assert command.arguments == ()


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ({}, {}),
        ({"commands": None}, {}),
        ({"commands": [7, {"summary": "nameless"}, {"name": "a", "summary": "x\ny"}]}, {"a": "x"}),
    ],
)
def test_the_list_of_commands_is_read(data: dict[str, object], names: dict[str, str]) -> None:
    assert read_names(data) == names  # type: ignore[arg-type]  # as JSON has it


def test_the_server_says_which_options_there_are_and_the_catalogue_what_they_mean() -> None:
    served = read(load_help("3.7.2")["watch"])
    merged = merge_command(load_commands()["watch"], served)
    options = {option.long: option for option in merged.options}
    assert "--timeout" not in options
    assert options["--limits"].kind == "int"
    assert options["--limits"].default == 100
    assert options["--limits"].summary == "Threshold of execution times"
    assert (merged.risk, merged.is_streaming) == (Risk.OBSERVES, True)
    assert [argument.kind for argument in merged.arguments] == [
        "class-pattern",
        "method-pattern",
        "ognl-express",
        "condition-express",
    ]


def test_an_option_that_takes_a_value_there_is_the_servers() -> None:
    served = read(load_help("3.4.6")["monitor"])
    merged = merge_command(load_commands()["monitor"], served)
    regex = next(option for option in merged.options if option.long == "--regex")
    assert (regex.takes_value, regex.kind) == (True, "text")


def test_the_values_of_an_option_are_the_servers_where_it_lists_them() -> None:
    served = read(load_help("3.7.2")["vmtool"])
    action = merge_command(load_commands()["vmtool"], served).options[0]
    assert isinstance(action, Option)
    assert action.enum == ("forceGc", "getInstances", "interruptThread")
