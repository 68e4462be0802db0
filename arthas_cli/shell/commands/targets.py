"""`:targets`, `:on`, `:off`: the JVMs that the shell is on, and which of them get what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.columns import width_of
from arthas_cli.config.target import ALL
from arthas_cli.diagnostics import clean
from arthas_cli.errors import LineError, NotRun
from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import ShellCommand
from arthas_cli.text import count, one_line

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext
    from arthas_cli.shell.jobs.links import Links, Place

_TITLES = ("", "TARGET", "STATE", "VERSION", "PID", "MS", "LAST ERROR")
_MARK = "*"
_GAP = "  "


def run_targets(context: ShellContext, line: str) -> None:
    """List them all, after a look at each."""
    read_argument(line, most=0)
    links = _require_many(context)
    links.look(place.name for place in links.all)
    for text in format_places(links):
        context.say(text)


def run_on(context: ShellContext, line: str) -> None:
    """Have these alone get what is typed, or all of them."""
    names = _read_names(line, ":on NAME…, or :on all")
    links = _require_many(context)
    if names == [ALL]:
        links.choice.widen()
    else:
        links.choice.narrow(names)
    _tell(context, links)


def run_off(context: ShellContext, line: str) -> None:
    """Have these get nothing any more."""
    names = _read_names(line, ":off NAME…")
    links = _require_many(context)
    links.choice.leave_out([place.name for place in links.all] if names == [ALL] else names)
    _tell(context, links)


def format_places(links: Links) -> list[str]:
    """Return a table of all, the active ones marked."""
    active = {place.name for place in links.active}
    rows = [_TITLES, *(_list_cells(place, is_active=place.name in active) for place in links.all)]
    sizes = [max(width_of(row[at]) for row in rows) for at in range(len(_TITLES))]
    return [
        _GAP.join(
            cell + " " * (size - width_of(cell)) for cell, size in zip(row, sizes, strict=True)
        ).rstrip()
        for row in rows
    ]


def _list_cells(place: Place, *, is_active: bool) -> tuple[str, ...]:
    welcome = place.link.welcome
    state = "answers"
    if place.error is not None:
        state = "gone"
    elif place.link.is_lost:
        state = "another JVM?"
    return (
        _MARK if is_active else "",
        one_line(place.name),
        state,
        one_line(welcome.version) or "?",
        one_line(welcome.pid) or "?",
        "-" if place.latency_ms is None else f"{place.latency_ms:.0f}",
        "" if place.error is None else one_line(clean(place.error.message)),
    )


def _read_names(line: str, usage: str) -> list[str]:
    name, *names = line.split()
    if not names:
        raise LineError(
            f"'{name}' takes names of targets", line=line, span=(0, len(line)), hint=f"use {usage}"
        )
    return names


def _require_many(context: ShellContext) -> Links:
    links = context.runner.links
    if not links.may_be_many:
        raise NotRun(
            "the shell is on one JVM", hint="start it on several: arthas-shell --on NAME --on NAME"
        )
    return links


def _tell(context: ShellContext, links: Links) -> None:
    names = [place.name for place in links.active]
    context.note(f"lines go to {count(len(names), 'JVM')} of {len(links.all)}")


TARGETS = ShellCommand(
    "list the JVMs that the shell is on, and how they are",
    run_targets,
    details=("those that get what is typed are marked with *",),
    is_harmless=True,
)
ON = ShellCommand(
    "have only these JVMs get what is typed, or all",
    run_on,
    usage=":on NAME…|all",
    values={ALL: "all of them"},
    details=("on one alone everything is as in a shell on that JVM",),
    takes_targets=True,
)
OFF = ShellCommand(
    "leave JVMs out of what is typed",
    run_off,
    usage=":off NAME…",
    details=("':on all' takes them in again",),
    takes_targets=True,
)
