"""The words of the shell's own: what they do, in one table that help is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.shortcuts import clear

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.shell.repl import Shell


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its line of help, and what it does with the arguments behind it."""

    summary: str
    run: Callable[[Shell, str], None]


def _quit(shell: Shell, arguments: str) -> None:
    del arguments
    shell.leave()


def _cls(shell: Shell, arguments: str) -> None:
    del shell, arguments
    clear()


def _history(shell: Shell, arguments: str) -> None:
    lines = shell.list_history()
    count = int(arguments) if arguments.isdecimal() else len(lines)
    first = max(0, len(lines) - count)
    for number, line in enumerate(lines[first:], first + 1):
        shell.say(f"{number:5}  {line}")


def _help(shell: Shell, arguments: str) -> None:
    shell.run_command(f"help {arguments}".strip())
    if not arguments:
        shell.say("\nWords of this shell:")
        for name, word in WORDS.items():
            shell.say(f"  {name:<10}{word.summary}")
        shell.say("Ctrl+C stops a running command, Ctrl+D on an empty line leaves.")


WORDS: Mapping[str, Word] = {
    "help": Word("the commands of the server, and this; help CMD: one command", _help),
    "history": Word("the lines typed here; history N: the last N", _history),
    "cls": Word("clear the screen", _cls),
    "quit": Word("leave", _quit),
    "exit": Word("leave", _quit),
    "q": Word("leave", _quit),
}
