"""Class loaders: the ten shapes of `classloader`, and `classloader-metaspace`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.theme import DIM, LABEL, NOTE, TITLE
from arthas_cli.views.classes import class_lines, names_of, rows_of
from arthas_cli.views.lines import Block
from arthas_cli.views.read import get_number, get_row, get_rows, get_text, get_texts, plain
from arthas_cli.views.table import Column, TableView
from arthas_cli.views.tree import draw_guides
from arthas_cli.views.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.jsontext import Json
    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row


def _stats_rows(data: Row) -> Iterator[Row]:
    stats = get_row(data, "classLoaderStats")
    for name in stats:
        yield {"name": name} | dict(get_row(stats, name))


STATS = TableView(
    columns=(
        Column("CLASSLOADER", "name", has_names=True),
        Column("INSTANCES", "numberOfInstance", is_number=True),
        Column("LOADED", "loadedCount", is_number=True),
    ),
    rows=_stats_rows,
)

LOADERS = TableView(
    columns=(
        Column("CLASSLOADER", "name", has_names=True),
        Column("LOADED", "loadedCount", is_number=True),
        Column("HASH", "hash"),
        Column("PARENT", "parent", has_names=True),
    ),
    rows=rows_of("classLoaders"),
)


def render_loader_tree(data: Row, page: Page) -> Block:
    """Draw `classloader -t`: each loader under its parent; without recursion."""
    del page

    def lines() -> Iterator[Line]:
        todo: list[tuple[Row, list[bool]]] = _under(get_rows(data, "classLoaders"), [])
        while todo:
            loader, lasts = todo.pop()
            yield (
                Segment(draw_guides(lasts), DIM),
                Segment(get_text(loader, "name")),
                Segment("".join(_loader_facts(loader)), DIM),
            )
            todo += _under(get_rows(loader, "children"), lasts)

    return Block(lines())


def _loader_facts(loader: Row) -> Iterator[str]:
    """Yield what is known of a loader of the tree; most names end with the hash already."""
    for key, label in (("loadedCount", "loaded"), ("numberOfInstances", "instances")):
        if key in loader:
            yield f"  {label}={get_text(loader, key)}"
    number = get_text(loader, "hash")
    if "hash" in loader and not get_text(loader, "name").endswith(f"@{number}"):
        yield f"  hash={number}"


def _under(loaders: list[Row], lasts: list[bool]) -> list[tuple[Row, list[bool]]]:
    last = len(loaders) - 1
    return [(loader, [*lasts, at == last]) for at, loader in reversed(list(enumerate(loaders)))]


def _set_rows(data: Row) -> Iterator[Row]:
    found = get_row(data, "classSet")
    loader = get_text(get_row(found, "classloader"), "hash")
    return ({"hash": loader, "name": name} for name in get_texts(found, "classes"))


def _set_title(data: Row) -> Iterator[Line]:
    found = get_row(data, "classSet")
    if not get_number(found, "segment"):
        yield loader_line(get_row(found, "classloader"))


def loader_line(loader: Row) -> Line:
    """Return the title line of what belongs to a class loader."""
    parent = get_text(loader, "parent")
    return (
        Segment(get_text(loader, "name"), TITLE),
        Segment(f"  hash={get_text(loader, 'hash')}", DIM),
        Segment(f"  parent={parent}" if parent else "", DIM),
    )


CLASS_SET = TableView(
    columns=(Column("HASH", "hash"), Column("CLASS", "name", has_names=True)),
    rows=_set_rows,
    above=_set_title,
    is_continued=True,
)
URLS = TableView(columns=(Column("URL", "name"),), rows=names_of("urls"))
RESOURCES = TableView(columns=(Column("RESOURCE", "name"),), rows=names_of("resources"))


def render_loaded_class(data: Row, page: Page) -> Block:
    """Draw what `--load` loaded."""
    return Block(class_lines(get_row(data, "loadClass"), page))


def _read_loader(key: str) -> Row:
    """Read a loader out of a key of the map; 4.0.x loses the facts (docs/protocol.md, 5.3)."""
    try:
        loader = json.loads(key)
    except (ValueError, RecursionError):
        loader = None
    return loader if isinstance(loader, dict) else {"name": key}


_USES = (("usedUrls", "used"), ("unUsedUrls", "unused"))


def _url_rows(data: Row) -> Iterator[Row]:
    stats = get_row(data, "urlStats")
    for key in stats:
        loader = _read_loader(key)
        for field, use in _USES:
            for url in get_texts(get_row(stats, key), field):
                yield {"hash": loader.get("hash"), "name": loader.get("name"), "use": use} | {
                    "url": url
                }


def _render_urls(data: Row, page: Page) -> Block:
    del page
    stats = get_row(data, "urlStats")

    def lines() -> Iterator[Line]:
        for key in stats:
            yield loader_line(_read_loader(key))
            for field, use in _USES:
                urls = get_texts(get_row(stats, key), field)
                yield (Segment(f"  {use} urls: {len(urls)}", LABEL),)
                yield from ((Segment(f"    {url}"),) for url in urls)

    return Block(lines())


URL_STATS = TableView(
    columns=(
        Column("HASH", "hash"),
        Column("CLASSLOADER", "name", has_names=True),
        Column("USE", "use"),
        Column("URL", "url"),
    ),
    rows=_url_rows,
    draw=_render_urls,
)


def _url_loader(data: Row) -> Iterator[Line]:
    if get_row(data, "classLoader"):
        yield loader_line(get_row(data, "classLoader"))


URL_CLASSES = TableView(
    columns=(
        Column("LOADED", "loadedClassCount", is_number=True),
        Column("MATCHED", "matchedClassCount", is_number=True),
        Column("URL", "url"),
    ),
    rows=rows_of("urlClassStats"),
    above=_url_loader,
)


def _class_rows(data: Row) -> Iterator[Row]:
    for stat in get_rows(data, "urlClassStats"):
        for name in get_texts(stat, "classes"):
            yield {"url": stat.get("url"), "name": name}


def _render_url_classes(data: Row, page: Page) -> Block:
    del page

    def lines() -> Iterator[Line]:
        yield from _url_loader(data)
        for stat in get_rows(data, "urlClassStats"):
            counts = f"  loaded={get_text(stat, 'loadedClassCount')}"
            if get_text(stat, "matchedClassCount"):
                counts += f" matched={get_text(stat, 'matchedClassCount')}"
            yield (Segment(get_text(stat, "url"), LABEL), Segment(counts, DIM))
            yield from ((Segment(f"    {name}"),) for name in get_texts(stat, "classes"))
            if stat.get("truncated") is True:
                yield (Segment("    … the server left out the rest; raise its limit", NOTE),)

    return Block(lines())


URL_CLASS_NAMES = TableView(
    columns=(Column("URL", "url"), Column("CLASS", "name", has_names=True)),
    rows=_class_rows,
    draw=_render_url_classes,
)


def _hex(value: Json) -> str:
    return f"0x{value:x}" if isinstance(value, int) else plain(value)


def _sampled(data: Row) -> Iterator[Line]:
    duration, period = get_text(data, "durationMillis"), get_text(data, "periodMillis")
    yield (Segment(f"sampled for {duration} ms, every {period} ms", NOTE),)


_METASPACE_COLUMNS = (
    Column("HASH", "hash"),
    Column("CLASSES", "classCount", is_number=True),
    Column("CHUNK", "chunkSize", format_bytes, is_number=True),
    Column("BLOCK", "blockSize", format_bytes, is_number=True),
    Column("NAME", "name", has_names=True),
)
METASPACE = TableView(columns=_METASPACE_COLUMNS, rows=rows_of("rows"), above=_sampled)
METASPACE_VERBOSE = TableView(
    columns=(
        *_METASPACE_COLUMNS[:-1],
        Column("HIDDEN", "hiddenBlockSize", format_bytes, is_number=True),
        Column("CLASSLOADER-DATA", "classLoaderData", _hex, is_number=True),
        _METASPACE_COLUMNS[-1],
        Column("TYPE", "type", has_names=True),
    ),
    rows=rows_of("rows"),
    above=_sampled,
)
