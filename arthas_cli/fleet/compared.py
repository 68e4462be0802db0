"""How a comparison leaves the program: as text, one JSON document or CSV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arthas_cli.documents import describe_error, format_csv_row
from arthas_cli.errors import FormatError
from arthas_cli.fleet.compare import Comparer, list_cells, list_differences
from arthas_cli.formats import FormatName
from arthas_cli.line.pipeline import split_pipeline
from arthas_cli.output import Paper, escape_json
from arthas_cli.views import Page
from arthas_cli.views.compared import render_differences
from arthas_cli.views.read import format_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.environment import Environment
    from arthas_cli.fleet.compare import Comparison
    from arthas_cli.formats import Report
    from arthas_cli.output import ColorSystem
    from arthas_cli.protocol import Result
    from arthas_cli.views.lines import Block


class CompareWriter:
    """Takes the results of many JVMs, and writes what differs at the end of the command.

    `names`: of all that are asked, in their order. `tell`: is told how much differs, in one line.
    """

    def __init__(
        self, paper: Paper, name: FormatName, names: Sequence[str], tell: Callable[[str], None]
    ) -> None:
        self._paper = paper
        self._name = name
        self._comparer = Comparer(names)
        self._tell = tell

    def show(self, result: Result) -> None:
        """Take one result."""
        self._comparer.add(result.target, result)

    def flush(self) -> None:
        """Hand on nothing: what differs is known at the end."""

    def end(self, report: Report) -> None:
        """Write what differs; raises OutputClosed."""
        ends = report.outcome.ends
        errors = {end.name: end.outcome.error for end in ends if end.outcome.error is not None}
        found = self._comparer.finish(errors if ends else None)
        write = self._paper.write
        if self._name == FormatName.JSON:
            left_out = [{"target": t, "error": describe_error(e)} for t, e in errors.items()]
            head = {"command": report.command, "targets": found.targets, "leftOut": left_out}
            tail = {"equal": found.equal, "error": describe_error(report.error)}
            write(escape_json(json.dumps(head))[:-1], ", ")
            write(escape_json(format_json(list_differences(found)))[1:-1], ", ")
            write(escape_json(json.dumps(tail))[1:])
        elif self._name == FormatName.CSV:
            for row in list_cells(found):
                write(format_csv_row(row))
        else:
            page = Page(width=self._paper.width, is_coloured=self._paper.color is not None)
            self._paper.draw(draw_comparison(found, page))
        self._paper.flush()
        if ends:
            self._tell(found.summarise())


def make_compare_writer(
    name: FormatName,
    environment: Environment,
    color: ColorSystem | None,
    names: Sequence[str],
    tell: Callable[[str], None],
) -> Callable[[], CompareWriter]:
    """Return what makes the format of a comparison on stdout; `names`, `tell`: as there.

    Raises:
        FormatError: a comparison has no such format.
    """
    if name == FormatName.JSONL:
        raise FormatError("a comparison has no jsonl", hint="use -o text, json or csv")
    paper = Paper(environment.stdout, width=environment.output_width, color=color)
    return lambda: CompareWriter(paper, name, names, tell)


def refuse_pipe(line: str) -> None:
    """Refuse a line with a local pipe or redirect, which takes the results themselves.

    Raises:
        FormatError: it has one.
        LineError: the line is wrong.
    """
    if split_pipeline(line).is_local:
        raise FormatError(
            "--compare cannot be combined with a pipe or redirect inside the line",
            hint="put the pipe outside: arthas-shell exec --compare 'COMMAND' | PROGRAM",
        )


def draw_comparison(found: Comparison, page: Page) -> Block:
    """Return what differs, to be drawn; `Comparison.summarise` says the rest."""
    return render_differences(found.differences, found.targets, page)
