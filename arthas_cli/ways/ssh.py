"""`ssh://`: a tunnel by the `ssh` of this machine, with its own configuration, agent and host keys.

It is a master connection of our own: it is not shared with the user's (which would take the
forward over and outlive us), and opens none of the user's own forwards
(docs/decisions/ways.md). Its socket lies in a folder that only this user can look into.
"""

from __future__ import annotations

import math
import shutil
import socket
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.config.ssh_address import parse_ssh
from arthas_cli.config.way import Endpoint, Row
from arthas_cli.errors import BadAnswer, NoServer, TimedOut, Tunnel, TunnelBroke
from arthas_cli.transport.failures import explain_gone
from arthas_cli.ways.kept import Kept, keep_terminal, make_folder
from arthas_cli.ways.ssh_words import explain_end, explain_refusal, is_changed, is_shut_out

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from arthas_cli.config.settings import Connection
    from arthas_cli.ways import Terms

# A host behind two jumps takes seconds to let one in; nobody who is to answer waits for ever.
_OPEN_S, _ASKED_S = 30.0, 300.0
_POLL_S = 0.01
_FORWARD_S = 10.0
# Behind a try in vain; and behind a login that was refused, of which some hosts count a few.
_PAUSE_S, _SHUT_OUT_S = 1.0, 60.0
# ssh says why a connection through it came to nothing right behind its end.
_WORD_S = 0.4
# What stands here wins over the configuration of the user.
_OPTIONS = (
    "ControlPersist=no",
    "ClearAllForwardings=yes",
    "ForkAfterAuthentication=no",
    "PermitLocalCommand=no",
    "StreamLocalBindMask=0177",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "LogLevel=INFO",
)


class SshWay:
    """The tunnel to one server, opened anew when it has broken; see `config.way.Way`."""

    can_be_watched = True

    def __init__(self, connection: Connection, terms: Terms) -> None:
        self._target = parse_ssh(connection.url)
        self.host = self._target.host
        self.address = f"port {self._target.port} of {self.host}"
        self.asks_user = terms.may_ask
        self._say = terms.say
        self._connect_s = max(1, math.ceil(connection.connect_timeout_s))
        self._opening = threading.Lock()
        self._program: Kept | None = None
        self._endpoint = Endpoint()
        self._is_closed = False
        self._failure: Tunnel | None = None
        self._pause_ends = 0.0

    def open(self, within_s: float | None) -> Endpoint:
        """Return the socket of the tunnel; see `Way.open`."""
        limit_s = min(within_s or math.inf, _ASKED_S if self.asks_user else _OPEN_S)
        until = time.monotonic() + limit_s
        if not self._opening.acquire(timeout=limit_s):
            raise TimedOut(f"the ssh tunnel to '{self.host}' did not open", within_s=limit_s)
        try:
            if self._is_closed:
                raise Tunnel(f"the ssh tunnel to '{self.host}' is closed", hint="")
            if self._program is None or self._program.has_ended:
                self._end()
                if self._failure is not None and time.monotonic() < self._pause_ends:
                    raise self._failure
                self._start(until, limit_s)
        finally:
            self._opening.release()
        return self._endpoint

    def close(self) -> None:
        """End the tunnel, also one that is being opened."""
        self._is_closed = True
        self._end()

    def explain(self, error: NoServer) -> NoServer:
        """Return what ssh said of it; see `Way.explain`."""
        program = self._program
        if program is None or isinstance(error, TimedOut):
            return error
        refusal = self._await_refusal(program, time.monotonic() - _WORD_S)
        if program.has_ended:
            ours = explain_end(program.list_lines(), self.host)
            return TunnelBroke(ours.message) if isinstance(error, BadAnswer) else ours
        if refusal is not None:
            return refusal
        if isinstance(error, BadAnswer) and self._probe(program) is not None:
            return explain_gone(self.address)
        return error

    def _await_refusal(self, program: Kept, since: float) -> NoServer | None:
        """Return why a connection since then came to nothing, None where ssh does not say so."""
        until = time.monotonic() + _WORD_S
        while time.monotonic() < until and not program.has_ended:
            refusal = explain_refusal(program.list_lines(since), self.host, self.address)
            if refusal is not None:
                return refusal
            time.sleep(_POLL_S)
        return None

    def _probe(self, program: Kept) -> NoServer | None:
        """Return why one more connection comes to nothing, None where it stands."""
        asked_at = time.monotonic()
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_WORD_S)
            line.connect(self._endpoint.socket_path)
            line.recv(1)
            return self._await_refusal(program, asked_at)
        return None

    def list_rows(self) -> Sequence[Row]:
        """Return what `doctor` examines."""
        return (
            Row("ssh", self._describe_program),
            Row("host", self._describe_host),
            Row("forward", self._describe_forward),
        )

    def _end(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.end()

    def _start(self, until: float, limit_s: float) -> None:
        """Start ssh and wait until it has let us in and the forward stands."""
        ssh = _find_ssh()
        folder = make_folder()
        program = self._program = Kept(self._make_command(ssh, folder), folder, self._hear)
        with keep_terminal(is_asked=self.asks_user):
            try:
                self._await(folder / "c", program, until, limit_s)
                self._endpoint = self._forward(ssh, folder)
            except BaseException as error:
                self._end()
                self._note_failure(error, program.list_lines())
                raise
        self.asks_user = False  # who watches a stream is not asked in the middle of it
        if self._is_closed:  # meanwhile
            program.end()

    def _note_failure(self, error: BaseException, lines: Sequence[str]) -> None:
        """Have the next try wait: streams try again all the time, and are locked out for that."""
        if isinstance(error, Tunnel):
            self._failure = error
            self._pause_ends = time.monotonic() + (_SHUT_OUT_S if is_shut_out(lines) else _PAUSE_S)

    def _make_command(self, ssh: str, folder: Path) -> list[str]:
        target = self._target
        options = [*_OPTIONS, f"ConnectTimeout={self._connect_s}"]
        if not self.asks_user:
            options.append("BatchMode=yes")
        command = [ssh, "-N", "-T", "-M", "-S", str(folder / "c")]
        for option in options:
            command += ["-o", option]
        if target.ssh_port is not None:
            command += ["-p", str(target.ssh_port)]
        if target.user is not None:
            command += ["-l", target.user]
        return [*command, "--", target.host]

    def _hear(self, line: str) -> None:
        """Pass on what ssh says while it asks the user."""
        if self.asks_user:
            self._say(f"ssh: {line}")

    def _await(self, path: Path, program: Kept, until: float, limit_s: float) -> None:
        """Wait for the control socket, which is made when ssh has been let in.

        With `StrictHostKeyChecking no` that happens to a host whose key has changed, too, to which
        ssh itself would not forward anything.
        """
        while not path.exists():
            if program.has_ended:
                raise explain_end(program.list_lines(), self.host)
            if time.monotonic() >= until:
                raise TimedOut(
                    f"ssh did not reach '{self.host}'",
                    within_s=limit_s,
                    hint=f"run ssh {self.host} to see how far it comes",
                )
            time.sleep(_POLL_S)
        if is_changed(program.list_lines()):
            raise explain_end(program.list_lines(), self.host)

    def _forward(self, ssh: str, folder: Path) -> Endpoint:
        """Have our ssh forward a socket of its folder to the server's port."""
        path = folder / "s"
        forward = f"{path}:127.0.0.1:{self._target.port}"
        done = subprocess.run(  # noqa: S603 - our own program
            [ssh, "-F", "/dev/null", "-S", str(folder / "c"), "-O", "forward", "-L", forward, "x"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_FORWARD_S,
            check=False,
        )
        if done.returncode:
            raise explain_end(done.stdout.decode("utf-8", "replace").splitlines(), self.host)
        return Endpoint(socket_path=str(path))

    def _describe_program(self) -> str:
        ssh = _find_ssh()
        done = subprocess.run(  # noqa: S603 - our own program
            [ssh, "-V"], capture_output=True, timeout=_FORWARD_S, check=False
        )
        version = done.stderr.decode("utf-8", "replace").partition(",")[0].strip()
        return f"{ssh}, {version or 'of an unknown version'}"

    def _describe_host(self) -> str:
        begun = time.monotonic()
        self.open(None)
        took_ms = (time.monotonic() - begun) * 1000
        return f"ssh was let in on '{self.host}' after {took_ms:.0f} ms"

    def _describe_forward(self) -> str:
        program, endpoint = self._program, self.open(None)
        assert program is not None  # noqa: S101 - it is open
        if refusal := self._probe(program):
            raise refusal
        return f"{self.address} is reached by {endpoint.socket_path}"


def _find_ssh() -> str:
    found = shutil.which("ssh")
    if found is None:
        raise Tunnel("there is no program 'ssh' in PATH", hint="install the OpenSSH client")
    return found
