"""Draws a hint in one line that always fits.

What is far from the cursor is left out first; the current argument never is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prompt_toolkit.utils import get_cwidth

from arthas_cli.shell.terminal.fit import DOTS, cut_middle, cut_text
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from arthas_cli.shell.prompt.hint import Hint
    from arthas_cli.shell.prompt.ognl import Fragments

_MIN_DETAIL = 12
_SPACE = "   "


def format_hint(hint: Hint, width: int) -> Fragments:
    """Return the hint in at most `width` columns, its risk at the right."""
    risk = hint.verdict.risk if hint.verdict else None
    badge = f" {risk} " if risk else ""
    parts = [one_line(part) for part in hint.parts]
    now = parts[hint.now] if hint.now is not None else ""
    least = get_cwidth(now) if parts else _MIN_DETAIL
    if badge and least + get_cwidth(badge) + 1 > width:
        badge = ""
    room = max(0, width - (get_cwidth(badge) + 1 if badge else 0))
    detail = get_cwidth(one_line(hint.detail)) + len(_SPACE)
    lit = get_cwidth(parts[hint.now or 0]) if parts else 0
    reserved = min(detail, max(room // 2, room - lit)) if hint.is_urgent else 0
    left = (
        _fit_parts(parts, hint.now, max(min(get_cwidth(now), room), room - reserved))
        if parts
        else []
    )
    left += _fit_detail(hint, room - _measure(left))
    if not badge:
        return left
    gap = width - _measure(left) - get_cwidth(badge)
    return [*left, ("", " " * gap), (f"class:hint.risk class:risk.{risk}", badge)]


def _fit_detail(hint: Hint, room: int) -> Fragments:
    text = one_line(hint.detail)
    space = _SPACE if hint.parts else ""
    if not text or room < min(_MIN_DETAIL, get_cwidth(text) + len(space)):
        return []
    style = "class:hint.wrong" if hint.is_wrong else "class:hint.detail"
    return [("", space), (style, cut_text(text, room - len(space)))]


@dataclass(slots=True)
class _Row:
    """The parts of a syntax, of which some are left out."""

    parts: list[str]
    now: int | None
    is_kept: list[bool] = field(default_factory=list)

    def list_texts(self) -> list[tuple[str, str]]:
        texts: list[tuple[str, str]] = []
        for number, (part, is_kept) in enumerate(zip(self.parts, self.is_kept, strict=True)):
            if is_kept:
                name = "now" if number == self.now else "part" if number else "command"
                texts.append((f"class:hint.{name}", part))
            elif not texts or texts[-1][1] != DOTS:
                texts.append(("class:hint.part", DOTS))
        return texts


def _fit_parts(parts: list[str], now: int | None, room: int) -> Fragments:
    """Leave out what is farthest from the current part, the name of the command last."""
    row = _Row(parts, now, [True] * len(parts))
    center = now or 0
    order = sorted(range(1, len(parts)), key=lambda number: -abs(number - center))
    for number in [number for number in [*order, 0] if number != center]:
        if _measure(_join(row)) <= room:
            break
        row.is_kept[number] = False
    fragments = _join(row)
    if _measure(fragments) <= room:
        return fragments
    lit = "command" if now is None else "now"
    return [(f"class:hint.{lit}", cut_middle(parts[center], room))] if room > 0 else []


def _join(row: _Row) -> Fragments:
    fragments: Fragments = []
    for style, text in row.list_texts():
        fragments += [("", " ")] * bool(fragments) + [(style, text)]
    return fragments


def _measure(fragments: Fragments) -> int:
    return sum(get_cwidth(text) for _, text in fragments)
