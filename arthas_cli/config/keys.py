"""The keys of a configuration, and what their values may be.

Each reader raises ValueError with what the value should be, or NotRun with what is wrong with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.config.address import MAX_PORT, parse_host
from arthas_cli.config.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"([0-9]{1,9})\s*([smhd])")
_MAX_S = 7 * 86400
_DAY_S = 86400

# The colours a profile's name may have in the prompt: those that every terminal has.
PROMPT_COLORS = ("red", "green", "yellow", "blue", "magenta", "cyan", "white")
# What becomes of the results of jobs of the shell; the first one unless it is said.
BACKGROUND = ("collect", "print")


def read_text(value: object) -> str:
    """Read a text that is not empty."""
    if not isinstance(value, str):
        raise ValueError("text")  # noqa: TRY004 - one kind of error for all
    if not value or "\0" in value:
        raise ValueError("text: it is empty or holds a NUL")
    return value


def _host(value: object) -> str:
    parse_host(read_text(value))
    return str(value)


def _url(value: object) -> str:
    parse_target(read_text(value))
    return str(value)


def _port(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_PORT:
        raise ValueError(f"a port from 1 to {MAX_PORT}")
    return value


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - one kind of error for all
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("a number of 1 or more")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _DAY_S:
        raise ValueError(f"a number of seconds up to {_DAY_S}")
    return float(value)


def read_duration(value: object) -> int:
    """Read a time such as "90s", "15m", "1h" in seconds; raises ValueError where it is none."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    seconds = int(match[1]) * _UNITS_S[match[2]] if match else 0
    if not 0 < seconds <= _MAX_S:
        raise ValueError('a time up to 7 days, such as "90s", "15m", "1h"')
    return seconds


def read_lines(value: object) -> tuple[str, ...]:
    """Read a list of texts."""
    if not isinstance(value, list) or not all(_is_line(item) for item in value):
        raise ValueError('a list of strings, such as ["…", "…"]')
    return tuple(value)


def _command(value: object) -> tuple[str, ...]:
    words = read_lines(value)
    if not words:
        raise ValueError('a command, such as ["pass", "arthas"]')
    return words


def _is_line(item: object) -> bool:
    return isinstance(item, str) and "\0" not in item


def _choice(*choices: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return str(value)

    return read


_SHARED: dict[str, Callable[[object], object]] = {
    "host": _host,
    "port": _port,
    "url": _url,
    "username": read_text,
    "ca_file": read_text,
    "insecure": _switch,
    "connect_timeout": _seconds,
    "user_id": read_text,
    "arthas_home": read_text,
    "keep": _switch,
    "output": _choice("text", "json", "jsonl", "csv"),
    "tune": _switch,
    "read_only": _switch,
    "confirm": _choice("changes", "dangerous", "never"),
    "job_timeout": read_duration,
    "max_jobs": _count,
    "init": read_lines,
}
DEFAULTS_KEYS: dict[str, Callable[[object], object]] = {
    **_SHARED,
    "color": _choice("auto", "always", "never"),
    "verbose": _switch,
    "quiet": _switch,
    "fanout": _count,
    "editing": _choice("emacs", "vi"),
    "index": _switch,
    "background": _choice(*BACKGROUND),
}
PROFILE_KEYS: dict[str, Callable[[object], object]] = {
    **_SHARED,
    "password": read_text,
    "password_command": _command,
    "keyring": _switch,
    "production": _switch,
    "color": _choice(*PROMPT_COLORS),
}
