"""The loop of the interactive shell: a line in, its results out, until the user leaves."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, cast

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.styles import Style

from arthas_cli.batch import explain_unknown_command, has_command
from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import ArthasShellError, ExitCode, NoServer, Refused
from arthas_cli.formats import Report, make_text_format
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import Plan, make_plan
from arthas_cli.output import Paper
from arthas_cli.protocol import State
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.session import Session, Welcome
from arthas_cli.session.stream import Stream
from arthas_cli.shell.history import open_history
from arthas_cli.shell.live import LiveView
from arthas_cli.shell.prompt import format_prompt, format_start_line
from arthas_cli.shell.words import WORDS

if TYPE_CHECKING:
    from typing import TextIO

    from prompt_toolkit.formatted_text import FormattedText

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.invocation import Invocation
    from arthas_cli.session.outcome import Job, Outcome
    from arthas_cli.session.server import Server

_STYLE = Style.from_dict({"place": "ansicyan bold", "arrow": "bold", "live": "reverse"})


class Shell:
    """One interactive shell on one server."""

    def __init__(self, invocation: Invocation, server: Server, diagnostics: Diagnostics) -> None:
        self._invocation = invocation
        self._server = server
        self._diagnostics = diagnostics
        self._session: Session | None = None
        self._welcome = Welcome()
        self._is_leaving = False
        self._typed_ahead = ""
        history = open_history(user_state_path("arthas-shell", appauthor=False) / "history")
        self._prompt: PromptSession[str] = PromptSession(history=history, style=_STYLE)

    def run(self) -> None:
        """Reads and runs lines until the user leaves.

        Raises:
            NoServer, Unauthorized: there is no Arthas to begin with.
        """
        self._welcome = self._open_session().welcome
        self.say(format_start_line(self._welcome, self._server.url))
        try:
            while not self._is_leaving:
                self._run_prompt()
        finally:
            if self._session is not None:
                self._session.close()

    def leave(self) -> None:
        """Ends the loop."""
        self._is_leaving = True

    def say(self, text: str) -> None:
        """Writes a line of the shell's own."""
        paper = self._make_paper()
        paper.write(text)
        paper.flush()

    def list_history(self) -> list[str]:
        """Returns the lines typed, the oldest first."""
        return list(self._prompt.history.get_strings())

    def run_command(self, line: str) -> None:
        """Sends one line to the server and shows what comes; errors are reported, not raised."""
        try:
            plan = self._plan(line)
            try:
                self._run_plan(plan)
            except Refused:  # the session is stuck for good (versions, section 3.3)
                self._drop_session()
                self._run_plan(plan)
        except ArthasShellError as error:
            self._diagnostics.report(error)
            if isinstance(error, NoServer):
                self._drop_session()

    def _run_prompt(self) -> None:
        try:
            line = self._prompt.prompt(self._make_prompt(), default=self._typed_ahead)
        except KeyboardInterrupt:
            self._typed_ahead = ""
            return
        except EOFError:
            self.leave()
            return
        self._typed_ahead = ""
        name, _, arguments = line.strip().partition(" ")
        if name in WORDS:
            WORDS[name].run(self, arguments.strip())
        elif name:
            self.run_command(line.strip())

    def _plan(self, line: str) -> Plan:
        parsed = parse_line(line, load_commands())
        if parsed.command is None and not has_command(self._server, parsed.name.text):
            raise explain_unknown_command(parsed)
        return make_plan(parsed)

    def _run_plan(self, plan: Plan) -> None:
        job: Job
        if plan.stops_server:
            job = OneShot(self._server, plan)
        else:
            job = Stream(self._open_session(), plan)
        view = LiveView(job, plan)
        form = make_text_format(self._make_paper(cast("TextIO", view.buffer)))
        url = self._server.url
        view.run(
            form.show, lambda: form.end(Report(plan.line, url, job.outcome, job.outcome.error))
        )
        self._typed_ahead = view.typed
        if view.progress.is_let_go:
            self._let_go(job, plan)
            return
        outcome = job.outcome
        if plan.is_stream and outcome.status is not None:
            self._diagnostics.note(format_end(view.progress.hits, outcome))
        if outcome.error is not None and not (view.progress.is_stopping and outcome.status == 0):
            raise outcome.error

    def _open_session(self) -> Session:
        """Returns the shell's session, opened anew where it was lost."""
        if self._session is None:
            session = Session.open(self._server)
            if self._welcome.pid and session.welcome != self._welcome:
                self._diagnostics.warn("another JVM answers there now")
                self.say(format_start_line(session.welcome, self._server.url))
            self._session, self._welcome = session, session.welcome
        return self._session

    def _drop_session(self) -> None:
        """Forgets the session; the next line opens another."""
        session, self._session = self._session, None
        if session is not None:
            threading.Thread(target=session.close, name="close", daemon=True).start()

    def _let_go(self, job: Job, plan: Plan) -> None:
        """Leaves the job behind with its session, which is stopped and closed out of sight."""
        session, self._session = self._session, None
        if not plan.is_interruptible:
            self._diagnostics.warn(f"Arthas cannot stop '{plan.name}': it runs on to its end")

        def stop() -> None:
            job.close()
            if session is not None:
                session.close()

        threading.Thread(target=stop, name="let go", daemon=True).start()

    def _make_paper(self, stream: TextIO | None = None) -> Paper:
        environment = self._invocation.environment
        return Paper(
            stream or environment.stdout,
            width=environment.output_width,
            color=self._invocation.find_color(),
        )

    def _make_prompt(self) -> FormattedText:
        encoding = getattr(self._invocation.environment.stdout, "encoding", None) or ""
        is_unicode = encoding.lower().startswith("utf")
        return format_prompt(self._welcome, self._server.url, is_unicode=is_unicode)


def format_end(shown: int, outcome: Outcome) -> str:
    """Returns the line under a stream that has ended: shown, lost, how, after how long."""
    lost = "maybe some lost" if outcome.lost is None else f"{outcome.lost} lost"
    how = "stopped" if outcome.state == State.INTERRUPTED else "ended by itself"
    return f"{shown} results · {lost} · {how} after {outcome.elapsed_ms / 1000:.1f} s"


def run_shell(invocation: Invocation) -> ExitCode:
    """Runs the interactive shell; returns the exit code of the program.

    Raises:
        ArthasShellError: there is no Arthas to begin with.
    """
    diagnostics = invocation.make_diagnostics()
    Shell(invocation, invocation.open_server(diagnostics), diagnostics).run()
    return ExitCode.OK
