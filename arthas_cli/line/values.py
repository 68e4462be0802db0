"""Whether a word can be a value of its kind: numbers, durations, sizes.

A kind without a rule here takes any word. What the server takes was measured on 4.1.5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONDITION = "condition-express"
EXPRESSIONS = frozenset({"ognl-express", CONDITION})

# Compiled when they are needed first, as most lines need none.
_INTEGER = r"[+-]?[0-9]+"
_DURATION = r"[0-9]+ *(?:ns|us|ms|s|m|h|d)?"
_SIZE = r"[0-9]+ *[kmgKMG]?[bB]?"
_TRUE_OR_FALSE = frozenset({"true", "yes", "on", "1", "false", "no", "off", "0"})
_INT, _LONG = 2**31 - 1, 2**63 - 1
_RANGE = r"int:(-?[0-9]+)-(-?[0-9]+)"


class Fault(NamedTuple):
    """What is wrong with a value; `place`: from where to where in it, None for the whole."""

    message: str
    hint: str = ""
    place: tuple[int, int] | None = None


def describe_kind(kind: str) -> str:
    """Return what values of that kind are, in words."""
    return _WORDS.get(kind, "a whole number" if kind in _CHECKS else kind)


def find_fault(kind: str, value: str) -> Fault | None:
    """Return why the value cannot be one of that kind, None if it can."""
    span = re.fullmatch(_RANGE, kind)
    if span:
        return _check_integer(value, int(span[1]), int(span[2]))
    check = _CHECKS.get(kind)
    return check(value) if check else None


def _check_integer(value: str, low: int = -_INT - 1, high: int = _INT) -> Fault | None:
    if not re.fullmatch(_INTEGER, value):
        return Fault(f"'{value}' is not a whole number")
    # Python converts no more than 4,300 digits; longer than any number that fits is wrong already.
    if len(value) > len(str(_LONG)) + 1 or not low <= int(value) <= high:
        return Fault(f"'{value}' is out of range", f"use a number from {low} to {high}")
    return None


def _check_long(value: str) -> Fault | None:
    return _check_integer(value, -_LONG - 1, _LONG)


def _check_duration(value: str) -> Fault | None:
    if re.fullmatch(_DURATION, value):
        return None
    return Fault(f"'{value}' is not a duration", "a number and a unit: 500ms, 30s, 10m, 2h, 1d")


def _check_size(value: str) -> Fault | None:
    if re.fullmatch(_SIZE, value):
        return None
    return Fault(f"'{value}' is not a size", "a number of bytes: 65536, 512k, 250MB, 1g")


def _check_boolean(value: str) -> Fault | None:
    if value.lower() in _TRUE_OR_FALSE:
        return None
    return Fault(f"'{value}' is neither true nor false", "Arthas takes what it does not know as no")


_WORDS: Mapping[str, str] = {
    "bytes": "a number of bytes",
    "seconds": "a number of seconds",
    "milliseconds": "a number of milliseconds",
    "nanoseconds": "a number of nanoseconds",
    "tt-index": "the index of a record, which 'tt -l' lists",
    "thread-id": "the id of a thread, which 'thread' lists",
    "retransform-id": "the id of an entry, which 'retransform -l' lists",
    "jfr-recording-id": "the id of a recording, which 'jfr status' lists",
    "int:0-4": "a depth from 0 to 4",
}
_CHECKS: Mapping[str, Callable[[str], Fault | None]] = {
    "int": _check_integer,
    "bytes": _check_integer,
    "tt-index": _check_integer,
    "retransform-id": _check_integer,
    "seconds": _check_long,
    "milliseconds": _check_long,
    "nanoseconds": _check_long,
    "thread-id": _check_long,
    "jfr-recording-id": _check_long,
    "duration": _check_duration,
    "size": _check_size,
    "boolean": _check_boolean,
}
