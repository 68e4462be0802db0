"""What is pasted: made harmless, and a method's name or a session of a terminal understood.

Nothing is run by it: what is left of a paste is shown, and waits for Enter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.line.reading import Role, find_piece, read_line
from arthas_cli.line.scan import find_open
from arthas_cli.text import sanitise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.catalogue.model import Command

_TWO_WORDS = ["class-pattern", "method-pattern"]

# What is kept as it is: what stands in quotes, and what a backslash guards.
_KEPT = r"""'[^']*+(?:'|\Z)|"(?:\\.|[^"\\])*+(?:"|\Z)"""
# At the end of a line a backslash has the next line continue it.
_CONTINUED = re.compile(rf"(?s:{_KEPT})|(?P<break>(?<![ \t])[ \t]*+\\[ \t]*\n[ \t]*)|\\.")
# Every blank of Unicode but the one of the keyboard: full-width, thin, those that do not break.
_WIDE = re.compile(rf"(?s:{_KEPT})|\\.|(?P<blank>[\u1680\u2000-\u200a\u202f\u205f\u3000])")
_NO_BREAK_SPACE = "\u00a0"

# `[arthas@17962]$ `, `shop-prod [db.shop arthas@2995 demo.MathGame read-only] ❯ `.
_PROMPT = re.compile(
    r"[ \t]*(?:[^\s\[\]]+ )?\[[^\[\]\n]{0,99}?arthas@[^\[\]\n]{0,99}\][ \t]*[$❯>#][ \t]*"
)
_DOTS = re.compile(r"^[ \t]*… ")  # before a line that goes on behind an open quote
_SIGN = re.compile(r"[ \t]*[$❯][ \t]+")

_CLASS = r"(?P<cls>[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)*(?:/0x[0-9a-f]+)?)"
_METHOD = r"(?P<method>[^\W\d][\w$]*|<init>|<clinit>)"
# `app//`, `java.base/`, `java.base@17.0.1/`, `app/shop@1.0/` before a frame (StackTraceElement).
_PREFIX = r"(?:[^\s/()]*/){0,2}"
# How an IDE, a stack trace, and what `stack`, `trace` and `watch` show, name a method.
_REFERENCE = re.compile(rf"{_CLASS}(?:#|::){_METHOD}(?:\([^()]*\))?")
_FRAME = re.compile(
    rf"(?:at\s+|@)?{_PREFIX}{_CLASS}\.{_METHOD}\s*\((?P<place>[^()]*)\)"
    r"(?:\s*\((?P<further>[^()]*)\))?(?:\s*~?\[[^\]]*\])?"
)
_TRACED = re.compile(rf"[^\w\[\]()]*(?:\[[^\[\]]*\]\s*)?{_CLASS}:{_METHOD}\(\)(?:\s.*)?")
_WATCHED = re.compile(rf"method={_CLASS}\.{_METHOD}\s+location=\w+")


def clean_paste(data: str) -> str:
    """Return what was pasted as text to edit.

    Line breaks are line feeds, and none is at the end; other blanks are those of the keyboard, but
    in quotes, where only the no-break spaces of web pages are; control characters are visible
    marks.
    """
    text = data.replace("\r\n", "\n").replace("\r", "\n").replace(_NO_BREAK_SPACE, " ")
    text = _WIDE.sub(lambda found: " " if found["blank"] else found[0], text)
    return sanitise(text).rstrip("\n")


def read_session(text: str) -> str:
    """Return the commands of what was copied from a terminal: no prompts, nothing they answered.

    A text without a prompt before its first line, or with none of Arthas, is all commands.
    """
    lines = text.split("\n")
    is_copied = any(map(_PROMPT.match, lines)) or _SIGN.match(text.lstrip("\n")) is not None
    if not is_copied:
        return text
    commands: list[str] = []
    for line in lines:
        if command := _drop_prompt(line):
            commands.append(command)
        elif commands and find_open(commands[-1]) is not None:
            commands[-1] += "\n" + _DOTS.sub("", line)
    return "\n".join(commands)


def _drop_prompt(line: str) -> str:
    """Return the command behind a prompt, or behind several; nothing for a line without one."""
    at = 0
    while found := (_PROMPT.match(line, at) or _SIGN.match(line, at)):
        at = found.end()
    return line[at:].rstrip() if at else ""


def understand_paste(before: str, pasted: str, commands: Mapping[str, Command]) -> str:
    """Return what to insert behind `before`: `a.b.C m` where a method was pasted and is wanted.

    It is wanted where the next argument is the class, and the one behind it the method. At the
    beginning of a line it is the commands of a session. Anything else stays as it is, but for lines
    that a backslash at the end of a line continues: they are joined.
    """
    if find_open(before) is not None:
        return pasted
    pasted = _CONTINUED.sub(lambda found: " " if found["break"] else found[0], pasted)
    if not before.strip():
        return read_session(pasted)
    named = read_method(pasted)
    return " ".join(named) if named and wants_method(before, commands) else pasted


def read_method(text: str) -> tuple[str, str] | None:
    """Read `a.b.C#m`, `at a.b.C.m(C.java:64)`, `[0.2ms] a.b.C:m() #23`; None for anything else."""
    stripped = text.strip()
    for writer in (_REFERENCE, _FRAME, _TRACED, _WATCHED):
        match = writer.fullmatch(stripped)
        if match:
            return match["cls"], match["method"]
    return None


def read_frame(line: str) -> tuple[str, str, str] | None:
    """Read a line of a stack trace as class, method and place (`C.java:64`, or empty)."""
    match = _FRAME.fullmatch(line.strip())
    return match and (match["cls"], match["method"], match["further"] or match["place"])


def wants_method(before: str, commands: Mapping[str, Command]) -> bool:
    """Return whether a class and its method may stand behind `before`."""
    pieces = read_line(before, commands, cursor=len(before))
    number = find_piece(pieces, len(before))
    piece = None if number is None else pieces[number]
    if piece is None or piece.role is not Role.ARGUMENT or piece.word.text or piece.command is None:
        return False
    return [argument.kind for argument in piece.command.arguments][piece.at :][:2] == _TWO_WORDS
