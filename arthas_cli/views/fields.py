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
    _Shape: TypeAlias = tuple[object, ...]

_TYPES: dict[str, frozenset[type]] = {
    "text": frozenset({str}),
    "number": frozenset({int, float, ExactFloat}),
    "bool": frozenset({bool}),
}
_NULL = frozenset({type(None)})
_NONE: frozenset[type] = frozenset()
# What is nested thousands deep has a path of thousands of names: its end must do.
_LONGEST_PATH = 100
# More shapes than the objects of a server have that lets fields be missing where they are null.
_MAX_SHAPES = 1_000
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


class _Documented:
    """The fields of an object as they are documented.

    `kinds`: of what kind each is. `rights`: the types of those that need no look inside. `seen`:
    which fields do need one, by the names and types of all in an object with nothing odd about it.
    """

    def __init__(self, documented: str) -> None:
        self.kinds = dict(pair.split(":", 1) for pair in documented.split())
        self.rights = {name: _TYPES.get(kind, _NULL) | _NULL for name, kind in self.kinds.items()}
        self.seen: dict[_Shape, tuple[str, ...]] = {}

    def note(self, shape: _Shape, inside: tuple[str, ...]) -> None:
        """Remember an object with nothing odd about it; a server may send any number of shapes."""
        if len(self.seen) < _MAX_SHAPES:
            self.seen[shape] = inside


_parse = cache(_Documented)


def is_normal(type_: str, data: Row) -> bool:
    """Return whether there is nothing odd about a result."""
    return inspect(type_, data) is _NOTHING


def inspect(type_: str, data: Row) -> Findings:
    """Compare a result with what is documented of its type; a missing field is normal."""
    unknown: dict[str, list[Json]] = {}
    todo: _Todo = deque()
    fault = _look_at(RESULTS[type_], "", data, todo, unknown)
    while todo and not fault:
        path, kind, values = todo.popleft()
        for value in values:
            if value is not None and not _is_flat(kind, value):
                fault = _look_into(path, kind, value, todo, unknown)
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
    fields = _parse(documented)
    shape = _find_shape(row, is_top=not path)
    inside = fields.seen.get(shape)
    if inside is None:
        found: list[str] = []
        is_odd = False
        for key, value in row.items():
            kind = fields.kinds.get(key, "")
            if type(value) in fields.rights.get(key, _NONE) or kind == "any":
                continue
            if kind in _TYPES:
                return _describe(path + key, value, kind)
            if kind:
                found.append(key)
            elif path or key not in ("type", "jobId"):
                unknown.setdefault(path + key, []).append(value)
                is_odd = True
        inside = tuple(found)
        if not is_odd:
            fields.note(shape, inside)
    for key in inside:
        kind, value = fields.kinds[key], row[key]
        if not _is_flat(kind, value):
            todo.append((path + key, kind, (value,)))
    return None


def _find_shape(row: Row, *, is_top: bool = False) -> _Shape:
    """Return the names and types of all fields; those of a whole result may have two more."""
    return (is_top, *row, *map(type, row.values()))


def _is_flat(kind: str, value: Json) -> bool:
    """Return whether it is an object, and like one that had nothing odd about or inside it."""
    if type(value) is not dict or kind not in OBJECTS:
        return False
    return _parse(OBJECTS[kind]).seen.get(_find_shape(value)) == ()


def _describe(path: str, value: Json, kind: str) -> str:
    got = _NAMES.get(type(value), "a number")
    wanted = {"text": "text", "number": "a number", "bool": "true or false"}.get(
        kind, "a list" if kind.startswith("[") else "an object"
    )
    return f"'{path}' is {got}, not {wanted}"
