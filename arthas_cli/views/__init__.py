"""Every result of an Arthas server as something rich can draw.

`VIEWS` says how each type is drawn; a view opens its own payload and nothing else. `Drawing`
draws the results of one command one after the other; it holds what goes on from one to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.theme import NOTE
from arthas_cli.views import classes, frames, source, streams, system, trace, words
from arthas_cli.views.fields import inspect
from arthas_cli.views.lines import Block, fold_text
from arthas_cli.views.page import Page
from arthas_cli.views.read import format_json, plain
from arthas_cli.views.shapes import Shapes, choose_view, find_table
from arthas_cli.views.table import Table, TableView
from arthas_cli.views.text import sanitise
from arthas_cli.views.tree import tree_lines
from arthas_cli.views.values import render_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result
    from arthas_cli.views.lines import Line
    from arthas_cli.views.read import Row
    from arthas_cli.views.shapes import View

__all__ = ["SILENT", "VIEWS", "Drawing", "Page", "csv_rows"]

# They say something to the program, not to people.
SILENT = frozenset({"input_status", "command", "welcome"})

VIEWS: dict[str, View] = {
    "dashboard": system.render_dashboard,
    "enhancer": streams.render_enhancer,
    "help": Shapes(
        ("commands", words.COMMANDS),
        ("detailCommand", words.render_command_help),
    ),
    "jad": Shapes(
        ("source", source.render_source),
        ("matchedClasses", classes.MATCHED_CLASSES),
        ("matchedClassLoaders", classes.MATCHED_LOADERS),
    ),
    "jvm": Shapes(("jvmInfo", system.render_jvm)),
    "memory": Shapes(("memoryInfo", system.MEMORY)),
    "message": words.render_message,
    "monitor": Shapes(("monitorDataList", streams.MONITOR)),
    "ognl": Shapes(("matchedClassLoaders", classes.MATCHED_LOADERS), other=render_value),
    "pwd": words.text_of("workingDir"),
    "reset": streams.render_reset,
    "row_affect": words.render_row_affect,
    "sc": Shapes(
        ("classNames", classes.CLASS_NAMES),
        ("classInfo", classes.render_class),
        ("matchedClassLoaders", classes.MATCHED_LOADERS),
    ),
    "sm": Shapes(
        ("detail=true", classes.render_method),
        ("methodInfo", classes.METHODS),
        ("matchedClassLoaders", classes.MATCHED_LOADERS),
    ),
    "stack": frames.render_stack,
    "status": words.render_status,
    "thread": Shapes(
        ("threadStats", system.THREADS),
        ("busyThreads", frames.render_busy_threads),
        ("threadInfo", frames.render_thread),
        ("blockingLockInfo", frames.render_blocking),
    ),
    "trace": Shapes(("root", trace.render_trace)),
    "version": words.text_of("version"),
    "vmtool": Shapes(("matchedClassLoaders", classes.MATCHED_LOADERS), other=render_value),
    "watch": streams.render_watch,
}


class Drawing:
    """Draws the results of one command: a table's header stands once, traces are summed up."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tables: dict[int, Table] = {}
        self._traces = trace.TraceSummary()

    def draw(self, result: Result) -> Iterator[RenderableType]:
        """Yields what a result looks like; nothing for what is no news to people.

        Whatever a server sends is drawn: a type that has no view, or data of another shape than
        documented, as a labelled tree; fields that nobody documented in lines of their own.
        """
        data = result.data
        if result.type in SILENT or (result.type == "status" and _is_plain_success(data)):
            return
        view = VIEWS.get(result.type)
        if view is None:
            yield Block(self._tree_lines(result, ""))
            return
        findings = inspect(result.type, data)
        chosen = None if findings.fault else choose_view(view, data)
        if chosen is None:
            fault = findings.fault or "it has none of the fields that mark its shapes"
            yield Block(self._tree_lines(result, fault))
            return
        if result.type == "trace":
            self._traces.add(data)
        if isinstance(chosen, TableView):
            yield Block(self._table(chosen).lines(data))
        else:
            yield chosen(data, self._page)
        if findings.unknown:
            yield Block(self._unknown_lines(findings.unknown))

    def finish(self) -> Iterator[RenderableType]:
        """Yields what is to be said at the end of the command."""
        lines = list(self._traces.lines())
        if lines:
            yield Block(lines)

    def _table(self, view: TableView) -> Table:
        if not view.is_continued:
            return Table(view, self._page)
        return self._tables.setdefault(id(view), Table(view, self._page))

    def _tree_lines(self, result: Result, fault: str) -> Iterator[Line]:
        if fault:
            note = f"an unexpected '{result.type}' result: {fault}"
            for piece in fold_text(note, self._page.width):
                yield (Segment(piece, NOTE),)
        fields: dict[str, Json] = {
            key: value for key, value in result.data.items() if key not in ("type", "jobId")
        }
        yield from tree_lines(result.type or "result", fields, self._page.width)

    def _unknown_lines(self, unknown: dict[str, list[Json]]) -> Iterator[Line]:
        for path, values in unknown.items():
            if len(values) == 1 and isinstance(values[0], dict | list):
                yield from tree_lines(path, values[0], self._page.width)
                continue
            text = f"{path}: {', '.join(format_json(value) for value in values)}"
            for piece in fold_text(text, self._page.width):
                yield (Segment(piece, NOTE),)


def _is_plain_success(data: Row) -> bool:
    return not data.get("message") and data.get("statusCode") in (0, None)


def csv_rows(result: Result) -> tuple[tuple[str, ...], Iterable[tuple[str, ...]]] | None:
    """Returns the names of the columns and the rows if the result is a table, else None.

    The cells are the values themselves (bytes, milliseconds), not what the table makes of them.
    """
    view = VIEWS.get(result.type)
    table = None if view is None else find_table(view, result.data)
    if table is None or inspect(result.type, result.data).fault:
        return None
    columns = table.columns
    return (
        tuple(column.key for column in columns),
        (
            tuple(sanitise(plain(column.value(row))) for column in columns)
            for row in table.rows(result.data)
        ),
    )
