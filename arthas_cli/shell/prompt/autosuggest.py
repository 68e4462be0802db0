"""Grey suggestions from the history: never a line that could change anything."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.bindings.auto_suggest import load_auto_suggest_bindings

from arthas_cli.errors import LineError
from arthas_cli.guard.risk import judge_line
from arthas_cli.line.pipeline import split_pipeline
from arthas_cli.line.sequence import split_sequence

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding.key_bindings import KeyBindingsBase


# How many lines that fit are looked at for one that may be suggested: no key waits for more.
_MAX_LOOKED_AT = 50


@lru_cache(maxsize=4096)
def may_suggest(line: str, harmless: frozenset[str]) -> bool:
    """Return whether nothing can change by the line, on the server or here.

    `harmless`: the shell's own commands that change nothing.
    """
    try:
        parts = split_sequence(line, harmless)
        return bool(parts) and all(
            not p.is_behind and _is_harmless(p.line, harmless) for p in parts
        )
    except LineError:
        return False


def _is_harmless(line: str, harmless: frozenset[str]) -> bool:
    """Return so of one command; of a pipe, whose program may do anything, it is not known."""
    if split_pipeline(line).is_local:
        return False
    return line.partition(" ")[0] in harmless or judge_line(line).changes_nothing


class HistorySuggest(AutoSuggest):
    """Suggests the newest line of the history that begins as what is typed and changes nothing.

    `harmless`: as of `may_suggest`.
    """

    def __init__(self, history: History, harmless: frozenset[str]) -> None:
        self._history = history
        self._harmless = harmless

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """Return the rest of that line; None where there is none, or nothing is typed."""
        del buffer
        typed = document.text
        if not typed.strip():
            return None
        left = _MAX_LOOKED_AT
        for line in self._history.load_history_strings():
            if line.startswith(typed) and line != typed and "\n" not in line:
                if may_suggest(line, self._harmless):
                    return Suggestion(line[len(typed) :])
                left -= 1
                if not left:
                    break
        return None


def make_suggestion_keys() -> KeyBindingsBase:
    """Return the key End, which takes a suggestion as the right arrow and Ctrl+E do."""
    theirs = next(
        binding for binding in load_auto_suggest_bindings().bindings if len(binding.keys) == 1
    )
    keys = KeyBindings()
    keys.add("end", filter=theirs.filter)(theirs.handler)
    return keys
