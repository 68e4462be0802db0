"""How what was typed fits the simple name of a class: by its beginning, its humps or its letters.

Humps are the words of a name: `User`, `Service`, `Impl`.
"""

from __future__ import annotations

import re

_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7f]+")


def find_initials(simple: str) -> str:
    """Return the first letters of the humps: `usi` for `UserServiceImpl`."""
    return "".join(hump[0] for hump in _HUMP.findall(simple)).lower()


def make_hump_pattern(word: str) -> re.Pattern[str] | None:
    """Return what names fit whose humps are those of the word, shortened: `svc` for `Service`.

    None for a word of one hump.
    """
    humps = _HUMP.findall(word)
    if len(humps) < 2 or word[1:].islower():  # noqa: PLR2004 - one hump is no pattern
        return None
    inside = "[^A-Z]*?"
    return re.compile("[^A-Z]*".join(inside.join(map(re.escape, hump)) for hump in humps))


def make_letters_pattern(letters: str) -> re.Pattern[str]:
    """Return what lines fit that begin with the first letter and have the others in their order.

    Each is a name in a text of many, found from the line break before it. The pattern never tries
    twice, however long the name.
    """
    first, *others = map(re.escape, letters)
    return re.compile("".join((f"\n{first}", *(f"[^\n{one}]*+{one}" for one in others))))


def holds_letters(name: str, letters: str) -> bool:
    """Return whether the name begins with the first letter and has the others in their order."""
    if name[:1] != letters[:1]:
        return False
    at = 0
    for letter in letters:
        at = name.find(letter, at) + 1
        if not at:
            return False
    return True
