"""Reads the results of an answer apart from the rest of it, each with the server's own text.

Read, results take several times the memory of their text, and their keys are shared only by what is
read at once. So those of a long answer are read by blocks, once to see that all of it is JSON, and
again when they are asked for; nobody keeps them.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

from arthas_cli.jsontext import as_int, as_object, as_text, read_prefix, read_strict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arthas_cli.jsontext import Json

# A quote inside a JSON string is escaped, so this matches a key alone; the first one of an
# answer is that of its body, for what stands before it there are strings and numbers.
_RESULTS = re.compile(r'"results"\s*+:\s*+\[')
_SPACE = re.compile(r"\s*+")
# More than one pull, or an `exec` of today's servers, can bring.
_MAX_READ_AT_ONCE = 1_000
# The least characters of a block, and what stands between two results in it.
_BLOCK_SIZE = 1 << 16
_BETWEEN = "},{"
# Where none of these is in a text, no blank stands before or behind a comma between two results.
_SPACED = ("} ", " {", "\n", "\r", "\t")
_WHOLE = slice(None)


class Result(NamedTuple):
    """One result: `data` is the server's object, `raw` the same as the server's own JSON text.

    `text`: what it was read from, all of an answer, of which it is the `part`. `is_rest`: it tells
    of a call that had begun before the command, so that its time is not known. `target`: the name
    of the JVM it came from, where there are many.
    """

    type: str
    job_id: int | None
    data: Mapping[str, Json]
    text: str
    part: slice = _WHOLE
    is_rest: bool = False
    target: str = ""

    @property
    def raw(self) -> str:
        """The server's own JSON text, a copy that few need and none need keep."""
        return self.text[self.part]


class ManyResults(Sequence[Result]):
    """The results of a long answer.

    `ends`: where each block of them begins and ends. `firsts`: the number of the first result of
    each, and then how many there are.
    """

    def __init__(self, text: str, ends: array[int], firsts: array[int]) -> None:
        self._text = text
        self._ends = ends
        self._firsts = firsts

    @overload
    def __getitem__(self, at: int) -> Result: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Result]: ...

    def __getitem__(self, at: int | slice) -> Result | Sequence[Result]:
        """Read one result, or several."""
        if isinstance(at, slice):
            return list(self)[at]
        found = range(len(self))[at]
        block = bisect_right(self._firsts, found) - 1
        return self._read(block)[found - self._firsts[block]]

    def __iter__(self) -> Iterator[Result]:
        """Read one block behind the other."""
        for block in range(len(self._firsts) - 1):
            yield from self._read(block)

    def __len__(self) -> int:
        """Return how many there are."""
        return self._firsts[-1]

    def _read(self, block: int) -> list[Result]:
        start, end = self._ends[2 * block : 2 * block + 2]
        return _read_block(self._text[start:end])


def split_answer(text: str) -> tuple[Json, Sequence[Result]]:
    """Read an answer without its results, and the results.

    Raises:
        ValueError: not JSON.
        BadAnswer: it is nested deeper than can be read, or has a NaN.
    """
    found = _RESULTS.search(text)
    if found is None:
        return read_strict(text), ()
    results: list[Result] = []
    ends, firsts = array("q"), array("q", [0])
    at = _skip_space(text, found.end())
    while not text.startswith("]", at):
        if ends:
            at = _skip_comma(text, at)
        count, end = _find_block(text, at) if len(results) == _MAX_READ_AT_ONCE else (0, at)
        if not count:
            value, end = read_prefix(text, at)
            count = 1
            if len(results) < _MAX_READ_AT_ONCE:
                results.append(_make_result(value, text, slice(at, end)))
        ends.extend((at, end))
        firsts.append(firsts[-1] + count)
        at = _skip_space(text, end)
    envelope = read_strict(text[: found.end()] + text[at:])
    is_long = len(results) == _MAX_READ_AT_ONCE
    return envelope, ManyResults(text, ends, firsts) if is_long else tuple(results)


def _find_block(text: str, at: int) -> tuple[int, int]:
    """Return how many results there are in the block that begins at `at`, and where it ends.

    None, where it would end in the midst of one.
    """
    end = text.find(_BETWEEN, at + _BLOCK_SIZE) + 1
    try:
        values = read_strict(f"[{text[at:end]}]")
    except ValueError:
        return 0, at
    return len(values) if isinstance(values, list) else 0, end


def _read_block(text: str) -> list[Result]:
    """Read results with commas between them."""
    values = read_strict(f"[{text}]")
    if not isinstance(values, list):
        raise AssertionError  # noqa: TRY004 - for the types: it stands in brackets
    pieces = text[1:-1].split(_BETWEEN)
    are_objects = set(map(type, values)) == {dict}
    # It stands between any two of them; where it does not more often, it stands nowhere else.
    if are_objects and len(pieces) == len(values) and not any(sign in text for sign in _SPACED):
        return [
            _make_result(value, f"{{{piece}}}") for value, piece in zip(values, pieces, strict=True)
        ]
    results: list[Result] = []
    at = 0
    for value in values:
        at = _skip_comma(text, at) if results else at
        _, end = read_prefix(text, at)
        results.append(_make_result(value, text, slice(at, end)))
        at = _skip_space(text, end)
    return results


def _make_result(value: Json, text: str, part: slice = _WHOLE) -> Result:
    data = as_object(value)
    return Result(
        as_text(data.get("type")) or "",
        as_int(data.get("jobId")),
        data if isinstance(value, dict) else {"value": value},
        text,
        part,
    )


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _skip_comma(text: str, at: int) -> int:
    if not text.startswith(",", at):
        raise ValueError(f"a comma is missing at character {at}")
    return _skip_space(text, at + 1)
