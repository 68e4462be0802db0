"""The answers of many JVMs on one page: equal ones once, under the names that gave them."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.diagnostics import clean
from arthas_cli.fleet.names import fold_names
from arthas_cli.fleet.sameness import make_key
from arthas_cli.protocol import State
from arthas_cli.results import Role, find_role, is_hit
from arthas_cli.views import Drawing, table_of
from arthas_cli.views.lines import Block, plain_lines
from arthas_cli.views.merged import SHIFT_WIDTH, draw_heading, draw_tables, shift

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from arthas_cli.formats import Report
    from arthas_cli.jsontext import Json
    from arthas_cli.output import Paper
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import TargetEnd
    from arthas_cli.views.page import Page
    from arthas_cli.views.table import TableView


# Who was stopped, because another was first, has not said that there is nothing.
_UNANSWERED = (None, State.INTERRUPTED)

# A cell that is longer names the first alone, and how many more.
_MAX_LABEL = 24


class _Answer(NamedTuple):
    """What several said alike: the results of the first of them, and the words a success had."""

    names: list[str]
    results: Sequence[Result]
    message: str


class Gathered:
    """Answers that are drawn once all are there (`fleet.text.Form`)."""

    def __init__(self, paper: Paper, page: Page) -> None:
        self._paper = paper
        self._page = page
        room = None if page.width is None else max(page.width - SHIFT_WIDTH, 1)
        self._inner = replace(page, width=room)
        self._results: dict[str, list[Result]] = {}

    def show(self, result: Result) -> None:
        """Keep the result."""
        self._results.setdefault(result.target, []).append(result)

    def pause(self) -> None:
        """Draw nothing: the same answer may come once more."""

    def finish(self, report: Report) -> None:
        """Draw the tables as one, then each answer that is none, the most frequent first."""
        answers = list(self._gather(report.outcome.ends))
        tables: dict[int, tuple[TableView, list[_Answer]]] = {}
        others: list[_Answer] = []
        for answer in answers:
            table = _find_table(answer.results)
            if table is None:
                others.append(answer)
            else:
                tables.setdefault(id(table), (table, []))[1].append(answer)
        is_first = True
        for table, alike in tables.values():
            self._separate(is_first=is_first)
            is_first = False
            for names, _, _ in alike:
                if (label := _make_label(names)) != fold_names(names):
                    self._paper.draw(draw_heading(f"{label}: {fold_names(names)}", self._page))
            self._paper.draw(draw_tables(table, list(_list_rows(alike)), self._page))
        others.sort(key=lambda answer: -len(answer.names))
        for answer in others:
            self._separate(is_first=is_first)
            is_first = False
            share = f"{len(answer.names)} of {len(report.outcome.ends)}"
            is_odd = len(answer.names) < len(others[0].names)
            self._draw(answer, share, is_odd=is_odd)

    def _separate(self, *, is_first: bool) -> None:
        if not is_first:
            self._paper.write("")

    def _gather(self, ends: Iterable[TargetEnd]) -> Iterable[_Answer]:
        """Return what was said, in the order of those that said it first."""
        found: dict[tuple[str, str], _Answer] = {}
        for name, _, outcome in ends:
            results = self._results.get(name, [])
            if not results and (outcome.error is not None or outcome.state in _UNANSWERED):
                continue
            message = clean(outcome.message or "") if outcome.error is None else ""
            answer = found.setdefault((make_key(results), message), _Answer([], results, message))
            answer.names.append(name)
        return found.values()

    def _draw(self, answer: _Answer, share: str, *, is_odd: bool) -> None:
        """Draw what some said under their names; `is_odd`: more said something else."""
        heading = f"{fold_names(answer.names)} ({share}{', differs' * is_odd})"
        self._paper.draw(draw_heading(heading, self._page, is_odd=is_odd))
        drawing = Drawing(self._inner)
        blocks = chain.from_iterable(map(drawing.draw, answer.results))
        for block in chain(blocks, drawing.finish()):
            if isinstance(block, Block):  # as all results are drawn
                self._paper.draw(shift(block))
        if answer.message or not any(map(is_hit, answer.results)):
            self._paper.draw(shift(Block(plain_lines(answer.message or "(no results)"))))


def _make_label(names: list[str]) -> str:
    """Return what stands in each row for the names of those that gave a table."""
    folded = fold_names(names)
    is_short = len(names) == 1 or len(folded) <= _MAX_LABEL
    return folded if is_short else f"{names[0]}+{len(names) - 1}"


def _list_rows(answers: Iterable[_Answer]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Yield the names of those that gave each table, and its data."""
    for names, results, _ in answers:
        label = _make_label(names)
        for result in results:
            if is_hit(result):
                yield label, result.data


def _find_table(results: Sequence[Result]) -> TableView | None:
    """Return the one table that all of an answer is, None if it is not."""
    shown = [result for result in results if find_role(result.type) is not Role.COUNT]
    tables = {id(table): table for table in map(table_of, shown)}
    table = next(iter(tables.values())) if len(tables) == 1 else None
    return None if table is None or table.draw is not None else table
