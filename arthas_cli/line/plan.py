"""How a line is to be run and what may be expected of it, as far as that follows from the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import Risk

if TYPE_CHECKING:
    from arthas_cli.catalogue.model import Command
    from arthas_cli.line.parse import ParsedLine

# A status that is a normal end of the command although it is not 0 (protocol, section 3.8).
_HELP_END = -10
_MBEAN_END = -1

# The options that bound how many results a stream makes.
_LIMIT_NAMES = ("limits", "number-of-execution")
# `monitor -n` counts intervals, and an interval without calls sends nothing.
_UNCOUNTED = ("monitor",)
_COUNTING = ("watch", "trace", "stack", "tt", "line")
# With it the server may end the command before its limit, and says the same as at the limit.
_TIME_LIMIT = "--timeout"
# With it a streaming command answers once and ends.
_ONCE = "--list-lines"


@dataclass(frozen=True, slots=True)
class Plan:
    """One command line, ready to be run.

    `is_stream`: to be run by async_exec and pulled. `is_interruptible`: the server can stop it.
    `is_read`: changes nothing, so it may be sent again. `limit`: how many results of the type
    `name` it makes when it ends by itself, None where that is not known. `normal_ends`: the
    statuses that are no failure.
    """

    line: str
    name: str
    is_stream: bool = False
    is_interruptible: bool = False
    is_read: bool = False
    limit: int | None = None
    normal_ends: frozenset[int] = frozenset({0})

    @property
    def counts_hits(self) -> bool:
        """Says whether the server counts its results as it makes them (streaming, section 3)."""
        return self.is_stream and self.name in _COUNTING

    @property
    def stops_server(self) -> bool:
        """Says whether the server ends with it, which answers nothing (versions, section 4)."""
        return self.name == "stop"


def make_plan(parsed: ParsedLine) -> Plan:
    """Returns how to run the line; a command that the catalogue lacks is a one-shot."""
    command = parsed.command
    if command is None:
        return Plan(parsed.line, parsed.name.text)
    if parsed.asks_help:
        return Plan(parsed.line, command.name, is_read=True, normal_ends=frozenset({0, _HELP_END}))
    streams = any(parsed.find(option) for option in command.streaming_options)
    is_stream = streams or (command.is_streaming and parsed.find(_ONCE) is None)
    ends = {0, _MBEAN_END} if command.name == "mbean" and is_stream else {0}
    return Plan(
        line=parsed.line,
        name=command.name,
        is_stream=is_stream,
        is_interruptible=command.is_interruptible,
        is_read=command.risk == Risk.READS and not command.risk_cases,
        limit=_find_limit(parsed, command) if is_stream else None,
        normal_ends=frozenset(ends),
    )


def _find_limit(parsed: ParsedLine, command: Command) -> int | None:
    if command.name in _UNCOUNTED or parsed.find(_TIME_LIMIT):
        return None
    for option in command.options:
        if option.name in _LIMIT_NAMES:
            given = parsed.find(option.long or "")
            value = option.default if given is None else given.value
            try:
                return int(str(value))
            except ValueError:
                return None
    return None
