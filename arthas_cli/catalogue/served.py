"""What a server's own `help` says of its commands, and how that goes together with what we know.

`help` lists names with a summary; `help NAME` has one command's arguments and options, without
kinds, defaults or risk (docs/protocol.md, 2.3). The server is right about what there is, the
catalogue about what it means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import Argument, Command, Option, Risk
from arthas_cli.jsontext import as_object, as_text
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arthas_cli.jsontext import Json

# Text of the target: a name is what could be typed.
_NAME = re.compile(r"[\w.:-]+")
_EXAMPLES = re.compile(
    r"^examples?:\s*$(.*?)(?:^\s*$|\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"\s+#\s.*")
# `usage` spells out the values of what is an enum in Java: `-a {forceGc, getInstances}`.
_VALUES = re.compile(r"(--?[\w-]+) \{([^{}]*)\}")
_HELP = "--help"
FLAG, TEXT = "flag", "text"


def read_names(data: Mapping[str, Json]) -> dict[str, str]:
    """Return the commands that a result of `help` lists, each with its summary."""
    return {
        name: _read_line(command.get("summary"))
        for command in _list_objects(data.get("commands"))
        if (name := _read_name(command.get("name")))
    }


def read_command(detail: object) -> Command | None:
    """Return the command that the `detailCommand` of `help NAME` describes; None if it is none.

    Nothing says what an unknown command does, so its risk is the highest.
    """
    found = as_object(detail)
    name = _read_name(found.get("name"))
    if not name:
        return None
    values = {
        option: tuple(value.strip() for value in listed.split(","))
        for option, listed in _VALUES.findall(as_text(found.get("usage")) or "")
    }
    options = (_read_option(option, values) for option in _list_objects(found.get("options")))
    return Command(
        name=name,
        summary=_read_line(found.get("summary")),
        arguments=tuple(
            Argument(
                name=_read_line(argument.get("argName")),
                kind=TEXT,
                is_required=argument.get("required") is True,
                is_multi=argument.get("multiValued") is True,
            )
            for argument in _list_objects(found.get("arguments"))
        ),
        options=tuple(option for option in options if option and option.long != _HELP),
        is_streaming=False,
        streaming_options=(),
        is_interruptible=False,
        enhances=False,
        risk=Risk.DANGEROUS,
        risk_cases=(),
        is_hidden=False,
        is_tty_only=False,
        note="",
        examples=tuple(_list_examples(name, as_text(found.get("description")) or "")),
    )


def merge_command(known: Command | None, served: Command) -> Command:
    """Return the command as this server has it, with the meaning that the catalogue knows."""
    if known is None:
        return served._replace(is_open=not served.options and not served.arguments)
    arguments = {argument.name: argument for argument in known.arguments}
    return known._replace(
        arguments=tuple(
            arguments.get(a.name, a)._replace(is_required=a.is_required, is_multi=a.is_multi)
            for a in served.arguments
        ),
        options=tuple(_merge_option(known.options, option) for option in served.options),
        examples=served.examples or known.examples,
    )


def _merge_option(known: tuple[Option, ...], served: Option) -> Option:
    for option in known:
        is_same = served.long == option.long if served.long else served.short == option.short
        if is_same and served.takes_value == option.takes_value:
            return option._replace(
                short=served.short,
                enum=served.enum or option.enum,
                summary=served.summary or option.summary,
            )
    return served


def _read_option(entry: Mapping[str, Json], values: Mapping[str, tuple[str, ...]]) -> Option | None:
    short, long = _read_name(entry.get("shortName")), _read_name(entry.get("longName"))
    if not (short or long):
        return None
    enum = values.get(f"-{short}") or values.get(f"--{long}") or ()
    takes_value = entry.get("acceptValue") is True
    return Option(
        short=f"-{short}" if short else None,
        long=f"--{long}" if long else None,
        takes_value=takes_value,
        is_multi=False,
        kind=("enum" if enum else TEXT) if takes_value else FLAG,
        default=None,
        since="",
        enum=enum,
        summary=_read_line(entry.get("description")),
    )


def _list_objects(entries: Json) -> Iterator[Mapping[str, Json]]:
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield entry


def _read_name(value: object) -> str:
    name = as_text(value) or ""
    return name if _NAME.fullmatch(name) else ""


def _read_line(value: object) -> str:
    """Return the first line of a text, fit for a menu."""
    lines = (as_text(value) or "").strip().splitlines()
    return one_line(lines[0].strip()) if lines else ""


def _list_examples(name: str, description: str) -> Iterator[str]:
    section = _EXAMPLES.search(description)
    # 4.1.5 forgets some line ends: `  profiler start  profiler start --duration 300`
    lines = re.split(rf"\n|  (?={re.escape(name)} )", section[1]) if section else ()
    for line in lines:
        example = _COMMENT.sub("", line).strip()
        if example.split(" ", 1)[0] == name and one_line(example) == example:
            yield example
