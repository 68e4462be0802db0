"""Versions of Arthas as numbers, and what of a command a version has."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arthas_cli.catalogue.model import Command, Option

Version = tuple[int, ...]
# What every server has that we talk to.
OLDEST: Version = (3, 4, 6)
# From here on `-x 0` shows the name of an object instead of a value (docs/protocol.md, 5.2).
EXPAND_0_SHOWS_NOTHING: Version = (3, 6, 5)
_EXPAND_KIND = "int:0-4"


@lru_cache(maxsize=256)
def parse_version(text: str) -> Version:
    """Return `4.1.5` as (4, 1, 5); what follows a dash or a letter is left out."""
    found = re.match(r"\d+(\.\d+)*", text, re.ASCII)
    return tuple(int(number) for number in found[0].split(".")) if found else ()


def format_version(version: Version) -> str:
    """Return (4, 1, 5) as `4.1.5`."""
    return ".".join(map(str, version))


def has_since(version: Version, since: str) -> bool:
    """Return whether a server of that version has what came with `since`; all if it is unknown."""
    return not version or version >= parse_version(since)


def restrict_command(command: Command, version: Version) -> Command:
    """Return the command without the options that the version lacks."""
    options = tuple(
        option if has_since(version, option.short_since) else option._replace(short=None)
        for option in command.options
        if has_since(version, option.since)
    )
    return command if options == command.options else command._replace(options=options)


def restrict(commands: Mapping[str, Command], version: Version) -> dict[str, Command]:
    """Return the commands that a server of that version has, with the options that it has."""
    return {
        name: restrict_command(command, version)
        for name, command in commands.items()
        if has_since(version, command.since)
    }


def explain_lack(command: Command, version: Version = ()) -> str:
    """Return why a server may not have the command, in words."""
    is_newer = parse_version(command.since) > (version or OLDEST)
    return (
        f"it was added in Arthas {command.since}"
        if is_newer
        else ("it may be disabled on that server")
    )


def is_late(command: Command, option: Option) -> bool:
    """Return whether some server has the command and lacks the option, or a name of it."""
    since = max(parse_version(option.since), parse_version(option.short_since))
    return since > max(OLDEST, parse_version(command.since))


def is_expand_0(option: Option, value: str | None) -> bool:
    """Return whether this asks for a depth of 0, which only old servers show."""
    is_zero = re.fullmatch(r"[+-]?0+", value or "", re.ASCII) is not None
    return option.kind == _EXPAND_KIND and is_zero


def needs_version(command: Command, given: Iterable[tuple[Option, str | None]]) -> bool:
    """Return whether what these options do depends on the version of the server.

    That a server lacks a command it says itself, but of a stream only in a session.
    """
    is_late_stream = command.is_streaming and parse_version(command.since) > OLDEST
    return is_late_stream or any(
        is_late(command, option) or is_expand_0(option, value) for option, value in given
    )
