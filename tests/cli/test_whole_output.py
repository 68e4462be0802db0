"""What belongs on stdout comes there whole, or the exit code and a message say that it did not.

PYTHONUNBUFFERED is usual in containers, and makes Python take a write that was cut for done.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest
from support.fake import Command, FakeArthas
from support.program import shell
from support.raw_server import http, serve
from support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from support.fake import Call

PROGRAM = (sys.executable, "-m", "arthas_cli")
MANY = 3_000
SMALL_PIPE = 4096
LINE = "sysprop"
PLAIN, UNBUFFERED = "", "1"
COMMANDS = [
    pytest.param(("exec", LINE), UNBUFFERED, id="text"),
    pytest.param(("exec", "--json", LINE), PLAIN, id="json, buffered"),
    pytest.param(("exec", "--json", LINE), UNBUFFERED, id="json"),
    pytest.param(("exec", "-o", "jsonl", LINE), UNBUFFERED, id="jsonl"),
    pytest.param(("exec", "-o", "csv", LINE), PLAIN, id="csv, buffered"),
    pytest.param(("run", "--json", "lines"), UNBUFFERED, id="run"),
]
CHANGING = re.compile(r'"(jobId|elapsedMs)": ?\d+')


@pytest.fixture(autouse=True)
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lines").write_text(f"{LINE}\n", "utf-8")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a server whose `sysprop` is long."""

    def list_many(_call: Call) -> Iterator[Mapping[str, object]]:
        yield {"type": "sysprop", "props": {f"key.{n:05}": "v" * 30 for n in range(MANY)}}

    with FakeArthas() as fake:
        fake.register(Command("sysprop", list_many))
        yield fake.url


def make_environ(url: str, unbuffered: str) -> dict[str, str]:
    # Coverage would write files of its own, which these tests forbid.
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return own | {"ARTHAS_SHELL_URL": url, "PYTHONUNBUFFERED": unbuffered}


def run_slowly_read(arguments: tuple[str, ...], environ: Mapping[str, str]) -> tuple[int, bytes]:
    """Runs the program on a pipe that never waits and is full when somebody begins to read."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SMALL_PIPE)
    os.set_blocking(writer, False)
    received = b""
    with subprocess.Popen([*PROGRAM, *arguments], stdout=writer, env=environ) as process:
        os.close(writer)
        until = time.monotonic() + PATIENCE_S
        while count_waiting(reader) < SMALL_PIPE and time.monotonic() < until:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
                break
        while chunk := os.read(reader, 1 << 16):
            received += chunk
    os.close(reader)
    return process.returncode, received


def count_waiting(reader: int) -> int:
    (count,) = struct.unpack("i", fcntl.ioctl(reader, termios.FIONREAD, b"\0" * 4))
    return int(count)


@pytest.mark.parametrize(
    ("arguments", "unbuffered"),
    [
        *COMMANDS,
        pytest.param(("exec", f"{LINE} | cat"), UNBUFFERED, id="a program"),
        pytest.param(("--spec",), UNBUFFERED, id="spec"),
    ],
)
def test_a_pipe_that_does_not_wait_gets_everything(
    url: str, arguments: tuple[str, ...], unbuffered: str
) -> None:
    code, received = run_slowly_read(arguments, make_environ(url, unbuffered))
    whole = shell(*arguments, ARTHAS_SHELL_URL=url, PATH=os.environ["PATH"])
    assert code == whole.exit_code == 0
    assert CHANGING.sub("", received.decode()) == CHANGING.sub("", whole.stdout)


def test_a_file_on_a_pipe_that_does_not_wait_comes_whole() -> None:
    with serve(http(b"\xff" * 100_000)) as server:
        environ = make_environ(server.url, "1")
        code, received = run_slowly_read(("get", "-O", "-", "a.jfr"), environ)
    assert (code, received) == (0, b"\xff" * 100_000)


@pytest.mark.parametrize(("arguments", "unbuffered"), COMMANDS)
def test_a_disk_that_takes_a_part_fails_the_command(
    url: str, tmp_path: Path, arguments: tuple[str, ...], unbuffered: str
) -> None:
    limited = ("sh", "-c", 'ulimit -f 16; exec "$@"', "sh", *PROGRAM, *arguments)
    with (tmp_path / "out").open("wb") as out:
        environ = make_environ(url, unbuffered)
        ended = subprocess.run(
            limited, stdout=out, stderr=subprocess.PIPE, env=environ, check=False
        )
    said = b"arthas-shell: cannot write the output: File too large\n"
    assert (ended.returncode, ended.stderr) == (1, said)


@pytest.mark.parametrize(
    "arguments", [("exec", "--json", LINE), ("--help",), ("config", "show")], ids=" ".join
)
def test_a_disk_that_is_full_fails_the_command(url: str, arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        environ, command = make_environ(url, UNBUFFERED), (*PROGRAM, *arguments)
        ended = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, env=environ, check=False
        )
    said = (
        b"arthas-shell: cannot write the output: No space left on device\n"
        b"hint: make room there, or write to another disk\n"
    )
    assert (ended.returncode, ended.stderr) == (1, said)


def test_messages_that_nobody_takes_change_nothing() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        command = [*PROGRAM, "exec", "-H", "127.0.0.1:1", "version"]
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, check=False)
    assert (ended.returncode, ended.stdout) == (3, b"")


def test_a_stdout_that_cannot_be_written_to_is_no_bug() -> None:
    with open("/dev/null", "rb") as unwritable:  # noqa: PTH123 - a device
        ended = subprocess.run(
            [*PROGRAM, "--help"],
            stdout=unwritable,
            stderr=subprocess.PIPE,
            check=False,
        )
    said = b"arthas-shell: cannot write the output: Bad file descriptor\n"
    assert (ended.returncode, ended.stderr) == (1, said)
