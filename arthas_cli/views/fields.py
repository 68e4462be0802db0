"""Holds a result against its documented fields before a view opens it.

A view can then trust the kinds of what it reads, and what nobody documented is found here, once,
rather than in each view.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from arthas_cli.jsontext import ExactFloat
from arthas_cli.views.documented import OBJECTS, RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from arthas_cli.jsontext import Json
    from arthas_cli.views.read import Row

    # Values of one kind under one path: a list of a hundred thousand is one entry.
    _Todo: TypeAlias = deque[tuple[str, str, Iterable[Json]]]

_TYPES: dict[str, frozenset[type]] = {
    "text": frozenset({str}),
    "number": frozenset({int, float, ExactFloat}),
    "bool": frozenset({bool}),
}
_NULL = frozenset({type(None)})
_NONE: frozenset[type] = frozenset()
# What is nested thousands deep has a path of thousands of names: its end must do.
_LONGEST_PATH = 100
_NAMES = {dict: "an object", list: "a list", str: "text", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Findings:
    """What is odd about a result.

    Attributes:
        fault: the first field of another kind than documented, as a note; None: as documented.
        unknown: fields that are not documented, by path (`threads[].virtual`), with their values.
    """

    fault: str | None
    unknown: dict[str, list[Json]]


_NOTHING = Findings(None, {})


@cache
def _parse(documented: str) -> tuple[dict[str, str], dict[str, frozenset[type]]]:
    """Return the kind of each field, and the types that need no further look."""
    kinds = dict(pair.split(":", 1) for pair in documented.split())
    return kinds, {name: _TYPES.get(kind, _NULL) | _NULL for name, kind in kinds.items()}


def inspect(type_: str, data: Row) -> Findings:
    """Compare a result with what is documented of its type; a missing field is normal."""
    unknown: dict[str, list[Json]] = {}
    todo: _Todo = deque()
    fault = _look_at(RESULTS[type_], "", data, todo, unknown)
    while todo and not fault:
        path, kind, values = todo.popleft()
        for value in values:
            fault = None if value is None else _look_into(path, kind, value, todo, unknown)
            if fault:
                break
    return Findings(fault, unknown) if fault or unknown else _NOTHING


def _look_into(
    path: str, kind: str, value: Json, todo: _Todo, unknown: dict[str, list[Json]]
) -> str | None:
    """Look at one value; return a fault, or put what is inside on `todo`."""
    if kind in _TYPES:
        return None if type(value) in _TYPES[kind] else _describe(path, value, kind)
    if kind.startswith("[") and isinstance(value, list):
        if kind != "[any]":
            todo.append((f"{path}[]", kind[1:-1], value))
    elif kind.startswith("{") and isinstance(value, dict):
        if kind != "{any}":
            todo.append((f"{path}.{{}}", kind[1:-1], value.values()))
    elif kind in OBJECTS and isinstance(value, dict):
        return _look_at(OBJECTS[kind], f"{path[-_LONGEST_PATH:]}.", value, todo, unknown)
    else:
        return _describe(path, value, kind)
    return None


def _look_at(
    documented: str, path: str, row: Row, todo: _Todo, unknown: dict[str, list[Json]]
) -> str | None:
    """Look at the fields of an object; what has something inside is put on `todo`.

    Returns:
        The first fault found.
    """
    kinds, rights = _parse(documented)
    for key, value in row.items():
        if type(value) in rights.get(key, _NONE):
            continue
        kind = kinds.get(key, "")
        if kind in OBJECTS and isinstance(value, dict) and _is_flat(OBJECTS[kind], value):
            continue
        if not kind:
            if path or key not in ("type", "jobId"):
                unknown.setdefault(path + key, []).append(value)
        elif kind in _TYPES:
            return _describe(path + key, value, kind)
        elif kind != "any":
            todo.append((path + key, kind, (value,)))
    return None


def _is_flat(documented: str, row: Row) -> bool:
    """Return whether all fields of an object are as documented and none has something inside."""
    _, rights = _parse(documented)
    for key, value in row.items():  # quicker than `all` of a generator
        if type(value) not in rights.get(key, _NONE):
            break
    else:
        return True
    return False


def _describe(path: str, value: Json, kind: str) -> str:
    got = _NAMES.get(type(value), "a number")
    wanted = {"text": "text", "number": "a number", "bool": "true or false"}.get(
        kind, "a list" if kind.startswith("[") else "an object"
    )
    return f"'{path}' is {got}, not {wanted}"
