from __future__ import annotations

from typing import TYPE_CHECKING

from support.table import each_row
from views.cases import CASES, GOLDEN, describe, draw

from arthas_cli.views import VIEWS, Page
from arthas_cli.views.documented import RESULTS
from arthas_cli.views.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# One of each family of layouts.
COLOURED = (
    "dashboard",
    "enhancer-full",
    "help-command",
    "jad",
    "mbean-errors",
    "monitor",
    "sc-class",
    "thread",
    "thread-blocking",
    "trace",
    "tt-record",
    "unknown-type",
    "watch",
)


@each_row("name", CASES)
def test_a_recorded_result_looks_as_its_golden_file_at_every_width(
    name: str, compare: Callable[[Path, str], None]
) -> None:
    compare(GOLDEN / f"{name}.txt", describe(CASES[name]))


@each_row("name", COLOURED)
def test_a_family_has_the_colours_of_its_golden_file(
    name: str, compare: Callable[[Path, str], None]
) -> None:
    text = draw(CASES[name].results, Page(width=100, is_coloured=True), "standard")
    compare(GOLDEN / "colour" / f"{name}.txt", text.replace("\x1b", "␛"))


@each_row("name", CASES)
def test_without_colour_the_text_is_the_same(name: str) -> None:
    coloured = draw(CASES[name].results, Page(width=100, is_coloured=True))
    assert coloured == draw(CASES[name].results, Page(width=100))


def test_every_golden_file_belongs_to_a_case() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(CASES)
    assert {path.stem for path in GOLDEN.glob("colour/*.txt")} == set(COLOURED)


def test_every_documented_type_has_a_view_and_no_other() -> None:
    assert set(VIEWS) == set(RESULTS)
    assert len(VIEWS) == 50


def test_every_shape_of_every_type_has_a_case() -> None:
    drawn = {
        (result.type, choose(result.type, result.data))
        for case in CASES.values()
        for result in case.results
        if result.type in VIEWS
    }
    shapes = {(name, mark) for name, view in VIEWS.items() for mark in marks_of(view)}
    assert sorted(shapes - drawn) == []


def marks_of(view: object) -> list[str]:
    if not isinstance(view, Shapes):
        return [""]
    return [*view.marks, *([""] if view.other else [])]


def choose(type_: str, data: object) -> str:
    view = VIEWS[type_]
    assert isinstance(data, dict)
    if not isinstance(view, Shapes):
        return ""
    found = view.choose(data)
    return next(
        (mark for mark, (*_, shape) in zip(view.marks, view.shapes, strict=True) if shape is found),
        "",
    )
