"""`ssh://`: a tunnel by the `ssh` of this machine, with its own configuration, agent and host keys.

It is a master connection of our own: it is not shared with the user's (which would take the
forward over and outlive us), and opens none of the user's own forwards
(docs/decisions/ways.md). Its socket lies in a folder that only this user can look into.
"""

from __future__ import annotations

import math
import re
import shutil
import socket
import subprocess
from typing import TYPE_CHECKING

from arthas_cli.config.ssh_address import parse_ssh
from arthas_cli.config.way import Endpoint, Row
from arthas_cli.errors import Tunnel
from arthas_cli.transport.connecting import connect
from arthas_cli.ways import ssh_words
from arthas_cli.ways.kept import Kept, make_folder
from arthas_cli.ways.tunnel import TunnelWay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from arthas_cli.config.settings import Connection
    from arthas_cli.errors import NoServer
    from arthas_cli.ways import Terms

_FORWARD_S = 10.0
# What stands here wins over the configuration of the user.
_OPTIONS = (
    "PermitLocalCommand=no",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "LogLevel=INFO",
)
_MASTER = ("ControlPersist=no", "ClearAllForwardings=yes", "StreamLocalBindMask=0177")
_PLAIN = ("ControlMaster=no", "ControlPath=none", "ExitOnForwardFailure=yes")
# Known since OpenSSH 8.7; others end for it.
_NO_FORK, _NO_FORK_SINCE = "ForkAfterAuthentication=no", (8, 7)
_VERSION = re.compile(r"OpenSSH\w*_(\d+)\.(\d+)")
_GLANCE_S = 0.2


def make_way(connection: Connection, terms: Terms) -> TunnelWay:
    """Return the way by ssh; nothing is started yet."""
    return TunnelWay(SshLeader(connection, terms.say), terms)


class SshLeader:
    """ssh to one host; see `tunnel.Leader`.

    `has_sockets`: it can forward a Unix socket. Where it cannot, as on Windows, a port of 127.0.0.1
    takes its place, which other users of this machine can reach; `say` is told so.
    """

    can_be_watched = may_ask = True
    place = ""  # the same host may be many machines, one after the other
    word_s = 0.6

    def __init__(self, connection: Connection, say: Callable[[str], None]) -> None:
        self._target = target = parse_ssh(connection.url)
        self.name = f"the ssh tunnel to '{target.host}'"
        self.cure = f"run ssh {target.host} to see how far it comes"
        self.address = f"port {target.port} of {target.host}"
        self._connect_s = max(1, math.ceil(connection.connect_timeout_s))
        self._say = say
        self._port = 0
        self.has_sockets = hasattr(socket, "AF_UNIX")

    def start(self, hear: Callable[[str], None], until: float, *, may_ask: bool) -> Kept:
        """Start ssh; see `Leader.start`."""
        del until  # it starts in no time
        ssh = _find_ssh()
        options = [*_OPTIONS, f"ConnectTimeout={self._connect_s}"]
        options += [] if may_ask else ["BatchMode=yes"]
        options += [_NO_FORK] if _read_version(_ask_version(ssh)) >= _NO_FORK_SINCE else []
        folder = make_folder()
        command = [ssh, "-N", "-T", *self._choose_forward(folder)]
        for option in options:
            command += ["-o", option]
        if self._target.ssh_port is not None:
            command += ["-p", str(self._target.ssh_port)]
        if self._target.user is not None:
            command += ["-l", self._target.user]
        command += ["--", self._target.host]
        return Kept(command, folder, lambda line: hear(f"ssh: {line}"))

    def _choose_forward(self, folder: Path) -> list[str]:
        """Return the options of a master that is told of its forward later, or of one port."""
        if self.has_sockets:
            return ["-M", "-S", str(folder / "c"), *(f"-o{option}" for option in _MASTER)]
        is_first = not self._port
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        if is_first:
            self._say(
                "this ssh has no Unix sockets: other users of this machine can reach the tunnel at"
                f" 127.0.0.1:{self._port}"
            )
        forward = f"127.0.0.1:{self._port}:127.0.0.1:{self._target.port}"
        return ["-L", forward, *(f"-o{option}" for option in _PLAIN)]

    def find_endpoint(self, program: Kept) -> Endpoint | None:
        """Return our socket, once ssh has been let in; see `Leader.find_endpoint`.

        With `StrictHostKeyChecking no` that happens on a host whose key has changed, too, to which
        ssh itself would not forward anything.
        """
        control = program.folder / "c"
        is_in = control.exists() if self.has_sockets else _is_open(self._port)
        if not is_in or program.has_ended:
            return None
        lines = program.list_lines()
        if ssh_words.is_changed(lines):
            raise self.explain_end(lines)
        return self._forward(control) if self.has_sockets else Endpoint(port=self._port)

    def _forward(self, control: Path) -> Endpoint:
        """Have our ssh forward a socket beside its own to the server's port."""
        path = control.with_name("s")
        forward = f"{path}:127.0.0.1:{self._target.port}"
        words = ["-F", "/dev/null", "-S", str(control), "-O", "forward", "-L", forward, "x"]
        done = _run([_find_ssh(), *words])
        if done.returncode:
            raise self.explain_end(done.stdout.decode("utf-8", "replace").splitlines())
        return Endpoint(socket_path=str(path))

    def explain_end(self, lines: Sequence[str]) -> Tunnel:
        """Return why ssh has ended; see `Leader.explain_end`."""
        return ssh_words.explain_end(lines, self._target.host)

    def explain_refusal(self, lines: Sequence[str]) -> NoServer | None:
        """Return why a connection came to nothing; see `Leader.explain_refusal`."""
        return ssh_words.explain_refusal(lines, self._target, self.address)

    def is_shut_out(self, lines: Sequence[str]) -> bool:
        """Return whether the host would not let us in."""
        return ssh_words.is_shut_out(lines)

    def is_over(self, program: Kept) -> bool:
        """Return whether ssh has ended."""
        return program.has_ended

    def list_steps(self, open_way: Callable[[], float]) -> Sequence[Row]:
        """Return what `doctor` examines: the program, and the host that it has reached."""
        host = self._target.host
        return (
            Row("ssh", _describe_ssh),
            Row("host", lambda: f"ssh was let in on '{host}' after {open_way():.0f} ms"),
        )


def _describe_ssh() -> str:
    ssh = _find_ssh()
    return f"{ssh}, {_ask_version(ssh) or 'of an unknown version'}"


def _find_ssh() -> str:
    found = shutil.which("ssh")
    if found is None:
        raise Tunnel("there is no program 'ssh' in PATH", hint="install the OpenSSH client")
    return found


def _ask_version(ssh: str) -> str:
    return _run([ssh, "-V"]).stdout.decode("utf-8", "replace").partition(",")[0].strip()


def _read_version(version: str) -> tuple[int, ...]:
    """Return the numbers of `OpenSSH_9.2p1 Debian-2`, those of a newer one where there are none."""
    found = _VERSION.match(version)
    return tuple(map(int, found.groups())) if found else _NO_FORK_SINCE


def _is_open(port: int) -> bool:
    """Return whether somebody listens there: ssh does as soon as it is let in."""
    try:
        connect("127.0.0.1", port, _GLANCE_S).close()
    except OSError:
        return False
    return True


def _run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_FORWARD_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Tunnel(f"'{command[0]}' did not answer", hint="run ssh -V to see why") from None
