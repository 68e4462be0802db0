"""Reads JSON objects of any shape without ever failing; what is of another kind is left out.

Whether a result is of the documented shape is decided beforehand, in `fields`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from arthas_cli.jsontext import ExactFloat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.jsontext import Json

    Row: TypeAlias = Mapping[str, Json]


class _Written(NamedTuple):
    text: str


# What most cells of a table are.
_WRITTEN_AT_ONCE: dict[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    ExactFloat: str,
    bool: {False: "false", True: "true"}.__getitem__,
    type(None): lambda _: "",
}


def find_plain(kind: type) -> Callable[[Json], str]:
    """Return what writes values of a type as `plain` does."""
    return _WRITTEN_AT_ONCE.get(kind, format_json)


def plain(value: Json) -> str:
    """Return the value as text: strings as they are, null as nothing, the rest as JSON."""
    return find_plain(type(value))(value)


def format_json(value: Json) -> str:
    """Return compact JSON, numbers digit for digit; any depth, so without recursion."""
    parts: list[str] = []
    todo: list[Json | _Written] = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, _Written):
            parts.append(item.text)
        elif isinstance(item, dict):
            todo.append(_Written("}"))
            for at, (key, inner) in reversed(list(enumerate(item.items()))):
                comma = ", " if at else ""
                todo += [inner, _Written(f"{comma}{json.dumps(key, ensure_ascii=False)}: ")]
            parts.append("{")
        elif isinstance(item, list):
            todo.append(_Written("]"))
            for at, inner in reversed(list(enumerate(item))):
                todo += [inner, _Written(", " if at else "")]
            parts.append("[")
        elif isinstance(item, ExactFloat):
            parts.append(item.text)
        else:
            parts.append(json.dumps(item, ensure_ascii=False))
    return "".join(parts)


def get_text(row: Row, key: str) -> str:
    """Return the field as text, "" when it is missing or null."""
    return plain(row.get(key))


def get_number(row: Row, key: str) -> float | int | None:
    """Return the field if it is a number."""
    value = row.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return None


def get_row(row: Row, key: str) -> Row:
    """Return the field if it is an object, else an empty one."""
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def get_rows(row: Row, key: str) -> list[Row]:
    """Return the objects of a list field."""
    value = row.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def get_texts(row: Row, key: str) -> list[str]:
    """Return the elements of a list field as text; a null is "null"."""
    value = row.get(key)
    if not isinstance(value, list):
        return []
    return ["null" if item is None else plain(item) for item in value]
