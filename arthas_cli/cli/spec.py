"""The contract with scripts as JSON: commands, options, exit codes, error kinds, result types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from arthas_cli import __version__
from arthas_cli.catalogue.model import load_commands
from arthas_cli.config.variables import VARIABLES
from arthas_cli.errors import MEANINGS, ArthasShellError
from arthas_cli.views.documented import RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator


def make_spec(program: click.Group) -> str:
    """Return one JSON document, made of what the program itself goes by."""
    commands = [_describe("", program)]
    commands += [_describe(name, command) for name, command in sorted(program.commands.items())]
    spec = {
        "name": "arthas-shell",
        "version": __version__,
        "commands": commands,
        "variables": sorted(VARIABLES.values()),
        "exitCodes": [
            {"code": int(code), "meaning": meaning} for code, meaning in MEANINGS.items()
        ],
        "errorKinds": [
            {"kind": kind, "exitCode": code} for kind, code in sorted(set(_list_kinds()))
        ],
        "resultTypes": sorted(RESULTS),
        "arthasCommands": sorted(load_commands()),
    }
    return json.dumps(spec, indent=2, ensure_ascii=False)


def _describe(name: str, command: click.Command) -> dict[str, object]:
    options = [param for param in command.params if isinstance(param, click.Option)]
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    return {
        "name": name,
        "summary": command.get_short_help_str(200),
        "arguments": [argument.make_metavar(click.Context(command)) for argument in arguments],
        "options": [_describe_option(option) for option in options],
    }


def _describe_option(option: click.Option) -> dict[str, object]:
    choices = option.type.choices if isinstance(option.type, click.Choice) else None
    return {
        "names": [*option.opts, *option.secondary_opts],
        "takesValue": not option.is_flag,
        "choices": None if choices is None else list(choices),
        "variable": VARIABLES.get(option.name or ""),
        "summary": option.help,
    }


def _list_kinds() -> Iterator[tuple[str, int]]:
    waiting: list[type[ArthasShellError]] = [ArthasShellError]
    while waiting:
        error = waiting.pop()
        yield error.kind, int(error.exit_code)
        waiting += error.__subclasses__()
