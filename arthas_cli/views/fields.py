"""Holds a result against its documented fields before a view opens it.

A view can then trust the kinds of what it reads, and what nobody documented is found here, once,
rather than in each view.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from arthas_cli.views.documented import OBJECTS, RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.jsontext import Json
    from arthas_cli.views.read import Row

_SCALARS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "bool": (bool,),
}
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
def _kinds(text: str) -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in text.split())


def inspect(type_: str, data: Row) -> Findings:
    """Compares a result with what is documented of its type; a missing field is normal."""
    kinds = _kinds(RESULTS[type_])
    # The flat results of a long stream are known to be right at a glance.
    todo: list[tuple[str, str, Json]] = []
    unknown: dict[str, list[Json]] = {}
    for key, value in data.items():
        kind = kinds.get(key)
        if kind is None:
            if key not in ("type", "jobId"):
                unknown[key] = [value]
        elif kind != "any" and value is not None:
            todo.append((key, kind, value))
    if not todo and not unknown:
        return _NOTHING
    while todo:
        path, kind, value = todo.pop()
        expected = _SCALARS.get(kind)
        if expected is not None:
            if not isinstance(value, expected) or (kind == "number" and isinstance(value, bool)):
                return Findings(_describe(path, value, kind), unknown)
            continue
        try:
            todo.extend(_inside(path, kind, value, unknown))
        except TypeError:
            return Findings(_describe(path, value, kind), unknown)
    return Findings(None, unknown) if unknown else _NOTHING


def _inside(
    path: str, kind: str, value: Json, unknown: dict[str, list[Json]]
) -> Iterator[tuple[str, str, Json]]:
    """Yields what is in a list, map or object that is to be looked at.

    Raises:
        TypeError: the value is none of that kind.
    """
    if kind.startswith("["):
        if not isinstance(value, list):
            raise TypeError
        inner = kind[1:-1]
        if inner != "any":
            yield from ((f"{path}[]", inner, item) for item in value if item is not None)
        return
    if not isinstance(value, dict):
        raise TypeError
    if kind.startswith("{"):
        inner = kind[1:-1]
        if inner != "any":
            yield from (
                (f"{path}.{{}}", inner, item) for item in value.values() if item is not None
            )
        return
    kinds = _kinds(OBJECTS[kind])
    for key, item in value.items():
        found = kinds.get(key)
        if found is None:
            unknown.setdefault(f"{path}.{key}", []).append(item)
        elif found != "any" and item is not None:
            yield f"{path}.{key}", found, item


def _describe(path: str, value: Json, kind: str) -> str:
    got = _NAMES.get(type(value), "a number")
    wanted = {"text": "text", "number": "a number", "bool": "true or false"}.get(
        kind, "a list" if kind.startswith("[") else "an object"
    )
    return f"'{path}' is {got}, not {wanted}"
