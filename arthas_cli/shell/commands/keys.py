"""The page of keys: one table, from which the shell and docs/keys.md are made."""

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
        ("Enter", "runs the line; behind an open quote breaks it, as Alt+Enter"),
        ("Tab", "completes; Up and Down choose"),
        ("Right, End", "takes the grey suggestion"),
        ("Up, Down", "lines typed before, those that begin as what is typed"),
        ("Ctrl+R", "searches them; Ctrl+C leaves the line as it was"),
        ("Ctrl+C", "drops the line"),
        ("Ctrl+D", "leaves, on an empty line"),
        ("F1", "help of the command at hand; twice, or ? alone: this page"),
        ("F2", "the next way to show results: text, tree, records, json"),
        ("F4, Ctrl+X Ctrl+E", "the line in $EDITOR"),
    ),
    "while a command runs": (
        ("Ctrl+C", "stops it and waits for its end; again: lets go of it"),
        ("q", "stops a stream"),
        ("Space", "holds the drawing of a stream; nothing is lost"),
        ("Ctrl+Z", "puts it into the background; 'fg' brings it back"),
        ("other keys", "wait for the next prompt"),
    ),
    "at a question": (
        ("y Enter", "does it"),
        ("Enter, Ctrl+C", "does not: nothing is sent"),
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


def make_keys_page() -> str:
    """Return docs/keys.md."""
    parts = ["# Keys\n\n`:keys` in the shell, or `?` on an empty line, shows the same.\n"]
    for where, keys in KEYS.items():
        rows = "".join(f"| {key} | {does} |\n" for key, does in keys)
        parts.append(f"## {where.capitalize()}\n\n| key | |\n|---|---|\n{rows}")
    return "\n".join(parts)


KEYS_PAGE = ShellCommand(
    "what the keys do",
    run_keys,
    details=("? on an empty line shows the same page, and so does F1 twice",),
)
QUESTION_MARK = ShellCommand("what the keys do", run_keys, details=("as :keys",))
