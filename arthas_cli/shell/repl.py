"""The loop of the interactive shell: a line in, its results out, until the user leaves."""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.styles import Style

from arthas_cli.errors import ArthasShellError, ExitCode
from arthas_cli.interrupts import Abandon, Hangup
from arthas_cli.line.sequence import split_sequence
from arthas_cli.output import Paper
from arthas_cli.shell.getting import run_get_word
from arthas_cli.shell.history import open_history
from arthas_cli.shell.keys import ENTER
from arthas_cli.shell.prompt import format_prompt
from arthas_cli.shell.runner import Runner
from arthas_cli.shell.words import WORDS
from arthas_cli.text import count

if TYPE_CHECKING:
    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.invocation import Invocation
    from arthas_cli.session.server import Server

_STYLE = Style.from_dict({"place": "ansicyan bold", "arrow": "bold", "live": "reverse"})


class Shell:
    """One interactive shell on one server."""

    def __init__(self, invocation: Invocation, server: Server, diagnostics: Diagnostics) -> None:
        self.runner = Runner(invocation, server, diagnostics, self.say)
        self._invocation = invocation
        self._diagnostics = diagnostics
        self._is_leaving = False
        self._is_warned = False
        history = open_history(user_state_path("arthas-shell", appauthor=False) / "history")
        self._prompt: PromptSession[str] = PromptSession(history=history, style=_STYLE)

    def run(self) -> None:
        """Reads and runs lines until the user leaves; nothing of it stays on the server.

        Raises:
            NoServer, Unauthorized: there is no Arthas to begin with.
        """
        try:
            session = self.runner.link.open()
            if session.is_guest:
                self.runner.share()
            while not self._is_leaving:
                try:
                    self.take(self._read_line())
                except Abandon:
                    raise
                except KeyboardInterrupt:
                    self.runner.typed_ahead = ""
                except EOFError:
                    self.leave()
        finally:
            self.runner.jobs.close()
            self.runner.link.close()

    def take(self, line: str) -> None:
        """Does what a line says: the shell's own words, or commands for the server.

        Of several commands in a line the next one runs unless one failed or was stopped.
        """
        try:
            for part in split_sequence(line):
                word = WORDS.get(part.line.partition(" ")[0])
                if word is None:
                    run = self.runner.run_behind if part.is_behind else self.runner.run
                    if not run(part.line):
                        return
                else:
                    word.run(self, part.line)
        except ArthasShellError as error:
            self._diagnostics.report(error)

    def leave(self) -> None:
        """Ends the loop; where commands run in the background the first time only says so."""
        jobs = self.runner.jobs
        if jobs and not self._is_warned:
            self._is_warned = True
            self.say(f"{count(len(jobs), 'command')} in the background; once more stops and leaves")
        else:
            self._is_leaving = True

    def say(self, text: str) -> None:
        """Writes a line of the shell's own."""
        paper = Paper(self._invocation.environment.stdout)
        paper.write(text)
        paper.flush()

    def get(self, line: str) -> None:
        """Fetches a file of the server's, as a line that begins with `:get` says."""
        run_get_word(line, self._invocation.connection, self._diagnostics, self.say)

    def list_history(self) -> list[str]:
        """Returns the lines typed, the oldest first."""
        return list(self._prompt.history.get_strings())

    def _read_line(self) -> str:
        runner, outlet = self.runner, self.runner.outlet
        runner.link.tell_troubles()
        typed, enter, runner.typed_ahead = runner.typed_ahead.partition(ENTER)
        encoding = getattr(self._invocation.environment.stdout, "encoding", None) or ""
        prompt = format_prompt(runner.link.welcome, runner.link.server.url, encoding)
        outlet.attach(self._prompt.app)
        try:
            line = self._prompt.prompt(
                prompt, default=typed, accept_default=bool(enter), pre_run=outlet.flush
            )
        finally:
            outlet.attach(None)
        self._is_warned = self._is_warned and not line.strip()
        return line.strip()


def run_shell(invocation: Invocation) -> ExitCode:
    """Runs the interactive shell; returns the exit code of the program.

    Raises:
        ArthasShellError: there is no Arthas to begin with.
    """
    logging.getLogger("asyncio").handlers = [logging.NullHandler()]  # it would write tracebacks
    diagnostics = invocation.make_diagnostics()
    hangup = Hangup()
    try:
        with hangup.watch():
            Shell(invocation, invocation.open_server(diagnostics), diagnostics).run()
    except BaseException as error:  # a lost terminal is an error of whatever wrote to it next
        if not (hangup.has_come or is_lost_terminal(error)):
            raise
        return ExitCode.TERMINATED
    return ExitCode.OK


def is_lost_terminal(error: BaseException) -> bool:
    """Says whether the terminal has gone without a signal, as under `nohup`."""
    return isinstance(error, OSError) and error.errno == errno.EIO
