"""What kind of value an OGNL expression has, as far as its words alone tell.

Arthas takes a condition for true only where its value is the Boolean `true`: a number, a text or a
list never is, whatever OGNL itself makes of it (seen on 3.6.4 and 4.1.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.cursor import Unreadable
from arthas_cli.line.nodes import Node, Part
from arthas_cli.line.ognl import parse_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LIST, _NUMBER = "a list", "a number"
_AND = ("&&", "and")
_OR = ("||", "or")
_NOTS = ("!", "not")
# Operators that make a number of whatever they are given; `+` joins texts, `&` may be of Booleans.
_NUMBERING = ("-", "*", "/", "%", "<<", ">>", ">>>", "shl", "shr", "ushr")
_SEVERAL = (Part.PROJECTION, Part.SELECTION)
_BY_PART = {
    Part.NUMBER: _NUMBER,
    Part.TEXT: "a text",
    Part.LIST: _LIST,
    Part.MAP: "a map",
    Part.PROJECTION: _LIST,
    Part.SELECTION: _LIST,
}
_ROOTS = {"params": "an array", "clazz": "a class", "method": "a method"}


def name_value(text: str) -> str:
    """Return what the value of an expression is, "a list"; empty where it may be true or false."""
    try:
        return _name(parse_expression(text))
    except Unreadable:
        return ""


def _name(node: Node) -> str:
    parts, value = node.parts, _BY_PART.get(node.kind, "")
    match node.kind:
        case Part.CONSTANT:
            value = "null" if node.words == ("null",) else ""
        case Part.PROPERTY:
            value = _ROOTS.get(node.words[0], "")
        case Part.VARIABLE:
            value = _NUMBER if node.words == ("cost",) else ""
        case Part.CHAIN:
            value = _BY_PART[parts[-1].kind] if parts[-1].kind in _SEVERAL else ""
        case Part.SEQUENCE:
            value = _name(parts[-1])
        case Part.CHOICE:  # of `a ? b : c ? d : e` b, d and e
            value = _name_all(map(_name, (*parts[1::2], parts[-1])))
        case Part.PREFIX:
            value = "" if node.words[0] in _NOTS else _name(parts[0])
        case Part.ROW:
            value = _name_all(_name_terms(node))
        case _:
            pass
    return value


def _name_terms(row: Node) -> Iterator[str]:
    """Name the operands of `||`, which has the value of one of them, as `&&` has of its last."""
    start, end = 0, len(row.words)
    for bar in (*(at for at, word in enumerate(row.words) if word in _OR), end):
        first = max((at + 1 for at in range(start, bar) if row.words[at] in _AND), default=start)
        words = row.words[first:bar]
        is_counted = bool(words) and all(word in _NUMBERING for word in words)
        yield _NUMBER if is_counted else "" if words else _name(row.parts[first])
        start = bar + 1


def _name_all(names: Iterable[str]) -> str:
    """Return the first of the names if there is none of what may be true among them."""
    listed = list(names)
    return listed[0] if all(listed) else ""
