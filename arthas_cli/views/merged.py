"""What many JVMs sent on one page: tables under one header, lines behind the name of their JVM."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from arthas_cli.palette import TARGET_LOOKS
from arthas_cli.text import keep_end, one_line
from arthas_cli.theme import LABEL, TITLE, WARNING
from arthas_cli.views.lines import Block, fold_line, width_of
from arthas_cli.views.table import Column, Table, TableView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arthas_cli.jsontext import Json
    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

# No field of a server's row has that name.
_TARGET = "\0target"
_BAR = " │ "
_SHIFT = Segment("  ")
_MIN_NAME = 8
SHIFT_WIDTH = len(_SHIFT.text)
_STYLES = [Style.parse(look) for look in TARGET_LOOKS]


class Names:
    """The names of many JVMs as they stand before what each sent, each in a colour of its own.

    `width`: columns of the page, None for any number; a long name takes a third, and keeps its end.
    """

    def __init__(self, names: Sequence[str], width: int | None) -> None:
        safe = [one_line(name) for name in names]
        if width is not None:
            safe = [keep_end(name, max(width // 3, _MIN_NAME)) for name in safe]
        self.width = max(map(width_of, safe)) + len(_BAR)
        self._heads = {
            name: (Segment(text, _STYLES[at % len(_STYLES)]), self._fill(text))
            for at, (name, text) in enumerate(zip(names, safe, strict=True))
        }

    def head(self, name: str, lines: Iterable[Line]) -> Iterator[Line]:
        """Yield the lines, each behind the name."""
        for line in lines:
            yield (*self._heads[name], *line)

    def _fill(self, text: str) -> Segment:
        return Segment(" " * (self.width - len(_BAR) - width_of(text)) + _BAR)


def draw_heading(text: str, page: Page, *, is_odd: bool = False) -> Block:
    """Return the line over what several JVMs answered; `is_odd`: fewer than others did."""
    line = (Segment(text, WARNING + TITLE if is_odd else TITLE),)
    return Block(fold_line(line, page.width))


def shift(block: Block) -> Block:
    """Return the lines of an answer shifted to the right: none of them passes for a heading."""
    return Block((_SHIFT, *line) if any(part.text for part in line) else () for line in block.lines)


def draw_tables(view: TableView, answers: Sequence[tuple[str, Row]], page: Page) -> Block:
    """Return the tables of several JVMs as one, with a column TARGET before the others."""
    above = chain.from_iterable(_list_above(view, name, data) for name, data in answers)
    rows = chain.from_iterable(_tag_rows(view, name, data) for name, data in answers)
    whole = replace(_widen(view), rows=lambda _: rows, is_continued=False)
    folded = chain.from_iterable(fold_line(line, page.width) for line in above)
    return Block(chain(folded, Table(whole, page).lines({})))


def merge_table(view: TableView) -> TableView:
    """Return the table with a column TARGET before the others; `tag_row` makes its data."""
    return replace(_widen(view), rows=lambda data: _tag_rows(view, str(data[_TARGET]), data))


def tag_row(data: Row, name: str) -> Row:
    """Return the data of a result with the name of the JVM that sent it."""
    return {**data, _TARGET: name}


def _widen(view: TableView) -> TableView:
    target = Column("TARGET", "target", is_name=True, style=LABEL, read=_read_target)
    return replace(view, columns=(target, *view.columns), above=None)


def _tag_rows(view: TableView, name: str, data: Row) -> Iterator[Row]:
    for row in view.rows(data):
        yield {**row, _TARGET: name}


def _list_above(view: TableView, name: str, data: Row) -> Iterator[Line]:
    for line in () if view.above is None else view.above(data):
        yield (Segment(f"{one_line(name)}: ", LABEL), *line)


def _read_target(row: Row) -> Json:
    return row[_TARGET]
