r"""Makes text of the target JVM fit for a terminal; knows no layout.

What a terminal would obey or hide becomes a visible mark: C0 controls and DEL their Unicode
pictures (`␛`), everything else its code point (`<U+202E>`). Line feeds and tabs are kept.
"""

from __future__ import annotations

import re
from functools import cache
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

# Words shorter than that are near one with so many slips, longer ones with the last.
_SLIPS = ((3, 0), (6, 1), (10, 2))
_MAX_SLIPS = 3

_SPACE = 0x20
_DELETE = 0x7F
_CONTROL_PICTURES = 0x2400
_PICTURE_OF_DELETE = "\u2421"


# Our own signs where the encoding has none of them, each as wide as it is itself.
PLAIN_SIGNS = dict(zip("·–×…⋯→◀❯✓✗─━│├┝└┕", "--x~~><>vx-=|||``", strict=True))


@cache
def list_lacking(encoding: str) -> dict[int, str]:
    """Return those of our signs that the encoding lacks, with what is written instead."""
    return {
        ord(sign): plain
        for sign, plain in PLAIN_SIGNS.items()
        if not sign.encode(encoding, "ignore")
    }


def fit_signs(text: str, encoding: str | None) -> str:
    """Return the text with plain signs for those of our own that the encoding lacks."""
    return text if text.isascii() else text.translate(list_lacking(encoding or "utf-8"))


def _mark(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < _SPACE:
        return chr(_CONTROL_PICTURES + code)
    if code == _DELETE:
        return _PICTURE_OF_DELETE
    return f"<U+{code:04X}>"


def sanitise(text: str) -> str:
    """Return the text with controls, bidi overrides and lone surrogates as visible marks."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_mark, text)


def one_line(text: str) -> str:
    """Return the sanitised text with line feeds and tabs as marks too, for a cell of a table."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE_OR_BREAK.sub(_mark, text)


def keep_end(text: str, most: int) -> str:
    """Return the text, or behind an ellipsis its end, in at most `most` characters."""
    return text if len(text) <= most else f"…{text[1 - most :]}"


def strip_ansi(text: str) -> str:
    """Return the text without the terminal sequences that the server puts into its messages."""
    return _ANSI.sub("", text) if "\x1b" in text else text


def count(number: int, noun: str, plural: str = "") -> str:
    """Return `1 class`, `2 classes`, `17,390 results`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def suggest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a hint: the known word that must have been meant, or `otherwise` if there is none."""
    nearest = find_nearest(word, known)
    return f"did you mean '{nearest}'?" if nearest else otherwise


def find_nearest(word: str, known: Iterable[str]) -> str:
    """Return the one known word that begins so, or that few slips lead to; empty for none.

    Short words are all near each other: one of two letters resembles nothing, and one of five may
    have a single slip.
    """
    most = next((slips for length, slips in _SLIPS if len(word) < length), _MAX_SLIPS)
    if not most:
        return ""
    names = dict.fromkeys(known)
    begun = [name for name in names if name.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    near = [name for name in names if abs(len(name) - len(word)) <= most]
    slips = {name: _count_slips(word.lower(), name.lower()) for name in near}
    best = min(slips, key=lambda name: slips[name], default="")
    return best if best and slips[best] <= most else ""


def _count_slips(typed: str, meant: str) -> int:
    """Return how many letters are wrong, missing, too many or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for at, letter in enumerate(typed):
        last, before, row = before, row, [at + 1]
        for number, wanted in enumerate(meant):
            least = min(before[number] + (letter != wanted), before[number + 1] + 1, row[-1] + 1)
            if at and number and (letter, typed[at - 1]) == (meant[number - 1], wanted):
                least = min(least, last[number - 1] + 1)
            row.append(least)
    return row[-1]
