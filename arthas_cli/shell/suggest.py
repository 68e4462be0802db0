"""Grey suggestions from the history: never a line that could change anything."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.bindings.auto_suggest import load_auto_suggest_bindings

from arthas_cli.catalogue.model import Risk, load_commands
from arthas_cli.errors import LineError
from arthas_cli.line.parse import parse_line
from arthas_cli.line.sequence import split_sequence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding.key_bindings import KeyBindingsBase

    from arthas_cli.catalogue.model import Command
    from arthas_cli.line.parse import ParsedLine

_HARMLESS = (Risk.READS, Risk.OBSERVES)
# How many lines that fit are looked at for one that may be suggested: no key waits for more.
_MOST_LOOKED_AT = 50

# What makes a harmless command change something: these options, and arguments beyond so many.
CHANGING_OPTIONS: Mapping[str, frozenset[str]] = {
    "classloader": frozenset({"--load"}),
    "jad": frozenset({"--directory"}),
    "tt": frozenset({"--play", "--delete", "--delete-all"}),
    "logger": frozenset({"--level"}),
    "history": frozenset({"--clear"}),
    "base64": frozenset({"--output"}),
}
HARMLESS_ARGUMENTS: Mapping[str, int] = {"options": 1, "sysprop": 1, "vmoption": 1, "getstatic": 2}
# Of an expression: a call, an assignment, static access, a constructor. `(` alone may be plain
# arithmetic; nothing is lost but a suggestion.
_DOUBTFUL = re.compile(r"[(@]|(?<![=!<>])=(?!=)|\bnew\b")
_EXPRESSION_KINDS = frozenset({"ognl-express", "condition-express"})
# The words of the shell's own that may be suggested.
_OWN_WORDS = frozenset(
    {"history", "jobs", "help", ":help", ":info", ":json", ":curl", ":format", ":why"}
)


@lru_cache(maxsize=4096)
def may_suggest(line: str) -> bool:
    """Says whether nothing can change by the line, on the server or here."""
    try:
        parts = split_sequence(line)
        return bool(parts) and all(not p.is_behind and _is_harmless(p.line) for p in parts)
    except LineError:  # a pipe or redirect too: what the program behind it does is not known
        return False


def _is_harmless(line: str) -> bool:
    if line.partition(" ")[0] in _OWN_WORDS:
        return True
    parsed = parse_line(line, load_commands())
    command = parsed.command
    if command is None or command.risk not in _HARMLESS or parsed.unknown:
        return False
    changing = CHANGING_OPTIONS.get(command.name, frozenset())
    if any(given.option.long in changing for given in parsed.options):
        return False
    if len(parsed.arguments) > HARMLESS_ARGUMENTS.get(command.name, len(parsed.arguments)):
        return False
    return not any(map(_DOUBTFUL.search, _list_expressions(parsed, command)))


def _list_expressions(parsed: ParsedLine, command: Command) -> list[str]:
    """Returns the words that are expressions, and those of which that is not known."""
    kinds = [argument.kind for argument in command.arguments]
    kinds += ["ognl-express"] * (len(parsed.arguments) - len(kinds))
    words = [
        token.text
        for token, kind in zip(parsed.arguments, kinds, strict=False)
        if kind in _EXPRESSION_KINDS
    ]
    return words + [
        given.value or "" for given in parsed.options if given.option.kind in _EXPRESSION_KINDS
    ]


class HistorySuggest(AutoSuggest):
    """Suggests the newest line of the history that begins as what is typed and changes nothing."""

    def __init__(self, history: History) -> None:
        self._history = history

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """Returns the rest of that line; None where there is none, or nothing is typed."""
        del buffer
        typed = document.text
        if not typed.strip():
            return None
        left = _MOST_LOOKED_AT
        for line in self._history.load_history_strings():
            if line.startswith(typed) and line != typed and "\n" not in line:
                if may_suggest(line):
                    return Suggestion(line[len(typed) :])
                left -= 1
                if not left:
                    break
        return None


def make_suggestion_keys() -> KeyBindingsBase:
    """Returns the key End, which takes a suggestion as the right arrow and Ctrl+E do."""
    theirs = next(
        binding for binding in load_auto_suggest_bindings().bindings if len(binding.keys) == 1
    )
    keys = KeyBindings()
    keys.add("end", filter=theirs.filter)(theirs.handler)
    return keys
