"""The line under the prompt: where one is, what runs besides, and what the F-keys do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from prompt_toolkit.utils import get_cwidth

from arthas_cli.shell.terminal.fit import cut_text
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.completion.knowledge import Knowledge
    from arthas_cli.shell.prompt.ognl import Fragments

# What stands in the line, what is told last in a narrow terminal at the end.
_RANKS = {
    name: rank
    for rank, name in enumerate(
        ("silence", "mode", "jobs", "target", "help", "other format", "index", "format", "editor")
    )
}
_BETWEEN_KEYS = "  "


@dataclass(frozen=True, slots=True)
class Status:
    """What the shell knows without asking; `index` is empty where there is no class index.

    `jobs`: what is new of each in the background. `display_format`: how results are shown, one of
    `display.DISPLAY_FORMATS`. `mode`: of vi, empty where there is none. `silent_since`: since when
    the server does not answer, by `time.time`; None while it does.
    """

    target: str
    jobs: Sequence[str] = ()
    index: str = ""
    display_format: str = "text"
    mode: str = ""
    silent_since: float | None = None


def format_index(knowledge: Knowledge) -> str:
    """Return how many classes completion knows; empty where it does not know any yet."""
    number = len(knowledge.index)
    return f"{number:,} {'class' if number == 1 else 'classes'}" if number else ""


def format_toolbar(status: Status, width: int) -> Fragments:
    """Return the line in at most `width` columns.

    Where it is narrow the parts of the highest rank go first, each as a whole. Only what is left
    alone is cut.
    """
    parts = _list_parts(status)
    while parts[1:] and _measure(parts) > width:
        parts.remove(max(parts, key=lambda part: part.rank))
    style = "class:bar" if status.silent_since is None else "class:bar.gone"
    left = cut_text(_join_facts(parts), width)
    keys = [part for part in parts if part.key]
    if not keys or _measure(parts) > width:
        return [(style, left)]
    gap = " " * (width - get_cwidth(left) - _measure(keys))
    fragments: Fragments = [(style, left + gap)]
    for at, part in enumerate(keys):
        space = _BETWEEN_KEYS if at < len(keys) - 1 else ""
        fragments += [("class:bar.key", part.key), ("class:bar", f" {part.text}{space}")]
    return fragments


class _Part(NamedTuple):
    """A fact at the left, or what a key at the right does."""

    rank: int
    text: str
    key: str = ""


def _list_parts(status: Status) -> list[_Part]:
    """Return them as they stand; the oldest of the jobs goes before the newer ones."""
    at = time.strftime("%H:%M:%S", time.localtime(status.silent_since))
    silence = "" if status.silent_since is None else f"no answer since {at}"
    # The format is a fact where it is not the usual one.
    rank_of_format = _RANKS["format"] if status.display_format == "text" else _RANKS["other format"]
    facts = [
        _Part(_RANKS["silence"], silence),
        _Part(_RANKS["mode"], status.mode),
        *(_Part(_RANKS["jobs"], job) for job in status.jobs),
        _Part(_RANKS["target"], status.target),
        _Part(_RANKS["index"], status.index),
    ]
    return [
        *(part._replace(text=one_line(part.text)) for part in facts if part.text),
        _Part(_RANKS["help"], "help", "F1"),
        _Part(rank_of_format, f"format: {status.display_format}", "F2"),
        _Part(_RANKS["editor"], "editor", "F4"),
    ]


def _join_facts(parts: Sequence[_Part]) -> str:
    return " · ".join(part.text for part in parts if not part.key)


def _measure(parts: Sequence[_Part]) -> int:
    keys = [get_cwidth(f"{part.key} {part.text}") for part in parts if part.key]
    left = get_cwidth(_join_facts(parts))
    gaps = bool(left and keys) + max(0, len(keys) - 1)
    return left + sum(keys) + gaps * len(_BETWEEN_KEYS)
