"""Every result of an Arthas server as something rich can draw.

`VIEWS` says how each type is drawn; a view opens its own payload and nothing else. `Drawing`
draws the results of one command one after the other; it holds what goes on from one to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.jsontext import as_int
from arthas_cli.results import Role, find_role
from arthas_cli.text import count, sanitise
from arthas_cli.theme import NOTE
from arthas_cli.views import (
    changes,
    classes,
    frames,
    hits,
    loaders,
    mbeans,
    source,
    streams,
    system,
    trace,
    tunnel,
    words,
)
from arthas_cli.views.fields import Findings, inspect, is_normal
from arthas_cli.views.lines import Block, fold_text
from arthas_cli.views.page import Page
from arthas_cli.views.read import format_json, plain
from arthas_cli.views.shapes import Shapes, choose_view, find_table
from arthas_cli.views.table import Table, TableView
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

__all__ = ["VIEWS", "Drawing", "Page", "csv_rows", "table_of"]

_REST = "the rest of a call that began before the command: not counted, its time is unknown"

_LOADER_CHOICE = ("matchedClassLoaders", classes.MATCHED_LOADERS)
_CLASS_CHOICE = ("matchedClasses", classes.MATCHED_CLASSES)


# The lists whose end is told by their number, and of what; other row counts say nothing to people.
_COUNTED = {
    "sc": ("class", "classes"),
    "sm": ("method", "methods"),
    "tt": ("recorded call", "recorded calls"),
}


def _render_nothing(data: Row, page: Page) -> Block:
    del data, page
    return Block(())


VIEWS: dict[str, View] = {
    "base64": words.text_of("content"),
    "cat": words.text_of("content"),
    "classloader": Shapes(
        ("classLoaderStats", loaders.STATS),
        ("tree=true", loaders.render_loader_tree),
        ("classLoaders", loaders.LOADERS),
        ("classSet", loaders.CLASS_SET),
        ("resources", loaders.RESOURCES),
        ("loadClass", loaders.render_loaded_class),
        ("urls", loaders.URLS),
        ("urlStats", loaders.URL_STATS),
        ("urlClassStatsDetail=true", loaders.URL_CLASS_NAMES),
        ("urlClassStats", loaders.URL_CLASSES),
        _LOADER_CHOICE,
    ),
    "classloader-metaspace": Shapes(
        ("verbose=true", loaders.METASPACE_VERBOSE),
        ("rows", loaders.METASPACE),
    ),
    "command": _render_nothing,
    "dashboard": system.render_dashboard,
    "dump": Shapes(("dumpedClasses", changes.DUMPED), _CLASS_CHOICE, _LOADER_CHOICE),
    "echo": words.text_of("content"),
    "enhancer": streams.render_enhancer,
    "getstatic": Shapes(_CLASS_CHOICE, _LOADER_CHOICE, other=tunnel.render_field),
    "heapdump": changes.render_heap_dump,
    "help": Shapes(
        ("commands", words.COMMANDS),
        ("detailCommand", words.render_command_help),
    ),
    "history": Shapes(("history", changes.HISTORY)),
    "input_status": _render_nothing,
    "jad": Shapes(("source", source.render_source), _CLASS_CHOICE, _LOADER_CHOICE),
    "jfr": words.text_of("jfrOutput"),
    "jvm": Shapes(("jvmInfo", system.JVM)),
    "line": hits.LINE,
    "line-list": Shapes(("lines", tunnel.LINES)),
    "logger": Shapes(("loggerInfoMap", changes.LOGGERS), _LOADER_CHOICE),
    "mbean": Shapes(
        ("mbeanNames", mbeans.NAMES),
        ("mbeanMetadata", mbeans.render_metadata),
        ("mbeanAttribute", mbeans.ATTRIBUTES),
    ),
    "mc": Shapes(("files", changes.COMPILED), _LOADER_CHOICE),
    "memory": Shapes(("memoryInfo", system.MEMORY)),
    "message": words.render_message,
    "monitor": Shapes(("monitorDataList", streams.MONITOR)),
    "ognl": Shapes(_LOADER_CHOICE, other=render_value),
    "options": Shapes(("options", changes.OPTIONS), ("changeResult", changes.CHANGE)),
    "perfcounter": Shapes(
        ("details=true", changes.COUNTERS_DETAILED),
        ("perfCounters", changes.COUNTERS),
    ),
    "profiler": Shapes(("supportedActions", changes.ACTIONS), other=changes.render_profiler),
    "pwd": words.text_of("workingDir"),
    "redefine": Shapes(_LOADER_CHOICE, other=changes.render_redefined),
    "reset": streams.render_reset,
    "retransform": Shapes(
        ("retransformEntries", changes.ENTRIES),
        ("deletedRetransformEntry", changes.render_deleted_entry),
        _LOADER_CHOICE,
        other=changes.render_retransformed,
    ),
    "row_affect": _render_nothing,  # `Drawing` knows what was counted
    "sc": Shapes(
        ("classNames", classes.CLASS_NAMES),
        ("classInfo", classes.render_class),
        _LOADER_CHOICE,
    ),
    "session": changes.render_session,
    "shutdown": words.render_message,
    "sm": Shapes(
        ("detail=true", classes.render_method),
        ("methodInfo", classes.METHODS),
        _LOADER_CHOICE,
    ),
    "stack": hits.STACK,
    "status": words.render_status,
    "sysenv": Shapes(("env", changes.ENVIRONMENT)),
    "sysprop": Shapes(("props", changes.PROPERTIES)),
    "thread": Shapes(
        ("threadStats", system.THREADS),
        ("busyThreads", system.BUSY_THREADS),
        ("threadInfo", frames.render_thread),
        ("blockingLockInfo", frames.render_blocking),
    ),
    "trace": Shapes(("root", hits.TRACE)),
    "tt": Shapes(
        ("timeFragmentList", tunnel.RECORDS),
        ("timeFragment", tunnel.render_record),
        ("watchResults", tunnel.FOUND),
        ("replayResult", tunnel.render_replay),
        ("watchValue", tunnel.render_watched),
    ),
    "version": words.text_of("version"),
    "vmoption": Shapes(("vmOptions", changes.VM_OPTIONS), ("changeResult", changes.CHANGE)),
    "vmtool": Shapes(_LOADER_CHOICE, other=render_value),
    "watch": hits.WATCH,
    "welcome": _render_nothing,
}


class Drawing:
    """Draws the results of one command: a table's header stands once, traces are summed up."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tables: dict[int, Table] = {}
        self._traces = trace.TraceSummary()
        self._counted = ""
        self._last: tuple[str, TableView | None, Table | None] = ("", None, None)

    def draw(self, result: Result) -> Iterable[RenderableType]:
        """Return what a result looks like; nothing for what is no news to people."""
        last_type, last_view, table = self._last
        if table is not None and result.type == last_type and not result.is_rest:
            data = result.data
            if choose_view(VIEWS[last_type], data) is last_view and is_normal(last_type, data):
                return (Block(table.lines(data)),)
        return self._draw(result)

    def _draw(self, result: Result) -> Iterator[RenderableType]:
        """Yield what a result looks like that is not one more of a long table.

        Whatever a server sends is drawn: a type that has no view, or data of another shape than
        documented, as a labelled tree; fields that nobody documented in lines of their own.
        """
        data = result.data
        is_failure = result.type == "status" and not _is_plain_success(data)
        if find_role(result.type) is Role.CONTROL and not is_failure:
            return
        view = VIEWS.get(result.type)
        findings = inspect(result.type, data) if view else None
        chosen = choose_view(view, data) if view and findings and not findings.fault else None
        table = None
        if isinstance(chosen, TableView) and chosen.draw is None:
            table = self._table(chosen)
            self._last = (result.type, chosen, table if chosen.is_continued else None)
        else:
            self._last = ("", None, None)
        yield from self.release(but=table)
        if chosen is None:
            yield Block(self._tree_lines(result, findings))
            return
        if result.type == "trace":
            self._traces.add(data)
        if result.type == "row_affect":
            yield from self._count(as_int(data.get("rowCount")) or 0)
        self._counted = result.type if result.type != "tt" or "timeFragmentList" in data else ""
        if result.is_rest and result.type != "trace":  # whose view says so itself
            yield Block((Segment(piece, NOTE),) for piece in fold_text(_REST, self._page.width))
        yield Block(table.lines(data)) if table else chosen(data, self._page)
        if findings and findings.unknown:
            yield from self.release()
            yield Block(self._unknown_lines(findings.unknown))

    def pause(self) -> Iterator[RenderableType]:
        """Yield the rows that tables need not hold back: nothing more has come as yet."""
        for table in self._tables.values():
            if not table.awaits_more:
                yield Block(table.release())

    def release(self, but: Table | None = None) -> Iterator[RenderableType]:
        """Yield the rows that tables hold back, all but one."""
        for table in self._tables.values():
            if table is not but:
                yield Block(table.release())

    def finish(self) -> Iterator[RenderableType]:
        """Yield what is to be said at the end of the command."""
        yield from self.release()
        lines = list(self._traces.lines())
        if lines:
            yield Block(lines)

    def _count(self, number: int) -> Iterator[Block]:
        """Yield how many were listed; not into a pipe, where lines are counted."""
        nouns = _COUNTED.get(self._counted)
        if nouns and number and self._page.width is not None:
            yield Block(((Segment(count(number, *nouns), NOTE),),))

    def _table(self, view: TableView) -> Table:
        if not view.is_continued:
            return Table(view, self._page)
        table = self._tables.get(id(view))
        if table is None:
            table = self._tables[id(view)] = Table(view, self._page)
        return table

    def _tree_lines(self, result: Result, findings: Findings | None) -> Iterator[Line]:
        """Yield a result as a tree; `findings`: None where the type is unknown, too."""
        if findings is not None:
            fault = findings.fault or "it has none of the fields that mark its shapes"
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


def table_of(result: Result) -> TableView | None:
    """Return the table that the result is, None if it is none; its `draw` may show it otherwise."""
    view = VIEWS.get(result.type)
    table = None if view is None else find_table(view, result.data)
    return None if table is None or inspect(result.type, result.data).fault else table


def csv_rows(result: Result) -> tuple[tuple[str, ...], Iterable[tuple[str, ...]]] | None:
    """Return the names of the columns and the rows if the result is a table, else None.

    The cells are the values themselves (bytes, milliseconds), not what the table makes of them.
    """
    table = table_of(result)
    if table is None:
        return None
    columns = table.columns
    return (
        tuple(column.key for column in columns),
        (
            tuple(sanitise(plain(column.value(row))) for column in columns)
            for row in table.rows(result.data)
        ),
    )
