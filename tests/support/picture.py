"""The picture of a session: an SVG of the rows of a terminal, colours included."""

from __future__ import annotations

import html
import io
import re
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.style import Style
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyte.screens import Char

_COLUMNS = 80
_ID = "session"
# What pyte calls otherwise than rich.
_COLOURS = {"brown": "yellow", "brightbrown": "bright_yellow", "default": None}
_LETTER_WIDTH, _LINE_HEIGHT = 12.2, 24.4
_LETTERS = re.compile(r'<text class="session-r\d+" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>')
# A reader's browser is asked to fetch nothing.
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def draw_picture(first: str, rows: Iterable[Iterable[Char]]) -> str:
    """Return an SVG of a terminal: a line that was typed before, and the rows of its screen."""
    console = Console(
        record=True,
        width=_COLUMNS,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )
    console.print(Text(first))
    for row in rows:
        runs = groupby(row, _find_style)
        line = Text.assemble(*(("".join(cell.data for cell in run), style) for style, run in runs))
        line.rstrip()
        console.print(line, soft_wrap=True)
    drawn = console.export_svg(title="arthas-shell", unique_id=_ID)
    return _FONTS.sub("", drawn).replace("Fira Code, monospace", "monospace")


def read_picture(svg: str) -> str:
    """Return the lines that a picture shows."""
    lines: list[str] = []
    for x, y, letters in _LETTERS.findall(svg):
        number = int(float(y) / _LINE_HEIGHT)
        lines += [""] * (number + 1 - len(lines))
        line = lines[number].ljust(round(float(x) / _LETTER_WIDTH))
        lines[number] = line + html.unescape(letters).replace("\N{NO-BREAK SPACE}", " ")
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _find_style(cell: Char) -> Style:
    return Style(
        color=_find_colour(cell.fg),
        bgcolor=_find_colour(cell.bg),
        bold=cell.bold,
        italic=cell.italics,
        underline=cell.underscore,
        reverse=cell.reverse,
    )


def _find_colour(name: str) -> str | None:
    if re.fullmatch("[0-9a-f]{6}", name):
        return f"#{name}"
    return _COLOURS.get(name, name.replace("bright", "bright_"))
