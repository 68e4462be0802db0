"""What each type of result is for, and which results tell of a call seen whole.

A command that enhances may meet a call that had begun before, and sends the rest of it as if it
were a call (docs/protocol.md, 5.5). Of a `trace` its shape tells: without its begin there is no
node for the method itself, only the calls that it still made, at the top, or nothing at all.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from arthas_cli.jsontext import as_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result


class Role(Enum):
    """What a result is for.

    HIT: what the command is run for. COUNT: how much was found or changed. MESSAGE: something said
    beside. CONTROL: for the program and not for people (docs/protocol.md, 5.1).
    """

    HIT = auto()
    COUNT = auto()
    MESSAGE = auto()
    CONTROL = auto()


_ROLES = {
    "command": Role.CONTROL,
    "enhancer": Role.COUNT,
    "input_status": Role.CONTROL,
    "message": Role.MESSAGE,
    "row_affect": Role.COUNT,
    "status": Role.CONTROL,
    "welcome": Role.CONTROL,
}


def find_role(kind: str) -> Role:
    """Return what results of that type are for; any that is not known is a hit."""
    return _ROLES.get(kind, Role.HIT)


def is_hit(result: Result) -> bool:
    """Return whether the command is run for such a result: the rest of a call is none."""
    return find_role(result.type) is Role.HIT and not result.is_rest


def is_rest_of_call(trace: Mapping[str, Json]) -> bool:
    """Return whether a `trace` result is what was left of a call that had begun before."""
    root = trace.get("root")
    children = as_object(root).get("children", [])
    nodes = [as_object(child) for child in children] if isinstance(children, list) else []
    return isinstance(root, dict) and not any(map(_is_body, nodes))


def _is_body(node: Mapping[str, Json]) -> bool:
    """Return whether a node is a traced method itself, not a call or a throw within one."""
    return node.get("invoking") is not True and node.get("type") != "throw"
