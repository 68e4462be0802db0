"""How results leave the program: as text, one JSON document, JSON lines or CSV."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol, assert_never

from arthas_cli.diagnostics import clean
from arthas_cli.documents import describe_error, format_csv_row, format_result
from arthas_cli.errors import FormatError
from arthas_cli.output import Paper, escape_json
from arthas_cli.protocol import State
from arthas_cli.results import is_hit
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.environment import Environment
    from arthas_cli.errors import ArthasShellError
    from arthas_cli.line.plan import Plan
    from arthas_cli.output import ColorSystem
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Outcome
    from arthas_cli.views import Drawing


_ENDED = "ended by itself"


class FormatName(StrEnum):
    """The values of `--output`."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class Report(NamedTuple):
    """A command as its user sees it: the line as typed, where it went, how it ended."""

    command: str | None
    url: str | None
    outcome: Outcome
    error: ArthasShellError | None


class ResultWriter(Protocol):
    """Takes the results of one command as they come, then how it ended."""

    def show(self, result: Result) -> None:
        """Take one result.

        Raises:
            OutputClosed: the reader of our output went away.
            FormatError: the result does not fit.
        """

    def flush(self) -> None:
        """Hand on what was shown: nothing more has come as yet; raises as `show` does."""

    def end(self, report: Report) -> None:
        """Take the end of the command; raises as `show` does."""


class TextResultWriter:
    """What people read, drawn by the views."""

    def __init__(self, paper: Paper, make_drawing: Callable[[], Drawing]) -> None:
        self._paper = paper
        self._make_drawing = make_drawing

    @cached_property
    def _drawing(self) -> Drawing:
        return self._make_drawing()

    def show(self, result: Result) -> None:
        """Draw the result."""
        for renderable in self._drawing.draw(result):
            self._paper.draw(renderable)

    def flush(self) -> None:
        """Draw what need not be held back any more, and hand it on."""
        for renderable in self._drawing.pause():
            self._paper.draw(renderable)
        self._paper.flush()

    def end(self, report: Report) -> None:
        """Draw what sums the results up, and the words a success came with."""
        for renderable in self._drawing.finish():
            self._paper.draw(renderable)
        if report.error is None and report.outcome.message:
            self._paper.write(clean(report.outcome.message))
        self._paper.flush()


class JsonWriter:
    """One document for the whole command (README, "JSON")."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._results: list[str] = []

    def show(self, result: Result) -> None:
        """Keep the server's own text of the result, so that no digit changes."""
        self._results.append(result.raw)

    def flush(self) -> None:
        """Hand on nothing: the document is written at the end."""

    def end(self, report: Report) -> None:
        """Write the document."""
        write_document(self._paper, report, self._results)
        self._paper.write("")
        self._paper.flush()


class JsonLinesWriter:
    """One result a line as it comes, then one line that tells the end."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper

    def show(self, result: Result) -> None:
        """Write the server's own text of the result, where there are many its target first."""
        self._paper.write(escape_json(format_result(result)))

    def flush(self) -> None:
        """Hand on what was written."""
        self._paper.flush()

    def end(self, report: Report) -> None:
        """Write the end line."""
        self._paper.write(escape_json(json.dumps(describe_end(report))))
        self._paper.flush()


class CsvWriter:
    """Tables as comma-separated values with one header, where there are many the target first."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._header: tuple[str, ...] | None = None

    def show(self, result: Result) -> None:
        """Write the result's rows; raises FormatError where it is no table."""
        from arthas_cli.views import csv_rows

        if not is_hit(result):
            return
        table = csv_rows(result)
        if table is None or (self._header not in (None, table[0])):
            raise FormatError(
                f"a '{result.type}' result is not a table", hint="use -o text, json or jsonl"
            )
        place = (result.target,) if result.target else ()
        if self._header is None:
            self._header = table[0]
            self._paper.write(format_csv_row(("target", *table[0]) if place else table[0]))
        for row in table[1]:
            self._paper.write(format_csv_row((*place, *row)))

    def flush(self) -> None:
        """Hand on what was written."""
        self._paper.flush()

    def end(self, report: Report) -> None:
        """Hand on the last rows: a table has no end line."""
        del report
        self._paper.flush()


def write_document(
    paper: Paper, report: Report, results: Sequence[str], target: str | None = None
) -> None:
    """Write the document of a command, without an end of line; `target`: of many, which.

    `results`: the server's own text of each.
    """
    outcome = report.outcome
    before = ({} if target is None else {"target": target}) | {
        "command": report.command,
        "state": outcome.state,
        "status": outcome.status,
        "message": outcome.message,
    }
    behind = {
        "lost": outcome.lost,
        "elapsedMs": outcome.elapsed_ms,
        "url": report.url,
        "error": describe_error(report.error),
    }
    write = paper.write
    write(escape_json(json.dumps(before))[:-1], ', "results": [')
    last = len(results) - 1
    for at, text in enumerate(results):  # in parts: all in one take twice the memory
        write(escape_json(text), ", " if at < last else "")
    write("], " + escape_json(json.dumps(behind))[1:], "")


def describe_end(report: Report) -> dict[str, object]:
    """Return the last line of JSON lines."""
    outcome = report.outcome
    return {
        "type": "end",
        "command": report.command,
        "state": outcome.state,
        "status": outcome.status,
        "message": outcome.message,
        "lost": outcome.lost,
        "elapsedMs": outcome.elapsed_ms,
        "error": describe_error(report.error),
    }


def make_writer(
    name: FormatName, environment: Environment, color: ColorSystem | None
) -> Callable[[], ResultWriter]:
    """Return what makes the format of one command's results on stdout."""
    paper = Paper(environment.stdout, width=environment.output_width, color=color)
    match name:
        case FormatName.JSON:
            return lambda: JsonWriter(paper)
        case FormatName.JSONL:
            return lambda: JsonLinesWriter(paper)
        case FormatName.CSV:
            return lambda: CsvWriter(paper)
        case FormatName.TEXT:
            return lambda: make_text_writer(paper)
        case _:
            assert_never(name)


def make_text_writer(
    paper: Paper,
    *,
    height: int | None = None,
    is_live: bool = False,
    tree_values: bool = False,
    as_records: bool = False,
) -> TextResultWriter:
    """Return the format for people; for the options see `views.Page`."""

    def make_drawing() -> Drawing:
        from arthas_cli.views import Drawing, Page  # while the first answer is awaited: `preload`

        return Drawing(
            Page(
                width=paper.width,
                height=height,
                is_live=is_live,
                is_coloured=paper.color is not None,
                tree_values=tree_values,
                as_records=as_records,
            )
        )

    return TextResultWriter(paper, make_drawing)


def preload(name: FormatName) -> None:
    """Load what the format draws with."""
    if name in (FormatName.TEXT, FormatName.CSV):
        import arthas_cli.views  # noqa: F401 - to have it


def format_lost(lost: int | None) -> str:
    """Return `3 lost`, or that it cannot be known."""
    return "maybe some lost" if lost is None else f"{lost:,} lost"


def format_closing(came: int, plan: Plan, outcome: Outcome, unshown: str = "") -> str:
    """Return the line under a command's results: how many came, were lost, how it ended.

    `unshown`: how many of them were not shown, empty where all were.
    """
    if outcome.status is None:
        verb = "broke off"
    elif outcome.state == State.INTERRUPTED and plan.is_interruptible:
        verb = "stopped"
    else:
        verb = _ENDED
    how = f"{verb} after {outcome.elapsed_ms / 1000:.1f} s"
    wanted = plan.wanted if verb == _ENDED else None
    if wanted is not None and wanted.before and came >= wanted.number:  # nobody asked for an end
        how += f": '{wanted.before.strip()} {wanted.number}' is the default"
    results = ", ".join(filter(None, (count(came, plan.noun), unshown)))
    return f"{results} · {format_lost(outcome.lost)} · {how}"
