"""A real OpenSSH server on loopback, run by the user of the tests, and an `ssh` that knows it.

    with serve_ssh(folder) as server:
        ... server.variables ... server.config ...

`ssh` does not look at HOME, so a stand-in earlier in PATH gives it the configuration of the tests:
the hosts `shop-3` (the server), `behind` (the same through itself as a jump host), `stranger`
(another name for it whose key nobody knows), `nobody` (a key that it does not let in), `locked` (a
key with the passphrase `sesame`).
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator

SSHD = "/usr/sbin/sshd"
_POLL_S = 0.02
_SERVER = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
{more}
"""
_CLIENT = """\
Host behind
  ProxyJump shop-3
Host stranger
  UserKnownHostsFile /dev/null
Host locked
  IdentityFile {folder}/locked
Host nobody
  IdentityFile {folder}/other
{more}
Host shop-3 behind stranger
  IdentityFile {folder}/user
Host shop-3 behind stranger nobody locked
  HostName 127.0.0.1
  Port {port}
  User {user}
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known
  GlobalKnownHostsFile /dev/null
  HostKeyAlias shop-3
"""


@dataclass
class SshServer:
    """The server. `folder`: its keys and configurations; `port`: where it listens."""

    folder: Path
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def bin(self) -> str:
        """The folder with the stand-in `ssh`, for the front of PATH."""
        return str(self.folder / "bin")

    @property
    def is_up(self) -> bool:
        """Whether it has been started and not stopped."""
        return self._process is not None

    def start(self, *more: str) -> None:
        """Starts it on the same port, with more lines of configuration."""
        text = _SERVER.format(port=self.port, folder=self.folder, more="\n".join(more))
        (self.folder / "sshd_config").write_text(text, "utf-8")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [SSHD, "-D", "-e", "-f", str(self.folder / "sshd_config")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(_POLL_S)
        raise AssertionError((self.folder / "log").read_text("utf-8"))

    def stop(self) -> None:
        """Ends it and every connection to it, at once."""
        if self._process is not None:
            for pid in [*list_children(self._process.pid), self._process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def configure(self, *more: str) -> None:
        """Writes the configuration of the client, with more lines for all hosts."""
        user = getpass.getuser()
        text = _CLIENT.format(
            port=self.port,
            folder=self.folder,
            user=user,
            more="\n".join(["Host *", *more]),
        )
        (self.folder / "config").write_text(text, "utf-8")

    def trust(self, key: str = "host") -> None:
        """Has the client know the server by the public part of one of the keys."""
        public = (self.folder / f"{key}.pub").read_text("utf-8").split()
        (self.folder / "known").write_text(f"shop-3 {public[0]} {public[1]}\n", "utf-8")

    def count_logins(self) -> int:
        """Returns how often somebody was let in."""
        return (self.folder / "log").read_text("utf-8").count("Accepted publickey for ")

    def list_programs(self) -> list[str]:
        """Returns the pids and command lines of each `ssh` of a test, and of those who keep it."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().decode(errors="replace").split("\0")
            except OSError:  # it has ended
                continue
            if {f"{self.folder}/config", f"{self.bin}/ssh"} & set(words):
                found.append(" ".join([path.parent.name, *words]))
        return found


@contextmanager
def serve_ssh(folder: Path) -> Iterator[SshServer]:
    """Run a server in the folder until the end."""
    assert Path(SSHD).exists(), "run tests/support/install_openssh.sh, which installs it"
    for name, passphrase in (("host", ""), ("user", ""), ("other", ""), ("locked", "sesame")):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", str(folder / name)]
        subprocess.run(command, check=True)
    keys = [(folder / f"{name}.pub").read_text("utf-8") for name in ("user", "locked")]
    (folder / "authorized").write_text("".join(keys), "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        server = SshServer(folder, free.getsockname()[1])
    (folder / "bin").mkdir()
    write_ssh(folder / "bin", f'exec {shutil.which("ssh")} -F {folder}/config "$@"')
    server.configure()
    server.trust()
    if os.geteuid() == 0:  # it separates privileges there, and does not make the folder
        Path("/run/sshd").mkdir(exist_ok=True)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def write_ssh(folder: Path, script: str) -> None:
    """Writes a program of that name that does as the script says."""
    ssh = folder / "ssh"
    ssh.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    ssh.chmod(0o755)


def list_children(pid: int) -> list[int]:
    """Returns the processes below one, the deepest first."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            behind_name = entry.read_text("utf-8").rpartition(")")[2]
            parents[int(entry.parent.name)] = int(behind_name.split()[1])
    children = [child for child, parent in parents.items() if parent == pid]
    return [grandchild for child in children for grandchild in [*list_children(child), child]]
