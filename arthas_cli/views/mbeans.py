"""MBeans: their names, attributes and metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.theme import ERROR, LABEL, TITLE
from arthas_cli.views.classes import names_of, rows_of
from arthas_cli.views.lines import Block, fold_text, labelled
from arthas_cli.views.read import format_json, get_row, get_rows, get_text, plain
from arthas_cli.views.table import Column, Table, TableView
from arthas_cli.views.tree import tree_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.jsontext import Json
    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

NAMES = TableView(columns=(Column("MBEAN", "name"),), rows=names_of("mbeanNames"))


def _attribute_rows(data: Row) -> Iterator[Row]:
    beans = get_row(data, "mbeanAttribute")
    for bean in beans:
        for attribute in get_rows(beans, bean):
            yield {"mbean": bean} | dict(attribute)


def _format_value(value: Json, room: int | None) -> str:
    """Return a value of any kind: nested ones as a tree of their own, one fact a line."""
    if not isinstance(value, dict | list) or not value:
        return "null" if value is None else plain(value)
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return format_json(value)
    lines = ["".join(part.text for part in line) for line in tree_lines("", value, room)]
    return "\n".join(lines[1:]) if lines and not lines[0] else "\n".join(lines)


def _render_attributes(data: Row, page: Page) -> Block:
    beans = get_row(data, "mbeanAttribute")

    def lines() -> Iterator[Line]:
        for bean in beans:
            attributes = get_rows(beans, bean)
            yield (Segment(bean, TITLE),)
            most = max((len(get_text(attribute, "name")) for attribute in attributes), default=0)
            room = None if page.width is None else max(page.width - most - 4, 20)
            facts = [
                (get_text(attribute, "name"), _format_value(attribute.get("value"), room))
                for attribute in attributes
                if not get_text(attribute, "error")
            ]
            yield from labelled(facts, page.width, LABEL, indent=2)
            for attribute in attributes:
                if get_text(attribute, "error"):
                    text = f"{get_text(attribute, 'name')}: {get_text(attribute, 'error')}"
                    for piece in fold_text(text, None if page.width is None else page.width - 2):
                        yield (Segment(f"  {piece}", ERROR),)
            yield ()

    return Block(lines())


ATTRIBUTES = TableView(
    columns=(
        Column("MBEAN", "mbean"),
        Column("NAME", "name"),
        Column("VALUE", "value"),
        Column("ERROR", "error"),
    ),
    rows=_attribute_rows,
    draw=_render_attributes,
    is_continued=True,
)

_DRAWN = frozenset({"className", "description", "attributes", "operations"})
# javax.management.MBeanOperationInfo.
_IMPACTS = ("INFO", "ACTION", "ACTION_INFO", "UNKNOWN")


def _access(row: Row) -> str:
    words = (("readable", "r"), ("writable", "w"), ("is", " (is)"))
    return "".join(word for key, word in words if row.get(key) is True)


def _parameters(row: Row) -> str:
    return ", ".join(
        f"{get_text(parameter, 'type')} {get_text(parameter, 'name')}".strip()
        for parameter in get_rows(row, "signature")
    )


def _impact(value: Json) -> str:
    if isinstance(value, int) and 0 <= value < len(_IMPACTS):
        return _IMPACTS[value]
    return plain(value)


_ATTRIBUTES = TableView(
    columns=(
        Column("ATTRIBUTE", "name", style=TITLE),
        Column("TYPE", "type", has_names=True),
        Column("ACCESS", "access", read=_access),
        Column("DESCRIPTION", "description"),
    ),
    rows=rows_of("attributes"),
)
_OPERATIONS = TableView(
    columns=(
        Column("OPERATION", "name", style=TITLE),
        Column("PARAMETERS", "parameters", has_names=True, read=_parameters),
        Column("RETURNS", "returnType", has_names=True),
        Column("IMPACT", "impact", _impact),
        Column("DESCRIPTION", "description"),
    ),
    rows=rows_of("operations"),
)


def render_metadata(data: Row, page: Page) -> Block:
    """Draw `mbean -m`: what an MBean offers."""
    beans = get_row(data, "mbeanMetadata")

    def lines() -> Iterator[Line]:
        for bean in beans:
            info = get_row(beans, bean)
            yield (Segment(bean, TITLE),)
            facts = [(key, get_text(info, key)) for key in ("className", "description")]
            yield from labelled(facts, page.width, LABEL)
            for view, key in ((_ATTRIBUTES, "attributes"), (_OPERATIONS, "operations")):
                if get_rows(info, key):
                    yield ()
                    yield from Table(view, page).lines(info)
            for key, value in info.items():
                if key not in _DRAWN and value:
                    yield ()
                    yield from tree_lines(key, value, page.width)
            yield ()

    return Block(lines())
