"""A shell on a fake Arthas, and a user at its keyboard: no terminal, no JVM."""

from __future__ import annotations

import io
import queue
import re
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Self

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.key_binding.defaults import load_key_bindings
from prompt_toolkit.output import DummyOutput
from support.fake import FakeArthas
from support.waiting import PATIENCE_S, wait_for

from arthas_cli.environment import Environment
from arthas_cli.invocation import Invocation
from arthas_cli.protocol import Result
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.app import Shell
from arthas_cli.shell.jobs import fleet_watch, watch
from arthas_cli.shell.jobs.drawing import Drawing
from arthas_cli.shell.jobs.live import LiveView
from arthas_cli.shell.jobs.task import Task
from arthas_cli.shell.terminal.output import JobOutput, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from prompt_toolkit.application.current import AppSession
    from prompt_toolkit.input import PipeInput

    from arthas_cli.errors import ArthasShellError
    from arthas_cli.formats import Report
    from arthas_cli.line.plan import Plan
    from arthas_cli.shell.terminal.buffer import JobBuffer

CTRL_C, CTRL_D, ENTER, BACKSPACE = "\x03", "\x04", "\r", "\x7f"
_START = re.compile(r"\A.*?try ':?\w+'\n", re.DOTALL)
WATCH = "watch demo.MathGame primeFactors"


class Screen(DummyOutput):
    """Remembers what was written above the prompt, not what is drawn anew with each key."""

    def __init__(self, paper: io.StringIO) -> None:
        self._paper = paper

    def write_raw(self, data: str) -> None:
        self._paper.write(data)


class User:
    """Types into a running shell and reads what it writes, stdout and stderr as one text."""

    def __init__(self, fake: FakeArthas, paper: io.StringIO, keyboard: PipeInput) -> None:
        self.fake = fake
        self.session: AppSession | None = None
        self.shell: Shell | None = None
        self.has_ended = threading.Event()
        self.error: BaseException | None = None
        self._paper = paper
        self._keyboard = keyboard

    @property
    def text(self) -> str:
        """What the shell has written since the start line."""
        return _START.split(self._paper.getvalue(), maxsplit=1)[-1]

    @property
    def line(self) -> str:
        """What stands behind the prompt."""
        app = self.session.app if self.session else None
        return app.current_buffer.text if app is not None and not app.erase_when_done else ""

    @property
    def suggestion(self) -> str:
        """What stands in grey behind what is typed."""
        app = self.session.app if self.session else None
        found = app.current_buffer.suggestion if app is not None else None
        return found.text if found else ""

    def type(self, text: str) -> None:
        self._keyboard.send_text(text)

    def hang_up(self) -> None:
        """Closes the terminal."""
        self._keyboard.close()

    def wait_for(self, condition: Callable[[], object]) -> None:
        wait_for(lambda: condition() or self.has_ended.is_set(), lambda: self.text)
        assert condition(), self.text

    def see(self, text: str) -> None:
        """Waits until the shell has written it."""
        self.wait_for(lambda: text in self.text)

    def begin(self, line: str) -> None:
        """Enters a line, and waits until it has left the prompt."""
        self.find_prompt()
        before = self._find_prompt_run()
        self.type(line + ENTER)
        self.wait_for(lambda: self._find_prompt_run() is not before or self.has_ended.is_set())

    def enter(self, line: str) -> str:
        """Enters a line, and waits for the next prompt; returns what was written in between."""
        before = len(self.text)
        self.begin(line)
        self.find_prompt()
        return self.text[before:]

    def run_endless(self, line: str = WATCH) -> None:
        """Enters a command that does not end, and waits until it runs and the shell knows."""
        self.begin(line)
        self.wait_for(lambda: self.fake.jobs)
        self.wait_for(lambda: self.fake.requests[-1].action == "pull_results")
        self.wait_for(lambda: self._is_running(is_prompt=False))

    @property
    def is_at_prompt(self) -> bool:
        """Says whether what is typed goes to the prompt."""
        return not self._is_running(is_prompt=False)

    def find_prompt(self) -> None:
        """Waits until the prompt is there."""
        self.wait_for(lambda: self._is_running(is_prompt=True))

    def _is_running(self, *, is_prompt: bool) -> bool:
        """Says whether the prompt, or else a live view, takes keys: one that ends does not."""
        app = self.session.app if self.session else None
        future = app.future if app is not None and app.erase_when_done is not is_prompt else None
        return future is not None and not future.done()

    def _find_prompt_run(self) -> object:
        app = self.session.app if self.session else None
        return app.future if app is not None and self._is_running(is_prompt=True) else None


@contextmanager
def open_shell(fake: FakeArthas, *, options: dict[str, object] | None = None) -> Iterator[User]:
    """Runs a shell in a thread of its own; at the end it is left with Ctrl+D if it still runs.

    A profile or `on` among the options names the target itself.
    """
    given = options or {}
    paper = io.StringIO()
    environment = Environment(io.StringIO(), paper, paper, {})
    place = {} if {"on", "profile"} & set(given) else {"url": fake.url}
    invocation = Invocation(environment, [place | given])
    with create_pipe_input() as keyboard:
        user = User(fake, paper, keyboard)

        def run() -> None:
            try:
                with create_app_session(keyboard, Screen(paper)) as session:
                    diagnostics = invocation.make_diagnostics()
                    shell = Shell(invocation, invocation.open_members(diagnostics), diagnostics)
                    user.session, user.shell = session, shell
                    shell.run()
            except BaseException as error:  # noqa: BLE001 - handed to the test
                user.error = error
            finally:
                user.has_ended.set()

        thread = threading.Thread(target=run, name="shell", daemon=True)
        thread.start()
        yield user
        if not user.has_ended.is_set():
            user.find_prompt()
            user.type(CTRL_C + CTRL_D + CTRL_D)  # the second one for commands in the background
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), user.text
        if user.error is not None:
            raise user.error


class ScriptedJob:
    """A job that does what a test says; `interrupt` is counted, and fails with `trouble`."""

    def __init__(self) -> None:
        self.interrupts = 0
        self.trouble: ArthasShellError | None = None
        self.outcome = Outcome()
        self._results: queue.SimpleQueue[Result | None] = queue.SimpleQueue()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        result = self._results.get(timeout=PATIENCE_S)
        if result is None:
            raise StopIteration
        return result

    def send(self, *types: str) -> None:
        for name in types:
            self._results.put(Result(name, 1, {}, "{}"))

    def end(self) -> None:
        self._results.put(None)

    @property
    def has_ready(self) -> bool:
        return not self._results.empty()

    def interrupt(self) -> None:
        self.interrupts += 1
        if self.trouble is not None:
            raise self.trouble

    def close(self) -> None:
        """Holds nothing."""


class TypesForm:
    """Draws each result as its type, and the end as such."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self.write = write

    def show(self, result: Result) -> None:
        self.write(f"{result.type}\n")

    def flush(self) -> None:
        """Has handed all on."""

    def end(self, report: Report) -> None:
        del report
        self.write("end\n")


class Draft(Terminal):
    """a terminal that remembers all that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def put(
        self, text: str, speaker: str = "", buffer: JobBuffer | None = None, number: int = 0
    ) -> None:
        del buffer, number
        self.text += speaker + text


class Viewer:
    """Looks at one running command and has its keys; each result is drawn as its type."""

    def __init__(self, job: ScriptedJob, plan: Plan, keyboard: PipeInput) -> None:
        self.paper = io.StringIO()
        self.screen = Screen(self.paper)
        self.keyboard = keyboard
        self.error: BaseException | None = None
        self.terminal = Terminal()
        self.writer = TypesForm(self.terminal.put)
        task = Task(job, plan, Drawing(JobOutput(self.terminal), self.writer))
        with create_app_session(keyboard, self.screen):
            self.view = LiveView(task, self.terminal)
        self.has_ended = threading.Event()

    def run(self) -> None:
        try:
            self.view.run()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            self.error = error
        finally:
            self.has_ended.set()

    @property
    def text(self) -> str:
        return self.paper.getvalue()

    def type(self, text: str) -> None:
        self.keyboard.send_text(text)

    def wait_for(self, condition: Callable[[], object]) -> None:
        wait_for(condition, lambda: self.text)


@contextmanager
def open_view(job: ScriptedJob, plan: Plan, typed: str = "") -> Iterator[Viewer]:
    """Runs the view of a job in a thread of its own, to its end; `typed` before it is seen."""
    with create_pipe_input() as keyboard:
        viewer = Viewer(job, plan, keyboard)
        viewer.type(typed)
        thread = threading.Thread(target=viewer.run, name="view", daemon=True)
        thread.start()
        viewer.wait_for(lambda: viewer.terminal.app is not None and viewer.terminal.app.is_running)
        yield viewer
        job.end()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that nobody's history is read or written."""
    for name in ("HOME", "LOCALAPPDATA", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the shell ask nothing unbidden while a test runs, and each question by an `exec`."""
    monkeypatch.setattr(watch, "FIRST_S", 3600.0)
    monkeypatch.setattr(fleet_watch, "FIRST_S", 3600.0)
    monkeypatch.setattr("arthas_cli.session.series._NEAR_S", 0.0)


@pytest.fixture(autouse=True, scope="session")
def _bound_once() -> Iterator[None]:
    """Has the usual keys bound once, not anew for each prompt and each live view."""
    with pytest.MonkeyPatch.context() as patch:
        name = "prompt_toolkit.application.application.load_key_bindings"
        patch.setattr(name, cache(load_key_bindings))
        yield


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    with FakeArthas() as fake:
        yield fake


@pytest.fixture
def user(fake: FakeArthas) -> Iterator[User]:
    """A user at the prompt of a shell on `fake`, which knows the server's commands by now."""
    with open_shell(fake) as user:
        user.find_prompt()
        user.wait_for(
            lambda: user.shell and user.shell.runner.preflight.lookup.catalogue.is_settled
        )
        yield user
