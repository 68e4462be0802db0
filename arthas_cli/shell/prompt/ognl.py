"""Colours an OGNL expression while it is typed; knows its parts and brackets, not the grammar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.line.ognl_lexer import Kind, find_unmatched, split_lexemes

if TYPE_CHECKING:
    from arthas_cli.line.ognl_lexer import Lexeme

Fragments = list[tuple[str, str]]

# What Arthas puts into the context of a condition or an expression.
_ROOTS = "params returnObj throwExp target clazz method loader isBefore isThrow isReturn"
_KEYWORDS = (
    "true false null this new instanceof in not and or xor eq neq lt lte gt gte band bor shl shr"
)
_STYLES_OF_NAMES = {
    **dict.fromkeys(_ROOTS.split(), "class:ognl.root"),
    **dict.fromkeys(_KEYWORDS.split(), "class:ognl.keyword"),
}
_BRACKET = "class:ognl.bracket"
_STYLES_OF_SIGNS = {
    **dict.fromkeys(("(", ")", "[", "]", "{", "}"), _BRACKET),
    "=": "class:ognl.assign",
    "#": "class:ognl.variable",
    "@": "class:ognl.static",
}
_STYLES = {Kind.NUMBER: "class:ognl.number", Kind.STRING: "class:ognl.string"}
_NAME, _CALL, _OPERATOR = "class:ognl.name", "class:ognl.call", "class:ognl.operator"
_WRONG = "class:line.wrong"
# What has one colour: the class before a static member, a variable.
_JOINED = re.compile(r"@[\w.$]*+@?+|#(?:[^\W\d][\w$]*+)?+")
# Odd, but perhaps only for now: within the line's own quotes they stand before what they guard.
_MAY_STAND = "\\`"


def colour_ognl(text: str, *, is_whole: bool = True) -> Fragments:
    """Return the text in pieces with their styles; a bracket without its other half is marked.

    `is_whole`: no more is to come, so that brackets that are open count too. A character that OGNL
    has not is marked as well.
    """
    fragments: Fragments = []
    brackets: list[Lexeme] = []
    numbers: list[int] = []  # of their fragments
    at = 0
    for lexeme in split_lexemes(text):
        kind, part, start, end, _ = lexeme
        if start < at:  # within a `@a.B@`
            continue
        if start > at:
            fragments.append(("", text[at:start]))
        at = end
        if kind is Kind.NAME:
            style = _STYLES_OF_NAMES.get(part) or (_CALL if text[end : end + 1] == "(" else _NAME)
        elif kind is Kind.SIGN:
            style = _STYLES_OF_SIGNS.get(part, _OPERATOR)
            if style is _BRACKET:
                brackets.append(lexeme)
                numbers.append(len(fragments))
            elif part in "@#" and (joined := _JOINED.match(text, start)):
                at = joined.end()
        elif kind is Kind.ODD:
            style = "" if part in _MAY_STAND else _WRONG
        else:
            style = _STYLES[kind]
        fragments.append((style, text[start:at]))
    _mark_unmatched(fragments, brackets, numbers, is_whole=is_whole)
    return [*fragments, ("", text[at:])] if at < len(text) else fragments


def _mark_unmatched(
    fragments: Fragments, brackets: list[Lexeme], numbers: list[int], *, is_whole: bool
) -> None:
    closing, opening = find_unmatched(brackets)
    wrong = {each.start for each in (*closing, *(opening if is_whole else ()))}
    for bracket, number in zip(brackets, numbers, strict=True):
        if bracket.start in wrong:
            fragments[number] = (_WRONG, bracket.text)
