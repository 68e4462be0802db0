"""The patterns of classes in a line: what it enhances or resets, and the question what they hit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.line.tokens import quote_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arthas_cli.line.parse import ParsedLine

# More classes than this are worth a question.
MANY = 50

_CLASSES = "class-pattern"
_WILDCARDS = "*?"
_MAX_OPTION = "--maxMatch"


@dataclass(frozen=True, slots=True)
class ClassPattern:
    """A pattern of classes in a line.

    `count_line`: the command that lists what a line that enhances hits by it. `most`: the server
    enhances none of more classes than that (from 3.6.8 on). `is_regex`: the text is a regular
    expression of Java's.
    """

    text: str
    count_line: str
    most: int = MANY
    is_regex: bool = False

    def count(self, names: Iterable[str]) -> int | None:
        """Return how many of the names it fits; None where it means nothing here."""
        try:
            return len(self.choose(names))
        except re.error:
            return None

    def choose(self, names: Iterable[str]) -> list[str]:
        """Return the names that it fits; raises `re.error` where it means nothing here."""
        signs = {"*": ".*", "?": "."}
        wildcards = (signs.get(sign) or re.escape(sign) for sign in self.text.replace("/", "."))
        fits = re.compile(self.text if self.is_regex else "".join(wildcards)).fullmatch
        return [name for name in names if fits(name)]


def find_wide_pattern(parsed: ParsedLine) -> ClassPattern | None:
    """Return the pattern of a line that enhances; None where it can hit but few classes."""
    found = find_pattern(parsed)
    is_wide = found is not None and (
        found.is_regex or any(sign in found.text for sign in _WILDCARDS)
    )
    return found if is_wide else None


def find_pattern(parsed: ParsedLine) -> ClassPattern | None:
    """Return the pattern of a line that enhances, None for any other line."""
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
    return _make_pattern(parsed, patterns[0]) if patterns else None


def find_reset_pattern(parsed: ParsedLine) -> ClassPattern | None:
    """Return the pattern of a line that resets, None where it resets all."""
    return _make_pattern(parsed, parsed.arguments[0].text) if parsed.arguments else None


def find_left_out(parsed: ParsedLine) -> ClassPattern | None:
    """Return the pattern of what a line that enhances leaves alone, None for nothing."""
    given = parsed.find("--exclude-class-pattern")
    return _make_pattern(parsed, given.value) if given is not None and given.value else None


def make_reset_line(names: Sequence[str]) -> str:
    """Return the command that takes back what was enhanced in these classes and in no others."""
    if len(names) == 1:
        return f"reset {quote_word(names[0])}"
    return f"reset -E {quote_word('|'.join(map(re.escape, names)))}"


def _make_pattern(parsed: ParsedLine, text: str) -> ClassPattern:
    is_regex = parsed.find("--regex") is not None
    line = f"sc {'-E ' if is_regex else ''}-- {quote_word(text)}"
    return ClassPattern(text, line, find_most_matches(parsed), is_regex)


def find_most_matches(parsed: ParsedLine) -> int:
    """Return how many classes the server enhances at most for a line; of more, none at all."""
    given = parsed.find(_MAX_OPTION)
    text = (given.value if given else None) or ""
    return int(text) if text.isdecimal() else MANY
