r"""Goes through the lexemes of an OGNL expression; refuses what is no OGNL, or hides what it is.

A unicode escape is read before anything else, also outside strings (seen on 3.4.6 and 4.1.5:
`\u0040C\u0040m()` calls a static method), so one that stands for an ASCII character is refused.
"""

from __future__ import annotations

import re

from arthas_cli.line.ognl_lexer import Kind, Lexeme, split_lexemes


class Unreadable(Exception):
    """What is no OGNL; the message says why, `place` from where to where, None for no place.

    `cure`: what was probably meant, empty where that is not known.
    """

    def __init__(self, message: str, place: tuple[int, int] | None = None, cure: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.cure = cure


class Unclear(Unreadable):
    """What may be OGNL all the same, but hides what it is, or is nested too deeply."""


_LAST_ASCII = 0x7F
_LONGEST_SHOWN = 20
_DEEPEST = 50
_ESCAPE = re.compile(r"(\\+)u+([0-9A-Fa-f]{4})?")
_ODD_ESCAPE = re.compile(r"(?:[^\\]|\\[nrtbf'`\"\\0-7])*+(\\.)", re.DOTALL)
# The operators that are words.
BETWEEN_WORDS = (
    *("or", "and", "bor", "xor", "band", "eq", "neq", "lt", "gt", "lte", "gte"),
    *("shl", "shr", "ushr", "in"),
)
# Words that cannot be names; `#this` and `#root` are words even where letters follow.
_KEYWORDS = frozenset(
    {
        *BETWEEN_WORDS,
        *("true", "false", "null", "new", "instanceof", "not", "$", "#this", "#root"),
    }
)


def split_expression(text: str) -> list[Lexeme]:
    """Return the lexemes, the last one of the kind END; escapes are read first.

    Where there are any, the places are those in the text as it is then.

    Raises:
        Unclear: an escape hides a character.
        Unreadable: a string that is not closed, a character that OGNL has not.
    """
    plain = _ESCAPE.sub(_unescape, text)
    lexemes = list(split_lexemes(plain))
    wrong = next((lexeme for lexeme in lexemes if lexeme.is_wrong), None)
    if wrong is not None:
        shown = plain[wrong.start : wrong.start + _LONGEST_SHOWN]
        message = f"what begins with {shown!r} is not OGNL"
        raise Unreadable(message, (wrong.start, wrong.end))
    for lexeme in lexemes:
        odd = _ODD_ESCAPE.match(lexeme.text) if lexeme.kind == Kind.STRING else None
        if odd is not None:
            place = (lexeme.start + 1 + odd.start(1), lexeme.start + 1 + odd.end(1))
            raise Unreadable(f"'{odd[1]}' stands for nothing", place)
    return [*lexemes, Lexeme(Kind.END, "", len(plain), len(plain))]


def _unescape(match: re.Match[str]) -> str:
    """Read an escape as the lexer does: the backslash before it must be an odd one."""
    backslashes, digits = match[1], match[2]
    if len(backslashes) % 2 == 0:
        return match[0]
    code = int(digits, 16) if digits else 0
    if code <= _LAST_ASCII:
        raise Unclear(f"{match[0]} hides a character")
    return backslashes[:-1] + chr(code)


class Cursor:
    """A place in a row of lexemes, the last of which is of the kind END."""

    def __init__(self, lexemes: list[Lexeme]) -> None:
        self.at = 0
        self._lexemes = lexemes
        self._depth = 0

    @property
    def next(self) -> Lexeme:
        """What stands here."""
        return self._lexemes[self.at]

    @property
    def second(self) -> Lexeme:
        """What stands behind that."""
        return self._lexemes[min(self.at + 1, len(self._lexemes) - 1)]

    def take_sign(self, *signs: str) -> bool:
        """Take what stands here if it is one of these signs."""
        is_one = self.next.is_sign(*signs)
        self.at += is_one
        return is_one

    def take_name(self, *names: str) -> bool:
        """Take what stands here if it is one of these names."""
        is_one = self.next.is_name(*names)
        self.at += is_one
        return is_one

    def require_sign(self, sign: str) -> None:
        """Take that sign; raises Unreadable where something else stands."""
        if not self.take_sign(sign):
            raise self.make_unreadable()

    def take_any_name(self) -> str:
        """Take a name, whatever it is; raises Unreadable where there is none."""
        if self.next.kind != Kind.NAME or self.next.text in _KEYWORDS:
            raise self.make_unreadable()
        self.at += 1
        return self._lexemes[self.at - 1].text

    def take_class_name(self) -> str:
        """Take `a.b.C`; raises Unreadable where there is none."""
        parts = [self.take_any_name()]
        while self.take_sign("."):
            parts.append(self.take_any_name())
        return ".".join(parts)

    def nest(self, by: int) -> None:
        """Go that much deeper; raises Unclear where that is too deep."""
        self._depth += by
        if self._depth > _DEEPEST:
            raise Unclear("it is nested too deeply")

    def make_unreadable(self) -> Unreadable:
        """Return the error that what stands here does not belong there."""
        lexeme = self.next
        text = lexeme.text or ("a string" if lexeme.kind == Kind.STRING else "")
        message = f"'{text}' is not expected there" if text else "it ends too early"
        return Unreadable(message, (lexeme.start, lexeme.end))
