r"""Splits an OGNL expression into its smallest parts, as OGNL's own lexer does.

A unicode escape is read before anything else, also outside strings (seen on 3.4.6 and 4.1.5:
`\u0040C\u0040m()` calls a static method), so one that stands for an ASCII character is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Unreadable(Exception):
    """What is no OGNL, or hides what it is; the message says which."""


class Kind(StrEnum):
    """The kinds of lexemes; words such as `and` are names here."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One part: `text` as it stands there, of a string what is between its quotes."""

    kind: Kind
    text: str

    def is_sign(self, *texts: str) -> bool:
        """Says whether it is one of these signs."""
        return self.kind == Kind.SIGN and self.text in texts

    def is_name(self, *texts: str) -> bool:
        """Says whether it is one of these names."""
        return self.kind == Kind.NAME and self.text in texts


END = Lexeme(Kind.END, "")
_LAST_ASCII = 0x7F
_LONGEST_SHOWN = 20
_ESCAPE = re.compile(r"(\\+)u+([0-9A-Fa-f]{4})?")
_PARTS = re.compile(
    r"""
    (?P<blank>[ \t\f\r\n]+)
    | (?P<name>[^\W\d][\w$]*|\$[\w$]*)
    | (?P<number>0[xX][0-9a-fA-F]+[lLhH]?
        | (?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[bBdDfFlLhH]?)
    | "(?P<double>(?:[^"\\]|\\.)*)"
    | '(?P<single>(?:[^'\\]|\\.)*)'
    | `(?P<back>[^`\\]|\\.)`
    | (?P<sign>\[[\^|$*]\] | :\[ | >>> | << | >> | <= | >= | == | != | && | \|\|
        | [-+*/%~!<>=&|^?:,.\#@(){}\[\]])
    """,
    re.VERBOSE | re.DOTALL,
)


def split_expression(text: str) -> list[Lexeme]:
    """Returns the lexemes, the last one `END`.

    Raises:
        Unreadable: a string that is not closed, a character that OGNL has not, a hidden one.
    """
    plain = _ESCAPE.sub(_unescape, text)
    lexemes: list[Lexeme] = []
    at = 0
    while at < len(plain):
        match = _PARTS.match(plain, at)
        if match is None:
            raise Unreadable(f"what begins with {plain[at : at + _LONGEST_SHOWN]!r} is no OGNL")
        at = match.end()
        group = match.lastgroup or ""
        if group in ("double", "single", "back"):
            lexemes.append(Lexeme(Kind.STRING, match[group]))
        elif group != "blank":
            lexemes.append(Lexeme(Kind(group), match[group]))
    return [*lexemes, END]


def _unescape(match: re.Match[str]) -> str:
    """Reads an escape as the lexer does: the backslash before it must be an odd one."""
    backslashes, digits = match[1], match[2]
    if len(backslashes) % 2 == 0:
        return match[0]
    code = int(digits, 16) if digits else 0
    if code <= _LAST_ASCII:
        raise Unreadable(f"{match[0]} hides a character")
    return backslashes[:-1] + chr(code)


class Cursor:
    """A place in a row of lexemes, the last of which is `END`."""

    def __init__(self, lexemes: list[Lexeme]) -> None:
        self.at = 0
        self._lexemes = lexemes

    @property
    def next(self) -> Lexeme:
        """What stands here."""
        return self._lexemes[self.at]

    @property
    def second(self) -> Lexeme:
        """What stands behind that."""
        return self._lexemes[min(self.at + 1, len(self._lexemes) - 1)]

    def take_sign(self, *signs: str) -> bool:
        """Takes what stands here if it is one of these signs."""
        is_one = self.next.is_sign(*signs)
        self.at += is_one
        return is_one

    def take_name(self, *names: str) -> bool:
        """Takes what stands here if it is one of these names."""
        is_one = self.next.is_name(*names)
        self.at += is_one
        return is_one

    def take_any_name(self) -> str:
        """Takes a name, whatever it is; raises Unreadable where there is none."""
        if self.next.kind != Kind.NAME:
            raise self.make_unreadable()
        self.at += 1
        return self._lexemes[self.at - 1].text

    def take_class_name(self) -> str:
        """Takes `a.b.C`; raises Unreadable where there is none."""
        parts = [self.take_any_name()]
        while self.take_sign("."):
            parts.append(self.take_any_name())
        return ".".join(parts)

    def copy_from(self, begin: int) -> list[Lexeme]:
        """Returns what was taken from there on."""
        return self._lexemes[begin : self.at]

    def make_unreadable(self) -> Unreadable:
        """Returns the error that what stands here does not belong there."""
        text = self.next.text or ("a string" if self.next.kind == Kind.STRING else "")
        return Unreadable(f"'{text}' is not expected there" if text else "it breaks off")
