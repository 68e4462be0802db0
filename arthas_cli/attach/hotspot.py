"""HotSpot's attach protocol, spoken without a JDK: JDK 8 and up, on Linux.

A file by which the JVM knows that SIGQUIT means this, the signal, and a socket that it then opens
(docs/protocol.md, 8.1). It is all done below the root of the process, so in a container too.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from arthas_cli.attach.acting import call_as
from arthas_cli.attach.process import find_library, make_not_permitted, read_process
from arthas_cli.errors import AttachFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from arthas_cli.attach.process import Process

# A JVM takes 50 ms to open its socket; a loaded agent answers when its server is up.
_OPEN_S, _ANSWER_S, _PAUSE_S = 5.0, 60.0, 0.02
_ARGUMENTS = 3
MAX_ARGUMENT = 1024
_VERSION = b"1"
_CHUNK, _MAX_ANSWER = 1 << 16, 1 << 22
_NO_ATTACH = b"-XX:+DisableAttachMechanism"


def ask_jvm(process: Process, *words: str) -> str:
    """Return what the JVM answers to a command and up to three arguments: its code, then lines.

    Raises:
        NotPermitted: it is another user's.
        AttachFailed: it is no HotSpot, does not answer, or takes no such request.
    """
    check_process(process)
    request = encode_request(words)
    try:
        return call_as(process.ids, lambda: _ask(process, request))
    except PermissionError:
        raise make_not_permitted(process) from None
    except (FileNotFoundError, ProcessLookupError, ConnectionError) as error:
        if process.has_ended:
            raise _make_ended(process) from error
        raise _make_silent(process) from error
    except TimeoutError as error:
        raise _make_silent(process) from error
    except OSError as error:
        raise AttachFailed(
            f"cannot speak to JVM {process.pid}: {error.strerror or error}",
            hint="check that its /tmp has room and can be written",
        ) from error


def encode_request(words: tuple[str, ...]) -> bytes:
    """Return the request as the first version of the protocol has it.

    Raises:
        AttachFailed: an argument is longer than a JVM takes; it would not answer at all.
    """
    padded = [*words, *[""] * (1 + _ARGUMENTS - len(words))]
    encoded = [word.encode("utf-8", "surrogateescape") for word in padded]
    if max(map(len, encoded)) > MAX_ARGUMENT:
        raise AttachFailed(
            f"the request is longer than the {MAX_ARGUMENT} bytes that a JVM takes",
            hint="use an Arthas in a folder with a shorter path, with --arthas-home",
        )
    return b"".join(part + b"\0" for part in (_VERSION, *encoded))


def check_process(process: Process) -> None:
    """Refuse what cannot be attached to, before anything is done to it.

    Raises:
        NotPermitted: it is another user's.
        AttachFailed: it is stopped, no HotSpot, or its attach mechanism is switched off.
    """
    if os.geteuid() not in (0, process.ids.uid):
        raise make_not_permitted(process)
    if find_library(process) is None:
        raise AttachFailed(
            f"process {process.pid} is not a HotSpot JVM",
            hint="run 'arthas-shell attach' to list the JVMs",
        )
    if process.is_stopped:
        raise AttachFailed(
            f"JVM {process.pid} is stopped (SIGSTOP or a debugger)",
            hint=f"let it go on with: kill -CONT {process.pid}",
        )
    with suppress(OSError):
        if _NO_ATTACH in (process.folder / "cmdline").read_bytes().split(b"\0"):
            raise AttachFailed(
                f"JVM {process.pid} runs with -XX:+DisableAttachMechanism",
                hint="restart it without that option",
            )


def _ask(process: Process, request: bytes) -> str:
    with _connect(process) as line:
        line.settimeout(_ANSWER_S)
        line.sendall(request)
        answer = b""
        while chunk := line.recv(_CHUNK):
            answer += chunk
            if len(answer) > _MAX_ANSWER:
                break
    return answer.decode("utf-8", "replace")


def _connect(process: Process) -> socket.socket:
    folder = process.root / "tmp"
    if folder.is_symlink():  # it would lead out of the container
        raise AttachFailed(
            f"the temporary folder of process {process.pid} is a symbolic link",
            hint="attach from inside the container",
        )
    path = folder / f".java_pid{process.inner_pid}"
    line = _try_to_connect(path)
    if line is not None:
        return line
    with _ask_for_socket(process):
        until = time.monotonic() + _OPEN_S
        while time.monotonic() < until:
            line = _try_to_connect(path)
            if line is not None:
                return line
            time.sleep(_PAUSE_S)
    raise TimeoutError


def _try_to_connect(path: Path) -> socket.socket | None:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(_ANSWER_S)
    try:
        line.connect(os.fspath(path))
    except (FileNotFoundError, ConnectionRefusedError):  # not yet, or one of a JVM before
        line.close()
        return None
    except BaseException:
        line.close()
        raise
    return line


@contextmanager
def _ask_for_socket(process: Process) -> Iterator[None]:
    """Have the JVM open its socket: a file, and the signal by which it looks for that."""
    name = f".attach_pid{process.inner_pid}"
    trigger = _make_trigger(process.root / "tmp" / name, process.folder / "cwd" / name)
    try:
        _send_quit(process)
        yield
    finally:
        with suppress(OSError):
            trigger.unlink()


def _make_trigger(*paths: Path) -> Path:
    failures: list[OSError] = []
    for path in paths:
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW
            os.close(os.open(path, flags, 0o600))
        except OSError as error:
            failures.append(error)
        else:
            return path
    raise failures[0]


def _send_quit(process: Process) -> None:
    """Send SIGQUIT, which ends whoever does not catch it: so only to this very process."""
    with _aim(process.pid) as send:
        now = read_process(process.pid, process.folder.parent)
        if now.start != process.start:
            raise ProcessLookupError
        if not now.catches_quit:
            raise AttachFailed(
                f"JVM {process.pid} does not catch SIGQUIT, which would end it (-Xrs)",
                hint="restart it without -Xrs",
            )
        send()


@contextmanager
def _aim(pid: int) -> Iterator[Callable[[], object]]:
    """Give what sends the signal to the process, even if its number becomes another's meanwhile."""
    try:
        aimed = os.pidfd_open(pid)
    except OSError:  # an older kernel
        yield lambda: os.kill(pid, signal.SIGQUIT)
        return
    try:
        yield lambda: signal.pidfd_send_signal(aimed, signal.SIGQUIT)
    finally:
        os.close(aimed)


def _make_ended(process: Process) -> AttachFailed:
    return AttachFailed(f"process {process.pid} has ended", hint="")


def _make_silent(process: Process) -> AttachFailed:
    return AttachFailed(
        f"JVM {process.pid} does not answer",
        hint="it may hang, or its attach mechanism may be switched off"
        " (-XX:+DisableAttachMechanism): then it has written a thread dump to its stdout",
    )
