"""What the enhancing commands send: `enhancer`, `watch`, `monitor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.jsontext import as_int
from arthas_cli.text import count, strip_ansi
from arthas_cli.theme import DIM, ERROR, GOOD, NOTE, TITLE, WARNING
from arthas_cli.views.classes import rows_of
from arthas_cli.views.frames import frame_lines
from arthas_cli.views.lines import Block, plain_lines
from arthas_cli.views.read import get_number, get_row, get_rows, get_text, get_texts, plain
from arthas_cli.views.table import Column, TableView
from arthas_cli.views.units import divide, format_time
from arthas_cli.views.values import value_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.style import Style

    from arthas_cli.jsontext import Json
    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

_MAX_CAUSES = 50
_NOT_RESET = "nothing to reset: no such class is enhanced"


def _affect_lines(effect: Row, said: str) -> Iterator[Line]:
    """Yield what an enhancement (or its removal) did: dumps, methods, a sum, what went wrong.

    `said`: the sum, empty where it is told elsewhere.
    """
    for key, label in (("classDumpFiles", "dumped"), ("methods", "enhanced")):
        for name in get_texts(effect, key):
            yield (Segment(f"{label} ", DIM), Segment(name))
    if said:
        yield (Segment(said, GOOD if effect.get("classCount") else WARNING),)
    if get_text(effect, "overLimitMsg"):
        yield from plain_lines(strip_ansi(get_text(effect, "overLimitMsg")), WARNING)
    yield from throwable_lines(get_row(effect, "throwable"))


def throwable_lines(throwable: Row, label: str = "") -> Iterator[Line]:
    """Yield an exception with its stack and causes."""
    for _ in range(_MAX_CAUSES):
        if not throwable:
            return
        message = get_text(throwable, "message") or get_text(throwable, "localizedMessage")
        yield from plain_lines(f"{label}{message or 'an exception without a message'}", ERROR)
        yield from frame_lines(get_rows(throwable, "stackTrace"))
        for suppressed in get_rows(throwable, "suppressed"):
            yield from plain_lines(f"    suppressed: {get_text(suppressed, 'message')}", ERROR)
        throwable, label = get_row(throwable, "cause"), "caused by: "


def render_enhancer(data: Row, page: Page) -> Block:
    """Draw what was enhanced. Why nothing was comes in the `status` too, there in full.

    How much it was stands not in a pipe, where hits are counted: stderr has it.
    """
    effect = get_row(data, "effect")
    methods = count(as_int(effect.get("methodCount")) or 0, "method")
    said = f"affected {_classes(effect)}, {methods}{_took(effect)}"
    if (get_number(effect, "listenerId") or 0) > 0:
        said += f" (listener {get_text(effect, 'listenerId')})"

    def lines() -> Iterator[Line]:
        yield from _affect_lines(effect, said if page.width is not None else "")
        if data.get("success") is True and get_text(data, "message"):
            yield from plain_lines(strip_ansi(get_text(data, "message")), NOTE)

    return Block(lines())


def render_reset(data: Row, page: Page) -> Block:
    """Draw what `reset` set back."""
    del page
    affect = get_row(data, "affect")
    said = f"reset {_classes(affect)}{_took(affect)}" if affect.get("classCount") else _NOT_RESET
    return Block(_affect_lines(affect, said))


def _classes(effect: Row) -> str:
    return count(as_int(effect.get("classCount")) or 0, "class", "classes")


def _took(effect: Row) -> str:
    cost = get_number(effect, "cost")
    return f" in {get_text(effect, 'cost')} ms" if cost is not None and cost >= 0 else ""


_ACCESS: dict[str, Style] = {"AtExceptionExit": ERROR, "AtEnter": DIM, "AtExit": GOOD}


def render_watch(data: Row, page: Page) -> Block:
    """Draw one hit of `watch`; `cost` is milliseconds."""

    def lines() -> Iterator[Line]:
        access = get_text(data, "accessPoint")
        head: list[Segment] = []
        if get_text(data, "className") or get_text(data, "methodName"):
            name = f"{get_text(data, 'className')}.{get_text(data, 'methodName')}"
            head += [Segment("method=", DIM), Segment(name, TITLE), Segment(" ")]
        if access:
            head += [Segment("location=", DIM), Segment(access, _ACCESS.get(access))]
        if head:
            yield tuple(head)
        cost = f"[cost={get_text(data, 'cost')}ms] " if "cost" in data else ""
        label = f"ts={get_text(data, 'ts')}; {cost}result="
        yield from value_lines(data, "value", page, label)

    return Block(lines())


def _mean(row: Row) -> float | None:
    return divide(row.get("cost"), row.get("total"))


def _fail_rate(row: Row) -> float | None:
    share = divide(row.get("failed"), row.get("total"))
    return None if share is None else share * 100


def _two_decimals(value: Json) -> str:
    return f"{value:.2f}" if isinstance(value, float) else plain(value) or "-"


def _rate(value: Json) -> str:
    return f"{value:.2f}%" if isinstance(value, float) else plain(value) or "-"


def _is_failing(cell: str) -> Style | None:
    return None if cell in ("0", "0.00%", "-", "") else ERROR


MONITOR = TableView(
    columns=(
        Column("TIMESTAMP", "timestamp", format_time),
        Column("CLASS", "className", has_names=True),
        Column("METHOD", "methodName", style=TITLE),
        Column("TOTAL", "total", is_number=True),
        Column("SUCCESS", "success", is_number=True),
        Column("FAIL", "failed", is_number=True, style=_is_failing),
        Column("AVG-RT(ms)", "avgRt", _two_decimals, is_number=True, read=_mean),
        Column("FAIL-RATE", "failRate", _rate, is_number=True, style=_is_failing, read=_fail_rate),
    ),
    rows=rows_of("monitorDataList"),
    is_continued=True,
)
