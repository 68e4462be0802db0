"""Judges an OGNL expression by what it does; what it cannot read is dangerous.

Names, fields, indexes, operators, projections and plain getters only look. Order and precedence do
not matter for that, so operators are read as a row; what OGNL itself would refuse does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from arthas_cli.catalogue.model import Risk
from arthas_cli.guard.cursor import Cursor, Unreadable, split_expression
from arthas_cli.guard.names import find_call_danger, find_property_danger
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
_OPENS, _CLOSES = ("(", "[", "{", ":["), (")", "]", "}")
# An index whose outermost operator is one of these is a number.
_COUNTING = ("-", "*", "/", "%", "<<", ">>", ">>>")
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

    def _read_row(self, end: str | None = None) -> int:
        """Reads `a, b, …` up to the sign `end`; returns how many there were.

        With an `end` there may be none, as in `()` and `{}`.
        """
        cursor = self._cursor
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("it is nested too deeply")
        number = 0
        while not (end and number == 0 and cursor.next.is_sign(end)):
            self._read_operation()
            number += 1
            if not cursor.take_sign(","):
                break
        if end and not cursor.take_sign(end):
            raise cursor.make_unreadable()
        self._depth -= 1
        return number

    def _read_operation(self) -> None:
        """Reads operands with operators between them, `? :` and `instanceof` included."""
        cursor = self._cursor
        while True:
            while cursor.take_sign(*_BEFORE) or cursor.take_name(*_BEFORE_WORDS):
                pass
            self._read_chain()
            while cursor.take_name("instanceof"):
                cursor.take_class_name()
            if cursor.next.is_sign("="):
                raise _Found("it assigns a value")
            if cursor.second.is_name("in"):
                cursor.take_name("not")
            if not (cursor.take_sign(*_BETWEEN) or cursor.take_name(*_BETWEEN_WORDS)):
                return

    def _read_chain(self) -> None:
        """Reads `a.b[c].d(e).{f}.(g)`."""
        cursor = self._cursor
        self._read_first()
        while True:
            if cursor.take_sign("."):
                self._read_link()
            elif cursor.next.is_sign("[", *_SUBSCRIPTS):
                self._read_index()
            elif cursor.next.is_sign("("):
                raise _Found("it evaluates a value as an expression")
            else:
                return

    def _read_first(self) -> None:
        cursor, lexeme = self._cursor, self._cursor.next
        if lexeme.kind in (Kind.NUMBER, Kind.STRING) or lexeme.is_name("true", "false", "null"):
            cursor.at += 1
        elif lexeme.is_sign("[", *_SUBSCRIPTS):
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

    def _read_link(self) -> None:
        """Reads what stands behind a point."""
        cursor = self._cursor
        if cursor.take_sign("{"):
            if not cursor.take_sign("?", "^"):
                cursor.take_name("$")
            self._read_row("}")
        else:
            self._read_name()

    def _read_name(self) -> None:
        """Reads a property, a call or a group in parentheses."""
        cursor = self._cursor
        if cursor.take_sign("("):
            if self._read_row(")") == 0:
                raise Unreadable("'()' holds nothing")
            return
        name = cursor.take_any_name()
        if name == "new":
            raise _Found("it makes an object")
        is_class = name in ("class", "getClass")
        if cursor.take_sign("("):
            number = self._read_row(")")
            is_class = name == "getClass" and number == 0
            danger = None if is_class else find_call_danger(name, number)
        else:
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
        begin = cursor.at
        self._read_row("]")
        inside = cursor.copy_from(begin)[:-1]
        if len(inside) == 1 and inside[0].kind == Kind.STRING:
            name = inside[0].text
            is_class = name.lower() in ("class", "getclass") or "\\" in name
            danger = f"'{name}' {_OPENS_ALL}" if is_class else find_property_danger(name)
            if danger:
                raise _Found(danger)
        elif not is_number(inside):
            raise _Found("an index that is worked out may name a method; '.get(…)' does not")

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


def is_number(index: list[Lexeme]) -> bool:
    """Says whether an index can be nothing but a number: a literal, `x - 1`, `x.size()`."""
    if len(index) == 1:
        return index[0].kind == Kind.NUMBER
    depth, counts, joins = 0, False, False
    for lexeme in index:
        depth -= lexeme.is_sign(*_CLOSES)
        if depth == 0:
            counts = counts or lexeme.is_sign(*_COUNTING)
            joins = joins or lexeme.is_sign("+")
            is_plain = lexeme.is_sign(".", "#", "+", *_COUNTING, *_OPENS, *_CLOSES)
            is_word = lexeme.kind == Kind.NAME and not lexeme.is_name(*_BETWEEN_WORDS, "instanceof")
            if not (is_plain or is_word or lexeme.kind == Kind.NUMBER):
                return False
        depth += lexeme.is_sign(*_OPENS)
    tail = "".join(lexeme.text for lexeme in index[-4:])
    return counts or (not joins and tail.endswith((".length", ".length()", ".size", ".size()")))


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"…{text[1 - _LONGEST_SHOWN :]}"
