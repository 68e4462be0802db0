"""A JVM of our own with Arthas attached, in a folder of its own; both end with us."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from arthas_cli.attach.distribution import BOOT_JAR, SAMPLE_CLASS, SAMPLE_JAR, find_distribution
from arthas_cli.config.settings import Connection
from arthas_cli.demo import keeper
from arthas_cli.demo.java import find_java
from arthas_cli.errors import ArthasShellError, NoServer
from arthas_cli.own_files import run_alone
from arthas_cli.protocol import Action, Request
from arthas_cli.text import sanitise
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arthas_cli.config.credentials import Credentials

_MEMORY = "-Xmx128m"
_ATTACH_S = 60.0
_PORT_TRIES = 3
# A program that ends takes its keeper with it; how long that may take, and what is told of it.
_END_S, _MAX_SAID = 1.0, 5
_PATH_OPTIONS = frozenset({"-cp", "-classpath", "--class-path", "-p", "--module-path", "-jar"})
_OURS = "ARTHAS_SHELL_"
# Ctrl+C in the terminal is meant for us: the keeper and its JVM get no signal of it.
_APART = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


@dataclass(frozen=True, slots=True)
class Target:
    """A JVM with Arthas in it. `home` is the JVM's working folder; a `telnet_port` of 0: none."""

    url: str
    pid: int
    home: Path
    telnet_port: int

    @property
    def is_alive(self) -> bool:
        """Whether the JVM runs: its folder goes with it (`keeper`)."""
        return self.home.is_dir()


@contextmanager
def start_target(
    program: Sequence[str] = (),
    *,
    credentials: Credentials | None = None,
    settings: Sequence[str] = (),
    version: str | None = None,
    home: Path | None = None,
) -> Iterator[Target]:
    """Start a JVM, attach Arthas, and end the JVM on the way out.

    Args:
        program: what `java` is to run, by default the sample program of Arthas, `demo.MathGame`;
            a relative path that says where its classes are is one from here.
        credentials: what Arthas wants of everybody, those on this machine too; None for nothing.
        settings: further arguments of arthas-boot.jar.
        version: the version of Arthas, by default the newest one on Maven Central.
        home: what the JVM takes for its user's home, by default its working folder.

    Raises:
        NotRun: there is no Java.
        NoServer: Arthas cannot be fetched, or does not attach; the program has ended.
    """
    arthas = find_distribution(version) if version else find_distribution()
    java = find_java()
    sample = ("-cp", str(find_distribution() / SAMPLE_JAR), SAMPLE_CLASS)
    program = _resolve_paths(program) or sample
    command = (str(java), _MEMORY, f"-Duser.home={home or keeper.HOME}", *program)
    with _keep(command, f"check that '{java} -version' works", credentials) as jvm:
        yield _attach(java, arthas, jvm, settings)


@contextmanager
def keep_folder() -> Iterator[Path]:
    """Make a folder that is removed on the way out, or when this process ends, however it does."""
    waiting = (sys.executable, "-I", "-c", "import threading; threading.Event().wait()")
    with _keep(waiting, f"check that '{sys.executable} -V' works") as kept:
        yield kept.home


def _resolve_paths(program: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments with absolute paths to classes, for the JVM runs in another folder."""
    before = ("", *program)
    return tuple(
        os.pathsep.join(str(Path.cwd() / part) for part in word.split(os.pathsep))
        if option in _PATH_OPTIONS
        else word
        for option, word in zip(before, program, strict=False)
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """A program with its keeper."""

    process: subprocess.Popen[bytes]
    pid: int
    home: Path

    def check(self) -> None:
        """Raise NoServer where the program has ended."""
        try:
            code = self.process.wait(_END_S)
        except subprocess.TimeoutExpired:
            return
        said = self.process.stdout.read() if self.process.stdout else b""
        lines = said.decode("utf-8", "replace").splitlines()[-_MAX_SAID:]
        raise NoServer(
            f"the sample JVM exited with code {code}"
            + "".join(f"\n  {sanitise(line)}" for line in lines),
            hint="check that the program starts by itself and runs for more than a few seconds",
        )


@contextmanager
def _keep(
    command: Sequence[str], hint: str, credentials: Credentials | None = None
) -> Iterator[_Kept]:
    """Run a program that ends with us; raises NoServer with the hint where it does not start."""
    process = subprocess.Popen(  # noqa: S603 - ourselves and the user's own java
        [*run_alone(keeper), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        creationflags=_APART,
        env=_make_environment() | _make_lock(credentials),
    )
    with process:  # at the end its stdin is closed, and it is waited for
        line = process.stdout.readline() if process.stdout else b""
        pid, _, home = os.fsdecode(line).strip().partition(" ")
        if not pid.isdigit():
            raise NoServer("cannot start the sample JVM", hint=hint)
        yield _Kept(process, int(pid), Path(home))


def _make_environment() -> dict[str, str]:
    """Return our variables without those that may hold a secret of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}


def _make_lock(credentials: Credentials | None) -> dict[str, str]:
    """Return the variables that have an Arthas in that JVM want the credentials.

    Unlike its arguments, a program's variables are for the eyes of its own user alone.
    """
    if credentials is None:
        return {}
    return {
        "ARTHAS_USERNAME": credentials.username,
        "ARTHAS_PASSWORD": credentials.password,
        "ARTHAS_LOCALCONNECTIONNONAUTH": "false",
    }


def _attach(java: Path, arthas: Path, jvm: _Kept, settings: Sequence[str]) -> Target:
    """Attach Arthas on free ports; another program may take one before the JVM does."""
    for _ in range(_PORT_TRIES):
        http_port, telnet_port = find_free_port(), find_free_port()
        said = subprocess.run(  # noqa: S603 - the user's own java
            [
                *(java, f"-Duser.home={jvm.home}", "-jar", arthas / BOOT_JAR),
                *("--arthas-home", arthas, "--target-ip", "127.0.0.1"),
                *("--http-port", str(http_port), "--telnet-port", str(telnet_port)),
                *(*settings, "--attach-only", str(jvm.pid)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_ATTACH_S,
            cwd=arthas,
            env=_make_environment(),
            check=False,
        )
        url = f"http://127.0.0.1:{http_port}/api"
        if said.returncode == 0 and _is_arthas(url):
            return Target(url, jvm.pid, jvm.home, telnet_port)
        jvm.check()
    last = said.stdout.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
    raise NoServer(
        f"cannot attach Arthas to the JVM: {last}", hint=f"check that {java} belongs to a JDK"
    )


def _is_arthas(url: str) -> bool:
    """Return whether the API answers there; a refusal for want of a password is an answer."""
    transport = open_transport(Connection(url=url), {})
    try:
        transport.send(Request(Action.SESSION_INFO), timeout_s=_ATTACH_S)
    except ArthasShellError as error:
        return error.kind == "unauthorized"
    return True


def find_free_port() -> int:
    """Return a port of the loopback address that is free at this moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
