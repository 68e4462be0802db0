"""The JVM as a whole: threads, memory, its facts, and all of them in `dashboard`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.theme import LABEL, NOTE, THREAD_STATES, TITLE, WARNING
from arthas_cli.views.classes import rows_of
from arthas_cli.views.frames import render_busy_threads
from arthas_cli.views.lines import Block, fold, labelled
from arthas_cli.views.read import format_json, get_number, get_row, get_rows, get_text, plain
from arthas_cli.views.table import Column, Table, TableView
from arthas_cli.views.units import (
    divide,
    format_bytes,
    format_epoch_ms,
    format_minutes,
    format_percent,
    format_uptime,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.style import Style

    from arthas_cli.jsontext import Json
    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

_USAGE_KEYS = ("init", "used", "committed", "max")


def _is_state(cell: str) -> Style | None:
    return THREAD_STATES.get(cell)


_THREAD_COLUMNS = (
    Column("ID", "id", is_number=True),
    Column("NAME", "name"),
    Column("GROUP", "group"),
    Column("PRIORITY", "priority", is_number=True, brief="PRIO"),
    Column("STATE", "state", style=_is_state),
    Column("%CPU", "cpu", is_number=True, null="-"),
    Column("DELTA(ms)", "deltaTime", is_number=True, null="-", brief="D(ms)"),
    Column("TIME", "time", format_minutes, is_number=True),
    Column("INTERRUPTED", "interrupted", brief="INTR"),
    Column("DAEMON", "daemon"),
)


def _state_counts(data: Row) -> Iterator[Line]:
    counts = get_row(data, "threadStateCount")
    if not counts:
        return
    numbers = [get_number(counts, state) or 0 for state in counts]
    line = [Segment(f"threads: {plain(sum(numbers))}")]
    for state, number in zip(counts, numbers, strict=True):
        line += [Segment(", "), Segment(state, THREAD_STATES.get(state))]
        line.append(Segment(f" {plain(number)}"))
    yield tuple(line)


THREADS = TableView(
    columns=_THREAD_COLUMNS,
    rows=rows_of("threadStats"),
    above=_state_counts,
)


def _memory_rows(data: Row) -> Iterator[Row]:
    memory = get_row(data, "memoryInfo")
    for group in memory:
        for entry in get_rows(memory, group):
            yield {"type": group} | dict(entry)


def _usage(row: Row) -> float | None:
    """Return used by max in percent; by total where there is no max."""
    most = get_number(row, "max")
    share = divide(row.get("used"), row.get("total") if most is None or most <= 0 else most)
    return None if share is None else share * 100


def _is_full(cell: str) -> Style | None:
    nearly = 85.0
    try:
        return WARNING if float(cell.rstrip("%")) >= nearly else None
    except ValueError:
        return None


MEMORY = TableView(
    columns=(
        Column("TYPE", "type"),
        Column("MEMORY", "name", style=TITLE),
        Column("USED", "used", format_bytes, is_number=True),
        Column("TOTAL", "total", format_bytes, is_number=True),
        Column("MAX", "max", format_bytes, is_number=True),
        Column(
            "USAGE",
            "usage",
            format_percent,
            is_number=True,
            style=_is_full,
            read=_usage,
            null="-",
        ),
    ),
    rows=_memory_rows,
)


def _name_collector(value: Json) -> str:
    """Return its name; a cycle of ZGC or Shenandoah runs beside the program and stops nothing."""
    name = plain(value)
    return f"{name} (concurrent)" if name.lower().endswith("cycles") else name


_GC = TableView(
    columns=(
        Column("GC", "name", _name_collector, style=TITLE),
        Column("COUNT", "collectionCount", is_number=True),
        Column("TIME(ms)", "collectionTime", is_number=True),
    ),
    rows=rows_of("gcInfos"),
)
_CONNECTORS = TableView(
    columns=(
        Column("CONNECTOR", "name", style=TITLE),
        Column("QPS", "qps", is_number=True),
        Column("RT(ms)", "rt", is_number=True),
        Column("ERROR/s", "error", is_number=True),
        Column("RECEIVED/s", "received", format_bytes, is_number=True),
        Column("SENT/s", "sent", format_bytes, is_number=True),
    ),
    rows=rows_of("connectorStats"),
)
_POOLS = TableView(
    columns=(
        Column("THREAD POOL", "name", style=TITLE),
        Column("BUSY", "busy", is_number=True),
        Column("TOTAL", "total", is_number=True),
    ),
    rows=rows_of("threadPools"),
)
BUSY_THREADS = TableView(
    columns=_THREAD_COLUMNS, rows=rows_of("busyThreads"), draw=render_busy_threads
)
DASHBOARD_THREADS = TableView(columns=_THREAD_COLUMNS, rows=rows_of("threads"))


def _jvm_value(name: str, value: Json) -> str:
    """Return a fact of `jvm`: lists one a line, memory usages in binary units."""
    if isinstance(value, list):
        return "\n".join(plain(item) for item in value)
    if isinstance(value, dict):
        is_usage = "MEMORY" in name and any(key in value for key in _USAGE_KEYS)
        between = "\n" if is_usage else ", "
        return between.join(
            f"{key}: {_size(item) if is_usage and key in _USAGE_KEYS else plain(item)}"
            for key, item in value.items()
        )
    return plain(value)


def _size(value: Json) -> str:
    text = format_bytes(value)
    return text if text == plain(value) else f"{plain(value)} ({text})"


def render_jvm(data: Row, page: Page) -> Block:
    """Draw `jvm`: groups of facts, in the server's order."""
    groups = get_row(data, "jvmInfo")

    def lines() -> Iterator[Line]:
        for at, group in enumerate(groups):
            if at:
                yield ()
            yield (Segment(group, TITLE),)
            facts = []
            for item in get_rows(groups, group):
                name, desc = _name_collector(item.get("name")), get_text(item, "desc")
                label = f"{name} [{desc}]" if desc else name
                facts.append((label, _jvm_value(name, item.get("value"))))
            yield from labelled(facts, page.width, LABEL, indent=2)

    return Block(lines())


def _jvm_rows(data: Row) -> Iterator[Row]:
    groups = get_row(data, "jvmInfo")
    for group in groups:
        for item in get_rows(groups, group):
            yield {"group": group} | dict(item)


JVM = TableView(
    columns=(
        Column("GROUP", "group"),
        Column("NAME", "name"),
        Column("DESCRIPTION", "desc"),
        Column("VALUE", "value"),
    ),
    rows=_jvm_rows,
    draw=render_jvm,
)


def _runtime_facts(runtime: Row) -> Iterator[tuple[str, str]]:
    shows = {"uptime": format_uptime, "timestamp": format_epoch_ms}
    for key, value in runtime.items():
        text = plain(value) if not isinstance(value, dict | list) else format_json(value)
        yield key, shows[key](value) if key in shows else text


def render_dashboard(data: Row, page: Page) -> Block:
    """Draw one sample of `dashboard`; with a page height the threads are cut to fit, and told."""

    def below() -> Iterator[Line]:
        yield ()
        yield from Table(MEMORY, page).lines(data)
        if get_rows(data, "gcInfos"):
            yield ()
            yield from Table(_GC, page).lines(data)
        runtime = get_row(data, "runtimeInfo")
        if runtime:
            yield ()
            text = "  ".join(f"{key}={value}" for key, value in _runtime_facts(runtime))
            for piece in fold(text, page.width):
                yield (Segment(piece),)
        tomcat = get_row(data, "tomcatInfo")
        for view, key in ((_CONNECTORS, "connectorStats"), (_POOLS, "threadPools")):
            if get_rows(tomcat, key):
                yield ()
                yield from Table(view, page).lines(tomcat)

    def lines() -> Iterator[Line]:
        threads = list(Table(DASHBOARD_THREADS, page).lines(data))
        rest = list(below())
        room = len(threads) if page.height is None else page.height - len(rest) - 1
        least = 4
        shown = threads[: max(room, least)]
        yield from shown
        if len(shown) < len(threads):
            yield (Segment(f"… {len(threads) - len(shown):,} more lines of threads", NOTE),)
        yield from rest

    return Block(lines())
