"""Which typed lines hold a secret, so that nothing remembers them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Commands whose arguments are secrets.
_SECRET_COMMANDS = frozenset({"auth"})
# Commands that set what they name: a value behind a name that speaks of a secret is one.
_SETTING_COMMANDS = frozenset({"sysprop", "vmoption", ":set"})
_QUOTES = re.compile(r"""["'\\]""")
_PARTS = re.compile(r"[\r\n;]+")
_NAME = r"(?:passw(?:or)?d|passphrase|secret|token|credential|api[-_.]?key)"
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
# `--password x`, `db.password=x`, `setPassword("x")`; no comparison, no class of such a name.
_GIVEN = re.compile(
    rf"(?:^|\s)--?[\w-]*{_NAME}[\s=]\s*\S|{_NAME}\w*\s*=(?![=~])|\bset\w*{_NAME}\w*\s*\(",
    re.IGNORECASE,
)
_NAME_AND_VALUE = 3


def holds_secret(line: str, secrets: Iterable[str] = ()) -> bool:
    """Says whether the line must not be kept: one of `secrets`, or what looks like one, is in it.

    A line that was pasted may be several, and several commands may stand in it.
    """
    bare = _QUOTES.sub("", line)
    if any(secret and (secret in line or secret in bare) for secret in secrets):
        return True
    return any(map(_gives_secret, _PARTS.split(bare)))


def _gives_secret(command: str) -> bool:
    words = command.split()
    if not words:
        return False
    # `:raw auth x`, `:every 2s auth x`
    names = words if words[0].startswith(":") else words[:1]
    if any(word.lower() in _SECRET_COMMANDS for word in names):
        return True
    if any(word in _SETTING_COMMANDS for word in names) and len(words) >= _NAME_AND_VALUE:
        return any(_SECRET_NAME.search(word) for word in words[1:])
    return _GIVEN.search(command) is not None
