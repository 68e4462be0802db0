"""The recorded results, and what the golden files hold of each of them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from arthas_cli.jsontext import as_int, as_object, as_text, read_strict
from arthas_cli.output import Paper
from arthas_cli.protocol import Result
from arthas_cli.views import Drawing, Page, csv_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.jsontext import Json
    from arthas_cli.output import ColorSystem

_TESTS = Path(__file__).parent.parent
GOLDEN = _TESTS / "golden"
WIDTHS = (60, 80, 100, 140, 200, None)


@dataclass(frozen=True)
class Case:
    """What a server sent for one command: `server` is its version, or "documented"."""

    name: str
    server: str
    command: str
    results: tuple[Result, ...]


def make_result(value: Json) -> Result:
    data = as_object(value)
    return Result(as_text(data.get("type")) or "", as_int(data.get("jobId")), data, "")


def _read_case(line: str) -> Case:
    fields = as_object(read_strict(line))
    results = fields["results"]
    assert isinstance(results, list)
    return Case(
        str(fields["case"]),
        str(fields["server"]),
        str(fields["command"]),
        tuple(make_result(result) for result in results),
    )


_LINES = (_TESTS / "data" / "results.jsonl").read_text(encoding="utf-8").splitlines()
CASES = {case.name: case for case in map(_read_case, _LINES)}


def draw(
    results: Iterable[Result], page: Page | None = None, color: ColorSystem | None = None
) -> str:
    """Returns what one command's results look like on a page."""
    page = page or Page()
    stream = io.StringIO()
    paper = Paper(stream, width=page.width, color=color)
    drawing = Drawing(page)
    for result in results:
        for renderable in drawing.draw(result):
            paper.draw(renderable)
    for renderable in drawing.finish():
        paper.draw(renderable)
    paper.flush()
    return stream.getvalue()


def write_csv(results: Iterable[Result]) -> str | None:
    """Returns the results as CSV under one header, None if one of them is no table."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    header = None
    for result in results:
        table = csv_rows(result)
        if table is None:
            return None
        if header is None:
            header = table[0]
            writer.writerow(header)
        writer.writerows(table[1])
    return stream.getvalue()


def describe(case: Case) -> str:
    """Returns all that a golden file holds: each width, equal ones put together, and CSV."""
    groups: list[tuple[list[str], str]] = []
    for width in WIDTHS:
        text = draw(case.results, Page(width=width))
        label = "no terminal" if width is None else f"{width} columns"
        if groups and groups[-1][1] == text:
            groups[-1][0].append(label)
        else:
            groups.append(([label], text))
    table = write_csv(case.results)
    if table is not None:
        groups.append((["csv"], table))
    head = f"# {case.command} ({case.server})\n"
    return head + "".join(f"######## {', '.join(labels)}\n{text}" for labels, text in groups)
