"""The page of keys: one table, from which the shell and docs/shell.md are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.commands.output import offer_pager
from arthas_cli.shell.context import ShellCommand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arthas_cli.shell.context import ShellContext

# Where they hold, and what they do there.
KEYS: Mapping[str, Sequence[tuple[str, str]]] = {
    "at the prompt": (
        ("Enter", "run the line; in an open quote break it, as Alt+Enter does"),
        ("Tab", "complete; Up and Down choose"),
        ("Right, End", "accept the grey suggestion"),
        ("Up, Down", "recall lines that begin like what you typed"),
        ("Ctrl+R", "search them; Ctrl+C gives the line back as it was"),
        ("Ctrl+C", "drop the line"),
        ("Ctrl+D", "leave, on an empty line"),
        ("F1", "help for the command you type; twice, or ? alone: this page"),
        ("F2", "next way to show results: text, tree, records, json"),
        ("F4, Ctrl+X Ctrl+E", "edit the line in $EDITOR"),
    ),
    "while a command runs": (
        ("Ctrl+C", "stop it and wait for its end; again: detach from it"),
        ("q", "stop a stream"),
        ("Space", "pause the drawing of a stream; nothing is lost"),
        ("Ctrl+Z", "put it into the background; 'fg' brings it back"),
        ("other keys", "are kept for the next prompt"),
    ),
    "at a question": (
        ("y Enter", "do it"),
        ("Enter, Ctrl+C", "do not; nothing is sent"),
    ),
}
_WIDTH = 19


def run_keys(context: ShellContext, line: str) -> None:
    """Print what the keys do."""
    read_argument(line, most=0)
    lines = format_keys()
    for text in lines:
        context.say(text)
    offer_pager(context, ":keys", len(lines))


def format_keys() -> list[str]:
    """Return the page, at most 80 columns wide."""
    lines: list[str] = []
    for where, keys in KEYS.items():
        lines += [f"Keys {where}:", *(f"  {key:<{_WIDTH}}{does}" for key, does in keys)]
    return lines


KEYS_PAGE = ShellCommand(
    "show what the keys do",
    run_keys,
    details=("? on an empty line and F1 twice show the same page",),
)
QUESTION_MARK = ShellCommand("show what the keys do", run_keys, details=("the same as :keys",))
