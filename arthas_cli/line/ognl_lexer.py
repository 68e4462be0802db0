"""Splits an OGNL expression into its smallest parts, as OGNL's own lexer does.

Never raises: a string that is not closed and a character that OGNL has not are parts that are
marked. Colours, brackets and the guard all see the same parts.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Kind(StrEnum):
    """The kinds of lexemes; words such as `and` are names here, and END is what a reader adds."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    SIGN = "sign"
    ODD = "odd"
    END = "end"


class Lexeme(NamedTuple):
    """One part: `text` as it stands there, of a string what is between its quotes.

    `start` and `end` are its place, quotes included. `is_wrong`: a string that is not closed or,
    with the kind ODD, a character that OGNL has not.
    """

    kind: Kind
    text: str
    start: int
    end: int
    is_wrong: bool = False

    def is_sign(self, *texts: str) -> bool:
        """Return whether it is one of these signs."""
        return self.kind is Kind.SIGN and self.text in texts

    def is_name(self, *texts: str) -> bool:
        """Return whether it is one of these names."""
        return self.kind is Kind.NAME and self.text in texts


# The letters of OGNL, which are not all that there are (no Korean ones); digits beyond ASCII too.
_LETTER = (
    r"A-Za-z_$\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u1FFF\u3040-\u318F\u3300-\u337F"
    r"\u3400-\u3D2D\u4E00-\u9FFF\uF900-\uFAFF"
)
_NAME = rf"[{_LETTER}][{_LETTER}0-9]*|\#this|\#root"
_PARTS = re.compile(
    r"""
    (?P<blank>[ \t\f\r\n]+)
    | (?P<name>"""
    + _NAME
    + r""")
    | (?P<number>0[xX][0-9a-fA-F]+[lLhH]?
        | (?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[bBdDfF]?
        | [0-9]+(?:[eE][+-]?[0-9]+[bBdDfF]?|[bBdDfF])
        | (?:0[0-7]*|[1-9][0-9]*)[lLhH]?)
    | "(?P<double>(?:[^"\\]|\\.)*+)(?P<end2>")?
    | '(?P<single>(?:[^'\\]|\\.)*+)(?P<end1>')?
    | `(?P<back>(?:[^`\\]|\\.)*+)(?P<end3>`)?
    | (?P<sign>\[[\^|$*]\] | >>> | << | >> | <= | >= | == | != | && | \|\|
        | [-+*/%~!<>=&|^?:,.\#@(){}\[\]])
    | (?P<odd>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {
    "name": Kind.NAME,
    "number": Kind.NUMBER,
    "sign": Kind.SIGN,
    "odd": Kind.ODD,
}
# The last group of a string that is whole, and the group of what is in it.
_STRINGS = {"end2": "double", "end1": "single", "end3": "back"}
_OPENS = {"(": ")", "[": "]", "{": "}"}
_BRACKETS = frozenset({*_OPENS, *_OPENS.values()})


def split_lexemes(text: str) -> Iterator[Lexeme]:
    """Yield the lexemes in their order; between them are blanks alone."""
    for match in _PARTS.finditer(text):
        group = match.lastgroup or ""
        kind = _KINDS.get(group)
        if kind is not None:
            yield Lexeme(kind, match.group(), match.start(), match.end(), group == "odd")
        elif group != "blank":
            inner = match.group(_STRINGS.get(group, group))
            is_open = group not in _STRINGS
            yield Lexeme(Kind.STRING, inner, match.start(), match.end(), is_open)


def find_unmatched(lexemes: Iterable[Lexeme]) -> tuple[list[Lexeme], list[Lexeme]]:
    """Return the brackets without their other half: those that close, and those that open."""
    closing: list[Lexeme] = []
    opening: list[Lexeme] = []
    for lexeme in lexemes:
        sign = lexeme.text
        if lexeme.kind is not Kind.SIGN or sign not in _BRACKETS:
            continue
        if sign in _OPENS:
            opening.append(lexeme)
        elif opening and _OPENS[opening[-1].text] == sign:
            opening.pop()
        else:
            closing.append(lexeme)
    return closing, opening
