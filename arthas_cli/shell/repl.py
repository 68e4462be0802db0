"""The loop of the interactive shell: a line in, its results out, until the user leaves."""

from __future__ import annotations

import errno
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.styles import Style

from arthas_cli.check import check_line
from arthas_cli.errors import (
    ArthasShellError,
    ExitCode,
    Interrupted,
    LineError,
    NoServer,
    Refused,
    SessionLost,
)
from arthas_cli.formats import Report, make_text_format
from arthas_cli.interrupts import Abandon, Hangup
from arthas_cli.output import Paper
from arthas_cli.protocol import State
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.outcome import Outcome
from arthas_cli.session.stream import Stream
from arthas_cli.shell.history import open_history
from arthas_cli.shell.keys import ENTER
from arthas_cli.shell.link import Link
from arthas_cli.shell.live import LiveView, format_lost
from arthas_cli.shell.prompt import format_prompt
from arthas_cli.shell.words import WORDS
from arthas_cli.text import count

if TYPE_CHECKING:
    from typing import TextIO

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.invocation import Invocation
    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Job
    from arthas_cli.session.server import Server
    from arthas_cli.shell.live import Progress

_STYLE = Style.from_dict({"place": "ansicyan bold", "arrow": "bold", "live": "reverse"})


class Shell:
    """One interactive shell on one server."""

    def __init__(self, invocation: Invocation, server: Server, diagnostics: Diagnostics) -> None:
        self._invocation = invocation
        self._diagnostics = diagnostics
        self._link = Link(server, self.say, diagnostics.warn)
        self._is_leaving = False
        self._typed_ahead = ""
        history = open_history(user_state_path("arthas-shell", appauthor=False) / "history")
        self._prompt: PromptSession[str] = PromptSession(history=history, style=_STYLE)

    def run(self) -> None:
        """Reads and runs lines until the user leaves; nothing of it stays on the server.

        Raises:
            NoServer, Unauthorized: there is no Arthas to begin with.
        """
        try:
            self._link.open()
            while not self._is_leaving:
                try:
                    self._take(self._read_line())
                except Abandon:
                    raise
                except KeyboardInterrupt:
                    self._typed_ahead = ""
                except EOFError:
                    self.leave()
        finally:
            self._link.close()

    def leave(self) -> None:
        """Ends the loop."""
        self._is_leaving = True

    def say(self, text: str) -> None:
        """Writes a line of the shell's own."""
        paper = make_paper(self._invocation, self._invocation.environment.stdout)
        paper.write(text)
        paper.flush()

    def list_history(self) -> list[str]:
        """Returns the lines typed, the oldest first."""
        return list(self._prompt.history.get_strings())

    def run_command(self, line: str) -> None:
        """Sends one line to the server and shows what comes; errors are reported, not raised."""
        try:
            plan = check_line(line, self._link.server)
            outcome = self._run_plan(plan)
            if may_run_again(plan, outcome):
                self._link.drop()
                outcome = self._run_plan(plan)
            if outcome.error is not None:
                raise outcome.error
        except ArthasShellError as error:
            self._diagnostics.report(error)
            if isinstance(error, NoServer):
                self._link.drop()

    def _read_line(self) -> str:
        self._link.tell_troubles()
        typed, enter, self._typed_ahead = self._typed_ahead.partition(ENTER)
        encoding = getattr(self._invocation.environment.stdout, "encoding", None) or ""
        prompt = format_prompt(self._link.welcome, self._link.server.url, encoding)
        return self._prompt.prompt(prompt, default=typed, accept_default=bool(enter)).strip()

    def _take(self, line: str) -> None:
        word = WORDS.get(line.partition(" ")[0])
        if word is not None:
            try:
                word.run(self, line)
            except LineError as error:
                self._diagnostics.report(error)
        elif line:
            self.run_command(line)

    def _run_plan(self, plan: Plan) -> Outcome:
        server = self._link.server
        job: Job = OneShot(server, plan) if plan.stops_server else Stream(self._link.open(), plan)
        view = LiveView(job, plan, self._typed_ahead)
        form = make_text_format(make_paper(self._invocation, cast("TextIO", view.outlet)))
        view.run(
            form.show,
            lambda: form.end(Report(plan.line, server.url, job.outcome, job.outcome.error)),
        )
        self._typed_ahead = view.typed
        return self._conclude(plan, job, view.progress)

    def _conclude(self, plan: Plan, job: Job, progress: Progress) -> Outcome:
        """Says how the command ended; returns the same, with the error that is still to be told."""
        outcome = job.outcome
        if progress.is_let_go:
            tell = self._diagnostics.note if plan.is_interruptible else self._diagnostics.warn
            tell(format_let_go(plan, progress))
            self._link.drop(job)
            return Outcome()
        end = format_end(plan, progress, outcome)
        if end:  # a loss is told even where --quiet was asked for
            (self._diagnostics.note if outcome.lost == 0 else self.say)(end)
        if progress.is_stopping and outcome.status is None:
            self._link.drop()  # its job may run on
        is_told = never_began(outcome) or (plan.is_stream and outcome.status == 0)
        return replace(outcome, error=None) if progress.is_stopping and is_told else outcome


def make_paper(invocation: Invocation, stream: TextIO) -> Paper:
    """Returns what draws on the stream as on this terminal."""
    width = invocation.environment.output_width
    return Paper(stream, width=width, color=invocation.find_color())


def format_let_go(plan: Plan, progress: Progress) -> str:
    """Returns the line under a command that was let go of."""
    if not plan.is_interruptible:
        return f"Arthas cannot stop '{plan.name}': it runs on to its end"
    return f"let go of '{plan.name}' after {progress.elapsed_s:.1f} s; it is stopped out of sight"


def never_began(outcome: Outcome) -> bool:
    """Says whether the command did not run: stopped too early, or the session is busy or stuck."""
    return isinstance(outcome.error, (Interrupted, Refused))


def may_run_again(plan: Plan, outcome: Outcome) -> bool:
    """Says whether a new session may help and running the command twice does no harm.

    A session can be stuck for good (versions, section 3.3), or gone for want of use; whether it
    went before the command ran or while it did is not known.
    """
    return never_began(outcome) or (isinstance(outcome.error, SessionLost) and plan.is_read)


def format_end(plan: Plan, progress: Progress, outcome: Outcome) -> str:
    """Returns the line under a command, shown, lost, how it ended; empty where none is needed."""
    if plan.stops_server and outcome.error is None:
        return "Arthas has stopped; nothing listens there any more"
    if progress.is_stopping and never_began(outcome):
        return "stopped before it began"
    if outcome.status is None:
        return ""
    was_asked = outcome.state == State.INTERRUPTED
    verb = "stopped" if was_asked and plan.is_interruptible else "ended by itself"
    how = f"{verb} after {outcome.elapsed_ms / 1000:.1f} s"
    if plan.is_stream:
        return f"{count(progress.hits, 'result')} · {format_lost(outcome.lost)} · {how}"
    return how if was_asked else ""


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
