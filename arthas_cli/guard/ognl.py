"""Judges an OGNL expression by what it does; what it cannot read is dangerous.

Names, fields, indexes, operators, projections and plain getters only look. Order and precedence do
not matter for that, so operators are read as a row; what OGNL itself would refuse does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from arthas_cli.catalogue.model import Risk
from arthas_cli.guard.cursor import Cursor, Unreadable, split_expression
from arthas_cli.guard.names import find_call_danger, find_property_danger, opens_class
from arthas_cli.line.lexemes import Kind, Lexeme

_DEEPEST = 50
_LONGEST_SHOWN = 40
_OPENS_ALL = "opens the door to any other call"
_BEFORE = ("+", "-", "~", "!")
_BEFORE_WORDS = ("not", "bnot")
_BETWEEN = (
    *("||", "&&", "|", "^", "&", "==", "!=", "<", ">", "<=", ">=", "<<", ">>", ">>>"),
    *("+", "-", "*", "/", "%", "?", ":"),
)
_BETWEEN_WORDS = (
    *("or", "and", "bor", "xor", "band", "eq", "neq", "lt", "gt", "lte", "gte"),
    *("shl", "shr", "ushr", "in"),
)
_SUBSCRIPTS = ("[^]", "[|]", "[$]", "[*]")
# Operators whose result is a number whatever they are given, the loosest first; `+` joins text.
_SHIFTS = ("<<", ">>", ">>>", "shl", "shr", "ushr")
_ADDING = ("+", "-")
_MULTIPLYING = ("*", "/", "%")
_COUNTING = (*_SHIFTS, *_ADDING, *_MULTIPLYING)
# All that may be asked of a class: behind it stands the whole of reflection.
_OF_A_CLASS = ("name", "simpleName", "typeName", "getName", "getSimpleName", "getTypeName")


@dataclass(frozen=True, slots=True)
class Finding:
    """What an expression does beyond looking; `is_read`: it is OGNL as far as can be told."""

    risk: Risk
    reason: str
    is_read: bool = True


class _Found(Exception):
    """Something dangerous: nothing worse can follow."""


@lru_cache(maxsize=64)  # a line that is typed is judged at each key
def judge_expression(text: str) -> Finding | None:
    """Returns the gravest thing the expression does; None where it only looks. Never raises."""
    if not text.strip():
        return None
    try:
        reader = _Reader(split_expression(text))
        reader.read_all()
    except _Found as found:
        return Finding(Risk.DANGEROUS, str(found))
    except Unreadable as error:
        return Finding(Risk.DANGEROUS, f"it cannot be judged: {error}", is_read=False)
    return Finding(Risk.CHANGES, reader.note) if reader.note else None


class _Reader:
    """Reads lexemes by recursive descent; `note` is what is more than a look, yet no danger."""

    def __init__(self, lexemes: list[Lexeme]) -> None:
        self.note = ""
        self._cursor = Cursor(lexemes)
        self._depth = 0

    def read_all(self) -> None:
        """Reads to the end; raises _Found or Unreadable."""
        self._read_row()
        if self._cursor.next.kind != Kind.END:
            raise self._cursor.make_unreadable()

    def _read_row(self, end: str | None = None) -> list[bool]:
        """Reads `a, b, …` up to the sign `end`; returns of each whether it must be a number.

        With an `end` there may be none, as in `()` and `{}`.
        """
        cursor = self._cursor
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("it is nested too deeply")
        row: list[bool] = []
        while not (end and not row and cursor.next.is_sign(end)):
            row.append(self._read_operation())
            if not cursor.take_sign(","):
                break
        if end and not cursor.take_sign(end):
            raise cursor.make_unreadable()
        self._depth -= 1
        return row

    def _read_operation(self) -> bool:
        """Reads operands with operators between them, `? :` and `instanceof` included."""
        cursor = self._cursor
        operands: list[bool] = []
        operators: list[str] = []
        while True:
            operands.append(self._read_operand())
            if cursor.next.is_sign("="):
                raise _Found("it assigns a value")
            if cursor.second.is_name("in"):
                cursor.take_name("not")
            operators.append(cursor.next.text)
            if not (cursor.take_sign(*_BETWEEN) or cursor.take_name(*_BETWEEN_WORDS)):
                return is_number(operands, operators[:-1])

    def _read_operand(self) -> bool:
        """Reads a chain with the signs before it; returns whether it must be a number."""
        cursor = self._cursor
        signs: list[str] = []
        while cursor.next.is_sign(*_BEFORE) or cursor.next.is_name(*_BEFORE_WORDS):
            signs.append(cursor.next.text)
            cursor.at += 1
        is_one = self._read_chain()
        while cursor.take_name("instanceof"):
            cursor.take_class_name()
            is_one = False
        first = next((sign for sign in signs if sign != "+"), None)  # which changes nothing
        return is_one if first is None else first in ("-", "~", "bnot")

    def _read_chain(self) -> bool:
        """Reads `a.b[c].d(e).{f}.(g)`; returns whether it must be a number, as `(a - 1)`."""
        cursor = self._cursor
        is_one = self._read_first()
        while True:
            if cursor.take_sign("."):
                self._read_link()
            elif cursor.next.is_sign("[", *_SUBSCRIPTS):
                self._read_index()
            elif cursor.next.is_sign("("):
                raise _Found("it evaluates a value as an expression")
            else:
                return is_one
            is_one = False

    def _read_first(self) -> bool:
        cursor, lexeme = self._cursor, self._cursor.next
        if lexeme.kind in (Kind.NUMBER, Kind.STRING) or lexeme.is_name("true", "false", "null"):
            cursor.at += 1
            return lexeme.kind == Kind.NUMBER
        if lexeme.is_sign("("):
            return self._read_group()
        if lexeme.is_sign("[", *_SUBSCRIPTS):
            self._read_index()
        elif cursor.take_sign("{"):
            self._read_row("}")
        elif cursor.take_sign("@"):
            self.note = _read_static(cursor)
        elif cursor.take_sign("#"):
            self._read_variable()
        elif lexeme.is_sign(":["):
            raise _Found("it makes a function")
        else:
            self._read_name()
        return False

    def _read_link(self) -> None:
        """Reads what stands behind a point."""
        cursor = self._cursor
        if cursor.take_sign("{"):
            if not cursor.take_sign("?", "^"):
                cursor.take_name("$")
            self._read_row("}")
        elif cursor.next.is_sign("("):
            self._read_group()
        else:
            self._read_name()

    def _read_group(self) -> bool:
        """Reads `(a, b)`, which is its last; returns whether that must be a number."""
        self._cursor.at += 1
        row = self._read_row(")")
        if not row:
            raise Unreadable("'()' holds nothing")
        return row[-1]

    def _read_name(self) -> None:
        """Reads a property or a call."""
        cursor = self._cursor
        name = cursor.take_any_name()
        if name == "new":
            raise _Found("it makes an object")
        if cursor.take_sign("("):
            number = len(self._read_row(")"))
            is_class = name == "getClass" and number == 0
            danger = None if is_class else find_call_danger(name, number)
        else:
            is_class = opens_class(name)
            danger = find_property_danger(name)
        if is_class and not (cursor.next.is_sign(".") and cursor.second.is_name(*_OF_A_CLASS)):
            danger = f"'{name}' {_OPENS_ALL}"
        if danger:
            raise _Found(danger)

    def _read_index(self) -> None:
        """Reads `[…]`: an index of text names a property, of whatever object it is."""
        cursor = self._cursor
        if cursor.take_sign(*_SUBSCRIPTS):
            return
        cursor.at += 1
        first = cursor.next
        if first.kind == Kind.STRING and cursor.second.is_sign("]"):
            cursor.at += 2
            name = first.text.replace('"', "")  # as OGNL does: `['cle"ar']` calls clear()
            is_class = opens_class(name) or "\\" in name
            danger = f"'{name}' {_OPENS_ALL}" if is_class else find_property_danger(name)
            if danger:
                raise _Found(danger)
        elif self._read_row("]") != [True]:
            raise _Found("a computed index may name a method; use '.get(…)' instead")

    def _read_variable(self) -> None:
        """Reads `#name` or a map, `#{…}`."""
        if self._cursor.take_sign("{"):
            self._read_row("}")
        elif self._cursor.next.is_sign("@"):
            raise _Found("it makes an object")
        else:
            self._cursor.take_any_name()


def _read_static(cursor: Cursor) -> str:
    """Reads `C@f` or `C@m(…)` behind the first `@`; returns what the field does."""
    name = "" if cursor.next.is_sign("@") else cursor.take_class_name()
    if not cursor.take_sign("@"):
        raise cursor.make_unreadable()
    member = cursor.take_any_name()
    if cursor.next.is_sign("("):
        raise _Found(f"it calls the static method {_shorten(f'{name}@{member}')}()")
    if member == "class":
        raise _Found(f"'class' {_OPENS_ALL}")
    return f"it initialises the class {_shorten(name)}"


def is_number(operands: list[bool], operators: list[str]) -> bool:
    """Says whether a row of operands can be nothing but a number, whatever is in it.

    Args:
        operands: of each, whether it must be a number itself.
        operators: what stands between them.
    """
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
    return text if len(text) <= _LONGEST_SHOWN else f"…{text[1 - _LONGEST_SHOWN :]}"
