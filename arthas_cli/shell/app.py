"""The loop of the interactive shell: a line in, its results out, until the user leaves."""

from __future__ import annotations

import errno
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from prompt_toolkit.application import create_app_session, get_app_session

from arthas_cli.errors import ArthasShellError, ExitCode, LineError, Unauthorized
from arthas_cli.interrupts import HangupWatch, LeaveNow
from arthas_cli.line.own_words import RAW
from arthas_cli.line.scan import scan_line
from arthas_cli.line.sequence import Part, split_sequence
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.commands import (
    COMMANDS,
    find_shell_command,
    run_shell_command,
)
from arthas_cli.shell.context import ShellContext
from arthas_cli.shell.entry import Entry
from arthas_cli.shell.jobs.background import format_leaving
from arthas_cli.shell.jobs.behind import run_behind
from arthas_cli.shell.jobs.fleet_watch import FleetWatch
from arthas_cli.shell.jobs.link import Link
from arthas_cli.shell.jobs.links import Links, describe_places
from arthas_cli.shell.jobs.runner import Runner
from arthas_cli.shell.jobs.sharing import share
from arthas_cli.shell.jobs.standing import take_leave
from arthas_cli.shell.jobs.summary import name_ending
from arthas_cli.shell.jobs.watch import Watch
from arthas_cli.shell.place import first_word
from arthas_cli.shell.prompt.history import expand_reference
from arthas_cli.shell.terminal.bugs import telling_bugs
from arthas_cli.shell.terminal.keyboard import Keyboard, take_typed
from arthas_cli.shell.terminal.login import ask_credentials
from arthas_cli.shell.terminal.output import JobOutput, Terminal
from arthas_cli.shell.terminal.printer import Printer
from arthas_cli.shell.terminal.screen import make_screen
from arthas_cli.text import one_line, sanitise
from arthas_cli.transport import open_lookout

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prompt_toolkit.input import Input

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.fleet.member import Member
    from arthas_cli.invocation import Invocation

# Of `quit`, typed while a stream runs: its first letter stops that.
_REST_OF_QUIT = "uit"


class Shell:
    """One interactive shell, on one JVM or on many; `say` writes a line of its own."""

    def __init__(
        self,
        invocation: Invocation,
        members: Sequence[Member],
        diagnostics: Diagnostics,
        hangup: HangupWatch | None = None,
    ) -> None:
        self.say = Printer(invocation.environment.stdout)
        links = _make_links(invocation, members, diagnostics, self.say, hangup)
        self.runner: Runner = Runner(invocation, links, diagnostics, self.say, hangup)
        self.invocation = invocation
        self.entry = Entry(invocation, self.runner)
        self._diagnostics = diagnostics
        self._is_leaving = False
        self._is_warned = self._was_warned = False
        self._watch = self._make_watch()
        self._wire()
        self._context = self._make_context()

    def _wire(self) -> None:
        """Give the runner what exists only after it."""
        knowledge = self.entry.completer.knowledge
        self.runner.jobs.find_number = self.entry.history.find_number
        self.runner.preflight.consent.find_names = lambda: knowledge.index.names
        self.runner.preflight.lookup.own_words = COMMANDS
        self.runner.learn = knowledge.learn

    def _make_watch(self) -> Watch | FleetWatch:
        redraw, links = self.entry.prompt.app.invalidate, self.runner.links
        if links.is_many:
            return FleetWatch(links, redraw)
        lookout = open_lookout(self.invocation.connection, self.invocation.environment.variables)
        return Watch(
            self.runner.link,
            redraw,
            lambda text: JobOutput(self.runner.terminal).tell(text),
            lookout,
            has_way=self.invocation.connection.way is not None,
        )

    def _make_context(self) -> ShellContext:
        return ShellContext(
            self.say,
            self.leave,
            self.runner,
            self.entry.history,
            self.entry.completer.knowledge,
            self.entry.prompt,
            self.entry.suggestions,
            lambda: self.invocation.connection,
            self._diagnostics,
            COMMANDS,
        )

    def run(self) -> None:
        """Read and run lines until the user leaves; nothing of it stays on the server.

        Raises:
            NoServer, Unauthorized: there is no Arthas to begin with.
        """
        try:
            self._open()
            self.runner.preflight.lookup.begin()
            self._watch.start()
            for line in self.invocation.settings.init:
                self.take(line)
            while not self._is_leaving:
                self._take_turn()
            take_leave(self.runner, self.say)
        finally:
            with self.runner.terminal.hangup.handing_on():
                self.close()

    def _open(self) -> None:
        """Open the sessions, and say where one is."""
        links = self.runner.links
        if not links.is_many:
            if self.runner.link.open().is_guest:
                share(self.runner)
            return
        links.open()
        for text in describe_places(links):
            self.say(text)

    def close(self) -> None:
        """End what runs and close the sessions; may be called in any state, more than once."""
        self._watch.stop()
        self.runner.preflight.lookup.close()
        self.runner.close()

    def _take_turn(self) -> None:
        """Read a line and do what it says; Ctrl+C drops it, or the lines that wait behind it."""
        is_read = False
        try:
            self.runner.links.tell_troubles()
            line = self.entry.read()
            is_read = True
            if line:
                self._was_warned, self._is_warned = self._is_warned, False
            self.enter(line)
        except LeaveNow:
            raise
        except KeyboardInterrupt:
            if is_read:  # else what is typed came behind it
                take_typed(self.entry.prompt.input)
        except EOFError:
            self._was_warned = self._is_warned
            self.leave()

    def enter(self, line: str) -> None:
        """Do what a typed line says, and keep it in the history; `!!` and the like are shown."""
        try:
            meant = expand_reference(line, self.entry.history.entries)
        except LineError as error:
            self._diagnostics.report(error)
            return
        if meant != line:
            self.say.show(sanitise(meant))
        was_stopped, self.runner.was_stopped_by_q = self.runner.was_stopped_by_q, False
        if was_stopped and line == _REST_OF_QUIT:
            self.say("'q' stopped the command; type 'quit' to leave the shell")
            return
        link, links, self.runner.ending = self.runner.link, self.runner.links, "ok"
        where = links.choice.word or links.choice.label if links.is_many else link.server.url
        with self.entry.history.keep(meant, where, first_word(link.welcome.main_class)) as writing:
            self.take(meant)
            writing.outcome = self.runner.ending

    def take(self, line: str) -> None:
        """Do what a line says: the shell's own words, or commands for the server.

        Of several commands in a line the next one runs unless one failed or was stopped.
        """
        typed = scan_line(line)
        self.entry.completer.use(typed)
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
                    self.entry.completer.expire(part.line)
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


def _make_links(
    invocation: Invocation,
    members: Sequence[Member],
    diagnostics: Diagnostics,
    say: Callable[[str], None],
    hangup: HangupWatch | None,
) -> Links:
    """Return the links to the JVMs; nothing is sent yet."""
    join, is_many = invocation.settings.join, len(members) > 1

    def make_link(member: Member) -> Link:
        head = f"{one_line(member.name)}: " if is_many else ""
        link = Link(
            member.client.server,
            lambda text: say(head + text),
            lambda text: diagnostics.warn(head + text),
            join,
            hangup,
            is_one_of_many=is_many,
        )
        way = None if invocation.is_on_many else invocation.connection.way
        if way is not None:
            link.find_place = lambda: way.place
        return link

    word = invocation.targets.name if invocation.targets is not None else ""
    return Links(members, make_link, word=word, fanout=invocation.settings.fanout)


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
                if not invocation.environment.has_terminal_input or invocation.is_on_many:
                    raise  # of many each has a password of its own
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
    if not invocation.is_on_many:
        invocation.open_way()
    shell = Shell(invocation, invocation.open_members(diagnostics), diagnostics, hangup)
    hangup.end = shell.close
    with keyboard.hold(), telling_bugs(shell.runner.terminal):
        shell.run()


def is_lost_terminal(error: BaseException) -> bool:
    """Return whether the terminal has gone without a signal, as under `nohup`."""
    return isinstance(error, OSError) and error.errno == errno.EIO
