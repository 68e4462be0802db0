"""A server of ssh for all tests of a module, and the program as a process that goes through it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import pytest
from support.fake import FakeArthas
from support.openssh import SshServer, serve_ssh

from arthas_cli.config.settings import Connection
from arthas_cli.protocol import Action, Request
from arthas_cli.transport.lean import LeanTransport
from arthas_cli.ways import Terms
from arthas_cli.ways.ssh import make_way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.ways.tunnel import TunnelWay


WATCH = "watch demo.MathGame run"
REQUEST = Request(Action.EXEC, "version", request_id="1")


def make_url(fake: FakeArthas, host: str = "shop-3") -> str:
    return f"ssh://{host}/{urlsplit(fake.url).port}"


def make_transport(way: TunnelWay, fake: FakeArthas) -> LeanTransport:
    return LeanTransport(Connection(make_url(fake), way=way))


class Start(Protocol):
    """Starts the program in a process group of its own, as a terminal does."""

    def __call__(self, *arguments: str) -> subprocess.Popen[str]: ...


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    with FakeArthas() as server:
        yield server


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with serve_ssh(tmp_path_factory.mktemp("ssh")) as server:
        yield server


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the folders of ways are made; its name is short, as those of sockets must be."""
    with TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def ssh(sshd: SshServer, room: Path, monkeypatch: pytest.MonkeyPatch) -> SshServer:
    """The server as it was at first, and the stand-in for `ssh` in PATH."""
    assert room.is_dir()
    monkeypatch.setenv("PATH", f"{sshd.bin}{os.pathsep}{os.environ['PATH']}")
    if not sshd.is_up:  # a test that failed has left it so
        sshd.start()
    sshd.trust()
    sshd.configure()
    return sshd


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "arthas_cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


@pytest.fixture
def way(ssh: SshServer, fake: FakeArthas) -> Iterator[TunnelWay]:
    """The way to the fake, which leaves nothing."""
    way = make_way(Connection(make_url(fake)), Terms())
    yield way
    way.close()
    assert ssh.list_programs() == []
