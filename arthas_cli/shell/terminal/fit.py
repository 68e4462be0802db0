"""Text in so many columns, with dots where some of it is left out."""

from __future__ import annotations

from prompt_toolkit.utils import get_cwidth

DOTS = "…"


def cut_text(text: str, room: int) -> str:
    """Return the text in at most `room` columns, with dots where its end is left out."""
    if get_cwidth(text) <= room:
        return text
    while text and get_cwidth(text) + 1 > room:
        text = text[:-1]
    return f"{text}{DOTS}" if room > 0 else ""


def cut_middle(text: str, room: int) -> str:
    """Return the text in at most `room` columns, with dots where its middle is left out."""
    head, tail = text[: len(text) // 2], text[len(text) // 2 :]
    if get_cwidth(text) <= room:
        return text
    while (head or tail) and get_cwidth(head) + get_cwidth(tail) + 1 > room:
        head, tail = (head[:-1], tail) if len(head) > len(tail) else (head, tail[1:])
    return f"{head}{DOTS}{tail}" if room > 0 else ""
