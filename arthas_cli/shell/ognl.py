"""Colours an OGNL expression while it is typed; knows tokens and brackets, not the grammar."""

from __future__ import annotations

import re

Fragments = list[tuple[str, str]]

# What Arthas puts into the context of a condition or an expression.
_ROOTS = "params|returnObj|throwExp|target|clazz|method|loader|isBefore|isThrow|isReturn"
_KEYWORDS = (
    "true|false|null|this|new|instanceof|in|not|and|or|xor|eq|neq|lt|lte|gt|gte|band|bor|shl|shr"
)
_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?)"""
    r"""|(?P<static>@[\w.$]*+@?+)"""
    r"""|(?P<variable>\#\w*+)"""
    r"""|(?P<number>\d\w*+(?:\.\d\w*+)?+)"""
    rf"""|(?P<root>(?:{_ROOTS})(?![\w$]))"""
    rf"""|(?P<keyword>(?:{_KEYWORDS})(?![\w$]))"""
    r"""|(?P<call>[^\W\d][\w$]*+(?=\())"""
    r"""|(?P<name>[^\W\d][\w$]*+)"""
    r"""|(?P<bracket>[][(){}])"""
    r"""|(?P<operator>[=!<>]=|<<|>>>?|&&|\|\||[-+*/%<>!&|^~?:.,;])"""
    r"""|(?P<assign>=)"""
    r"""|(?P<other>[^\w"'@\#\[\](){}=!<>&|*/%^~?:.,;+-]++|.)""",
    re.DOTALL,
)
_STYLES = {name: f"class:ognl.{name}" for name in _TOKEN.groupindex}
_PAIRS = {")": "(", "]": "[", "}": "{"}
_WRONG = "class:line.wrong"


def colour_ognl(text: str, *, is_whole: bool = True) -> Fragments:
    """Returns the text in pieces with their styles; a bracket without its other half is marked.

    `is_whole`: no more is to come, so that brackets that are open count too.
    """
    fragments: Fragments = []
    opened: list[tuple[str, int]] = []
    wrong: list[int] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        group = match.lastgroup or "other"
        if group == "bracket":
            if token not in _PAIRS:
                opened.append((token, len(fragments)))
            elif opened and opened[-1][0] == _PAIRS[token]:
                opened.pop()
            else:
                wrong.append(len(fragments))
        fragments.append((_STYLES[group], token))
    if is_whole:
        wrong += [number for _, number in opened]
    for number in wrong:
        fragments[number] = (_WRONG, fragments[number][1])
    return fragments
