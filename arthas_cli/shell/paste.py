"""What is pasted: made harmless, and a method's name of an IDE or a stack trace understood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.line.reading import Role, find_piece, read_line
from arthas_cli.line.scan import find_open
from arthas_cli.text import sanitise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.catalogue.model import Command

_NO_BREAK_SPACE = "\u00a0"
_TWO_WORDS = ["class-pattern", "method-pattern"]

_CLASS = r"(?P<cls>[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)*(?:/0x[0-9a-f]+)?)"
_METHOD = r"(?P<method>[^\W\d][\w$]*|<init>|<clinit>)"
# `app//`, `java.base/`, `java.base@17.0.1/`, `app/shop@1.0/` before a frame (StackTraceElement).
_PREFIX = r"(?:[^\s/()]*/){0,2}"
_REFERENCE = re.compile(rf"{_CLASS}(?:#|::){_METHOD}(?:\([^()]*\))?")
_FRAME = re.compile(rf"(?:at\s+)?{_PREFIX}{_CLASS}\.{_METHOD}\s*\([^()]*\)(?:\s*~?\[[^\]]*\])?")


def clean_paste(data: str) -> str:
    """Returns what was pasted as text to edit.

    Line breaks are line feeds, and none is at the end; the no-break spaces of web pages are blanks;
    control characters are visible marks.
    """
    text = data.replace("\r\n", "\n").replace("\r", "\n").replace(_NO_BREAK_SPACE, " ")
    return sanitise(text).rstrip("\n")


def understand_paste(before: str, pasted: str, commands: Mapping[str, Command]) -> str:
    """Returns what to insert behind `before`: `a.b.C m` where a method was pasted and is wanted.

    It is wanted where the next argument is the class, and the one behind it the method; anything
    else stays as it is.
    """
    named = read_method(pasted)
    return " ".join(named) if named and _wants_method(before, commands) else pasted


def read_method(text: str) -> tuple[str, str] | None:
    """Reads `a.b.C#m`, `a.b.C::m`, `at a.b.C.m(C.java:64)`; None where it is nothing like that."""
    stripped = text.strip()
    match = _REFERENCE.fullmatch(stripped) or _FRAME.fullmatch(stripped)
    return (match["cls"], match["method"]) if match else None


def _wants_method(before: str, commands: Mapping[str, Command]) -> bool:
    if find_open(before) is not None:
        return False
    pieces = read_line(before, commands, cursor=len(before))
    number = find_piece(pieces, len(before))
    piece = None if number is None else pieces[number]
    if piece is None or piece.role is not Role.ARGUMENT or piece.word.text or piece.command is None:
        return False
    return [argument.kind for argument in piece.command.arguments][piece.at :][:2] == _TWO_WORDS
