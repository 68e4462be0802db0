"""The table, CSV and JSON say the same of each cell."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from support.table import each_row
from views.cases import CASES, draw, make_result, write_csv

from arthas_cli.catalogue.model import load_commands
from arthas_cli.jsontext import read_strict
from arthas_cli.line.parse import parse_line
from arthas_cli.line.tables import is_table
from arthas_cli.text import one_line, sanitise
from arthas_cli.views import VIEWS, Page, csv_rows
from arthas_cli.views.classes import MATCHED_CLASSES, MATCHED_LOADERS
from arthas_cli.views.read import plain
from arthas_cli.views.shapes import Shapes, find_table
from arthas_cli.views.table import TableView

if TYPE_CHECKING:
    from arthas_cli.jsontext import Json

TABLES = [
    name
    for name, case in CASES.items()
    if case.results and all(csv_rows(result) is not None for result in case.results)
]


def find_view(name: str) -> TableView:
    result = CASES[name].results[0]
    view = find_table(VIEWS[result.type], result.data)
    assert view is not None
    return view


@each_row("name", [name for name in TABLES if find_view(name).draw is None])
def test_the_table_shows_the_cells_of_the_csv(name: str) -> None:
    view = find_view(name)
    cells = [
        one_line(column.show(column.value(row)))
        for result in CASES[name].results
        for row in view.rows(result.data)
        for column in view.columns
    ]
    text = draw(CASES[name].results, Page(as_records=len(view.columns) > 1))
    assert [cell for cell in cells if cell] == find_in_order(cells, text)


def find_in_order(cells: list[str], text: str) -> list[str]:
    found = []
    at = 0
    for cell in cells:
        place = text.find(cell, at)
        if cell and place >= 0:
            found.append(cell)
            at = place + len(cell)
    return found


@each_row("name", [name for name in TABLES if find_view(name).draw is not None])
def test_a_table_drawn_otherwise_shows_the_texts_and_numbers_of_the_csv(name: str) -> None:
    view = find_view(name)
    text = draw(CASES[name].results)
    for result in CASES[name].results:
        for row in view.rows(result.data):
            for column in view.columns:
                value = column.value(row)
                if isinstance(value, str | int) and not isinstance(value, bool):
                    first = plain(value).split("\n")[0]
                    assert first in text or column.show(value) in text


@each_row("name", TABLES)
def test_the_csv_has_the_values_of_the_json(name: str) -> None:
    view = find_view(name)
    text = write_csv(CASES[name].results)
    assert text is not None
    header, *rows = csv.reader(io.StringIO(text))
    assert header == [column.key for column in view.columns]
    expected = [
        [sanitise(plain(column.value(row))) for column in view.columns]
        for result in CASES[name].results
        for row in view.rows(result.data)
    ]
    assert rows == expected


def test_a_number_in_csv_has_the_digits_of_the_server() -> None:
    text = write_csv(CASES["memory"].results)
    assert text is not None
    assert "buffer_pool,mapped,0,0,-9223372036854775808," in text


def test_what_is_no_table_has_no_csv() -> None:
    assert write_csv(CASES["version"].results) is None
    assert write_csv(CASES["malformed"].results) is None


def test_json_and_csv_are_of_one_mind_on_floats() -> None:
    value = read_strict('{"cpu": 1.50, "big": 1E+40}')
    assert isinstance(value, dict)
    assert [plain(value["cpu"]), plain(value["big"])] == ["1.50", "1E+40"]


def test_the_commands_that_answer_with_a_table_are_those_whose_views_have_one() -> None:
    """But for the names of the profiler's actions."""
    choices = (MATCHED_CLASSES, MATCHED_LOADERS)
    views = {name: VIEWS[name] for name in load_commands() if name in VIEWS}
    shapes = {
        name: [one for *_, one in view.shapes] if isinstance(view, Shapes) else [view]
        for name, view in views.items()
    }
    with_table = {
        name
        for name, found in shapes.items()
        if any(isinstance(one, TableView) and one not in choices for one in found)
    }
    told = {name for name in load_commands() if is_table(parse_line(name, load_commands()))}
    assert with_table - {"profiler"} == told


def test_a_trace_is_told_call_by_call_in_its_order() -> None:
    leaf: Json = {"className": "a.B", "methodName": "two", "cost": 7, "lineNumber": 9, "times": 1}
    thrown: Json = {"type": "throw", "exception": "java.lang.Error", "lineNumber": 12}
    top: Json = {
        "className": "a.B",
        "methodName": "one",
        "totalCost": 9,
        "lineNumber": -1,
        "times": 1,
        "children": [leaf, thrown],
    }
    root: Json = {"threadId": 1, "threadName": "main", "timestamp": "now", "children": [top]}
    assert write_csv([make_result({"type": "trace", "root": root})]) == (
        "timestamp,threadId,threadName,depth,className,methodName,lineNumber,times,totalCost,"
        "exception\n"
        "now,1,main,0,a.B,one,,1,9,\n"
        "now,1,main,1,a.B,two,9,1,7,\n"
        "now,1,main,1,,,12,,,java.lang.Error\n"
    )
