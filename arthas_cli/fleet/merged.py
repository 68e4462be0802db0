"""The streams of many JVMs on one page, as they come: each line behind the name of its JVM."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from arthas_cli.views import Drawing, table_of
from arthas_cli.views.lines import Block
from arthas_cli.views.merged import Names, merge_table, tag_row
from arthas_cli.views.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arthas_cli.formats import Report
    from arthas_cli.output import Paper
    from arthas_cli.protocol import Result
    from arthas_cli.views.page import Page
    from arthas_cli.views.table import TableView


class Merged:
    """Results that are drawn as they come (`fleet.text.Form`): tables under one header."""

    def __init__(self, paper: Paper, page: Page, names: Sequence[str]) -> None:
        self._paper = paper
        self._page = page
        self._order = names
        self._names = Names(names, paper.width)
        self._drawings: dict[str, Drawing] = {}
        self._tables: dict[int, Table] = {}

    def show(self, result: Result) -> None:
        """Draw the result."""
        view = table_of(result)
        if view is not None and view.draw is None:
            table = self._find_table(view)
            self._paper.draw(Block(table.lines(tag_row(result.data, result.target))))
            return
        self._release()
        self._put(result.target, self._find_drawing(result.target).draw(result))

    def pause(self) -> None:
        """Draw the rows that need not be held back any more."""
        for table in self._tables.values():
            if not table.awaits_more:
                self._paper.draw(Block(table.release()))
        for name, drawing in self._drawings.items():
            self._put(name, drawing.pause())

    def finish(self, report: Report) -> None:
        """Draw the rest of the rows, and what sums up what each has sent."""
        del report
        self._release()
        for name in filter(self._drawings.get, self._order):
            self._put(name, self._drawings[name].finish())

    def _find_drawing(self, name: str) -> Drawing:
        """Return what draws the results of one, on what its name leaves of the width."""
        found = self._drawings.get(name)
        if found is None:
            width = self._page.width
            room = None if width is None else max(width - self._names.width, 1)
            found = self._drawings[name] = Drawing(replace(self._page, width=room))
        return found

    def _find_table(self, view: TableView) -> Table:
        table = self._tables.get(id(view)) if view.is_continued else None
        if table is None:
            self._release()
            table = self._tables[id(view)] = Table(merge_table(view), self._page)
        return table

    def _release(self) -> None:
        """Draw the rows that were held back."""
        for table in self._tables.values():
            self._paper.draw(Block(table.release()))

    def _put(self, name: str, blocks: Iterable[object]) -> None:
        for block in blocks:
            if isinstance(block, Block):  # as all results are drawn
                self._paper.draw(Block(self._names.head(name, block.lines)))
