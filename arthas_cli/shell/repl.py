"""The loop of the interactive shell: a line in, its results out, until the user leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.styles import Style

from arthas_cli.check import check_line
from arthas_cli.errors import ArthasShellError, ExitCode, NoServer, Refused
from arthas_cli.formats import Report, make_text_format
from arthas_cli.interrupts import Abandon, Hangup
from arthas_cli.output import Paper
from arthas_cli.protocol import State
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.stream import Stream
from arthas_cli.shell.history import open_history
from arthas_cli.shell.link import Link
from arthas_cli.shell.live import LiveView
from arthas_cli.shell.prompt import format_prompt
from arthas_cli.shell.words import WORDS
from arthas_cli.text import count

if TYPE_CHECKING:
    from typing import TextIO

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.invocation import Invocation
    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Job, Outcome
    from arthas_cli.session.server import Server

_STYLE = Style.from_dict({"place": "ansicyan bold", "arrow": "bold", "live": "reverse"})


class Shell:
    """One interactive shell on one server."""

    def __init__(self, invocation: Invocation, server: Server, diagnostics: Diagnostics) -> None:
        self._invocation = invocation
        self._diagnostics = diagnostics
        self._link = Link(server, self.say)
        self._is_leaving = False
        self._typed_ahead = ""
        history = open_history(user_state_path("arthas-shell", appauthor=False) / "history")
        self._prompt: PromptSession[str] = PromptSession(history=history, style=_STYLE)

    def run(self) -> None:
        """Reads and runs lines until the user leaves; nothing of it stays on the server.

        Raises:
            NoServer, Unauthorized: there is no Arthas to begin with.
        """
        self._link.open()
        try:
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
        paper = self._make_paper(self._invocation.environment.stdout)
        paper.write(text)
        paper.flush()

    def list_history(self) -> list[str]:
        """Returns the lines typed, the oldest first."""
        return list(self._prompt.history.get_strings())

    def run_command(self, line: str) -> None:
        """Sends one line to the server and shows what comes; errors are reported, not raised."""
        try:
            plan = check_line(line, self._link.server)
            try:
                self._run_plan(plan)
            except Refused:  # the session is stuck for good (versions, section 3.3)
                self._link.drop()
                self._run_plan(plan)
        except ArthasShellError as error:
            self._diagnostics.report(error)
            if isinstance(error, NoServer):
                self._link.drop()

    def _read_line(self) -> str:
        typed, self._typed_ahead = self._typed_ahead, ""
        encoding = getattr(self._invocation.environment.stdout, "encoding", None) or ""
        prompt = format_prompt(self._link.welcome, self._link.server.url, encoding)
        return self._prompt.prompt(prompt, default=typed).strip()

    def _take(self, line: str) -> None:
        name, _, arguments = line.partition(" ")
        if name in WORDS:
            WORDS[name].run(self, arguments.strip())
        elif name:
            self.run_command(line)

    def _run_plan(self, plan: Plan) -> None:
        server = self._link.server
        job: Job = OneShot(server, plan) if plan.stops_server else Stream(self._link.open(), plan)
        view = LiveView(job, plan)
        form = make_text_format(self._make_paper(cast("TextIO", view.outlet)))
        view.run(
            form.show,
            lambda: form.end(Report(plan.line, server.url, job.outcome, job.outcome.error)),
        )
        self._typed_ahead = view.typed
        outcome = job.outcome
        if view.progress.is_let_go:
            if not plan.is_interruptible:
                self._diagnostics.warn(f"Arthas cannot stop '{plan.name}': it runs on to its end")
            self._link.drop(job)
        elif plan.is_stream and outcome.status is not None:
            self._diagnostics.note(format_end(view.progress.hits, outcome))
        if outcome.error is not None and not (view.progress.is_stopping and outcome.status == 0):
            raise outcome.error

    def _make_paper(self, stream: TextIO) -> Paper:
        width = self._invocation.environment.output_width
        return Paper(stream, width=width, color=self._invocation.find_color())


def format_end(shown: int, outcome: Outcome) -> str:
    """Returns the line under a stream that has ended: shown, lost, how, after how long."""
    lost = "maybe some lost" if outcome.lost is None else f"{outcome.lost} lost"
    how = "stopped" if outcome.state == State.INTERRUPTED else "ended by itself"
    return f"{count(shown, 'result')} · {lost} · {how} after {outcome.elapsed_ms / 1000:.1f} s"


def run_shell(invocation: Invocation) -> ExitCode:
    """Runs the interactive shell; returns the exit code of the program.

    Raises:
        ArthasShellError: there is no Arthas to begin with.
    """
    diagnostics = invocation.make_diagnostics()
    hangup = Hangup()
    try:
        with hangup.watch():
            Shell(invocation, invocation.open_server(diagnostics), diagnostics).run()
    except BaseException:  # a lost terminal shows as an error of whatever wrote to it next
        if not hangup.has_come:
            raise
        return ExitCode.TERMINATED
    return ExitCode.OK
