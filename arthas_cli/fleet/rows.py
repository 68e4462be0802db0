"""What is compared of a result: rows with a key, and the values that each row has.

Of a table these are its rows; any other result is one row of all its fields, however deep. A list
stays one value, but one of objects that have names is read by the names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from arthas_cli.fleet.sameness import mask
from arthas_cli.views import table_of
from arthas_cli.views.read import format_json, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result

    Key: TypeAlias = tuple[str, ...]
    # The path of each value, and its JSON text.
    Cells: TypeAlias = tuple[tuple[str, str], ...]

# By which fields a row is the same on another JVM; those it has count. Else by the first column.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "classloader": ("name", "url"),
    "classloader-metaspace": ("name", "type"),
    "dump": ("name",),
    "help": ("name",),
    "jad": ("classInfo.name",),
    "jvm": ("group", "name"),
    "mbean": ("mbean", "name"),
    "memory": ("type", "name"),
    "options": ("name",),
    "perfcounter": ("name",),
    "retransform": ("className",),
    "sc": ("name", "classInfo.name"),
    "sm": (
        *("declaringClass", "methodName", "descriptor"),
        *("methodInfo.declaringClass", "methodInfo.methodName", "methodInfo.descriptor"),
    ),
    "thread": ("name", "threadInfo.threadName"),
    "tt": ("index",),
}


# What lies deeper stays one value.
_MAX_DEPTH = 20


class Row(NamedTuple):
    """One row: what it is called, its other values, and whether it is one of a table."""

    key: Key
    cells: Cells
    is_table: bool


def read_rows(result: Result) -> Iterator[Row]:
    """Yield the rows of a result."""
    table = table_of(result)
    wanted = _KEYS.get(result.type, ())
    if table is None:
        fields = {name: v for name, v in result.data.items() if name not in ("type", "jobId")}
        yield _make_row(_flatten(fields), wanted, is_table=False)
        return
    names = [column.key for column in table.columns]
    keys = [name for name in wanted if name in names] or names[:1]
    for row in table.rows(result.data):
        yield _make_row(_flatten({c.key: c.value(row) for c in table.columns}), keys, is_table=True)


def _make_row(values: Mapping[str, Json], keys: Sequence[str], *, is_table: bool) -> Row:
    return Row(
        tuple(plain(values[name]) for name in keys if name in values),
        tuple((name, format_json(value)) for name, value in values.items() if name not in keys),
        is_table,
    )


def _flatten(fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return what objects hold by its path: `{"value": {"max": 1}}` is `{"value.max": 1}`."""
    flat: dict[str, Json] = {}
    todo = [(name, 0, value) for name, value in reversed(list(fields.items()))]
    while todo:
        path, depth, value = todo.pop()
        inner = value if isinstance(value, dict) else _find_named(value)
        if inner and depth < _MAX_DEPTH:
            todo += [(f"{path}.{mask(n)}", depth + 1, v) for n, v in reversed(inner.items())]
            continue
        number, place = 1, path
        while place in flat:  # names that are the same but for what the JVM has chosen
            number += 1
            place = f"{path} #{number}"
        flat[place] = value
    return flat


def _find_named(value: Json) -> dict[str, Json]:
    """Return the objects of a list by their names; empty where not each has one of its own."""
    if not isinstance(value, list):
        return {}
    named: dict[str, Json] = {}
    for each in value:
        name = each.get("name") if isinstance(each, dict) else None
        if not isinstance(each, dict) or not isinstance(name, str) or name in named:
            return {}
        named[name] = {field: inner for field, inner in each.items() if field != "name"}
    return named
