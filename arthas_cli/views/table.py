"""Flat results as data: which rows, which columns; drawn row by row at any width.

Widths are fixed from the titles and the first rows. Where each result brings a row, the first rows
are held back until nothing more has come as yet, and where they come in a burst until all have.
Where the terminal is too narrow the table gives way by steps and never loses a column: a smaller
gap, shorter package names, cells wrapped between words and at last within them, in the end one
field a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from types import NoneType
from typing import TYPE_CHECKING, TypeAlias

from rich.segment import Segment

from arthas_cli.text import one_line
from arthas_cli.theme import LABEL, NOTE, TITLE
from arthas_cli.views.lines import Block, Line, fold, fold_line, labelled, width_of
from arthas_cli.views.names import shorten_names
from arthas_cli.views.read import find_plain, plain
from arthas_cli.views.widths import Layout, Need, Sizes, measure_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.style import Style

    from arthas_cli.jsontext import Json
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

_SAMPLE = 200
_MAX_SHAPES = 100
_SENTENCE = 6  # blanks in it at least

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
        is_name: what the row is called; the last to be broken.
        style: how a value looks; a function where that depends on the value.
        read: where the value is no field of the row but follows from it.
        brief: a shorter title for narrow terminals.
        null: what stands for no value, where that is not up to `show`.
    """

    title: str
    key: str
    show: Callable[[Json], str] = plain
    is_number: bool = False
    has_names: bool = False
    is_name: bool = False
    style: Style | Callable[[str], Style | None] | None = None
    read: Callable[[Row], Json] | None = None
    brief: str = ""
    null: str = ""

    def value(self, row: Row) -> Json:
        """Return the row's value, as it stands in JSON and CSV."""
        return row.get(self.key) if self.read is None else self.read(row)

    def find_show(self, kind: type) -> Callable[[Json], str]:
        """Return what makes the cell of values of this type; `str` where any text does."""
        if kind is NoneType and self.null:
            return lambda _: self.null
        return find_plain(kind) if self.show is plain else self.show

    def style_of(self, cell: str) -> Style | None:
        """Return the style of a cell."""
        return self.style(cell) if callable(self.style) else self.style


@dataclass(frozen=True, slots=True)
class TableView:
    """A table: where the rows are in a result, and its columns.

    Attributes:
        columns: from left to right.
        rows: the rows of a result's data.
        above: lines before the table, such as totals.
        is_continued: the next result of the command goes on under the same header.
        is_burst: all rows come one right behind the other, so that none is held back for long.
        draw: how people see it, where that is not as a table; CSV has the columns all the same.

    A table of one column has no header: names one a line, to be counted and piped.
    """

    columns: tuple[Column, ...]
    rows: Callable[[Row], Iterable[Row]]
    above: Callable[[Row], Iterable[Line]] | None = None
    is_continued: bool = False
    is_burst: bool = False
    draw: Callable[[Row, Page], Block] | None = None

    def __call__(self, data: Row, page: Page) -> Block:
        """Draw one result by itself."""
        return Block(Table(self, page).lines(data)) if self.draw is None else self.draw(data, page)


class Table:
    """A table that is being drawn: its layout, and whether the header stands already."""

    def __init__(self, view: TableView, page: Page) -> None:
        self._view = view
        self._page = page
        self._keys = [column.key for column in view.columns]
        self._reads = [(at, each.read) for at, each in enumerate(view.columns) if each.read]
        self._get = itemgetter(*self._keys)  # thrice as fast as one by one
        self._shows: dict[tuple[type, ...], list[tuple[int, Callable[[Json], str]]]] = {}
        self._layout: Layout | None = None
        self._held: list[tuple[Cells, Sizes]] = []
        self._is_empty = False
        self._has_records = False

    def lines(self, data: Row) -> Iterator[Line]:
        """Yield the lines of one more result."""
        view = self._view
        if view.above is not None:
            for line in view.above(data):
                yield from fold_line(line, self._page.width)
        rows = iter(view.rows(data))
        if self._layout is None:
            self._held += [
                _measure(self._read(row)) for row in islice(rows, _SAMPLE - len(self._held))
            ]
            self._is_empty = not self._held and len(view.columns) > 1
            if view.is_continued and len(view.columns) > 1 and len(self._held) < _SAMPLE:
                return
            yield from self.release()
        layout = self._layout
        if layout is None:
            return
        is_plain = not (self._page.is_coloured or layout.is_records)
        for row in rows:
            values = self._read(row)
            text = layout.write(values) if is_plain else ""
            if text:
                yield (Segment(text),)
            else:
                yield from self._draw(layout, *_measure(values))

    @property
    def awaits_more(self) -> bool:
        """Whether rows that are held back need not be shown yet."""
        return self._view.is_burst and self._layout is None

    def release(self) -> Iterator[Line]:
        """Yield the lines of the rows that are held back for the sake of the widths, if any."""
        held, self._held = self._held, []
        if self._layout is None and self._is_empty and not held:
            self._is_empty = False
            yield (Segment("(none)", NOTE),)
        if self._layout is None and held:
            self._layout = self._plan(held)
            if len(self._view.columns) > 1 and not self._layout.is_records:
                yield self._header(self._layout)
        if self._layout is not None:
            for cells, sizes in held:
                yield from self._draw(self._layout, cells, sizes)

    def _read(self, row: Row) -> list[Json]:
        """Return the cells of a row as text, or as what `str` makes the same text of."""
        keys = self._keys
        try:
            values = list(self._get(row)) if len(keys) > 1 else [row[keys[0]]]
        except KeyError:
            values = list(map(row.get, keys))
        for at, read in self._reads:
            values[at] = read(row)
        types = (*map(type, values),)
        shows = self._shows.get(types)
        if shows is None:
            shows = self._find_shows(types)
        for at, show in shows:
            values[at] = show(values[at])
        return values

    def _find_shows(self, types: tuple[type, ...]) -> list[tuple[int, Callable[[Json], str]]]:
        """Return which values of a row are to be made text, and how; remembered for the next."""
        columns = enumerate(zip(self._view.columns, types, strict=True))
        shows = [(at, column.find_show(kind)) for at, (column, kind) in columns]
        shows = [(at, show) for at, show in shows if show is not str]
        if len(self._shows) < _MAX_SHAPES:
            self._shows[types] = shows
        return shows

    def _plan(self, sample: list[tuple[Cells, Sizes]]) -> Layout:
        needs = []
        for at, column in enumerate(self._view.columns):
            column_cells = [cells[at] for cells, _ in sample]
            briefs = [shorten_names(cell, 0) if column.has_names else cell for cell in column_cells]
            need = Need(
                title=column.title,
                brief=column.brief or column.title,
                sizes=sorted(sizes[at] for _, sizes in sample),
                word=max(map(measure_word, briefs)),
                shortened=max(map(width_of, briefs)) if column.has_names else None,
                is_rigid=column.is_number,
                is_name=column.is_name,
                is_prose=any(cell.count(" ") >= _SENTENCE for cell in column_cells),
            )
            needs.append(need)
        # Names one a line are left to the terminal to wrap, so that they can be copied.
        width = self._page.width if len(needs) > 1 else None
        return Layout(needs, width, is_records=self._page.as_records)

    def _header(self, layout: Layout) -> Line:
        sizes = [width_of(title) for title in layout.titles]
        return self._pad(layout, layout.titles, sizes, [TITLE] * len(sizes))

    def _draw(self, layout: Layout, cells: Cells, sizes: Sizes) -> Iterable[Line]:
        is_fitting = layout.admits(cells, sizes)
        if layout.is_records:
            return self._record(cells)
        styles: list[Style | None] = []
        if self._page.is_coloured:
            columns = self._view.columns
            styles = [column.style_of(cell) for column, cell in zip(columns, cells, strict=True)]
        if is_fitting:
            return (self._pad(layout, cells, sizes, styles),)
        return self._wrap(layout, cells, styles)

    def _wrap(self, layout: Layout, cells: Cells, styles: list[Style | None]) -> Iterator[Line]:
        """Yield the lines of a row whose cells need several."""
        folded = [
            fold(shorten_names(cell, width) if column.has_names else cell, width)
            for column, cell, width in zip(self._view.columns, cells, layout.widths, strict=True)
        ]
        for at in range(max(map(len, folded))):
            pieces = [piece[at] if at < len(piece) else "" for piece in folded]
            yield self._pad(layout, pieces, [width_of(piece) for piece in pieces], styles)

    def _pad(self, layout: Layout, cells: Cells, sizes: Sizes, styles: list[Style | None]) -> Line:
        """Return one line of cells, blanks between them but none after the last."""
        parts: list[Segment] = []
        text = ""
        last = len(cells) - 1
        while last and not cells[last]:
            last -= 1
        for at in range(last + 1):
            blanks = " " * (layout.widths[at] - sizes[at])
            is_number = self._view.columns[at].is_number
            if is_number:
                text += blanks
            if styles and styles[at] is not None:
                parts += [Segment(text), Segment(cells[at], styles[at])]
                text = ""
            else:
                text += cells[at]
            if at < last:
                text += layout.gap if is_number else blanks + layout.gap
        parts.append(Segment(text))
        return tuple(parts)

    def _record(self, cells: Cells) -> Iterator[Line]:
        if self._has_records:
            yield ()
        self._has_records = True
        titles = [column.title for column in self._view.columns]
        yield from labelled(zip(titles, cells, strict=True), self._page.width, LABEL)


def _measure(values: list[Json]) -> tuple[Cells, Sizes]:
    """Return the cells of a row, safe to draw, and the width of each."""
    cells = list(map(str, values))
    text = "".join(cells)
    if text.isascii() and text.isprintable():
        return cells, list(map(len, cells))
    cells = [one_line(cell) for cell in cells]
    return cells, [width_of(cell) for cell in cells]
