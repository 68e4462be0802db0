"""Whether two lines that enhance may have Arthas keep their listeners in one list.

The list is one of a method of a class, or, of `trace`, of a method that is called from anywhere in
a class. Who calls that method while the second command joins the list may get a
ConcurrentModificationException from Arthas' own code (docs/protocol.md, 3.9).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.guard.patterns import ClassPattern, find_pattern

if TYPE_CHECKING:
    from arthas_cli.line.parse import ParsedLine

_METHODS = "method-pattern"
_CALLED = "trace"
_WILDCARDS = re.compile(r"[*?]")


def may_meet(one: ParsedLine, other: ParsedLine) -> bool:
    """Return whether both may listen to the same calls; of two patterns that is taken for so."""
    classes, others = find_pattern(one), find_pattern(other)
    if classes is None or others is None or not _may_overlap(classes, others):
        return False
    if one.name.text == other.name.text == _CALLED:
        return True
    return _may_overlap(_find_methods(one, classes), _find_methods(other, others))


def _find_methods(parsed: ParsedLine, classes: ClassPattern) -> ClassPattern:
    arguments = parsed.command.arguments if parsed.command else ()
    for argument, token in zip(arguments, parsed.arguments, strict=False):
        if argument.kind == _METHODS:
            return ClassPattern(token.text, "", is_regex=classes.is_regex)
    return ClassPattern("*", "")


def _may_overlap(one: ClassPattern, other: ClassPattern) -> bool:
    for name, pattern in ((one, other), (other, one)):
        if not name.is_regex and not _WILDCARDS.search(name.text):
            number = pattern.count([name.text.replace("/", ".")])
            return number is None or number > 0
    return True
