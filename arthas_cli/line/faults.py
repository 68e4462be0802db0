"""What is wrong with an OGNL expression or condition, its place and the cure.

Refused is what OGNL refuses, and an assignment where a condition stands: it would be carried out at
each call. The server takes any text, enhances, and fails at the first call (seen on 4.1.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.cursor import Unclear, Unreadable
from arthas_cli.line.nodes import Node, Part
from arthas_cli.line.ognl import parse_expression
from arthas_cli.line.ognl_lexer import Kind, Lexeme, find_unmatched, split_lexemes
from arthas_cli.line.values import CONDITION, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_EMPTY, _LEFT_OUT = "the expression is empty", "write one, or leave it out"
_QUOTES = "'\"`"
_LOGIC = ("&&", "||", "and", "or")
_NOTS = ("!", "not")
_OPERANDS = (Kind.NAME, Kind.NUMBER, Kind.STRING)
_CLOSING = (")", "]", "}")
# Where escapes are, a place in what they stand for is none in the text.
_HIDING = "\\u"


def find_expression_fault(kind: str, text: str) -> Fault | None:
    """Return why the text cannot be an expression of that kind, None where it can or may."""
    if not text:  # as a condition Arthas takes that for none
        return None if kind == CONDITION else Fault(_EMPTY, _LEFT_OUT)
    try:
        node = parse_expression(text)
    except Unclear:
        return None
    except Unreadable as error:
        return _explain(text, error)
    wrong = next(_find_assignments(node, is_condition=kind == CONDITION), None)
    if wrong is None:
        return None
    place = None if _HIDING in text else wrong.place
    return Fault("'=' assigns a value at each call", "use '=='", place)


def _explain(text: str, error: Unreadable) -> Fault:
    """Return what to say of an expression that OGNL refuses."""
    place = error.place
    if place is None or _HIDING in text:
        return Fault(f"this is not OGNL: {error}")
    from arthas_cli.line.slips import find_slip  # most expressions are right

    return find_slip(text, place[0]) or find_unbalanced(text) or _explain_lexeme(text, error, place)


def find_unbalanced(text: str) -> Fault | None:
    """Return the first bracket or quote of an expression that has no other half."""
    lexemes = list(split_lexemes(text))
    closing, opening = find_unmatched(lexemes)
    quotes = [each for each in lexemes if each.is_wrong and text[each.start] in _QUOTES]
    first = min([*closing[:1], *quotes[:1]], key=lambda lexeme: lexeme.start, default=None)
    if first is not None:
        sign, place = text[first.start], (first.start, first.start + 1)
        if sign in _QUOTES:
            return Fault(f"the {sign} of the expression is not closed", place=place)
        return Fault(f"'{sign}' closes nothing that is open", place=place)
    if not opening:
        return None
    start = opening[-1].end - 1
    return Fault(f"'{text[start]}' is not closed", place=(start, start + 1))


def _explain_lexeme(text: str, error: Unreadable, place: tuple[int, int]) -> Fault:
    """Return what is wrong with a part by itself, or with its place behind the one before."""
    lexemes = list(split_lexemes(text))
    at = next((n for n, lexeme in enumerate(lexemes) if lexeme.end > place[0]), len(lexemes))
    before = lexemes[at - 1] if at else None
    if before is None and at == len(lexemes):
        return Fault(_EMPTY, _LEFT_OUT, place)
    if before is not None and at == len(lexemes):
        end = text[before.start : before.end]
        return Fault(f"the expression ends after '{end}'", f"complete it, or remove '{end}'", place)
    lexeme = lexemes[at]
    if lexeme.kind is Kind.ODD:
        return Fault(f"'{lexeme.text}' has no meaning in OGNL", place=place)
    return Fault(str(error), error.cure or _find_cure(before, lexeme), place)


def _find_cure(before: Lexeme | None, lexeme: Lexeme) -> str:
    """Return what to do about a part that stands behind another in vain."""
    if before is None:
        return ""
    if before.is_sign(".") and lexeme.kind is Kind.NAME:
        return f"use ['{lexeme.text}'] instead of '.{lexeme.text}', which is a word of OGNL"
    is_behind = before.kind in _OPERANDS or before.is_sign(*_CLOSING)
    if is_behind and lexeme.kind in _OPERANDS:
        return "put an operator between the two, as '&&', '==' or ','"
    return ""


def _find_assignments(node: Node, *, is_condition: bool) -> Iterator[Node]:
    """Yield the assignments whose value is taken for true or false."""
    if node.kind is Part.ASSIGNMENT and is_condition:
        yield node
    for number, part in enumerate(node.parts):
        yield from _find_assignments(part, is_condition=_is_condition(node, number, is_condition))


def _is_condition(node: Node, number: int, is_whole: bool) -> bool:  # noqa: FBT001 - of two nodes
    """Return whether a part is taken for true or false; `is_whole`: its node is."""
    match node.kind:
        case Part.SELECTION:
            return True
        case Part.PREFIX:
            return node.words[-1] in _NOTS
        case Part.SEQUENCE:
            return is_whole and number == len(node.parts) - 1
        case Part.CHOICE:
            is_test = number % 2 == 0 and number < len(node.parts) - 1
            return is_test or is_whole
        case Part.ROW:
            return all(each in _LOGIC for each in node.words[max(0, number - 1) : number + 1])
        case _:
            return False
