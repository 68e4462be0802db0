"""The program on a fake server: in this process, or as a process that gets signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Protocol

import pytest
from support.fake import Call, Command, FakeArthas, run_hits
from support.program import shell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from support.program import Ended


class Run(Protocol):
    """Runs the program on the fake server; variables are further ones of its environment."""

    def __call__(self, *arguments: str, stdin: str = "", **variables: str) -> Ended: ...


class Start(Protocol):
    """Starts the program as a process of its own on the fake server."""

    def __call__(self, *arguments: str) -> subprocess.Popen[str]: ...


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    with FakeArthas() as server:
        yield server


@pytest.fixture
def run(fake: FakeArthas) -> Run:
    def run(*arguments: str, stdin: str = "", **variables: str) -> Ended:
        return shell(*arguments, stdin=stdin, ARTHAS_SHELL_URL=fake.url, **variables)

    return run


@pytest.fixture
def start(fake: FakeArthas) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "arthas_cli", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"ARTHAS_SHELL_URL": fake.url},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's files are while the test lasts."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


def signal_program(number: int) -> None:
    """Sends the signal to the thread that runs the program, from one of the fake's."""
    signal.pthread_kill(threading.main_thread().ident or 0, number)


def list_lines(fake: FakeArthas) -> list[str]:
    """Returns the command lines that the server was sent."""
    bodies = [seen.body for seen in fake.requests]
    return [body["command"] for body in bodies if "command" in body]


def signal_self(number: int) -> Command:
    """A `watch` whose first hit is followed by a signal to the program, which is this process."""

    def hit(call: Call) -> Iterator[Mapping[str, object]]:
        for result in run_hits(call):
            yield result
            if result["type"] == "watch":
                signal_program(number)
                call.wait(60)

    return Command("watch", hit, is_stream=True, is_interruptible=True)


def burst(_call: Call) -> Iterable[Mapping[str, object]]:
    return ({"type": "echo", "content": str(number)} for number in range(600))
