"""The words of the shell's own, as far as a line is read by them: which take a whole command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What stands behind it is not read here: neither `;` nor quotes.
RAW = ":raw"
COMPARE = ":compare"
# They stand before or behind the interval of `:every`, each with a value.
EVERY_OPTIONS = frozenset({"--until", "--times"})
MIN_INTERVAL_S = 0.1
_INTERVAL = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
# A job of the shell by its number; alone it is a word of the shell's own.
_JOB = re.compile(r"%(?:%|\d+)?")


def is_job(text: str) -> bool:
    """Return whether the text names a job of the shell: `%1`, or `%` for the newest."""
    return _JOB.fullmatch(text) is not None


def read_interval(text: str) -> float | None:
    """Return the interval in seconds; None where the text is none, or one that is too short."""
    match = _INTERVAL.fullmatch(text)
    interval_s = float(match[1]) * _UNITS_S[match[2]] if match else 0.0
    return interval_s if interval_s >= MIN_INTERVAL_S else None


# Those that take a command, and whether a word is the last before it.
CARRIERS: Mapping[str, Callable[[str], bool]] = {
    RAW: lambda text: text == RAW,
    COMPARE: lambda text: text == COMPARE,
    ":every": lambda text: read_interval(text) is not None,
}
