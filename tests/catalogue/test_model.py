"""The catalogue: its data, and whether every entry is of use to those who read it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import Command, Option, Risk, load_commands

COMMANDS = load_commands()
VERSION = re.compile(r"\d+\.\d+\.\d+|")
OF_EVERY_COMMAND = {"-h", "--help"}


of_each_command = each_row("command", COMMANDS.values(), ids=COMMANDS)


def test_the_catalogue_has_the_49_commands_with_their_251_options_and_52_arguments() -> None:
    commands = COMMANDS.values()
    assert len(commands) == 49
    assert sum(len(command.options) for command in commands) == 251
    assert sum(len(command.arguments) for command in commands) == 52


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        COMMANDS["version"] = COMMANDS["stop"]  # type: ignore[index]


@of_each_command
def test_a_command_is_known_by_its_name_and_says_what_it_is_for(command: Command) -> None:
    assert COMMANDS[command.name] is command
    assert command.summary
    assert not command.summary.endswith(".")


@of_each_command
def test_every_name_of_an_option_belongs_to_one_option(command: Command) -> None:
    names = [name for o in command.options for name in (o.short, o.long) if name]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert OF_EVERY_COMMAND.isdisjoint(names)


@of_each_command
def test_every_option_is_written_as_it_is_typed(command: Command) -> None:
    for option in command.options:
        assert option.short or option.long
        assert re.fullmatch(r"-\w{1,2}", option.short or "-x")
        assert re.fullmatch(r"--\w[\w-]+", option.long or "--xx")
        assert VERSION.fullmatch(option.since)
        assert VERSION.fullmatch(option.short_since)


@of_each_command
def test_every_option_has_one_line_of_help(command: Command) -> None:
    for option in command.options:
        assert option.summary
        assert "\n" not in option.summary


@of_each_command
def test_what_is_one_of_some_values_names_them(command: Command) -> None:
    assert all(argument.kind != "enum" or argument.enum for argument in command.arguments)
    assert all(option.kind != "enum" or option.enum for option in command.options)


def test_the_only_option_that_must_be_given_is_the_action_of_vmtool() -> None:
    required = [(c.name, o.long) for c in COMMANDS.values() for o in c.options if o.is_required]
    assert required == [("vmtool", "--action")]


@of_each_command
def test_the_examples_of_a_command_begin_with_its_name(command: Command) -> None:
    assert all(example.split()[0] == command.name for example in command.examples)


@of_each_command
def test_every_command_says_since_when_it_exists(command: Command) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", command.since)


@of_each_command
def test_what_takes_no_value_is_a_flag_without_a_default(command: Command) -> None:
    for option in command.options:
        assert (option.kind == "flag") is not option.takes_value
        assert option.takes_value or option.default in (None, False)
        assert option.takes_value or not option.is_multi


@of_each_command
def test_only_the_last_argument_takes_many_and_none_is_required_behind_an_optional(
    command: Command,
) -> None:
    arguments = command.arguments
    assert not any(argument.is_multi for argument in arguments[:-1])
    required = [argument.is_required for argument in arguments]
    assert required == sorted(required, reverse=True)
    assert all(argument.kind for argument in arguments)


@of_each_command
def test_what_streams_with_an_option_has_that_option(command: Command) -> None:
    names = {option.short for option in command.options}
    assert set(command.streaming_options) <= names
    assert not (command.is_streaming and command.streaming_options)


@of_each_command
def test_what_streams_or_enhances_can_be_interrupted(command: Command) -> None:
    if command.is_streaming or command.streaming_options or command.enhances:
        assert command.is_interruptible


@of_each_command
def test_every_risk_case_names_its_risk_and_its_reason(command: Command) -> None:
    for case in command.risk_cases:
        assert case.risk in {*Risk, "expression"}
        assert case.when
        assert case.why


@of_each_command
def test_what_enhances_classes_observes_at_least(command: Command) -> None:
    assert not command.enhances or command.risk is not Risk.READS


def test_the_commands_that_are_dangerous_whatever_their_options_are_these() -> None:
    dangerous = {name for name, command in COMMANDS.items() if command.risk is Risk.DANGEROUS}
    assert dangerous == {"heapdump", "ognl", "redefine", "retransform", "stop"}


def test_an_option_is_named_by_its_long_name_where_it_has_one() -> None:
    options = {option.short: option for option in COMMANDS["profiler"].options}
    assert isinstance(options["-g"], Option)
    assert (options["-e"].name, options["-g"].name) == ("event", "g")
