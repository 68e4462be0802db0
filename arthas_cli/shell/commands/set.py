"""What `:set` shows and changes, for as long as this shell runs: one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.enums import EditingMode

from arthas_cli.config.keys import BACKGROUND
from arthas_cli.errors import LineError
from arthas_cli.line.tokens import tokenize
from arthas_cli.shell.context import ShellCommand
from arthas_cli.shell.jobs.display import DISPLAY_FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.shell.context import ShellContext


@dataclass(frozen=True, slots=True)
class Preference:
    """One setting: what it takes, how it is read from a shell and how it is written there."""

    summary: str
    values: tuple[str, ...]
    read: Callable[[ShellContext], str]
    write: Callable[[ShellContext, str], None]


def _set_format(context: ShellContext, value: str) -> None:
    context.runner.display_format = value


def _set_editing(context: ShellContext, value: str) -> None:
    context.prompt.editing_mode = EditingMode(value.upper())


def _set_suggestions(context: ShellContext, value: str) -> None:
    context.prompt.auto_suggest = context.suggestions if value == "on" else None


def _set_index(context: ShellContext, value: str) -> None:
    knowledge = context.knowledge
    knowledge.is_on = value != "off"
    if value == "refresh":
        knowledge.expire()


def _set_background(context: ShellContext, value: str) -> None:
    context.runner.jobs.keep_quiet(value == "collect")


PREFERENCES: Mapping[str, Preference] = {
    "format": Preference(
        "how results are shown, like :format",
        tuple(DISPLAY_FORMATS),
        lambda context: context.runner.display_format,
        _set_format,
    ),
    "editing": Preference(
        "key bindings at the prompt",
        ("emacs", "vi"),
        lambda context: context.prompt.editing_mode.value.lower(),
        _set_editing,
    ),
    "index": Preference(
        "names of the target, used for completion",
        ("on", "off", "refresh"),
        lambda context: "on" if context.knowledge.is_on else "off",
        _set_index,
    ),
    "background": Preference(
        "show results of jobs with 'fg' or at once",
        BACKGROUND,
        lambda context: "collect" if context.runner.jobs.is_quiet else "print",
        _set_background,
    ),
    "suggestions": Preference(
        "grey suggestions from history",
        ("on", "off"),
        lambda context: "on" if context.prompt.auto_suggest else "off",
        _set_suggestions,
    ),
}


def run_set(context: ShellContext, line: str) -> None:
    """Show the settings, or one, or set one.

    Raises:
        LineError: there is no such setting, or it does not take the value.
    """
    name, value, surplus = [*tokenize(line)[1:], None, None, None][:3]
    if name is not None and name.text not in PREFERENCES:
        what = f"there is no setting '{name.text}'"
        raise LineError(
            what, line=line, span=name.span, hint=f"use one of {', '.join(PREFERENCES)}"
        )
    if surplus is not None:
        raise LineError("give one value", line=line, span=surplus.span)
    if name is None or value is None:
        for text in describe_preferences(context, name.text if name else None):
            context.say(text)
        return
    preference = PREFERENCES[name.text]
    if value.text not in preference.values:
        hint = f"use one of {', '.join(preference.values)}"
        raise LineError(f"invalid value for '{name.text}'", line=line, span=value.span, hint=hint)
    preference.write(context, value.text)


def describe_preferences(context: ShellContext, name: str | None = None) -> list[str]:
    """Return a line for each setting, or for one: its value, and what it may be."""
    chosen = {name: PREFERENCES[name]} if name else PREFERENCES
    return [
        f"{name:<13}{one.read(context):<9}{one.summary}: {', '.join(one.values)}"
        for name, one in chosen.items()
    ]


SET = ShellCommand(
    "show the settings of this shell, or change one",
    run_set,
    ":set [NAME [VALUE]]",
    tuple(f"{name:<13}{found.summary}" for name, found in PREFERENCES.items()),
    values={name: found.summary for name, found in PREFERENCES.items()},
)
