"""Flat results as data: which rows, which columns; drawn row by row at any width.

Widths are fixed from the titles and the first rows, so that the first rows appear at once and
nothing is held. Where the terminal is too narrow the table retreats step by step and never loses
a column: a smaller gap, shorter package names, wrapped cells, at last one field a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from rich.segment import Segment

from arthas_cli.theme import LABEL, NOTE, TITLE
from arthas_cli.views.lines import Block, Line, fold, labelled, width_of
from arthas_cli.views.names import shorten_names
from arthas_cli.views.read import plain
from arthas_cli.views.text import one_line
from arthas_cli.views.widths import Sizes, fit_widths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.style import Style

    from arthas_cli.jsontext import Json
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

_SAMPLE = 200
_GAP = 2
_NARROW_GAP = 1

Cells: TypeAlias = "list[str]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        title: what stands above it.
        key: the field of the row, and the column's name in CSV.
        show: the field's value as people read it.
        is_number: aligned right, never wrapped.
        has_names: class names in it may be shortened in the middle.
        style: how a value looks; a function where that depends on the value.
        read: where the value is no field of the row but follows from it.
        brief: a shorter title for narrow terminals.
    """

    title: str
    key: str
    show: Callable[[Json], str] = plain
    is_number: bool = False
    has_names: bool = False
    style: Style | Callable[[str], Style | None] | None = None
    read: Callable[[Row], Json] | None = None
    brief: str = ""

    def value(self, row: Row) -> Json:
        """Returns the row's value, as it stands in JSON and CSV."""
        return row.get(self.key) if self.read is None else self.read(row)

    def style_of(self, cell: str) -> Style | None:
        """Returns the style of a cell."""
        return self.style(cell) if callable(self.style) else self.style


@dataclass(frozen=True, slots=True)
class TableView:
    """A table: where the rows are in a result, and its columns.

    Attributes:
        columns: from left to right.
        rows: the rows of a result's data.
        above: lines before the table, such as totals.
        is_continued: the next result of the command goes on under the same header.

    A table of one column has no header: names one a line, to be counted and piped.
    """

    columns: tuple[Column, ...]
    rows: Callable[[Row], Iterable[Row]]
    above: Callable[[Row], Iterable[Line]] | None = None
    is_continued: bool = False

    def __call__(self, data: Row, page: Page) -> Block:
        """Draws one result by itself."""
        return Block(Table(self, page).lines(data))


class Table:
    """A table that is being drawn: its widths, and whether the header stands already."""

    def __init__(self, view: TableView, page: Page) -> None:
        self._view = view
        self._page = page
        self._widths: list[int] | None = None
        self._titles = [column.title for column in view.columns]
        self._gap = " " * _GAP
        self._is_records = page.as_records
        self._is_begun = False

    def lines(self, data: Row) -> Iterator[Line]:
        """Yields the lines of one more result."""
        view = self._view
        if view.above is not None:
            yield from view.above(data)
        rows = iter(view.rows(data))
        if self._widths is None:
            sample = [self._cells(row) for row in islice(rows, _SAMPLE)]
            if not sample:
                if not view.is_continued:
                    yield (Segment("(none)", NOTE),)
                return
            self._plan(sample)
            if not self._is_records:
                yield from self._header()
            for cells in sample:
                yield from self._draw(cells)
        for row in rows:
            yield from self._draw(self._cells(row))

    def _cells(self, row: Row) -> Cells:
        return [one_line(column.show(column.value(row))) for column in self._view.columns]

    def _plan(self, sample: list[Cells]) -> None:
        columns = self._view.columns
        sizes = [sorted(map(width_of, cells)) for cells in zip(*sample, strict=True)]
        natural = [
            max(width_of(title), size[-1]) for title, size in zip(self._titles, sizes, strict=True)
        ]
        self._widths = natural
        room = self._page.width
        if room is None or sum(natural) + _GAP * (len(natural) - 1) <= room:
            return
        self._gap = " " * _NARROW_GAP
        self._titles = [column.brief or column.title for column in columns]
        widths = fit_widths(
            [
                Sizes(
                    title=width_of(title),
                    cells=size,
                    shortened=max(width_of(shorten_names(cells[at], 0)) for cells in sample)
                    if column.has_names
                    else None,
                    is_rigid=column.is_number,
                )
                for at, (column, title, size) in enumerate(
                    zip(columns, self._titles, sizes, strict=True)
                )
            ],
            room - _NARROW_GAP * (len(natural) - 1),
        )
        if widths is None:
            self._is_records = True
        else:
            self._widths = widths

    def _header(self) -> Iterator[Line]:
        if len(self._titles) > 1:
            yield tuple(self._pad(self._titles, [TITLE] * len(self._titles)))

    def _pad(self, cells: Cells, styles: list[Style | None]) -> Iterator[Segment]:
        widths = self._widths or []
        last = len(cells) - 1
        while last and not cells[last]:
            last -= 1
        for at in range(last + 1):
            cell = cells[at]
            blanks = " " * (widths[at] - width_of(cell))
            if self._view.columns[at].is_number:
                if blanks:
                    yield Segment(blanks)
                yield Segment(cell, styles[at])
                blanks = ""
            else:
                yield Segment(cell, styles[at])
            if at < last:
                yield Segment(blanks + self._gap)

    def _draw(self, cells: Cells) -> Iterator[Line]:
        if self._is_records:
            yield from self._record(cells)
            return
        columns, widths = self._view.columns, self._widths or []
        styles = [column.style_of(cell) for column, cell in zip(columns, cells, strict=True)]
        if self._page.width is None:
            yield tuple(self._pad(cells, styles))
            return
        for at, cell in enumerate(cells):
            if columns[at].has_names and width_of(cell) > widths[at]:
                cells[at] = shorten_names(cell, widths[at])
        folded = [fold(cell, width) for cell, width in zip(cells, widths, strict=True)]
        for at in range(max(map(len, folded))):
            pieces = [piece[at] if at < len(piece) else "" for piece in folded]
            yield tuple(self._pad(pieces, styles))

    def _record(self, cells: Cells) -> Iterator[Line]:
        if self._is_begun:
            yield ()
        self._is_begun = True
        titles = [column.title for column in self._view.columns]
        yield from labelled(zip(titles, cells, strict=True), self._page.width, LABEL)
