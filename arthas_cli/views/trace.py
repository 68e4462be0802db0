"""The call tree of `trace`: shares, times, the hottest path, what was thrown.

Trees may have tens of thousands of nodes and be very deep, so nothing here recurses.
Costs are nanoseconds (docs/protocol.md, 5.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.results import is_rest_of_call
from arthas_cli.theme import DIM, ERROR, HOT, NOTE, WARNING
from arthas_cli.views.frames import origin_line
from arthas_cli.views.lines import Block, fold_line, width_of
from arthas_cli.views.names import shorten_names
from arthas_cli.views.read import get_number, get_row, get_rows, get_text, plain
from arthas_cli.views.tree import MAX_GUIDES
from arthas_cli.views.units import divide, format_ns_as_ms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

# A call that took less than this share of the whole is noise: dimmed, not hidden.
_NOISE_PERCENT = 1.0
_MAX_REMEMBERED = 1_000_000
_REST = "the rest of a call that began before the trace: not counted, its time is unknown"
# By whether the node is on the hottest path, and the last of its parent.
_GUIDES = {
    (True, True): "┕━━ ",
    (True, False): "┝━━ ",
    (False, True): "└── ",
    (False, False): "├── ",
}


def find_cost(node: Row) -> float | int | None:
    """Return what a node took, all its calls together; None where it is not told."""
    total = get_number(node, "totalCost")
    return get_number(node, "cost") if total is None else total


def find_hottest(root: Row) -> set[int]:
    """Return the ids (of Python) of the nodes on the path that took the most, root to leaf."""
    path: set[int] = set()
    node = root
    while True:
        calls = [child for child in get_rows(node, "children") if find_cost(child) is not None]
        if not calls:
            return path
        node = max(calls, key=lambda call: find_cost(call) or 0)
        path.add(id(node))


@dataclass(slots=True)
class _Node:
    node: Row
    lasts: str  # the guides of the levels above it
    level: int
    is_last: bool
    parent: Row
    root: Row | None


def render_trace(data: Row, page: Page) -> Block:
    """Draw one call tree."""
    return Block(_tree_lines(data, page.width))


def _tree_lines(data: Row, width: int | None) -> Iterator[Line]:
    root = get_row(data, "root")
    yield from fold_line(origin_line(root, "timestamp"), width)
    is_rest = is_rest_of_call(data)
    if is_rest:
        yield from fold_line((Segment(_REST, NOTE),), width)
    hottest = set() if is_rest else find_hottest(root)
    todo = _children(root, "", 0, None)
    while todo:
        item = todo.pop()
        is_hot = id(item.node) in hottest
        below = item.lasts + ("    " if item.is_last else "│   ")
        is_end = is_hot and not any(
            id(child) in hottest for child in get_rows(item.node, "children")
        )
        guide = Segment(_GUIDES[is_hot, item.is_last], HOT if is_hot else DIM)
        head: Line = (Segment(item.lasts, DIM), guide)
        room = None if width is None else width - width_of(below)
        for line in _fit(item, room, is_hot=is_hot, is_end=is_end):
            yield (*head, *line)
            head = (Segment(below, DIM),)
        todo += _children(item.node, below, item.level + 1, item.root or item.node)
    yield ()


def _children(node: Row, above: str, level: int, root: Row | None) -> list[_Node]:
    children = get_rows(node, "children")
    if level > MAX_GUIDES:
        above = f"⋯{level - MAX_GUIDES} " + above[-4 * MAX_GUIDES :]
    last = len(children) - 1
    return [
        _Node(child, above, level, at == last, node, root)
        for at, child in reversed(list(enumerate(children)))
    ]


def _fit(item: _Node, room: int | None, *, is_hot: bool, is_end: bool) -> Iterator[Line]:
    """Yield a node's text: packages are shortened where it is too long, then it is folded."""
    name = get_text(item.node, "className")
    end = [Segment(" ◀ hottest", HOT)] if is_end else []
    parts = [*_describe(item, name, is_hot=is_hot), *end]
    excess = 0 if room is None else sum(width_of(part.text) for part in parts) - room
    if excess > 0:
        name = shorten_names(name, width_of(name) - excess)
        parts = [*_describe(item, name, is_hot=is_hot), *end]
    return fold_line(parts, room)


def _describe(item: _Node, name: str, *, is_hot: bool) -> Iterator[Segment]:
    """Yield what is said of a node, behind its guides; `name` is that of its class."""
    node = item.node
    mark = get_text(node, "mark")
    style = HOT if is_hot else (DIM if _is_noise(item) else None)
    is_throw = get_text(node, "type") == "throw" or "exception" in node
    if is_throw:
        yield Segment(f"throw:{get_text(node, 'exception')}", ERROR)
    else:
        yield Segment(f"[{_formatfind_cost(item)}] ", style)
        yield Segment(f"{name}:{get_text(node, 'methodName')}()", style)
    line = get_number(node, "lineNumber")
    if line is not None and line >= 0:
        yield Segment(f" #{plain(line)}", DIM)
    if is_throw and get_text(node, "message"):
        yield Segment(f" [{get_text(node, 'message')}]", ERROR)
    if get_text(node, "throwExp"):
        yield Segment(f" [throws {get_text(node, 'throwExp')}]", ERROR)
    elif node.get("throw") is True and not mark:
        yield Segment(" [throws]", ERROR)
    if mark:
        yield Segment(f" [{mark}]", ERROR if node.get("throw") is True else WARNING)


def _is_noise(item: _Node) -> bool:
    share = divide(find_cost(item.node), find_cost(item.root)) if item.root is not None else None
    return share is not None and share * 100 < _NOISE_PERCENT


def _formatfind_cost(item: _Node) -> str:
    """Return the share of the parent and the time, or least, most, sum and count if merged."""
    node = item.node
    share = ""
    if item.root is not None:
        part = divide(find_cost(node), find_cost(item.parent))
        share = "" if part is None else f"{part * 100:5.2f}% "
    times = get_number(node, "times")
    if times is None or times <= 1:
        cost = get_number(node, "cost")
        if cost is not None and cost < 0:
            return f"{share}unfinished"
        return f"{share}{format_ns_as_ms(node.get('cost'))}"
    least, most, total = (format_ns_as_ms(node.get(f"{k}Cost")) for k in ("min", "max", "total"))
    return f"{share}min={least}, max={most}, total={total}, count={plain(times)}"


@dataclass(slots=True)
class TraceSummary:
    """Remembers how long the roots of each method took."""

    _costs: dict[str, list[int]] = field(default_factory=dict)

    def add(self, data: Row) -> None:
        """Take in one call tree."""
        if is_rest_of_call(data):
            return
        for call in get_rows(get_row(data, "root"), "children"):
            cost = get_number(call, "cost")
            if isinstance(cost, int) and cost >= 0:
                name = f"{get_text(call, 'className')}:{get_text(call, 'methodName')}()"
                costs = self._costs.setdefault(name, [])
                if len(costs) < _MAX_REMEMBERED:
                    costs.append(cost)

    def lines(self) -> Iterator[Line]:
        """Yield a line for each method that was traced more than once."""
        for name, costs in self._costs.items():
            if len(costs) > 1:
                middle = format_ns_as_ms(round(median(costs)))
                least, most = format_ns_as_ms(min(costs)), format_ns_as_ms(max(costs))
                yield (
                    Segment(f"{name}: n={len(costs)} min={least} median={middle} max={most}", NOTE),
                )
