"""How wide the columns of a table may be where the terminal is too narrow for all of them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

# A column that must give way keeps this much before the table turns into records.
_LEAST = 12


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is known of a column, all in columns of the terminal.

    Attributes:
        title: the width of its title.
        cells: the widths of its first cells, in order of size.
        shortened: the widest cell with all package names shortened; None: it has no such names.
        is_rigid: numbers, which are never wrapped.
    """

    title: int
    cells: list[int]
    shortened: int | None
    is_rigid: bool

    @property
    def natural(self) -> int:
        """The width that shows everything as it is."""
        return max(self.title, self.cells[-1])


def fit_widths(columns: list[Sizes], room: int) -> list[int] | None:
    """Returns a width for each column so that all fit into `room`; None where records must do.

    Package names give way first, then cells are wrapped: each time the column whose narrowing
    hurts the fewest cells.
    """
    widths = [column.natural for column in columns]
    shortened = [
        column.natural if column.shortened is None else max(column.title, column.shortened)
        for column in columns
    ]
    _narrow(widths, shortened, columns, room)
    least = [
        width if column.is_rigid else min(width, max(column.title, _LEAST))
        for column, width in zip(columns, widths, strict=True)
    ]
    _narrow(widths, least, columns, room)
    return widths if sum(widths) <= room else None


def _narrow(widths: list[int], least: list[int], columns: list[Sizes], room: int) -> None:
    """Takes width away, one by one, until all fit or all are down to their least."""
    while sum(widths) > room:
        spare = [at for at, width in enumerate(widths) if width > least[at]]
        if not spare:
            return
        widths[min(spare, key=lambda at: (_hurt(columns[at], widths[at]), -widths[at]))] -= 1


def _hurt(column: Sizes, width: int) -> int:
    """Returns how many lines more the cells take, about, if the column loses one of its width."""
    first = bisect_left(column.cells, width)
    return sum(size // width for size in column.cells[first:])
