"""Recorded calls (`tt`) and hits at source lines (`line`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.theme import DIM, ERROR, GOOD, LABEL, TITLE
from arthas_cli.views.classes import format_signature, rows_of
from arthas_cli.views.frames import frame_lines
from arthas_cli.views.lines import Block, labelled
from arthas_cli.views.read import format_json, get_row, get_rows, get_text, get_texts
from arthas_cli.views.table import Column, TableView
from arthas_cli.views.tree import tree_lines
from arthas_cli.views.units import format_time
from arthas_cli.views.values import value_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.style import Style

    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row


def _is_thrown(cell: str) -> Style | None:
    return ERROR if cell == "true" else None


RECORDS = TableView(
    columns=(
        Column("INDEX", "index", is_number=True),
        Column("TIMESTAMP", "timestamp", format_time),
        Column("COST(ms)", "cost", is_number=True),
        Column("IS-RET", "return"),
        Column("IS-EXP", "throw", style=_is_thrown),
        Column("OBJECT", "object"),
        Column("CLASS", "className", has_names=True),
        Column("METHOD", "methodName", style=TITLE),
    ),
    rows=rows_of("timeFragmentList"),
    is_continued=True,
)


def _record_lines(record: Row, page: Page) -> Iterator[Line]:
    facts = [
        (label, get_text(record, key))
        for key, label in (
            ("index", "index"),
            ("timestamp", "timestamp"),
            ("cost", "cost (ms)"),
            ("object", "object"),
            ("className", "class"),
            ("methodName", "method"),
            ("return", "is-return"),
            ("throw", "is-exception"),
        )
        if key in record
    ]
    yield from labelled(facts, page.width, LABEL)
    params = record.get("params")
    for at, element in enumerate(params if isinstance(params, list) else ()):
        # Up to 3.6.4 the value itself stands there (docs/protocol.md, 5.2).
        is_wrapped = isinstance(element, dict) and set(element) <= {"expand", "object"}
        value = element.get("object") if isinstance(element, dict) and is_wrapped else element
        if isinstance(value, dict | list) and value:
            yield from tree_lines(f"params[{at}]", value, page.width)
        else:
            yield (Segment(f"params[{at}] ", LABEL), Segment(format_json(value)))
    if record.get("throw") is True:
        yield from value_lines(record, "throwExp", page, "throw-exception ")
    else:
        yield from value_lines(record, "returnObj", page, "return-obj ")
        if get_text(record, "throwExp") not in ("", "null"):
            yield from value_lines(record, "throwExp", page, "throw-exception ")


def render_record(data: Row, page: Page) -> Block:
    """Draw one recorded call: `tt -i INDEX`."""
    return Block(_record_lines(get_row(data, "timeFragment"), page))


def render_replay(data: Row, page: Page) -> Block:
    """Draw a call that was made again: `tt -i INDEX -p`."""

    def lines() -> Iterator[Line]:
        record = get_row(data, "replayResult")
        yield from _record_lines(record, page)
        number, index = get_text(data, "replayNo"), get_text(record, "index")
        times = f", {number}. time" if number else ""
        yield (Segment(f"replayed time fragment {index}{times}", GOOD),)

    return Block(lines())


def render_watched(data: Row, page: Page) -> Block:
    """Draw what an expression gave for one record: `tt -i INDEX -w EXPRESSION`."""
    return Block(value_lines(data, "watchValue", page))


def _found_rows(data: Row) -> Iterator[Row]:
    for index, value in get_row(data, "watchResults").items():
        yield {"index": index, "value": value}


def _render_found(data: Row, page: Page) -> Block:
    def lines() -> Iterator[Line]:
        for row in _found_rows(data):
            yield from value_lines(
                {"watched": row["value"]}, "watched", page, f"{get_text(row, 'index')}  "
            )

    return Block(lines())


FOUND = TableView(
    columns=(Column("INDEX", "index", is_number=True), Column("SEARCH-RESULT", "value")),
    rows=_found_rows,
    draw=_render_found,
)


def render_line_hit(data: Row, page: Page) -> Block:
    """Draw one hit of `line`; `cost` is milliseconds since the method began."""

    def lines() -> Iterator[Line]:
        thread = f"{get_text(data, 'threadName')}({get_text(data, 'threadId')})"
        yield (
            Segment(f"ts={get_text(data, 'ts')}; [thread={thread} ", DIM),
            Segment(f"cost={get_text(data, 'cost')}ms] ", DIM),
            Segment(f"{get_text(data, 'className')}.{get_text(data, 'methodName')}", TITLE),
            Segment(f"{get_text(data, 'methodDesc')}:{get_text(data, 'lineNumber')}"),
        )
        yield from value_lines(data, "value", page, "result=")
        frames = get_rows(data, "stackTrace")
        if frames:
            yield (Segment("stack=", DIM),)
            yield from frame_lines(frames)

    return Block(lines())


LINES = TableView(
    columns=(
        Column("CLASS", "className", has_names=True),
        Column("SOURCE", "sourceFile"),
        Column("METHOD", "methodName", style=TITLE),
        Column("SIGNATURE", "methodDesc", format_signature, has_names=True),
        Column("LINES", "lines", read=lambda data: ", ".join(get_texts(data, "lines"))),
    ),
    rows=lambda data: (data,),
    is_continued=True,
)


def render_field(data: Row, page: Page) -> Block:
    """Draw a static field: its name, then its value."""

    def lines() -> Iterator[Line]:
        if get_text(data, "fieldName"):
            yield (Segment("field: ", DIM), Segment(get_text(data, "fieldName"), TITLE))
        yield from value_lines(data, "field", page)

    return Block(lines())
