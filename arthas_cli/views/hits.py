"""Hits of `watch`, `line`, `stack` and `trace` as tables: for CSV, people see them otherwise.

A hit is a row; of a trace each call in it is one, behind `depth` how deep it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.views.frames import render_stack
from arthas_cli.views.read import get_number, get_row, get_rows, get_text
from arthas_cli.views.streams import render_watch
from arthas_cli.views.table import Column, TableView
from arthas_cli.views.trace import find_cost, render_trace
from arthas_cli.views.tunnel import render_line_hit
from arthas_cli.views.units import format_ns_as_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.jsontext import Json
    from arthas_cli.views.read import Row


def _one_row(data: Row) -> tuple[Row]:
    return (data,)


def _of_top(key: str) -> Callable[[Row], Json]:
    """Return what reads a field of the top frame: the method that was called."""
    return lambda data: next((frame.get(key) for frame in get_rows(data, "stackTrace")), None)


def _call_rows(data: Row) -> Iterator[Row]:
    """Yield the calls of a trace in their order; a tree may be too deep to recurse."""
    root = get_row(data, "root")
    origin = {key: root.get(key) for key in ("timestamp", "threadId", "threadName")}
    todo = [(0, node) for node in reversed(get_rows(root, "children"))]
    while todo:
        depth, node = todo.pop()
        yield {**node, **origin, "depth": depth}
        todo += [(depth + 1, child) for child in reversed(get_rows(node, "children"))]


def _line_number(node: Row) -> Json:
    return _known(get_number(node, "lineNumber"))


def _total_cost(node: Row) -> Json:
    """Return what all its calls took; nothing for one that has not ended."""
    return _known(find_cost(node))


def _known(number: Json) -> Json:
    """Return the number unless it is one of those below 0 that stand for nothing."""
    return number if isinstance(number, int | float) and number >= 0 else None


def _exception(node: Row) -> Json:
    return get_text(node, "exception") or get_text(node, "throwExp") or None


_TIME = Column("TS", "ts")
_THREAD = (Column("THREAD-ID", "threadId", is_number=True), Column("THREAD", "threadName"))
_METHOD = (Column("CLASS", "className"), Column("METHOD", "methodName"))
_COST = Column("COST(ms)", "cost", is_number=True)
_VALUE = Column("VALUE", "value")

WATCH = TableView(
    columns=(_TIME, *_METHOD, Column("LOCATION", "accessPoint"), _COST, _VALUE),
    rows=_one_row,
    draw=render_watch,
)
LINE = TableView(
    columns=(_TIME, *_THREAD, *_METHOD, Column("LINE", "lineNumber"), _COST, _VALUE),
    rows=_one_row,
    draw=render_line_hit,
)
STACK = TableView(
    columns=(
        _TIME,
        *_THREAD,
        Column("CLASS", "className", read=_of_top("className")),
        Column("METHOD", "methodName", read=_of_top("methodName")),
        Column("STACK", "stackTrace"),
    ),
    rows=_one_row,
    draw=render_stack,
)
TRACE = TableView(
    columns=(
        Column("TS", "timestamp"),
        *_THREAD,
        Column("DEPTH", "depth", is_number=True),
        *_METHOD,
        Column("LINE", "lineNumber", read=_line_number),
        Column("TIMES", "times", is_number=True),
        Column("COST(ns)", "totalCost", format_ns_as_ms, is_number=True, read=_total_cost),
        Column("EXCEPTION", "exception", read=_exception),
    ),
    rows=_call_rows,
    draw=render_trace,
)
