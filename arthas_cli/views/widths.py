"""How wide the columns of a table are, and what gives way where the terminal is too narrow."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from operator import le
from typing import TYPE_CHECKING, TypeAlias

from arthas_cli.views.lines import width_of
from arthas_cli.views.names import shorten_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.jsontext import Json

_GAP = 2
_NARROW_GAP = 1
# A column that must give way keeps this much before the table turns into records; one that is
# not much wider keeps all: words such as TIMED_WAITING are not worth breaking.
_MIN = 8
_SHORT = 16
_LONGEST_WORD = 40  # what is longer is a path or the like, and may be broken

# How many rows have a say in the widths.
_MAX_NOTED = 400
# Rows that take more lines than this, on average, read better as records.
_MAX_LINES = 3.0
_MAX_LINES_OF_PROSE = 4.0

Sizes: TypeAlias = "list[int]"


@dataclass(frozen=True, slots=True)
class Need:
    """What is known of a column, widths in columns of the terminal.

    Attributes:
        title: its title.
        brief: a shorter one for narrow terminals.
        sizes: the widths of its first cells, in order of size.
        word: the longest word of a cell that may not be broken, package names shortened.
        shortened: the widest cell with all package names shortened; None: it has no such names.
        is_rigid: numbers, which are never wrapped.
        is_name: what a row is called, broken within words last of all.
        is_prose: sentences, which may take more lines.
    """

    title: str
    brief: str
    sizes: Sizes
    word: int
    shortened: int | None
    is_rigid: bool
    is_name: bool
    is_prose: bool


def measure_word(text: str) -> int:
    """Return the width of the longest word that is no path or the like, which may be broken."""
    sizes = map(width_of, text.split())
    return max((size for size in sizes if size <= _LONGEST_WORD), default=0)


def _note_cell(need: Need, cell: str, sizes: Sizes) -> Need:
    """Return the need of a column with one more cell; `sizes`: of all that are remembered."""
    if need.shortened is None:
        return replace(need, sizes=sizes, word=max(need.word, measure_word(cell)))
    brief = shorten_names(cell, 0)
    word, shortened = max(need.word, measure_word(brief)), max(need.shortened, width_of(brief))
    return replace(need, sizes=sizes, word=word, shortened=shortened)


class Layout:
    """The widths of a table's columns.

    Attributes:
        titles: what stands above the columns.
        widths: of each column.
        gap: what stands between them.
        is_records: the table is too wide, rows are drawn one field a line.
    """

    def __init__(self, needs: list[Need], room: int | None, *, is_records: bool = False) -> None:
        self.titles = [need.title for need in needs]
        self.gap = " " * _GAP
        self.is_records = is_records
        self._needs = needs
        self._set_widths(
            [max(width_of(need.title), need.sizes[-1] if need.sizes else 0) for need in needs]
        )
        self._room = room
        self._is_tight = False
        if not self._has_room(self.widths):
            self._tighten()

    def write(self, cells: list[Json]) -> str:
        """Return a row whose cells are plain text and fit as they are; else empty."""
        text = self._template % (*cells,)
        last = cells[-1]
        is_fitting = (
            isinstance(last, str)
            and len(last) <= self.widths[-1]
            and len(text) - len(last) == self._before_last
        )
        return text if is_fitting and last and text.isascii() and text.isprintable() else ""

    def admits(self, cells: list[str], sizes: Sizes) -> bool:
        """Return whether cells of these widths fit; the columns grow as long as there is room."""
        widths = self.widths
        if all(map(le, sizes, widths)):
            return True
        grown = [max(size, width) for size, width in zip(sizes, widths, strict=True)]
        if not self._is_tight and self._has_room(grown):
            self._set_widths(grown)
            return True
        self._note(cells, sizes)
        if not self._is_tight or any(
            size > width and (need.is_rigid or size <= _SHORT)
            for need, size, width in zip(self._needs, sizes, widths, strict=True)
        ):
            self._tighten()
        return False

    def _note(self, cells: list[str], sizes: Sizes) -> None:
        """Take the widths of one more row into account; so many, then the widest alone."""
        is_full = len(self._needs[0].sizes) >= _MAX_NOTED
        self._needs = [
            _note_cell(
                need,
                cell,
                [*need.sizes[:-1], max(need.sizes[-1], size)]
                if is_full
                else sorted([*need.sizes, size]),
            )
            for need, cell, size in zip(self._needs, cells, sizes, strict=True)
        ]

    def _set_widths(self, widths: Sizes) -> None:
        self.widths = widths
        columns = zip(self._needs, widths, strict=True)
        padded = [f"%{'' if need.is_rigid else '-'}{width}s" for need, width in columns]
        self._template = self.gap.join([*padded[:-1], "%s"])
        self._before_last = sum(widths[:-1]) + len(self.gap) * (len(widths) - 1)
        if self._needs[-1].is_rigid:  # blanks would stand before it
            self._before_last = -1

    def _has_room(self, widths: Sizes) -> bool:
        return self._room is None or sum(widths) + len(self.gap) * (len(widths) - 1) <= self._room

    def _tighten(self) -> None:
        """Let a smaller gap, shorter names, wrapped cells, at last records make it fit.

        A table that stands as one stays one: later cells are wrapped however narrow it is.
        """
        was_tight, self._is_tight = self._is_tight, True
        self.gap = " " * _NARROW_GAP
        self.titles = [need.brief for need in self._needs]
        room = (self._room or 0) - _NARROW_GAP * (len(self.titles) - 1)
        widths = _fit(self._needs, room)
        if sum(widths) <= room and _are_readable(self._needs, widths):
            self._set_widths(widths)
        else:
            self.is_records = not was_tight


def _fit(needs: list[Need], room: int) -> Sizes:
    """Return widths that fit into `room`, or as near to it as may be.

    Package names give way first, then cells are wrapped between words, at last within words: each
    time a column is chosen whose narrowing costs the fewest lines.
    """
    titles = [width_of(need.brief) for need in needs]
    widths = [max(title, need.sizes[-1]) for title, need in zip(titles, needs, strict=True)]
    shortened = [
        width if need.shortened is None else max(title, need.shortened)
        for title, width, need in zip(titles, widths, needs, strict=True)
    ]
    _narrow(widths, shortened, room, lambda _, width: -width)
    least = [
        width if need.is_rigid or width <= _SHORT else max(title, _MIN)
        for title, width, need in zip(titles, widths, needs, strict=True)
    ]
    whole = [max(size, need.word) for size, need in zip(least, needs, strict=True)]
    named = [
        most if need.is_name else size for most, size, need in zip(whole, least, needs, strict=True)
    ]
    for bounds in (whole, named, least):
        _narrow(widths, bounds, room, lambda at, width: _hurt(needs[at], width))
    return widths


def _narrow(widths: Sizes, least: Sizes, room: int, weigh: Callable[[int, int], int]) -> None:
    """Take width away, one by one where it weighs least, until all fit or are at their least."""
    while sum(widths) > room:
        spare = [at for at, width in enumerate(widths) if width > least[at]]
        if not spare:
            return
        widths[min(spare, key=lambda at: (weigh(at, widths[at]), -widths[at]))] -= 1


def _hurt(need: Need, width: int) -> int:
    """Return how many lines more the cells take, about, if the column loses one of its width."""
    first = bisect_left(need.sizes, width)
    return sum(size // width for size in need.sizes[first:])


def _are_readable(needs: list[Need], widths: Sizes) -> bool:
    """Return whether no column makes its rows take too many lines, on average."""
    for need, width in zip(needs, widths, strict=True):
        most = math.inf if need.shortened is None else need.shortened
        lines = sum(math.ceil(min(size, most) / width) for size in need.sizes)
        if lines / len(need.sizes) > (_MAX_LINES_OF_PROSE if need.is_prose else _MAX_LINES):
            return False
    return True
