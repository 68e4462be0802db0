"""Judges an OGNL expression by what it does; what it cannot read is dangerous.

Names, fields, indexes, operators, projections and plain getters only look. Which operator binds
more tightly does not matter for that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import Risk
from arthas_cli.guard.fields import list_owned
from arthas_cli.guard.names import find_call_danger, find_property_danger, opens_class
from arthas_cli.line.cursor import Unreadable
from arthas_cli.line.nodes import Node, Part
from arthas_cli.line.ognl import parse_expression
from arthas_cli.text import keep_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arthas_cli.guard.fields import Owned

_LONGEST_SHOWN = 40
_OPENS_ALL = "gives access to any other call"
# Operators whose result is a number whatever they are given, the loosest first; `+` joins text.
_SHIFTS = ("<<", ">>", ">>>", "shl", "shr", "ushr")
_ADDING = ("+", "-")
_MULTIPLYING = ("*", "/", "%")
_COUNTING = (*_SHIFTS, *_ADDING, *_MULTIPLYING)
# All that may be asked of a class: behind it stands the whole of reflection.
_OF_A_CLASS = ("name", "simpleName", "typeName", "getName", "getSimpleName", "getTypeName")


@dataclass(frozen=True, slots=True)
class Finding:
    """What an expression does beyond looking; `is_read`: it is OGNL as far as can be told.

    `cure`: another way to the same, where there is one.
    """

    risk: Risk
    reason: str
    is_read: bool = True
    cure: str = field(default="", compare=False)


@lru_cache(maxsize=64)  # a line that is typed is judged at each key
def judge_expression(text: str, fields: frozenset[Owned] = frozenset()) -> Finding | None:
    """Return the gravest thing the expression does; None where it only looks. Never raises.

    `fields`: what is known to call no method.
    """
    if not text.strip():
        return None
    try:
        node = parse_expression(text)
    except Unreadable as error:
        return Finding(Risk.DANGEROUS, f"it cannot be judged: {error}", is_read=False)
    known = {id(part) for part, owned in list_owned(node) if owned in fields} if fields else set()
    found = None
    for finding in _list_acts(node, known):
        found = finding
        if finding.risk == Risk.DANGEROUS:  # nothing worse can follow
            break
    return found


def _list_acts(node: Node, known: set[int], behind: Node | None = None) -> Iterator[Finding]:
    """Yield what a node and its parts do beyond looking; `behind` follows it in its chain.

    `known`: the identities of the nodes that are fields.
    """
    if node.kind is Part.STATIC_FIELD and node.words[1] != "class":
        yield Finding(Risk.CHANGES, f"it initialises the class {_shorten(node.words[0])}")
    elif node.kind not in HARMLESS and id(node) not in known:
        reason = JUDGES[node.kind](node, behind)
        if reason is not None:
            is_field = node.kind is Part.PROPERTY and not opens_class(node.words[0])
            yield Finding(Risk.DANGEROUS, reason, cure=_WHOLE if is_field else "")
    following = node.parts[1:] if node.kind is Part.CHAIN else ()
    for part, follower in zip_longest(node.parts, following):
        yield from _list_acts(part, known, follower)


def _judge_property(node: Node, behind: Node | None) -> str | None:
    name = node.words[0]
    if opens_class(name):
        return _judge_class(name, behind)
    return find_property_danger(name)


def _judge_call(node: Node, behind: Node | None) -> str | None:
    name = node.words[0]
    if name == "getClass" and not node.parts:
        return _judge_class(name, behind)
    return find_call_danger(name, len(node.parts))


def _judge_class(name: str, behind: Node | None) -> str | None:
    """Judge what gives a class, of which nothing but its name may be asked."""
    is_asked = behind is not None and behind.kind in (Part.PROPERTY, Part.CALL)
    is_name = is_asked and behind is not None and behind.words[0] in _OF_A_CLASS
    return None if is_name else f"'{name}' {_OPENS_ALL}"


def _judge_index(node: Node, _behind: Node | None) -> str | None:
    """Judge `[…]`: an index of text names a property, of whatever object it is."""
    [index] = node.parts
    if index.kind is not Part.TEXT:
        return None if is_number(index) else _COMPUTED
    name = index.words[0].replace('"', "")  # as OGNL does: `['cle"ar']` calls clear()
    is_class = opens_class(name) or "\\" in name
    return f"'{name}' {_OPENS_ALL}" if is_class else find_property_danger(name)


def _judge_static(node: Node, _behind: Node | None) -> str:
    """Judge `@C@class`, any other field being no danger, and `@C@m(…)`."""
    if node.kind is Part.STATIC_FIELD:
        return f"'class' {_OPENS_ALL}"
    return f"it calls the static method {_shorten('@'.join(node.words))}()"


def _judge_map(node: Node, _behind: Node | None) -> str | None:
    return _MAKES if node.words else None


_COMPUTED = "a computed index may name a method; use '.get(…)' instead"
_MAKES = "it creates an object"
# What is shown whole is read field by field, and no method of such a name is called.
_WHOLE = "show the object that holds it whole, with '-x 2', to see its fields"
# What does nothing but what its parts do.
HARMLESS = frozenset(
    {
        *(Part.NUMBER, Part.TEXT, Part.CONSTANT, Part.VARIABLE, Part.LIST, Part.SUBSCRIPT),
        *(Part.CHAIN, Part.LINK, Part.PROJECTION, Part.SELECTION, Part.PREFIX, Part.INSTANCE),
        *(Part.ROW, Part.CHOICE, Part.SEQUENCE),
    }
)
# How everything else is judged: why it is dangerous, None where it is not.
JUDGES: Mapping[Part, Callable[[Node, Node | None], str | None]] = {
    Part.PROPERTY: _judge_property,
    Part.CALL: _judge_call,
    Part.INDEX: _judge_index,
    Part.STATIC_FIELD: _judge_static,
    Part.STATIC_CALL: _judge_static,
    Part.MAP: _judge_map,
    Part.ASSIGNMENT: lambda *_: "it assigns a value",
    Part.NEW: lambda *_: _MAKES,
    Part.FUNCTION: lambda *_: "it creates a function",
    Part.EVALUATION: lambda *_: "it evaluates a value as an expression",
}


def is_number(node: Node) -> bool:
    """Return whether it can be nothing but a number, whatever is in it."""
    match node.kind:
        case Part.NUMBER:
            return True
        case Part.PREFIX:
            first = next(
                (sign for sign in node.words if sign != "+"), None
            )  # which changes nothing
            return is_number(node.parts[0]) if first is None else first in ("-", "~")
        case Part.ROW:
            return _is_sum([is_number(part) for part in node.parts], node.words)
        case _:
            return False


def _is_sum(operands: list[bool], operators: tuple[str, ...]) -> bool:
    """Return whether a row of operands is a number; `operands`: of each, whether it must be one."""
    if not all(operator in _COUNTING for operator in operators):
        return False
    if any(operator in _SHIFTS for operator in operators):
        return True
    is_one, sign, term = True, "+", operands[0]
    for operator, operand in zip(operators, operands[1:], strict=True):
        if operator in _MULTIPLYING:
            term = True
        else:
            is_one = sign == "-" or (is_one and term)
            sign, term = operator, operand
    return sign == "-" or (is_one and term)


def _shorten(text: str) -> str:
    return keep_end(text, _LONGEST_SHOWN)
