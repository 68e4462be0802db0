"""What the shell's own commands are, and what they may touch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggest

    from arthas_cli.completion.knowledge import Knowledge
    from arthas_cli.config.settings import Connection
    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.shell.jobs.runner import Runner
    from arthas_cli.shell.prompt.history import ShellHistory
    from arthas_cli.shell.terminal.printer import Printer


class Output(Enum):
    """What there is to pipe of a command of the shell.

    TEXT: what it prints. NOTHING: it prints nothing, or needs the terminal. OF_COMMAND: the command
    that it takes has a pipe of its own, or is sent with all that stands in it.
    """

    TEXT = auto()
    NOTHING = auto()
    OF_COMMAND = auto()


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """One command of the shell's own: its line of help, and what it does with the whole line.

    `usage`: how it is typed, empty where it stands alone. `details`: what more there is to say.
    `values`: what its argument may be, with what that means. `is_harmless`: it changes nothing, so
    it may be suggested from the history. `needs_one`: it says nothing of several JVMs at a time.
    `takes_targets`: it takes names of those that the shell is on, as many as are wanted.
    """

    summary: str
    run: Callable[[ShellContext, str], None]
    usage: str = ""
    details: tuple[str, ...] = ()
    output: Output = Output.TEXT
    values: Mapping[str, str] = field(default_factory=dict)
    is_harmless: bool = False
    needs_one: bool = False
    takes_targets: bool = False


@dataclass(frozen=True, slots=True)
class ShellContext:
    """What the shell's own commands may touch.

    `say` prints a line that can be piped; `leave` ends the shell after this line. `find_connection`
    returns that to the one JVM.
    """

    say: Printer
    leave: Callable[[], None]
    runner: Runner
    history: ShellHistory
    knowledge: Knowledge
    prompt: PromptSession[str]
    suggestions: AutoSuggest
    find_connection: Callable[[], Connection]
    diagnostics: Diagnostics
    commands: Mapping[str, ShellCommand]

    def note(self, text: str) -> None:
        """Write an aside beside what was asked for; nothing where it is empty."""
        if text:
            self.diagnostics.note(text)
