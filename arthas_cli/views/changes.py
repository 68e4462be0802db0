"""Settings and what was changed: options, flags, properties, redefined and dumped classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.theme import GOOD, LABEL, PATH, TITLE
from arthas_cli.views.classes import format_loaders, names_of, rows_of
from arthas_cli.views.lines import Block, labelled, plain_lines
from arthas_cli.views.read import get_number, get_row, get_rows, get_text, get_texts
from arthas_cli.views.table import Column, TableView
from arthas_cli.written import State, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row


def _pairs_of(key: str) -> Callable[[Row], Iterator[Row]]:
    """Return what reads rows with `key` and `value`, by the key, from a map of a result."""

    def rows(data: Row) -> Iterator[Row]:
        for name, value in sorted(get_row(data, key).items(), key=lambda pair: pair[0].lower()):
            yield {"key": name, "value": value}

    return rows


_PAIR_COLUMNS = (Column("KEY", "key", is_name=True, style=LABEL), Column("VALUE", "value"))
PROPERTIES = TableView(columns=_PAIR_COLUMNS, rows=_pairs_of("props"))
ENVIRONMENT = TableView(columns=_PAIR_COLUMNS, rows=_pairs_of("env"))

CHANGE = TableView(
    columns=(
        Column("NAME", "name", style=TITLE),
        Column("BEFORE", "beforeValue"),
        Column("AFTER", "afterValue", style=GOOD),
    ),
    rows=lambda data: (get_row(data, "changeResult"),),
)

OPTIONS = TableView(
    columns=(
        Column("LEVEL", "level", is_number=True),
        Column("TYPE", "type"),
        Column("NAME", "name", is_name=True, style=TITLE),
        Column("VALUE", "value"),
        Column("SUMMARY", "summary"),
        Column("DESCRIPTION", "description"),
    ),
    rows=rows_of("options"),
)

VM_OPTIONS = TableView(
    columns=(
        Column("NAME", "name", is_name=True, style=TITLE),
        Column("VALUE", "value"),
        Column("ORIGIN", "origin"),
        Column("WRITEABLE", "writeable"),
    ),
    rows=lambda data: sorted(
        get_rows(data, "vmOptions"), key=lambda row: get_text(row, "name").lower()
    ),
)

_COUNTER_COLUMNS = (Column("NAME", "name", is_name=True), Column("VALUE", "value"))
COUNTERS = TableView(columns=_COUNTER_COLUMNS, rows=rows_of("perfCounters"))
COUNTERS_DETAILED = TableView(
    columns=(
        *_COUNTER_COLUMNS,
        Column("VARIABILITY", "variability"),
        Column("UNITS", "units"),
    ),
    rows=rows_of("perfCounters"),
)

DUMPED = TableView(
    columns=(
        Column("HASH", "classLoaderHash"),
        Column("CLASS", "name", has_names=True),
        Column("CLASSLOADER", "classloader", format_loaders, has_names=True),
        Column("LOCATION", "location", style=PATH),
    ),
    rows=rows_of("dumpedClasses"),
)


def _history_rows(data: Row) -> Iterator[Row]:
    first = get_number(data, "first") or 1
    for number, line in enumerate(get_texts(data, "history"), int(first)):
        yield {"number": number, "command": line}


HISTORY = TableView(
    columns=(Column("#", "number", is_number=True), Column("COMMAND", "command")),
    rows=_history_rows,
)

COMPILED = TableView(columns=(Column("FILE", "name"),), rows=names_of("files"))


def _listed(head: str, names: list[str]) -> Iterator[Line]:
    yield (Segment(head if not names else f"{head}:", GOOD),)
    yield from ((Segment(f"  {name}"),) for name in names)


def _classes(count: str) -> str:
    return f"{count} class" if count == "1" else f"{count} classes"


def render_redefined(data: Row, page: Page) -> Block:
    """Draw what `redefine` replaced."""
    del page
    count = _classes(get_text(data, "redefinitionCount"))
    return Block(_listed(f"redefined {count}", get_texts(data, "redefinedClasses")))


def render_retransformed(data: Row, page: Page) -> Block:
    """Draw what `retransform` replaced, and the ids to undo it by."""
    del page

    def lines() -> Iterator[Line]:
        count = _classes(get_text(data, "retransformCount"))
        yield from _listed(f"retransformed {count}", get_texts(data, "retransformClasses"))
        if get_texts(data, "ids"):
            yield (Segment("ids: ", LABEL), Segment(", ".join(get_texts(data, "ids"))))

    return Block(lines())


def _length(row: Row) -> int | None:
    """Return the bytes of a class file; 3.x sends base64, 4.x numbers (docs/protocol.md, 5.3)."""
    value = row.get("bytes")
    if isinstance(value, str):
        return len(value.rstrip("=")) * 3 // 4
    return len(value) if isinstance(value, list) else None


ENTRIES = TableView(
    columns=(
        Column("ID", "id", is_number=True),
        Column("CLASS", "className", has_names=True),
        Column("TRANSFORMS", "transformCount", is_number=True),
        Column("HASH", "hashCode"),
        Column("LOADER-CLASS", "classLoaderClass", has_names=True),
        Column("LENGTH", "bytesLength", is_number=True, read=_length),
    ),
    rows=rows_of("retransformEntries"),
)


def render_deleted_entry(data: Row, page: Page) -> Block:
    """Draw the entry that `retransform -d` deleted."""
    del page
    entry = get_row(data, "deletedRetransformEntry")
    line = f"deleted entry {get_text(entry, 'id')} of {get_text(entry, 'className')}"
    facts = [
        f"{label}={get_text(entry, key)}"
        for key, label in (
            ("transformCount", "transforms"),
            ("hashCode", "hash"),
            ("classLoaderClass", "loader"),
        )
        if get_text(entry, key)
    ]
    return Block(((Segment(line, GOOD), Segment(f" ({', '.join(facts)})" if facts else "")),))


def render_session(data: Row, page: Page) -> Block:
    """Draw what the server knows of the session."""
    keys = (
        "javaPid",
        "sessionId",
        "agentId",
        "tunnelServer",
        "tunnelConnected",
        "statUrl",
        "userId",
    )
    return Block(
        labelled([(key, get_text(data, key)) for key in keys if key in data], page.width, LABEL)
    )


def render_heap_dump(data: Row, page: Page) -> Block:
    """Draw where the heap was written to."""
    del page
    live = " (live objects only)" if data.get("live") is True else ""
    return Block(
        (
            (
                Segment("dump file ", LABEL),
                Segment(get_text(data, "dumpFile"), PATH),
                Segment(live),
            ),
        )
    )


_LOGGER_FIELDS = (
    "name",
    "class",
    "classLoader",
    "classLoaderHash",
    "level",
    "effectiveLevel",
    "config",
    "additivity",
    "codeSource",
)


def _logger_rows(data: Row) -> Iterator[Row]:
    loggers = get_row(data, "loggerInfoMap")
    for name in loggers:
        yield {"name": name} | dict(get_row(loggers, name))


def _render_loggers(data: Row, page: Page) -> Block:
    def lines() -> Iterator[Line]:
        for logger in _logger_rows(data):
            yield from labelled(_facts(logger), page.width, LABEL)
            for appender in get_rows(logger, "appenders"):
                yield (Segment("appender", TITLE),)
                yield from labelled(_facts(appender), page.width, LABEL, indent=2)
            yield ()

    return Block(lines())


def _facts(row: Row) -> list[tuple[str, str]]:
    """Return all fields, the usual ones first; what has a place of its own is left out."""
    keys = [key for key in _LOGGER_FIELDS if key in row]
    keys += [key for key in row if key not in _LOGGER_FIELDS and key != "appenders"]
    return [
        (key, "\n".join(get_texts(row, key)) if isinstance(row[key], list) else get_text(row, key))
        for key in keys
    ]


LOGGERS = TableView(
    columns=(
        *(Column(key.upper(), key) for key in _LOGGER_FIELDS),
        Column(
            "APPENDERS",
            "appenders",
            read=lambda row: ", ".join(get_text(a, "name") for a in get_rows(row, "appenders")),
        ),
    ),
    rows=_logger_rows,
    draw=_render_loggers,
)


_FILES = {
    State.WRITTEN: "output file",
    State.COMING: "will write",
    State.UNSURE: "perhaps written",
    State.MISSING: "not written",
}


def render_profiler(data: Row, page: Page) -> Block:
    """Draw what async-profiler said and where it wrote."""

    def lines() -> Iterator[Line]:
        said = get_text(data, "executeResult")
        if said.strip():
            yield from plain_lines(said)
        facts = [
            (label, get_text(data, key))
            for key, label in (
                ("action", "action"),
                ("actionArg", "argument"),
                ("format", "format"),
                ("duration", "duration (s)"),
            )
            if get_text(data, key) and not (said and key == "action")
        ]
        file = read_file("profiler", data)
        if file is not None:
            facts.append((_FILES[file.state], file.path))
        yield from labelled(facts, page.width, LABEL)

    return Block(lines())


ACTIONS = TableView(
    columns=(Column("ACTION", "name"),),
    rows=lambda data: ({"name": name} for name in sorted(get_texts(data, "supportedActions"))),
)
