"""Patterns that may hit many classes, and the question that counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.line.tokens import quote_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.line.parse import ParsedLine

# More classes than this are worth a question.
MANY = 50

_CLASSES = "class-pattern"
_WILDCARDS = "*?"
_MOST_OPTION = "--maxMatch"


@dataclass(frozen=True, slots=True)
class WidePattern:
    """A pattern of classes that a line would enhance.

    `count_line`: the command that lists what it hits. `most`: the server enhances none of more
    classes than that (from 3.6.8 on). `is_regex`: the text is a regular expression of Java's.
    """

    text: str
    count_line: str
    most: int = MANY
    is_regex: bool = False

    def count(self, names: Iterable[str]) -> int | None:
        """Returns how many of the names it fits; None where it means nothing here."""
        signs = {"*": ".*", "?": "."}
        wildcards = (signs.get(sign) or re.escape(sign) for sign in self.text)
        try:
            fits = re.compile(self.text if self.is_regex else "".join(wildcards)).fullmatch
        except re.error:
            return None
        return sum(1 for name in names if fits(name))


def find_wide_pattern(parsed: ParsedLine) -> WidePattern | None:
    """Returns the pattern of a line that enhances; None where it can hit but few classes."""
    command = parsed.command
    if command is None or not command.enhances or parsed.asks_help:
        return None
    if command.streaming_options and not any(map(parsed.find, command.streaming_options)):
        return None
    patterns = [
        token.text
        for argument, token in zip(command.arguments, parsed.arguments, strict=False)
        if argument.kind == _CLASSES
    ]
    named = parsed.find("--class")
    patterns += [named.value] if named is not None and named.value is not None else []
    is_regex = parsed.find("--regex") is not None
    for text in patterns:
        if is_regex or any(sign in text for sign in _WILDCARDS):
            line = f"sc {'-E ' if is_regex else ''}-- {quote_word(text)}"
            return WidePattern(text, line, find_most_matches(parsed), is_regex)
    return None


def find_most_matches(parsed: ParsedLine) -> int:
    """Returns how many classes the server enhances at most for a line; of more, none at all."""
    given = parsed.find(_MOST_OPTION)
    text = (given.value if given else None) or ""
    return int(text) if text.isdecimal() else MANY
