"""How the results of many JVMs leave the program: as those of one do, each with its target."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, assert_never

from arthas_cli.documents import describe_error
from arthas_cli.fleet.text import FleetTextWriter
from arthas_cli.formats import (
    CsvWriter,
    FormatName,
    JsonLinesWriter,
    Report,
    describe_end,
    write_document,
)
from arthas_cli.output import Paper, escape_json
from arthas_cli.session.outcome import Outcome, TargetEnd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.environment import Environment
    from arthas_cli.fleet.member import Member
    from arthas_cli.formats import ResultWriter
    from arthas_cli.output import ColorSystem
    from arthas_cli.protocol import Result


class FleetJsonWriter:
    """One document for the whole command: that of each target, and the first error of all."""

    def __init__(self, paper: Paper, members: Sequence[Member]) -> None:
        self._paper = paper
        self._members = members
        self._results: dict[str, list[str]] = {}

    def show(self, result: Result) -> None:
        """Keep the server's own text of the result."""
        self._results.setdefault(result.target, []).append(result.raw)

    def flush(self) -> None:
        """Hand on nothing: the document is written at the end."""

    def end(self, report: Report) -> None:
        """Write the document."""
        write = self._paper.write
        write(escape_json(f'{{"command": {json.dumps(report.command)}, "targets": ['), "")
        for at, end in enumerate(list_ends(report, self._members)):
            write(", " if at else "", "")
            own = _report_of(report, end)
            write_document(self._paper, own, self._results.pop(end.name, ()), end.name)
        write(f'], "error": {escape_json(json.dumps(describe_error(report.error)))}}}')
        self._paper.flush()


class FleetLinesWriter(JsonLinesWriter):
    """One result a line as it comes, its target first; at last how each ended, then all."""

    def __init__(self, paper: Paper, members: Sequence[Member]) -> None:
        super().__init__(paper)
        self._members = members

    def end(self, report: Report) -> None:
        """Write the end line of each, then the one without a target."""
        for end in list_ends(report, self._members):
            line = {"target": end.name} | describe_end(_report_of(report, end))
            self._paper.write(escape_json(json.dumps(line)))
        super().end(report)


def make_fleet_writer(
    name: FormatName,
    environment: Environment,
    color: ColorSystem | None,
    members: Sequence[Member],
) -> Callable[[], ResultWriter]:
    """Return what makes the format of one command's results on stdout."""
    paper = Paper(environment.stdout, width=environment.output_width, color=color)
    match name:
        case FormatName.JSON:
            return lambda: FleetJsonWriter(paper, members)
        case FormatName.JSONL:
            return lambda: FleetLinesWriter(paper, members)
        case FormatName.CSV:
            return lambda: CsvWriter(paper)
        case FormatName.TEXT:
            return lambda: FleetTextWriter(paper, members)
        case _:
            assert_never(name)


def list_ends(report: Report, members: Sequence[Member]) -> Sequence[TargetEnd]:
    """Return how each ended; where nothing was sent to any, for the reason that holds for all."""
    refused = Outcome(error=report.error)
    return report.outcome.ends or [
        TargetEnd(member.name, member.url, refused) for member in members
    ]


def _report_of(report: Report, end: TargetEnd) -> Report:
    return Report(report.command, end.url, end.outcome, end.outcome.error)
