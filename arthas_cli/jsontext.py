"""Reads the JSON that Arthas servers really write; writes none.

Servers up to 4.1.5 write some map keys bare (`{null:1}`, on 3.x also `{12:1}`), which no strict
reader takes (docs/protocol.md, 5.3). Numbers keep their digits: a float remembers its text.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn, Self, TypeAlias

from arthas_cli.errors import BadAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_STRING_OR_BARE_KEY = re.compile(
    r'"(?:[^"\\]|\\.)*+"|(?P<before>[{,]\s*+)(?P<key>null|-?\d++(?:\.\d++)?)(?P<after>\s*+:)',
    re.DOTALL,
)


class ExactFloat(float):
    """A float that remembers how the server wrote it: `1E+40` stays `1E+40`."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read the number, keeping `text`."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


# So short a number is kept to be used again: `0.0` stands in each row of a thousand.
_MAX_KEPT, _LONGEST_KEPT = 4096, 24


class _Floats(dict[str, ExactFloat]):
    """Numbers by their text."""

    def __missing__(self, text: str) -> ExactFloat:
        number = ExactFloat(text)
        if len(text) <= _LONGEST_KEPT:
            if len(self) >= _MAX_KEPT:
                self.clear()
            self[text] = number
        return number


_read_float = _Floats().__getitem__


def _read_int(text: str) -> int | ExactFloat:
    try:
        return int(text)
    except ValueError:
        return ExactFloat(text)


def _refuse_constant(name: str) -> NoReturn:
    raise BadAnswer(f"the answer is not JSON: '{name}' is not a number")


_DECODER = json.JSONDecoder(parse_float=_read_float, parse_constant=_refuse_constant)
_DECODER_OF_LONG_NUMBERS = json.JSONDecoder(
    parse_float=_read_float, parse_int=_read_int, parse_constant=_refuse_constant
)


def quote_bare_keys(text: str) -> str:
    """Return the text with `null` and numbers that stand as keys put in quotes."""

    def quote(match: re.Match[str]) -> str:
        if match["key"] is None:
            return match[0]
        return f'{match["before"]}"{match["key"]}"{match["after"]}'

    return _STRING_OR_BARE_KEY.sub(quote, text)


def read_prefix(text: str, start: int = 0) -> tuple[Json, int]:
    """Read one JSON value that begins at `start`; return it and where it ended.

    Raises:
        ValueError: there is no JSON value there.
        BadAnswer: it is nested deeper than can be read, or has a NaN.
    """
    try:
        try:
            return _DECODER.raw_decode(text, start)
        except json.JSONDecodeError:
            raise
        except ValueError:  # Python refuses to convert more than 4,300 digits
            return _DECODER_OF_LONG_NUMBERS.raw_decode(text, start)
    except RecursionError:
        raise BadAnswer("the answer is nested too deep to be read") from None


def read_strict(text: str) -> Json:
    """Read one whole JSON text.

    Raises:
        ValueError: it is not JSON.
        BadAnswer: it is nested deeper than can be read, or has a NaN.
    """
    value, end = read_prefix(text, len(text) - len(text.lstrip()))
    if text[end:].strip():
        raise ValueError(f"more text follows at character {end}")
    return value


def as_object(value: object) -> Mapping[str, Json]:
    """Return the value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_text(value: object) -> str | None:
    """Return the value if it is a JSON string, else None."""
    return value if isinstance(value, str) else None


def as_int(value: object) -> int | None:
    """Return the value if it is a whole JSON number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
