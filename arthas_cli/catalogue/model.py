"""The catalogue's values, and how they are read from `commands.json`."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from arthas_cli.own_files import read_own_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Risk(StrEnum):
    """What a command does to its target, from harmless to grave."""

    READS = "reads"
    OBSERVES = "observes"
    CHANGES = "changes"
    DANGEROUS = "dangerous"


class Argument(NamedTuple):
    """A positional argument; `kind` says what values it takes (`class-pattern`, `int`, …).

    `enum`: values it can have; all of them where `kind` is `enum`, else those we know of.
    """

    name: str
    kind: str
    is_required: bool = False
    is_multi: bool = False
    enum: tuple[str, ...] = ()


class Option(NamedTuple):
    """An option with its names as typed (`-n`, `--limits`); `since` is a server version or "".

    `summary`: one line of help, in the server's words. `enum`: as of `Argument`. `short_since`:
    the version that gave it its short name, where that came later.
    """

    short: str | None
    long: str | None
    takes_value: bool
    is_multi: bool
    kind: str
    default: str | int | bool | None
    since: str
    is_required: bool = False
    enum: tuple[str, ...] = ()
    summary: str = ""
    short_since: str = ""

    @property
    def name(self) -> str:
        """The long name where there is one, without dashes."""
        return (self.long or self.short or "").lstrip("-")


class RiskCase(NamedTuple):
    """What raises or lowers a command's risk: an option or value, in words, and why.

    `risk` is a `Risk`, or "expression" where it depends on what an OGNL expression does.
    """

    when: str
    risk: str
    why: str


class Command(NamedTuple):
    """One command of the server.

    `is_streaming`: sends results until it ends or is stopped, always or with one of the options
    `streaming_options`. `is_interruptible`: has an interrupt handler; any other runs on to its end
    whatever the client does. `enhances`: changes the bytecode of the classes it observes.
    `since`: the first server version that has it. `examples`: lines from the server's own help.
    `is_open`: its help declares nothing, so it may read its words itself.
    """

    name: str
    summary: str
    arguments: tuple[Argument, ...]
    options: tuple[Option, ...]
    is_streaming: bool
    streaming_options: tuple[str, ...]
    is_interruptible: bool
    enhances: bool
    risk: Risk
    risk_cases: tuple[RiskCase, ...]
    is_hidden: bool
    is_tty_only: bool
    note: str
    since: str = ""
    examples: tuple[str, ...] = ()
    is_open: bool = False


@cache
def load_commands() -> Mapping[str, Command]:
    """Return every command of Arthas 3.4.6 to 4.3.4 by its name."""
    text = read_own_text(__name__, "commands.json")
    return MappingProxyType({entry["name"]: _read_command(entry) for entry in json.loads(text)})


def _read_command(entry: dict[str, Any]) -> Command:
    return Command(
        name=entry["name"],
        summary=entry["summary"],
        arguments=tuple(_read_argument(argument) for argument in entry["args"]),
        options=tuple(_read_option(option) for option in entry["options"]),
        is_streaming=entry["streaming"] is True,
        streaming_options=tuple(entry["streaming"] or ()) if entry["streaming"] is not True else (),
        is_interruptible=entry["interruptible"],
        enhances=entry["enhances"],
        risk=Risk(entry["risk"]),
        risk_cases=tuple(RiskCase(c["when"], c["risk"], c["why"]) for c in entry["risk_cases"]),
        is_hidden=entry["hidden"],
        is_tty_only=entry["tty_only"],
        note=entry.get("note", ""),
        since=entry["since"],
        examples=tuple(entry.get("examples", ())),
    )


def _read_argument(entry: dict[str, Any]) -> Argument:
    return Argument(
        name=entry["name"],
        kind=entry["kind"],
        is_required=entry.get("required", False),
        is_multi=entry.get("multi", False),
        enum=tuple(entry.get("enum", ())),
    )


def _read_option(entry: dict[str, Any]) -> Option:
    return Option(
        short=entry.get("short"),
        long=entry.get("long"),
        takes_value=entry.get("takes_value", False),
        is_multi=entry.get("multi", False),
        kind=entry["kind"],
        default=entry.get("default"),
        since=entry.get("since", ""),
        is_required=entry.get("required", False),
        enum=tuple(entry.get("enum", ())),
        summary=entry.get("summary", ""),
        short_since=entry.get("short_since", ""),
    )
