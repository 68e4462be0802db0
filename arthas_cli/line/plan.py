"""How a line is to be run and what may be expected of it, as far as that follows from the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.catalogue.model import Risk
from arthas_cli.catalogue.versions import parse_version
from arthas_cli.line.asked import Asked, read_asked
from arthas_cli.line.costs import Costs, read_costs
from arthas_cli.line.profiler import find_file
from arthas_cli.line.records import find_records_line
from arthas_cli.line.tables import is_table

if TYPE_CHECKING:
    from arthas_cli.catalogue.model import Command
    from arthas_cli.line.parse import ParsedLine

# A status that is a normal end of the command although it is not 0 (docs/protocol.md, 1.4).
_HELP_END = -10
_MBEAN_END = -1

# The options that bound how many results a stream makes.
_LIMIT_NAMES = ("limits", "number-of-execution")
# The default of `dashboard`: for ever.
_NO_LIMIT = 2**31 - 1
_DASHBOARD_MS = 5000
# `monitor -n` counts intervals, and an interval without calls sends nothing.
_UNCOUNTED = ("monitor",)
_COUNTING = ("watch", "trace", "stack", "tt", "line")
# What may send a call that had begun before (`arthas_cli.session.costs`).
_CUT = ("watch", "trace", "stack", "tt")
# With it the server may end the command before its limit, and says the same as at the limit.
_TIME_LIMIT = "--timeout"
# How many samples what is sampled takes.
_COUNT = "--number-of-execution"
_RESETTING = ("reset", "stop", "shutdown")
# With it a streaming command answers once and ends.
_ONCE = "--list-lines"


class Bound(NamedTuple):
    """What ends a stream on the server when nobody is left to do it: an option behind the name.

    `at`: its place in the line. `unit_ms`: what its number counts. `since`: the first server
    version that has it; an older one would take it for a condition (docs/protocol.md, 2.2).
    """

    at: int
    option: str
    unit_ms: int
    since: tuple[int, ...] = ()

    def add_to(self, line: str, version: tuple[int, ...], seconds: int) -> str:
        """Return the line with the bound, where that version has it."""
        if version < self.since:
            return line
        number = max(1, seconds * 1000 // self.unit_ms)
        return f"{line[: self.at]} {self.option} {number}{line[self.at :]}"


class Count(NamedTuple):
    """Where a line says how many results are to come; `number` of them.

    The place `line[start:end]` is that of the number, or of nothing where the default holds:
    `before` is what the number then needs before it.
    """

    number: int
    start: int
    end: int
    before: str = ""

    def ask_for(self, line: str, number: int) -> str:
        """Return the line with another number."""
        return f"{line[: self.start]}{self.before}{number}{line[self.end :]}"


class Plan(NamedTuple):
    """One command line, ready to be run.

    `is_stream`: to be run by async_exec and pulled. `is_interruptible`: the server can stop it.
    `is_read`: changes nothing, so it may be sent again. `enhances`: changes the bytecode of
    classes. `limit`: how many results of the type `name` it makes when it ends by itself, None
    where that is not known. `wanted`: where its line says so, if it may be begun again for what is
    missing. `bound`: what ends it if nothing else does, None where its own options do.
    `normal_ends`: the statuses that are no failure. `file`: the name that the line gives to the
    profile it writes. `records_line`: what tells as text of the records of a `tt`, empty for any
    other. `is_table`: its answer may be a table. `asked`: what its answer may belie. `costs`: what
    is to be believed of those it tells. `noun`: what one of its results is called.
    """

    line: str
    name: str
    is_stream: bool = False
    is_interruptible: bool = False
    is_read: bool = False
    enhances: bool = False
    limit: int | None = None
    wanted: Count | None = None
    bound: Bound | None = None
    normal_ends: frozenset[int] = frozenset({0})
    file: str = ""
    records_line: str = ""
    is_table: bool = True
    asked: Asked = Asked()
    costs: Costs = Costs()
    noun: str = "result"

    @property
    def is_sampled(self) -> bool:
        """Whether each of its results is a picture of the whole that replaces the last."""
        return self.is_stream and self.name in ("dashboard", "mbean")

    @property
    def counts_hits(self) -> bool:
        """Whether the server counts its results as it makes them (docs/protocol.md, 4.6)."""
        return self.is_stream and self.name in _COUNTING

    @property
    def resets(self) -> bool:
        """Whether it takes back what commands have enhanced, which may still run."""
        return self.name in _RESETTING

    @property
    def stops_server(self) -> bool:
        """Whether it ends the server, which may answer nothing (docs/protocol.md, 3.7)."""
        return self.name == "stop"


def make_plan(parsed: ParsedLine) -> Plan:
    """Return how to run the line; a command that the catalogue lacks is a one-shot."""
    command = parsed.command
    if command is None:
        return Plan(parsed.line, parsed.name.text)
    if parsed.asks_help:
        normal = frozenset({0, _HELP_END})
        return Plan(parsed.line, command.name, is_read=True, is_table=False, normal_ends=normal)
    streams = any(parsed.find(option) for option in command.streaming_options)
    is_stream = streams or (command.is_streaming and parsed.find(_ONCE) is None)
    ends = {0, _MBEAN_END} if command.name == "mbean" and is_stream else {0}
    return Plan(
        line=parsed.line,
        name=command.name,
        is_stream=is_stream,
        is_interruptible=command.is_interruptible,
        is_read=command.risk == Risk.READS and not command.risk_cases,
        enhances=command.enhances and is_stream,
        limit=_find_limit(parsed, command) if is_stream else None,
        wanted=_find_count(parsed, command) if is_stream else None,
        bound=_find_bound(parsed, command) if is_stream else None,
        normal_ends=frozenset(ends),
        file=find_file(parsed),
        records_line=find_records_line(parsed),
        is_table=is_table(parsed),
        asked=read_asked(parsed),
        costs=read_costs(parsed) if command.enhances and is_stream else Costs(),
    )


def _find_limit(parsed: ParsedLine, command: Command) -> int | None:
    is_recording = command.name != "tt" or parsed.find("-t")
    if command.name in _UNCOUNTED or parsed.find(_TIME_LIMIT) or not is_recording:
        return None
    for option in command.options:
        if option.name in _LIMIT_NAMES:
            given = parsed.find(option.long or "")
            value = option.default if given is None else given.value
            number = _read_number(value)
            return None if number == _NO_LIMIT else number
    return None


def _find_count(parsed: ParsedLine, command: Command) -> Count | None:
    if command.name not in _CUT:
        return None
    at = parsed.name.end
    option = next(option for option in command.options if option.name in _LIMIT_NAMES)
    given = parsed.find(option.long or "")
    number = _read_number(option.default if given is None else given.value)
    if number is None:
        return None
    if given is None:
        return Count(number, at, at, f" {option.short} ")
    start, end = given.value_token.span
    if given.value_token is given.token:  # `-n5`
        start = end - len(given.value or "")
        if parsed.line[start:end] != given.value:
            return None
    return Count(number, start, end)


def _find_bound(parsed: ParsedLine, command: Command) -> Bound | None:
    """Return the bound in time, or in samples for what is sampled at an interval."""
    at = parsed.name.end
    for option in command.options:
        if option.long == _TIME_LIMIT:
            since = parse_version(option.since)
            return None if parsed.find(_TIME_LIMIT) else Bound(at, _TIME_LIMIT, 1000, since)
    if all(option.long != _COUNT for option in command.options):
        return None
    interval = parsed.find("--interval")
    unit_ms = _read_number(interval.value) if interval else _DASHBOARD_MS
    has_count = parsed.find(_COUNT) is not None
    return None if has_count or not unit_ms or unit_ms < 1 else Bound(at, "-n", unit_ms)


def _read_number(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None
