"""`ssh://`: a tunnel by the `ssh` of this machine, with its own configuration, agent and host keys.

It is a master connection of our own: it is not shared with the user's (which would take the
forward over and outlive us), and opens none of the user's own forwards
(docs/decisions/ways.md). Its socket lies in a folder that only this user can look into.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from typing import TYPE_CHECKING

from arthas_cli.config.ssh_address import parse_ssh
from arthas_cli.config.way import Endpoint
from arthas_cli.errors import Tunnel
from arthas_cli.ways import ssh_words
from arthas_cli.ways.kept import Kept, make_folder
from arthas_cli.ways.tunnel import TunnelWay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.config.settings import Connection
    from arthas_cli.errors import NoServer
    from arthas_cli.ways import Terms

_FORWARD_S = 10.0
# What stands here wins over the configuration of the user.
_OPTIONS = (
    "ForkAfterAuthentication=no",
    "PermitLocalCommand=no",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "LogLevel=INFO",
)
_MASTER = ("ControlPersist=no", "ClearAllForwardings=yes", "StreamLocalBindMask=0177")


def make_way(connection: Connection, terms: Terms) -> TunnelWay:
    """Return the way by ssh; nothing is started yet."""
    return TunnelWay(SshLeader(connection), terms)


class SshLeader:
    """ssh to one host; see `tunnel.Leader`."""

    can_be_watched = True
    rows = ("ssh", "host", "forward")

    def __init__(self, connection: Connection) -> None:
        self._target = target = parse_ssh(connection.url)
        self.name = f"the ssh tunnel to '{target.host}'"
        self.address = f"port {target.port} of {target.host}"
        self._connect_s = max(1, math.ceil(connection.connect_timeout_s))
        self._options = _OPTIONS

    def start(self, hear: Callable[[str], None], *, may_ask: bool) -> Kept:
        """Start ssh; see `Leader.start`."""
        folder = make_folder()
        command = [_find_ssh(), "-N", "-T", "-M", "-S", str(folder / "c")]
        options = [*self._options, *_MASTER, f"ConnectTimeout={self._connect_s}"]
        if not may_ask:
            options.append("BatchMode=yes")
        for option in options:
            command += ["-o", option]
        if self._target.ssh_port is not None:
            command += ["-p", str(self._target.ssh_port)]
        if self._target.user is not None:
            command += ["-l", self._target.user]
        return Kept([*command, "--", self._target.host], folder, lambda line: hear(f"ssh: {line}"))

    def find_endpoint(self, program: Kept) -> Endpoint | None:
        """Return our socket, once ssh has been let in; see `Leader.find_endpoint`.

        With `StrictHostKeyChecking no` that happens on a host whose key has changed, too, to which
        ssh itself would not forward anything.
        """
        control = program.folder / "c"
        if not control.exists():
            return None
        lines = program.list_lines()
        if ssh_words.is_changed(lines):
            raise self.explain_end(lines)
        path = program.folder / "s"
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

    def describe(self) -> tuple[str, str]:
        """Return which ssh it is, and the host that it has reached."""
        ssh = _find_ssh()
        version = _run([ssh, "-V"]).stdout.decode("utf-8", "replace").partition(",")[0].strip()
        reached = f"ssh was let in on '{self._target.host}'"
        return f"{ssh}, {version or 'of an unknown version'}", reached


def _find_ssh() -> str:
    found = shutil.which("ssh")
    if found is None:
        raise Tunnel("there is no program 'ssh' in PATH", hint="install the OpenSSH client")
    return found


def _run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - our own program
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_FORWARD_S,
        check=False,
    )
