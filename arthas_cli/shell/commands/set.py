"""What `:set` shows and changes, for as long as this shell runs: one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.enums import EditingMode

from arthas_cli.config.keys import BACKGROUND
from arthas_cli.errors import LineError
from arthas_cli.line.tokens import tokenize
from arthas_cli.shell.jobs.display import LOOKS
from arthas_cli.shell.prompt.autosuggest import HistorySuggest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.shell.app import Shell


@dataclass(frozen=True, slots=True)
class Preference:
    """One setting: what it takes, how it is read from a shell and how it is written there."""

    summary: str
    values: tuple[str, ...]
    read: Callable[[Shell], str]
    write: Callable[[Shell, str], None]


def _set_format(shell: Shell, value: str) -> None:
    shell.runner.look = value


def _set_editing(shell: Shell, value: str) -> None:
    shell.prompt.editing_mode = EditingMode(value.upper())


def _set_suggestions(shell: Shell, value: str) -> None:
    shell.prompt.auto_suggest = HistorySuggest(shell.history) if value == "on" else None


def _set_index(shell: Shell, value: str) -> None:
    knowledge = shell.completer.knowledge
    knowledge.is_on = value != "off"
    if value == "refresh":
        knowledge.expire()


def _set_background(shell: Shell, value: str) -> None:
    shell.runner.jobs.keep_quiet(value == "collect")


PREFERENCES: Mapping[str, Preference] = {
    "format": Preference(
        "how results are shown, as :format",
        tuple(LOOKS),
        lambda shell: shell.runner.look,
        _set_format,
    ),
    "editing": Preference(
        "the keys at the prompt",
        ("emacs", "vi"),
        lambda shell: shell.prompt.editing_mode.value.lower(),
        _set_editing,
    ),
    "index": Preference(
        "names of the target for completion",
        ("on", "off", "refresh"),
        lambda shell: "on" if shell.completer.knowledge.is_on else "off",
        _set_index,
    ),
    "background": Preference(
        "results of jobs, for 'fg' or at once",
        BACKGROUND,
        lambda shell: "collect" if shell.runner.jobs.is_quiet else "print",
        _set_background,
    ),
    "suggestions": Preference(
        "grey suggestions from the history",
        ("on", "off"),
        lambda shell: "on" if shell.prompt.auto_suggest else "off",
        _set_suggestions,
    ),
}


def run_set(shell: Shell, line: str) -> None:
    """Shows the settings, or one, or sets one.

    Raises:
        LineError: there is no such setting, or it does not take the value.
    """
    name, value, surplus = [*tokenize(line)[1:], None, None, None][:3]
    if name is not None and name.text not in PREFERENCES:
        what = f"there is no setting '{name.text}'"
        raise LineError(what, line=line, span=name.span, hint=", ".join(PREFERENCES))
    if surplus is not None:
        raise LineError("a setting takes one value", line=line, span=surplus.span)
    if name is None or value is None:
        for text in describe_preferences(shell, name.text if name else None):
            shell.say(text)
        return
    preference = PREFERENCES[name.text]
    if value.text not in preference.values:
        hint = ", ".join(preference.values)
        raise LineError(f"'{name.text}' takes no such value", line=line, span=value.span, hint=hint)
    preference.write(shell, value.text)


def describe_preferences(shell: Shell, name: str | None = None) -> list[str]:
    """Returns a line for each setting, or for one: its value, and what it may be."""
    chosen = {name: PREFERENCES[name]} if name else PREFERENCES
    return [
        f"{name:<13}{preference.read(shell):<9}{preference.summary}: {', '.join(preference.values)}"
        for name, preference in chosen.items()
    ]
