"""Lines of styled text that rich draws one by one, so that no answer is held whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment

from arthas_cli.text import one_line, sanitise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, ConsoleOptions
    from rich.style import Style

Line: TypeAlias = "tuple[Segment, ...]"

_END = Segment("\n")
_MIN_ROOM = 20
_WORD = re.compile(r"\S+\s*|\s+")
# A long word is broken behind one of these where that does not waste more than half a line.
_BREAKS = re.compile(r"[./,;:&=)\]}@$_-]")


class Block:
    """A renderable of lines. It is drawn once, for the lines may come from an iterator."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for line in self.lines:
            yield from line
            yield _END


def make_line(*parts: tuple[str, Style | None] | str) -> Line:
    """Return one line of texts, each with its style or without."""
    return tuple(
        Segment(part) if isinstance(part, str) else Segment(part[0], part[1]) for part in parts
    )


def plain_lines(text: str, style: Style | None = None) -> Iterator[Line]:
    """Yield the lines of a text; one that ends with a line feed has no empty last line."""
    text = text.removesuffix("\n")
    for line in text.split("\n"):
        yield (Segment(line, style),)


def width_of(text: str) -> int:
    """Return how many columns of a terminal the (sanitised) text takes."""
    return len(text) if text.isascii() else cell_len(text)


def cut_at(text: str, width: int) -> int:
    """Return how many characters fit into `width` columns, at least one."""
    if text.isascii():
        return max(1, min(width, len(text)))
    used = 0
    for at, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > width:
            return max(1, at)
    return len(text)


def fold(text: str, width: int | None) -> list[str]:
    """Break one sanitised line into pieces of at most `width` columns, at blanks if possible.

    Nothing is dropped but the blanks at a break; None: not broken.
    """
    if width is None or width_of(text) <= width:
        return [text]
    pieces: list[str] = []
    line = ""
    for match in _WORD.finditer(text):
        word = match[0]
        needed = width_of(word.rstrip())
        if line and width_of(line) + needed > width:
            if width_of(line) * 3 < width:
                end = _find_break(
                    word, cut_at(word, width - width_of(line)), is_forced=needed > width
                )
                line += word[:end]
                word = word[end:]
            pieces.append(line.rstrip())
            line = ""
        while width_of(word.rstrip()) > width:
            end = _find_break(word, cut_at(word, width), is_forced=True)
            pieces.append(word[:end])
            word = word[end:]
        line += word
    if line.strip() or not pieces:
        pieces.append(line.rstrip())
    return pieces


def _find_break(word: str, end: int, *, is_forced: bool) -> int:
    """Return where to break a word, at `end` at the latest; 0: nowhere, unless it is forced."""
    for at in range(end, end // 2, -1):
        if _BREAKS.match(word[at - 1]):
            return at
    return end if is_forced else 0


def fold_line(line: Iterable[Segment], width: int | None) -> Iterator[Line]:
    """Fold one styled line; the styles stay where they were."""
    parts = [Segment(one_line(part.text), part.style) for part in line]
    if width is None or sum(width_of(part.text) for part in parts) <= width:
        yield tuple(parts)
        return
    width = max(width, _MIN_ROOM)
    rest = "".join(part.text for part in parts)
    pieces = fold(rest, width)
    at = 0
    for piece in pieces:
        start = rest.index(piece, at)
        at = start + len(piece)
        yield tuple(_cut(parts, start, at))


def _cut(parts: list[Segment], start: int, end: int) -> Iterator[Segment]:
    """Yield the stretch of styled texts between two characters."""
    at = 0
    for part in parts:
        text = part.text[max(start - at, 0) : max(end - at, 0)]
        at += len(part.text)
        if text:
            yield Segment(text, part.style)


def fold_text(text: str, width: int | None) -> list[str]:
    """Fold a text of several lines; what is no terminal's business becomes visible marks."""
    text = sanitise(text)
    if width is not None:
        text = text.expandtabs(4)
    return [piece for line in text.split("\n") for piece in fold(line, width)]


def labelled(
    pairs: Iterable[tuple[str, str]], width: int | None, style: Style | None, indent: int = 0
) -> Iterator[Line]:
    """Yield `label  value` lines, values aligned and folded under themselves.

    Args:
        pairs: labels and values; a value may have several lines.
        width: columns of the terminal, None: not folded.
        style: of the labels.
        indent: blanks before each line.
    """
    facts = [(sanitise(label), value) for label, value in pairs]
    most = max((width_of(label) for label, _ in facts), default=0)
    start = indent + most + 2
    room = None if width is None else max(width - start, _MIN_ROOM)
    for label, value in facts:
        gap = " " * (most - width_of(label) + 2)
        for at, piece in enumerate(fold_text(value, room)):
            if at:
                yield (Segment(" " * start + piece),)
            else:
                tail = gap + piece if piece else ""
                yield (Segment(" " * indent), Segment(label, style), Segment(tail))
