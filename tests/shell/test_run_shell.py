"""How the shell begins and ends as a program: exit codes, signals, nothing left behind."""

from __future__ import annotations

import errno
import io
import itertools
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from support.fake import Command, FakeArthas, faults, run_hits, status
from support.soak import pick

from arthas_cli.environment import Environment
from arthas_cli.errors import ExitCode, NoServer, Unauthorized
from arthas_cli.interrupts import HangupWatch
from arthas_cli.invocation import Invocation
from arthas_cli.shell import app
from arthas_cli.shell.app import is_lost_terminal, run_shell
from arthas_cli.shell.jobs.live import LiveView
from arthas_cli.shell.jobs.task import Progress

from .conftest import ENTER, WATCH, Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from support.fake import Call
    from support.fake.faults import Exchange
    from support.fake.wire import Reply, Seen


@pytest.fixture(autouse=True)
def _stays_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that takes its time on a busy machine does not end the tests with it."""
    monkeypatch.setattr(app, "HangupWatch", lambda: HangupWatch(leave=lambda _: None))


def play(url: str, typed: str, *, patience_s: float = 60.0) -> tuple[ExitCode, str]:
    """Runs the shell in this thread with everything typed ahead; returns what it wrote.

    The terminal is closed where it has not ended before.
    """
    paper = io.StringIO()
    environment = Environment(io.StringIO(), paper, paper, {})
    with create_pipe_input() as keyboard, create_app_session(keyboard, Screen(paper)):
        keyboard.send_text(typed)
        closing = threading.Timer(patience_s, keyboard.close)
        closing.start()
        try:
            code = run_shell(Invocation(environment, [{"url": url}]))
            assert closing.is_alive(), "it would have gone on"
        finally:
            closing.cancel()
    return code, paper.getvalue()


def test_leaving_is_a_success(fake: FakeArthas) -> None:
    code, text = play(fake.url, "quit" + ENTER)
    assert code == ExitCode.OK
    assert text.endswith("try 'help'\n")


def test_without_a_server_there_is_no_shell() -> None:
    with pytest.raises(NoServer):
        play("http://127.0.0.1:1/api", "")


def test_without_a_password_there_is_no_shell() -> None:
    with FakeArthas(password="sesame") as fake, pytest.raises(Unauthorized):
        play(fake.url, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_shell_and_its_job(fake: FakeArthas, number: int) -> None:
    fake.register(signal_when_run(fake, number))
    code, _ = play(fake.url, WATCH + ENTER)
    assert code == ExitCode.TERMINATED
    assert (fake.jobs, fake.sessions) == ([], [])


def signal_when_run(fake: FakeArthas, number: int) -> Command:
    def run(call: Call) -> Iterable[Mapping[str, object]]:
        fake.wait_for(lambda: any(seen.action == "pull_results" for seen in fake.requests[2:]))
        os.kill(os.getpid(), number)
        return run_hits(call)

    return Command("watch", run, is_stream=True, is_interruptible=True)


def test_a_signal_ends_a_shell_that_is_printing_wherever_it_comes(fake: FakeArthas) -> None:
    fake.target.rate = 400
    rounds = pick(8, 40)
    for number in range(rounds):
        killer = threading.Thread(target=kill_once_it_prints, args=(fake, 0.04 * number / rounds))
        killer.start()
        code, _ = play(fake.url, f"{WATCH} -n 100000 &{ENTER}", patience_s=5.0)
        killer.join()
        assert code == ExitCode.TERMINATED
        watched = [seen.body["sessionId"] for seen in fake.requests if is_watch(seen)]
        assert not {session.id for session in fake.sessions} & set(watched)


def is_watch(seen: Seen) -> bool:
    return str(seen.body.get("command")).startswith("watch")


def kill_once_it_prints(fake: FakeArthas, seconds: float) -> None:
    """Sends SIGTERM to this process so many seconds after a job began to print."""
    fake.wait_for(lambda: any(job.line.startswith("watch") for job in fake.jobs))
    threading.Event().wait(seconds)
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_signal_ends_a_job_that_was_brought_back(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LiveView, "run", lambda _: os.kill(os.getpid(), signal.SIGTERM))
    code, _ = play(fake.url, f"{WATCH} &{ENTER}fg{ENTER}")
    assert code == ExitCode.TERMINATED
    assert (fake.jobs, fake.sessions) == ([], [])


@pytest.mark.parametrize("number", [0, 1])
def test_a_signal_while_a_session_is_opened_leaves_none(fake: FakeArthas, number: int) -> None:
    opened = itertools.count()

    def signal_behind(exchange: Exchange) -> Reply:
        reply = exchange.answer()
        if next(opened) == number:
            os.kill(os.getpid(), signal.SIGTERM)
        return reply

    fake.faults.next(signal_behind, times=2, action="init_session")
    code, _ = play(fake.url, f"{WATCH} &{ENTER}")
    assert code == ExitCode.TERMINATED
    assert (fake.jobs, fake.sessions) == ([], [])


def test_a_signal_ends_the_shell_while_it_asks_the_server_something(fake: FakeArthas) -> None:
    def hang(call: Call) -> Iterable[Mapping[str, object]]:
        os.kill(os.getpid(), signal.SIGTERM)
        call.wait(60)
        return [status(0)]

    fake.register(Command("help", hang))
    code, _ = play(fake.url, f"nosuchcommand{ENTER}")
    assert code == ExitCode.TERMINATED
    assert fake.sessions == []


@pytest.mark.parametrize("line", [f"{WATCH} &", WATCH])
def test_what_may_run_on_is_said_where_the_server_does_not_answer(
    fake: FakeArthas, line: str
) -> None:
    fake.faults.next(faults.slow(60), times=9, action="close_session")
    fake.register(signal_when_run(fake, signal.SIGTERM))
    code, text = play(fake.url, line + ENTER)
    assert code == ExitCode.TERMINATED
    assert text.endswith(f"warning: the server does not answer, '{WATCH}' may still be running\n")


def test_a_terminal_lost_without_a_signal_ends_the_shell_as_a_signal_does(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Screen, "write_raw", fail_with(OSError(errno.EIO, "gone")))
    code, _ = play(fake.url, "version" + ENTER)
    assert code == ExitCode.TERMINATED
    assert fake.sessions == []


def test_a_terminal_lost_while_a_command_draws_ends_the_shell_without_a_key(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Screen, "write_raw", fail_with(OSError(errno.EIO, "gone")))
    code, text = play(fake.url, WATCH + ENTER, patience_s=8.0)
    assert code == ExitCode.TERMINATED
    assert "Press ENTER" not in text
    assert fake.jobs == []


def fail_with(error: Exception) -> Callable[..., None]:
    def fail(*_arguments: object) -> None:
        raise error

    return fail


def test_any_other_error_is_not_taken_for_a_lost_terminal(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Screen, "write_raw", fail_with(OSError(errno.ENOSPC, "full")))
    with pytest.raises(OSError, match="full"):
        play(fake.url, "version" + ENTER)
    assert fake.sessions == []
    assert not is_lost_terminal(LookupError())


def test_a_bug_in_drawing_ends_the_shell_but_leaves_nothing_behind(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(progress: Progress, result: object) -> None:
        raise LookupError(repr((progress, result)))

    monkeypatch.setattr(Progress, "record", fail)
    with pytest.raises(LookupError):
        play(fake.url, WATCH + ENTER)
    assert (fake.jobs, fake.sessions) == ([], [])
