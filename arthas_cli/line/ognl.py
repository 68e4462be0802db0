"""Reads an OGNL expression into a tree; what it refuses OGNL refuses as well.

The grammar is that of the OGNL in Arthas 3.4.6 to 4.1.5 (3.1.19 to 3.3.5). A row of operators stays
as it is written: nothing here depends on which of them binds more tightly.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from arthas_cli.line.cursor import BETWEEN_WORDS, Cursor, Unclear, Unreadable, split_expression
from arthas_cli.line.nodes import Node, Part
from arthas_cli.line.ognl_lexer import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BEFORE = ("+", "-", "~", "!")
_BETWEEN = (
    *("||", "&&", "|", "^", "&", "==", "!=", "<", ">", "<=", ">=", "<<", ">>", ">>>"),
    *("+", "-", "*", "/", "%"),
)
_SUBSCRIPTS = ("[^]", "[|]", "[$]", "[*]")
_MAX_INT, _MAX_LONG = 2**31 - 1, 2**63 - 1
_MAX_DIGITS = 400  # of a number that is looked at; Python converts no more than 4,300


def parse_expression(text: str) -> Node:
    """Return the tree of an expression.

    Raises:
        Unclear: it hides what it is, or is nested too deeply.
        Unreadable: it is no OGNL.
    """
    read = _read_whole(text)
    if isinstance(read, Unreadable):
        raise read.with_traceback(None)
    return read


@lru_cache(maxsize=64)  # a line that is typed is read at each key
def _read_whole(text: str) -> Node | Unreadable:
    try:
        cursor = Cursor(split_expression(text))
        node = _read_sequence(cursor)
        if cursor.next.kind != Kind.END:
            return cursor.make_unreadable()
    except Unreadable as error:
        return error
    return node


def _read_sequence(cursor: Cursor) -> Node:
    """Read `a, b`."""
    place = _find_place(cursor)
    items = [_read_assignment(cursor)]
    while cursor.take_sign(","):
        items.append(_read_assignment(cursor))
    return items[0] if len(items) == 1 else Node(Part.SEQUENCE, place, (), tuple(items))


def _read_list(cursor: Cursor, end: str) -> tuple[Node, ...]:
    """Read `a, b` up to the sign `end`, before which there may be nothing."""
    items: list[Node] = []
    while not cursor.take_sign(end):
        if items:
            cursor.require_sign(",")
        items.append(_read_assignment(cursor))
    return tuple(items)


def _read_enclosed(cursor: Cursor, end: str) -> Node:
    """Read `a, b` and the sign `end`."""
    node = _read_sequence(cursor)
    cursor.require_sign(end)
    return node


def _read_assignment(cursor: Cursor) -> Node:
    """Read `a = b`."""
    parts = [_read_choice(cursor)]
    place = _find_place(cursor)
    while cursor.take_sign("="):
        parts.append(_read_choice(cursor))
    return parts[0] if len(parts) == 1 else Node(Part.ASSIGNMENT, place, (), tuple(parts))


def _read_choice(cursor: Cursor) -> Node:
    """Read `a ? b : c`."""
    cursor.nest(+1)
    parts = [_read_row(cursor)]
    place = _find_place(cursor)
    while cursor.take_sign("?"):
        parts.append(_read_choice(cursor))
        cursor.require_sign(":")
        parts.append(_read_row(cursor))
    cursor.nest(-1)
    return parts[0] if len(parts) == 1 else Node(Part.CHOICE, place, (), tuple(parts))


def _read_row(cursor: Cursor) -> Node:
    """Read operands with operators between them."""
    operands, operators = [_read_operand(cursor)], []
    place = _find_place(cursor)
    while True:
        if cursor.next.is_name("not") and cursor.second.is_name("in"):
            cursor.at += 1
        operator = cursor.next.text
        if not (cursor.take_sign(*_BETWEEN) or cursor.take_name(*BETWEEN_WORDS)):
            break
        operators.append(operator)
        operands.append(_read_operand(cursor))
    if not operators:
        return operands[0]
    return Node(Part.ROW, place, tuple(operators), tuple(operands))


def _read_operand(cursor: Cursor) -> Node:
    """Read a chain with the signs before it and `instanceof` behind it."""
    place = _find_place(cursor)
    signs: list[str] = []
    while cursor.next.is_sign(*_BEFORE) or cursor.next.is_name("not"):
        signs.append(cursor.next.text)
        cursor.at += 1
    node = _read_chain(cursor)
    if cursor.take_name("instanceof"):
        node = Node(Part.INSTANCE, node.place, (cursor.take_class_name(),), (node,))
    return Node(Part.PREFIX, place, tuple(signs), (node,)) if signs else node


def _read_chain(cursor: Cursor) -> Node:
    """Read `a.b[c].d(e).{f}.(g)(h)`."""
    place = _find_place(cursor)
    parts = [_read_first(cursor)]
    while True:
        if cursor.next.is_sign("."):
            parts.append(_read_link(cursor))
        elif cursor.next.is_sign("["):
            parts.append(_read_index(cursor))
        elif cursor.next.is_sign(*_SUBSCRIPTS):
            parts.append(_read_first(cursor))
        elif cursor.next.is_sign("("):
            begin = _take_place(cursor)
            parts.append(Node(Part.EVALUATION, begin, (), (_read_enclosed(cursor, ")"),)))
        else:
            return parts[0] if len(parts) == 1 else Node(Part.CHAIN, place, (), tuple(parts))


def _read_first(cursor: Cursor) -> Node:
    """Read what a chain may begin with."""
    lexeme = cursor.next
    if lexeme.is_sign("["):
        return _read_index(cursor)
    read = _BY_TEXT.get(lexeme.text) if lexeme.kind in (Kind.SIGN, Kind.NAME) else None
    if read is not None:
        return read(cursor, _take_place(cursor))
    if lexeme.kind not in _ALONE:
        return _read_name(cursor)
    if lexeme.kind == Kind.NUMBER:
        _refuse_large(lexeme.text, _find_place(cursor))
    return Node(_ALONE[lexeme.kind], _take_place(cursor), (lexeme.text,))


def _read_link(cursor: Cursor) -> Node:
    """Read a point and what stands behind it."""
    place = _take_place(cursor)
    if cursor.take_sign("("):
        return Node(Part.LINK, place, (), (_read_enclosed(cursor, ")"),))
    if not cursor.take_sign("{"):
        return _read_name(cursor)
    is_selection = cursor.take_sign("?", "^") or cursor.take_name("$")
    kind = Part.SELECTION if is_selection else Part.PROJECTION
    return Node(kind, place, (), (_read_enclosed(cursor, "}"),))


def _read_index(cursor: Cursor) -> Node:
    """Read `[a]`."""
    return Node(Part.INDEX, _take_place(cursor), (), (_read_enclosed(cursor, "]"),))


def _read_name(cursor: Cursor) -> Node:
    """Read a property or a call."""
    place, name = _find_place(cursor), cursor.take_any_name()
    if cursor.take_sign("("):
        return Node(Part.CALL, place, (name,), _read_list(cursor, ")"))
    return Node(Part.PROPERTY, place, (name,))


def _read_braces(cursor: Cursor, place: tuple[int, int]) -> Node:
    return Node(Part.LIST, place, (), _read_list(cursor, "}"))


def _read_function(cursor: Cursor, place: tuple[int, int]) -> Node:
    """Read `[a]` behind `:`."""
    cursor.require_sign("[")
    return Node(Part.FUNCTION, place, (), (_read_enclosed(cursor, "]"),))


def _read_variable(cursor: Cursor, place: tuple[int, int]) -> Node:
    """Read what stands behind `#`: a name, or a map, perhaps with its class."""
    if cursor.take_sign("{"):
        return Node(Part.MAP, place, (), _read_pairs(cursor))
    if not cursor.take_sign("@"):
        return Node(Part.VARIABLE, place, (cursor.take_any_name(),))
    name = cursor.take_class_name()
    cursor.require_sign("@")
    cursor.require_sign("{")
    return Node(Part.MAP, place, (name,), _read_pairs(cursor))


def _read_pairs(cursor: Cursor) -> tuple[Node, ...]:
    """Read `a: b, c}`; a key without a value is a part like any other."""
    parts: list[Node] = []
    while not cursor.take_sign("}"):
        if parts:
            cursor.require_sign(",")
        parts.append(_read_assignment(cursor))
        if cursor.take_sign(":"):
            parts.append(_read_assignment(cursor))
    return tuple(parts)


def _read_static(cursor: Cursor, place: tuple[int, int]) -> Node:
    """Read `C@f` or `C@m(…)` behind the first `@`; `@@m(…)` is of `java.lang.Math`."""
    name = "java.lang.Math" if cursor.next.is_sign("@") else cursor.take_class_name()
    cursor.require_sign("@")
    member = cursor.take_any_name()
    if cursor.take_sign("("):
        return Node(Part.STATIC_CALL, place, (name, member), _read_list(cursor, ")"))
    return Node(Part.STATIC_FIELD, place, (name, member))


def _read_new(cursor: Cursor, place: tuple[int, int]) -> Node:
    """Read `C(…)`, `C[a]` or `C[] {…}` behind `new`."""
    name = cursor.take_class_name()
    if cursor.take_sign("("):
        return Node(Part.NEW, place, (name,), _read_list(cursor, ")"))
    cursor.require_sign("[")
    if cursor.take_sign("]"):
        cursor.require_sign("{")
        return Node(Part.NEW, place, (name,), _read_list(cursor, "}"))
    size = _read_assignment(cursor)
    cursor.require_sign("]")
    return Node(Part.NEW, place, (name,), (size,))


def _refuse_large(text: str, place: tuple[int, int]) -> None:
    """Refuse a whole number that is too large for its type, as OGNL does."""
    digits = text.lower().removesuffix("l")
    most = _MAX_INT if digits == text.lower() else _MAX_LONG
    base = 10
    if digits.startswith("0"):
        base = 16 if digits.startswith("0x") else 8
    if len(digits) > _MAX_DIGITS:
        raise Unclear("a number is too long", place)
    try:
        number = int(digits.removeprefix("0x") or "0", base)
    except ValueError:  # a fraction, or a number of any size
        return
    if number > most:
        kind = "an int" if most == _MAX_INT else "a long"
        larger = text.rstrip("lL") + ("L" if number <= _MAX_LONG else "H")
        raise Unreadable(f"'{text}' is too large for {kind}", place, f"use '{larger}'")


def _find_place(cursor: Cursor) -> tuple[int, int]:
    return cursor.next.start, cursor.next.end


def _take_place(cursor: Cursor) -> tuple[int, int]:
    """Take what stands here; return where it stands."""
    place = _find_place(cursor)
    cursor.at += 1
    return place


def _make_leaf(kind: Part, text: str) -> Callable[[Cursor, tuple[int, int]], Node]:
    return lambda _, place: Node(kind, place, (text,))


_ALONE = {Kind.NUMBER: Part.NUMBER, Kind.STRING: Part.TEXT}
_BY_TEXT: Mapping[str, Callable[[Cursor, tuple[int, int]], Node]] = {
    "(": lambda cursor, _: _read_enclosed(cursor, ")"),
    "{": _read_braces,
    "#": _read_variable,
    "@": _read_static,
    ":": _read_function,
    "new": _read_new,
    "#this": _make_leaf(Part.VARIABLE, "this"),
    "#root": _make_leaf(Part.VARIABLE, "root"),
    **{text: _make_leaf(Part.CONSTANT, text) for text in ("true", "false", "null")},
    **{text: _make_leaf(Part.SUBSCRIPT, text) for text in _SUBSCRIPTS},
}
