"""The table, CSV and JSON say the same of each cell."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from views.cases import CASES, draw, write_csv

from arthas_cli.jsontext import read_strict
from arthas_cli.text import one_line, sanitise
from arthas_cli.views import VIEWS, Page, csv_rows
from arthas_cli.views.read import plain
from arthas_cli.views.shapes import find_table

if TYPE_CHECKING:
    from arthas_cli.views.table import TableView

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


@pytest.mark.parametrize("name", [name for name in TABLES if find_view(name).draw is None])
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


@pytest.mark.parametrize("name", [name for name in TABLES if find_view(name).draw is not None])
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


@pytest.mark.parametrize("name", TABLES)
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
    assert write_csv(CASES["trace"].results) is None
    assert write_csv(CASES["malformed"].results) is None


def test_json_and_csv_are_of_one_mind_on_floats() -> None:
    value = read_strict('{"cpu": 1.50, "big": 1E+40}')
    assert isinstance(value, dict)
    assert [plain(value["cpu"]), plain(value["big"])] == ["1.50", "1E+40"]
