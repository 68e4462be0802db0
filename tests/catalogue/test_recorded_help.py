"""The catalogue against what real servers said in their `help`, old and new."""

from __future__ import annotations

import pytest
from support.lines import make_lines
from support.record_help import VERSIONS, load_help
from support.table import each_row

from arthas_cli.catalogue.model import Command, load_commands
from arthas_cli.catalogue.served import merge_command, read_command
from arthas_cli.catalogue.versions import parse_version, restrict
from arthas_cli.line.checks import find_errors
from arthas_cli.line.parse import parse_line

# Of old servers only, or other there (`monitor -E` took a value): their own help is asked for them.
NOT_IN_CATALOGUE = {
    "profiler": {"--allkernel", "--alluser", "--framebuf"},
    "monitor": {"--regex"},
}
CASES = [(version, name) for version in VERSIONS for name in load_help(version)]


of_each_case = each_row("version, name", CASES)


def load_served(version: str, name: str) -> Command:
    """Return a command of a version, as it describes it."""
    served = read_command(load_help(version)[name])
    assert served is not None
    return served


def describe(command: Command) -> set[tuple[str | None, str | None, bool]]:
    return {
        (option.short, option.long, option.takes_value)
        for option in command.options
        if option.long not in NOT_IN_CATALOGUE.get(command.name, ())
    }


@of_each_case
def test_the_catalogue_knows_the_options_of_the_version(version: str, name: str) -> None:
    served = load_served(version, name)
    ours = restrict(load_commands(), parse_version(version))[served.name]
    assert describe(ours) == describe(served)


@of_each_case
def test_the_catalogue_knows_the_arguments(version: str, name: str) -> None:
    served = load_served(version, name)
    ours = load_commands()[served.name]
    assert [(a.name, a.is_required, a.is_multi) for a in ours.arguments] == [
        (a.name, a.is_required, a.is_multi) for a in served.arguments
    ]


@of_each_case
def test_correct_lines_have_no_errors(version: str, name: str) -> None:
    served = load_served(version, name)
    merged = merge_command(load_commands()[served.name], served)
    ours = restrict(load_commands(), parse_version(version))[served.name]
    for command in (merged, ours):
        for line in make_lines(command):
            parsed = parse_line(line, {command.name: command})
            errors = [error.message for error in find_errors(parsed, parse_version(version))]
            assert (line, errors) == (line, [])


@of_each_case
def test_a_server_says_enough_for_a_command_that_we_never_heard_of(version: str, name: str) -> None:
    served = load_served(version, name)
    strange = merge_command(None, served)
    assert describe(strange) == describe(served)
    for line in make_lines(strange):
        parsed = parse_line(line, {strange.name: strange})
        assert (line, list(find_errors(parsed))) == (line, [])


@pytest.mark.parametrize("version", VERSIONS)
def test_the_catalogue_lists_the_commands_of_the_version(version: str) -> None:
    ours = restrict(load_commands(), parse_version(version))
    listed = {name for name, command in ours.items() if not command.is_hidden}
    assert listed == set(load_help(version))


def test_the_help_of_the_options_is_what_the_newest_server_says() -> None:
    for name, detail in load_help("4.1.5").items():
        served = read_command(detail)
        assert served is not None
        summaries = {o.long or o.short: o.summary for o in served.options if o.summary}
        ours = {o.long or o.short: o.summary for o in load_commands()[name].options}
        assert summaries.items() <= ours.items()
        assert load_commands()[name].examples == served.examples
