r"""Goes through the lexemes of an OGNL expression; refuses what is no OGNL, or hides what it is.

A unicode escape is read before anything else, also outside strings (seen on 3.4.6 and 4.1.5:
`\u0040C\u0040m()` calls a static method), so one that stands for an ASCII character is refused.
"""

from __future__ import annotations

import re

from arthas_cli.line.lexemes import Kind, Lexeme, split_lexemes


class Unreadable(Exception):
    """What is no OGNL, or hides what it is; the message says which."""


_LAST_ASCII = 0x7F
_LONGEST_SHOWN = 20
_ESCAPE = re.compile(r"(\\+)u+([0-9A-Fa-f]{4})?")


def split_expression(text: str) -> list[Lexeme]:
    """Returns the lexemes, the last one of the kind END; escapes are read first.

    Raises:
        Unreadable: a string that is not closed, a character that OGNL has not, a hidden one.
    """
    plain = _ESCAPE.sub(_unescape, text)
    lexemes = list(split_lexemes(plain))
    wrong = next((lexeme for lexeme in lexemes if lexeme.is_wrong), None)
    if wrong is not None:
        shown = plain[wrong.start : wrong.start + _LONGEST_SHOWN]
        raise Unreadable(f"what begins with {shown!r} is no OGNL")
    return [*lexemes, Lexeme(Kind.END, "", len(plain), len(plain))]


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
    """A place in a row of lexemes, the last of which is of the kind END."""

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

    def make_unreadable(self) -> Unreadable:
        """Returns the error that what stands here does not belong there."""
        text = self.next.text or ("a string" if self.next.kind == Kind.STRING else "")
        return Unreadable(f"'{text}' is not expected there" if text else "it breaks off")
