"""Java names: packages shortened in the middle, descriptors in the words of the source."""

from __future__ import annotations

import re
from functools import lru_cache

from arthas_cli.views.lines import width_of

_PACKAGE = re.compile(r"(?<![\w$.])(?:[^\W\d][\w$]*\.)+(?=[^\W\d])")
_TYPE = re.compile(r"(\[*)(?:([ZBCSIJFDV])|L([^;]+);)")
_PRIMITIVES = {
    "Z": "boolean",
    "B": "byte",
    "C": "char",
    "S": "short",
    "I": "int",
    "J": "long",
    "F": "float",
    "D": "double",
    "V": "void",
}


def shorten_names(text: str, width: int) -> str:
    """Shorten packages from the left until the text fits: `c.s.order.OrderService`.

    Each segment keeps its first letter, the class its whole name; what is no class name stays.
    """
    excess = width_of(text) - width

    def shorten(package: re.Match[str]) -> str:
        nonlocal excess
        segments = package[0].split(".")
        for at, segment in enumerate(segments):
            if excess <= 0:
                break
            if len(segment) > 1:
                excess -= width_of(segment) - width_of(segment[0])
                segments[at] = segment[0]
        return ".".join(segments)

    return _PACKAGE.sub(shorten, text) if excess > 0 else text


@lru_cache(maxsize=4096)
def read_descriptor(descriptor: str) -> str:
    """Return `(int, java.lang.String): void` for `(ILjava/lang/String;)V`; else as it is."""
    head, bracket, tail = descriptor.partition(")")
    if not bracket or not head.startswith("("):
        return descriptor
    parameters, returned = _read_types(head[1:]), _read_types(tail)
    if parameters is None or returned is None or len(returned) != 1:
        return descriptor
    return f"({', '.join(parameters)}): {returned[0]}"


def _read_types(text: str) -> list[str] | None:
    types: list[str] = []
    at = 0
    while at < len(text):
        match = _TYPE.match(text, at)
        if match is None:
            return None
        name = _PRIMITIVES[match[2]] if match[2] else match[3].replace("/", ".")
        types.append(name + "[]" * len(match[1]))
        at = match.end()
    return types
