"""The loop of the interactive shell: a line in, its results out, until the user leaves."""

from __future__ import annotations

import errno
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from platformdirs import user_state_path
from prompt_toolkit.application import create_app_session, get_app_session

from arthas_cli.completion.suggest import Word
from arthas_cli.errors import ArthasShellError, ExitCode, LineError, Unauthorized
from arthas_cli.interrupts import HangupWatch, LeaveNow
from arthas_cli.line.own_words import RAW
from arthas_cli.line.scan import scan_line
from arthas_cli.line.sequence import Part, split_sequence
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.commands import (
    COMMANDS,
    HARMLESS,
    find_shell_command,
    run_shell_command,
)
from arthas_cli.shell.context import ShellContext
from arthas_cli.shell.jobs.background import format_leaving
from arthas_cli.shell.jobs.behind import run_behind
from arthas_cli.shell.jobs.display import DISPLAY_FORMATS
from arthas_cli.shell.jobs.runner import Runner
from arthas_cli.shell.jobs.sharing import share
from arthas_cli.shell.jobs.standing import take_leave
from arthas_cli.shell.jobs.summary import name_ending
from arthas_cli.shell.jobs.watch import Watch
from arthas_cli.shell.place import GONE, READ_ONLY, first_word, format_prompt, format_server
from arthas_cli.shell.prompt.autosuggest import HistorySuggest
from arthas_cli.shell.prompt.completer import ShellCompleter, make_completer
from arthas_cli.shell.prompt.history import expand_reference, open_history
from arthas_cli.shell.prompt.session import Surroundings, make_prompt_session
from arthas_cli.shell.prompt.toolbar import Status, format_index
from arthas_cli.shell.terminal.bugs import telling_bugs
from arthas_cli.shell.terminal.keyboard import Keyboard, take_stop, take_typed
from arthas_cli.shell.terminal.login import ask_credentials
from arthas_cli.shell.terminal.output import JobOutput, Terminal
from arthas_cli.shell.terminal.printer import Printer
from arthas_cli.shell.terminal.screen import make_screen
from arthas_cli.text import sanitise
from arthas_cli.transport import open_lookout

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.formatted_text import FormattedText
    from prompt_toolkit.input import Input

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.invocation import Invocation
    from arthas_cli.session.server import Server

# Of `quit`, typed while a stream runs: its first letter stops that.
_REST_OF_QUIT = "uit"


class Shell:
    """One interactive shell on one server; `say` writes a line of its own."""

    def __init__(
        self,
        invocation: Invocation,
        server: Server,
        diagnostics: Diagnostics,
        hangup: HangupWatch | None = None,
    ) -> None:
        self.say = Printer(invocation.environment.stdout)
        self.runner: Runner = Runner(invocation, server, diagnostics, self.say, hangup)
        self.invocation = invocation
        self._diagnostics = diagnostics
        self._is_leaving = False
        self._is_warned = self._was_warned = False
        self.connection = invocation.connection
        self.history = open_history(
            user_state_path("arthas-shell", appauthor=False) / "history",
            [self.connection.credentials.password] if self.connection.credentials else [],
        )
        self.completer: ShellCompleter = make_completer(
            server,
            self.runner.preflight.lookup.catalogue.commands,
            lambda: self.runner.link.welcome.version_numbers,
            {name: Word(one.summary, one.values) for name, one in COMMANDS.items()},
            is_asking=invocation.environment.stdout.isatty() and invocation.settings.has_index,
        )
        self._suggestions = HistorySuggest(self.history, HARMLESS)
        self.prompt: PromptSession[str] = make_prompt_session(
            self.history,
            self._describe(),
            is_vi=invocation.settings.editing == "vi",
            has_color=invocation.find_color() is not None,
        )
        self.completer.follow(self.prompt.app)
        lookout = open_lookout(self.connection, invocation.environment.variables)
        self._watch = Watch(
            self.runner.link,
            self.prompt.app.invalidate,
            lambda text: JobOutput(self.runner.terminal).tell(text),
            lookout,
            has_way=self.connection.way is not None,
        )
        self._wire()
        self._context = self._make_context()

    def _wire(self) -> None:
        """Give the runner what exists only after it."""
        self.runner.jobs.find_number = self.history.find_number
        self.runner.preflight.consent.find_names = lambda: self.completer.knowledge.index.names
        self.runner.preflight.lookup.own_words = COMMANDS
        self.runner.learn = self.completer.knowledge.learn

    def _make_context(self) -> ShellContext:
        return ShellContext(
            self.say,
            self.leave,
            self.runner,
            self.history,
            self.completer.knowledge,
            self.prompt,
            self._suggestions,
            self.connection,
            self._diagnostics,
            COMMANDS,
        )

    def run(self) -> None:
        """Read and run lines until the user leaves; nothing of it stays on the server.

        Raises:
            NoServer, Unauthorized: there is no Arthas to begin with.
        """
        try:
            session = self.runner.link.open()
            self.runner.preflight.lookup.begin()
            self._watch.start()
            if session.is_guest:
                share(self.runner)
            for line in self.invocation.settings.init:
                self.take(line)
            while not self._is_leaving:
                self._take_turn()
            take_leave(self.runner, self.say)
        finally:
            with self.runner.terminal.hangup.handing_on():
                self.close()

    def close(self) -> None:
        """End what runs and close the sessions; may be called in any state, more than once."""
        self._watch.stop()
        self.runner.preflight.lookup.close()
        self.runner.close()

    def _take_turn(self) -> None:
        """Read a line and do what it says; Ctrl+C drops it, or the lines that wait behind it."""
        is_read = False
        try:
            line = self._read_line()
            is_read = True
            if line:
                self._was_warned, self._is_warned = self._is_warned, False
            self.enter(line)
        except LeaveNow:
            raise
        except KeyboardInterrupt:
            if is_read:  # else what is typed came behind it
                take_typed(self.prompt.input)
        except EOFError:
            self._was_warned = self._is_warned
            self.leave()

    def enter(self, line: str) -> None:
        """Do what a typed line says, and keep it in the history; `!!` and the like are shown."""
        try:
            meant = expand_reference(line, self.history.entries)
        except LineError as error:
            self._diagnostics.report(error)
            return
        if meant != line:
            self.say.show(sanitise(meant))
        was_stopped, self.runner.was_stopped_by_q = self.runner.was_stopped_by_q, False
        if was_stopped and line == _REST_OF_QUIT:
            self.say("'q' stopped the command; type 'quit' to leave the shell")
            return
        link, self.runner.ending = self.runner.link, "ok"
        with self.history.keep(
            meant, link.server.url, first_word(link.welcome.main_class)
        ) as writing:
            self.take(meant)
            writing.outcome = self.runner.ending

    def take(self, line: str) -> None:
        """Do what a line says: the shell's own words, or commands for the server.

        Of several commands in a line the next one runs unless one failed or was stopped.
        """
        typed = scan_line(line)
        self.completer.use(typed)
        try:
            is_raw = line.partition(" ")[0] == RAW
            parts = [Part(line)] if is_raw else split_sequence(typed, COMMANDS)
            later = [part.line for part in parts[1:] if find_shell_command(part.line) is None]
            self.runner.preflight.lookup.check_ahead(later)
            for part in parts:
                command = find_shell_command(part.line)
                if command is None:
                    if part.is_behind:
                        goes_on = run_behind(self.runner, part.line)
                    else:
                        goes_on = self.runner.run(part.line)
                    self.completer.expire(part.line)
                    if not goes_on:
                        return
                else:
                    run_shell_command(self._context, command, part.line)
        except ArthasShellError as error:
            self.runner.report(error)
            self.runner.ending = name_ending(Outcome(error=error))

    def leave(self) -> None:
        """End the loop; where something is left in the background the first time only says so."""
        jobs = self.runner.jobs.list_all()
        if jobs and not self._was_warned:
            self._is_warned = True
            self.say(format_leaving(jobs))
        else:
            self._is_leaving = True

    def _describe(self) -> Surroundings:
        """Return what the prompt has to know of this shell."""
        runner = self.runner

        def turn_format() -> None:
            formats = list(DISPLAY_FORMATS)
            runner.display_format = formats[
                (formats.index(runner.display_format) + 1) % len(formats)
            ]

        return Surroundings(
            find_commands=runner.preflight.lookup.catalogue.commands,
            own_words={name: command.summary for name, command in COMMANDS.items()},
            find_status=lambda: Status(
                format_server(runner.link.welcome, runner.link.server.url),
                jobs=[job.news for job in runner.jobs.list_all()],
                index=format_index(self.completer.knowledge),
                display_format=runner.display_format,
                silent_since=runner.link.server.silence.since,
            ),
            turn_format=turn_format,
            tell=self.say,
            variables=self.invocation.environment.variables,
            suggest=self._suggestions,
            completer=self.completer,
        )

    def _read_line(self) -> str:
        runner, terminal = self.runner, self.runner.terminal
        runner.link.tell_troubles()
        encoding = getattr(self.invocation.environment.stdout, "encoding", None) or ""
        server = runner.link.server

        def prompt() -> FormattedText:
            return format_prompt(
                runner.link.welcome,
                server.url,
                encoding,
                profile=self.invocation.settings.profile,
                marks=[
                    *[READ_ONLY] * server.policy.is_read_only,
                    *[GONE] * (server.silence.is_gone or runner.link.is_lost),
                ],
            )

        take_stop(self.prompt.input)
        with terminal.attached(self.prompt.app):
            line = self.prompt.prompt(prompt, pre_run=terminal.begin, handle_sigint=False)
        return "" if take_stop(self.prompt.input) else line.strip()


def run_shell(invocation: Invocation) -> ExitCode:
    """Run the interactive shell; return the exit code of the program.

    Raises:
        ArthasShellError: there is no Arthas to begin with.
    """
    logging.getLogger("asyncio").handlers = [logging.NullHandler()]  # it would write tracebacks
    invocation.tells_apart = True
    diagnostics = invocation.make_diagnostics()
    hangup = HangupWatch()
    keyboard = Keyboard(get_app_session().input)
    hangup.give_back = keyboard.give_back
    try:
        screen = make_screen(invocation.environment.stdout)
        with hangup.watch(), create_app_session(cast("Input", keyboard), screen):
            try:
                _run_on(invocation, diagnostics, hangup, keyboard)
            except Unauthorized as error:
                if not invocation.environment.has_terminal_input:
                    raise
                diagnostics.report(error)
                given = ask_credentials(invocation.connection.credentials, Terminal(hangup))
                if not given:
                    return error.exit_code
                known = replace(invocation, layers=[given, *invocation.layers])
                _run_on(known, diagnostics, hangup, keyboard)
    except BaseException as error:  # a lost terminal is an error of whatever wrote to it next
        if not (hangup.has_come or is_lost_terminal(error)):
            raise
        return ExitCode.TERMINATED
    return ExitCode.OK


def _run_on(
    invocation: Invocation, diagnostics: Diagnostics, hangup: HangupWatch, keyboard: Keyboard
) -> None:
    invocation.open_way()
    shell = Shell(invocation, invocation.open_server(diagnostics), diagnostics, hangup)
    hangup.end = shell.close
    with keyboard.hold(), telling_bugs(shell.runner.terminal):
        shell.run()


def is_lost_terminal(error: BaseException) -> bool:
    """Return whether the terminal has gone without a signal, as under `nohup`."""
    return isinstance(error, OSError) and error.errno == errno.EIO
