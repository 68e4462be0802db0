r"""Makes text of the target JVM fit for a terminal; knows no layout.

What a terminal would obey or hide becomes a visible mark: C0 controls and DEL their Unicode
pictures (`␛`), everything else its code point (`<U+202E>`). Line feeds and tabs are kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# C0 without tab and line feed, DEL, C1; what turns the direction of writing; what separates lines
# unseen; what shows nothing and hides text; halves of a surrogate pair. Zero width joiners and
# variation selectors stay: scripts and emoji need them, and they hide nothing.
_UNSEEN = (
    "\x7f-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\u2028\u2029"
    "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
    "\ud800-\udfff"
)
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f{_UNSEEN}]")
_UNSAFE_OR_BREAK = re.compile(f"[\x00-\x1f{_UNSEEN}]")

# CSI, then OSC and its like up to their terminator, then the two-byte sequences (ECMA-48).
_ANSI = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[P\]X^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]"
)

_SPACE = 0x20
_DELETE = 0x7F
_CONTROL_PICTURES = 0x2400
_PICTURE_OF_DELETE = "\u2421"


def _mark(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < _SPACE:
        return chr(_CONTROL_PICTURES + code)
    if code == _DELETE:
        return _PICTURE_OF_DELETE
    return f"<U+{code:04X}>"


def sanitise(text: str) -> str:
    """Returns the text with controls, bidi overrides and lone surrogates as visible marks."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_mark, text)


def one_line(text: str) -> str:
    """Returns the sanitised text with line feeds and tabs as marks too, for a cell of a table."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE_OR_BREAK.sub(_mark, text)


def strip_ansi(text: str) -> str:
    """Returns the text without the terminal sequences that the server puts into its messages."""
    return _ANSI.sub("", text) if "\x1b" in text else text


def count(number: int, noun: str, plural: str = "") -> str:
    """Returns `1 class`, `2 classes`, `17,390 results`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def suggest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Returns a hint: the known word that is nearest, or `otherwise` if none is near."""
    from difflib import get_close_matches  # for what is wrong alone, and long to load

    close = get_close_matches(word, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else otherwise
