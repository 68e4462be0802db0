"""Numbers as people read them, with the server's own unit in mind; never fails.

A value that is no number is shown as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from arthas_cli.views.read import plain

if TYPE_CHECKING:
    from arthas_cli.jsontext import Json

_MIN_LONG = -(2**63)
_KIB = 1024
_NS_A_MS = 1_000_000
_MAX_BITS = 1000  # what still fits into a float


def _as_number(value: Json) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return None if isinstance(value, int) and value.bit_length() > _MAX_BITS else value


def _as_int(value: Json) -> int | None:
    if type(value) is not int or value.bit_length() > _MAX_BITS:
        return None
    return value


def format_bytes(value: Json) -> str:
    """Bytes in binary units: `1.5K`, `29.1M`; "-" for -1 and for the least long: no such limit."""
    size = _as_number(value)
    if size is None:
        return plain(value)
    if size in (-1, _MIN_LONG):
        return "-"
    if abs(size) < _KIB:
        return plain(value)
    amount = float(size)
    for unit in "KMGTP":
        amount /= _KIB
        if abs(amount) < _KIB:
            return f"{amount:.1f}{unit}"
    return f"{amount / _KIB:.1f}E"


def format_percent(value: Json) -> str:
    """Format a number that is already a percentage, with two decimals: `0.27%`."""
    number = _as_number(value)
    return plain(value) if number is None else f"{number:.2f}%"


def format_ns_as_ms(value: Json) -> str:
    """Nanoseconds as milliseconds, exactly: `72.083352ms`."""
    ns = _as_int(value)
    if ns is None:
        return plain(value)
    sign = "-" if ns < 0 else ""
    whole, rest = divmod(abs(ns), _NS_A_MS)
    return f"{sign}{whole}.{rest:06d}ms"


def format_minutes(value: Json) -> str:
    """Milliseconds as minutes, seconds and milliseconds: `1:02.345`."""
    ms = _as_int(value)
    if ms is None or ms < 0:
        return plain(value)
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes}:{rest // 1000:02d}.{rest % 1000:03d}"


def format_uptime(value: Json) -> str:
    """Seconds as days, hours, minutes and seconds: `2d 03h 04m 05s`."""
    seconds = _as_int(value)
    if seconds is None or seconds < 0:
        return plain(value)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return f"{days}d {hour:02d}h {minute:02d}m {second:02d}s"
    if hours:
        return f"{hours}h {minute:02d}m {second:02d}s"
    return f"{minutes}m {second:02d}s" if minutes else f"{second}s"


def format_epoch_ms(value: Json) -> str:
    """Milliseconds since 1970 as a time in UTC: `2026-11-24 04:36:10.857Z`."""
    ms = _as_int(value)
    if ms is None:
        return plain(value)
    try:
        at = datetime.fromtimestamp(ms // 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return plain(value)
    return f"{at:%Y-%m-%d %H:%M:%S}.{ms % 1000:03d}Z"


def format_time(value: Json) -> str:
    """Return a server time cut to milliseconds; it has 0 to 9 decimals (docs/protocol.md, 5.1)."""
    text = plain(value)
    whole, dot, fraction = text.partition(".")
    return f"{whole}.{fraction[:3]:<03}" if dot and fraction.isdigit() else text


def divide(whole: Json, parts: Json) -> float | None:
    """Return whole / parts; None where there is nothing to divide."""
    top, bottom = _as_number(whole), _as_number(parts)
    if top is None or not bottom:
        return None
    return top / bottom
