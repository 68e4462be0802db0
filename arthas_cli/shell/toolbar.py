"""The line under the prompt: where one is, what runs besides, and what the F-keys do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.utils import get_cwidth

from arthas_cli.shell.hintbar import cut_text
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.shell.complete.knowledge import Knowledge
    from arthas_cli.shell.ognl import Fragments

KEYS = {"F1": "help", "F2": "look", "F4": "editor"}
_LEAST_LEFT = 12


@dataclass(frozen=True, slots=True)
class Status:
    """What the shell knows without asking; `index` is empty where there is no class index.

    `jobs`: what is new of each in the background. `look`: how results are shown, one of
    `forms.LOOKS`. `mode`: of vi, empty where there is none. `silent_since`: since when the server
    does not answer, by `time.time`; None while it does.
    """

    target: str
    jobs: Sequence[str] = ()
    index: str = ""
    look: str = "text"
    mode: str = ""
    silent_since: float | None = None


def format_index(knowledge: Knowledge) -> str:
    """Returns how many classes completion knows; empty where it does not know any yet."""
    number = len(knowledge.index)
    return f"{number:,} {'class' if number == 1 else 'classes'}" if number else ""


def format_toolbar(status: Status, width: int) -> Fragments:
    """Returns the line in at most `width` columns; the keys go first where it is narrow."""
    facts = [status.mode, "  ".join(status.jobs), status.target, status.index]
    left, style = " · ".join(one_line(fact) for fact in facts if fact), "class:bar"
    if status.silent_since is not None:
        at = time.strftime("%H:%M:%S", time.localtime(status.silent_since))
        left, style = f"no answer since {at} · {left}", "class:bar.gone"
    keys = _list_keys(status.look)
    room = width - 2 - sum(get_cwidth(text) for _, text in keys)
    if room < min(_LEAST_LEFT, get_cwidth(left)):
        return [(style, cut_text(left, width))]
    left = cut_text(left, room)
    gap = room + 2 - get_cwidth(left)
    return [(style, left + " " * gap), *keys]


def _list_keys(look: str) -> Fragments:
    fragments: Fragments = []
    for key, does in KEYS.items():
        name = f"{does}: {look}" if does == "look" else does
        fragments += [("class:bar.key", key), ("class:bar", f" {name}  ")]
    return [*fragments[:-1], ("class:bar", fragments[-1][1].rstrip())]
