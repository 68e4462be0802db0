r"""The text of a value (`@ArrayList[…]`) coloured by kind; the text itself is never changed.

The server draws values as text that cannot be read back safely: only line feeds are escaped in
it, and it may be unbalanced (docs/protocol.md, 5.2). So the lexer only names what stretches of it
look like. Servers up to 3.6.4 send JSON instead (docs/protocol.md, 5.2).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.theme import DIM, ERROR, KEY, NOTE, NUMBER, STRING, TYPE, WORD
from arthas_cli.views.lines import Block, plain_lines
from arthas_cli.views.read import plain
from arthas_cli.views.tree import draw_guides, tree_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.style import Style

    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

_TOKEN = re.compile(
    r"""
      (?P<error>ERROR\ DATA!!!.*)
    | (?P<string>@(?:String|Character|StringBuilder|StringBuffer)\[)(?P<quoted>.*?)
          (?P<quoted_end>\](?=,?$|:@|:null\b))
    | (?P<type>@[\w$.]+(?:\[\])*)(?=\[|$)
    | (?P<key>^\s*[\w$]+(?==))
    | (?P<summary>isEmpty=(?:true|false);size=\d+)
    | (?P<number>(?<![\w$.@-])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w$.]))
    | (?P<word>\b(?:true|false|null)\b)
    | (?P<sign>[\[\]{},])
    """,
    re.VERBOSE,
)
_STYLES: dict[str, Style] = {
    "error": ERROR,
    "string": TYPE,
    "quoted": STRING,
    "quoted_end": TYPE,
    "type": TYPE,
    "key": KEY,
    "summary": DIM,
    "number": NUMBER,
    "word": WORD,
    "sign": DIM,
}
# What a server sends at depth 0 instead of the value (docs/protocol.md, 5.2).
_NO_VALUE = re.compile(r"com\.taobao\.arthas\.core\.command\.model\.ObjectVO@[0-9a-f]+")
# Colours are worth their time only where somebody will read them.
_MAX_COLOURED = 100_000
_OPEN = "["
_CLOSE = re.compile(r"\s*\],?")


def colour_line(text: str) -> Line:
    """Return one line in styled stretches, which put together are the text."""
    parts: list[Segment] = []
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            parts.append(Segment(text[at : match.start()]))
        names = ("string", "quoted", "quoted_end") if match["string"] else (match.lastgroup or "",)
        parts += [Segment(match[name], _STYLES[name]) for name in names if match[name]]
        at = match.end()
    if at < len(text) or not parts:
        parts.append(Segment(text[at:]))
    return tuple(parts)


def is_drawn_text(row: Row, key: str) -> bool:
    """Return whether a value is drawn text; raw JSON has `expand` beside it (servers to 3.6.4).

    In `tt` the depth stands beside values of both kinds; there only the look of them tells.
    """
    value = row.get(key)
    if not isinstance(value, str):
        return False
    return value.startswith("@") if key != "value" else "expand" not in row


def value_lines(row: Row, key: str, page: Page, label: str | None = None) -> Iterator[Line]:
    """Yield the value of a field, after its label on the first line if it has one.

    Args:
        row: the object the value stands in.
        key: its field; a missing one is null.
        page: where it is drawn.
        label: what stands before it, such as `result=`.
    """
    value = row.get(key)
    if isinstance(value, dict | list) and value:
        yield from tree_lines(label or key, value, page.width)
        return
    text = "null" if value is None else plain(value)
    lines = text_lines(text, page) if is_drawn_text(row, key) else plain_lines(text)
    for at, line in enumerate(lines):
        yield (Segment(label, DIM), *line) if label and not at else line
    if _NO_VALUE.fullmatch(text):
        yield (Segment("the server sends no value at depth 0; use -x 1 or more", NOTE),)


def text_lines(text: str, page: Page) -> Iterator[Line]:
    """Yield the lines of drawn text, coloured and folded as the page wants them."""
    lines = text.split("\n")
    if page.tree_values:
        tree = list(_tree(lines))
        if tree:
            lines = tree
    shown = lines
    if page.is_live and len(lines) > page.max_value_lines:
        shown = lines[: page.max_value_lines * 2 // 3]
    is_coloured = page.is_coloured and len(text) <= _MAX_COLOURED
    for line in shown:
        yield colour_line(line) if is_coloured else (Segment(line),)
    if len(shown) < len(lines):
        yield (Segment(f"… {len(lines) - len(shown)} more lines of this value", NOTE),)


def _tree(lines: list[str]) -> Iterator[str]:
    """Yield the lines with guides for their brackets; none where the text is not well-formed."""
    nodes: list[tuple[int, str]] = []
    level = 0
    for line in lines:
        if _CLOSE.fullmatch(line) and level and len(line) - len(line.lstrip()) == 4 * (level - 1):
            level -= 1
            continue
        text = line[4 * level :]
        if line[: 4 * level].strip() or text[:1].isspace() or not text:
            return
        if text.endswith(_OPEN):
            nodes.append((level, text[: -len(_OPEN)]))
            level += 1
        else:
            nodes.append((level, text.removesuffix(",") if level else text))
    if level:
        return
    yield from _draw_tree(nodes)


def _draw_tree(nodes: list[tuple[int, str]]) -> Iterator[str]:
    """Yield nodes, each at its level, with guides; a node is the last if no sibling follows."""
    lasts: list[bool] = [False] * len(nodes)
    is_followed: list[bool] = []
    for at in range(len(nodes) - 1, -1, -1):
        level = nodes[at][0]
        del is_followed[level + 1 :]
        is_followed += [False] * (level + 1 - len(is_followed))
        lasts[at] = not is_followed[level]
        is_followed[level] = True
    path: list[bool] = []
    for (level, text), last in zip(nodes, lasts, strict=True):
        del path[max(level - 1, 0) :]
        if level:
            path.append(last)
        yield draw_guides(path) + text


def render_value(data: Row, page: Page) -> Block:
    """Draw a result that is one value: `ognl`, `vmtool`."""
    return Block(value_lines(data, "value", page))
