"""The styles of rich by what they mean."""

from __future__ import annotations

from rich.style import Style

from arthas_cli.palette import LOOKS

_STYLES = {meaning: Style.parse(look) for meaning, look in LOOKS.items()}

TITLE, LABEL, DIM, NOTE = (_STYLES[meaning] for meaning in ("title", "label", "dim", "note"))
ERROR, WARNING, GOOD = (_STYLES[meaning] for meaning in ("error", "warning", "good"))
HOT, PATH = _STYLES["hot"], _STYLES["path"]

# Values and sources.
TYPE, STRING, NUMBER = (_STYLES[meaning] for meaning in ("type", "string", "number"))
WORD, KEY, COMMENT = (_STYLES[meaning] for meaning in ("word", "key", "comment"))

THREAD_STATES: dict[str, Style] = {
    state: _STYLES[state]
    for state in ("NEW", "RUNNABLE", "BLOCKED", "WAITING", "TIMED_WAITING", "TERMINATED")
}
