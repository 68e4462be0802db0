"""Any JSON as a labelled tree: for types and shapes that no view knows; nothing is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.text import one_line
from arthas_cli.theme import DIM, KEY
from arthas_cli.views.lines import fold_text
from arthas_cli.views.read import format_json, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.jsontext import Json
    from arthas_cli.views.lines import Line

# Deeper guides are not drawn out: a depth of thousands would make each line thousands long.
MAX_GUIDES = 32
_MIN_ROOM = 20


def draw_guides(lasts: list[bool]) -> str:
    """Return what stands before a node: for each level whether it was the last of its parent.

    Beyond `MAX_GUIDES` levels the outer ones are a number: `⋯47 │  └─ `.
    """
    more = len(lasts) - MAX_GUIDES
    shown = lasts if more <= 0 else lasts[more:]
    start = "" if more <= 0 else f"⋯{more} "
    guides = "".join("   " if last else "│  " for last in shown[:-1])
    return f"{start}{guides}{'└─ ' if shown[-1] else '├─ '}" if shown else start


def continue_guides(guides: str) -> str:
    """Return the guides for a further line of the same node."""
    return guides.replace("├─ ", "│  ").replace("└─ ", "   ")


def tree_lines(label: str, value: Json, width: int | None) -> Iterator[Line]:
    """Yield a value as a tree under its label; without recursion, so of any depth."""
    todo: list[tuple[str, Json, list[bool]]] = [(label, value, [])]
    while todo:
        name, item, lasts = todo.pop()
        guides = draw_guides(lasts)
        inner = _children(item)
        if inner is None:
            yield from _leaf(guides, one_line(name), item, width)
            continue
        yield (Segment(guides, DIM), Segment(one_line(name), KEY))
        last = len(inner) - 1
        todo.extend(
            (inner_name, inner_item, [*lasts, at == last])
            for at, (inner_name, inner_item) in reversed(list(enumerate(inner)))
        )


def _children(item: Json) -> list[tuple[str, Json]] | None:
    """Return what is inside an object or list; None for scalars and what is empty."""
    if isinstance(item, dict) and item:
        return list(item.items())
    if isinstance(item, list) and any(isinstance(inner, dict | list) for inner in item):
        return [(f"[{at}]", inner) for at, inner in enumerate(item)]
    return None


def _leaf(guides: str, name: str, item: Json, width: int | None) -> Iterator[Line]:
    text = plain(item) if isinstance(item, str) else format_json(item)
    start = len(guides) + len(name) + 2
    room = None if width is None else max(width - start, _MIN_ROOM)
    pieces = fold_text(text, room)
    if len(pieces) > 1 and start > _MIN_ROOM:
        start = len(guides) + 3
        room = None if width is None else max(width - start, _MIN_ROOM)
        yield (Segment(guides, DIM), Segment(name, KEY), Segment(":"))
        pieces = ["", *fold_text(text, room)][1:]
        for piece in pieces:
            yield (Segment(f"{continue_guides(guides)}   ", DIM), Segment(piece))
        return
    yield (Segment(guides, DIM), Segment(name, KEY), Segment(f": {pieces[0]}"))
    for piece in pieces[1:]:
        yield (Segment(f"{continue_guides(guides)}{' ' * (len(name) + 2)}", DIM), Segment(piece))
