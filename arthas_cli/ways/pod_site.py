"""A JVM in a container of a pod: Arthas is brought there by `kubectl exec`; see `attach.site`.

The pod's own Java starts it, for HotSpot is spoken to by a Unix socket, and no shell knows these.
The password goes in on stdin, in a file that is removed as soon as Arthas has read it.
"""

from __future__ import annotations

import io
import os
import random
import secrets
import tarfile
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from arthas_cli.attach.distribution import CORE_JAR
from arthas_cli.attach.inside import HOST
from arthas_cli.attach.listeners import Found, is_let_in_by
from arthas_cli.attach.placing import list_files
from arthas_cli.config.settings import Connection
from arthas_cli.errors import ArthasShellError, AttachFailed, NotPermitted
from arthas_cli.transport.connecting import connect
from arthas_cli.transport.lean import LeanTransport
from arthas_cli.ways import pod_script
from arthas_cli.ways.kubectl_words import Missing
from arthas_cli.ways.pod_words import explain_start

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from arthas_cli.attach.runtime import Record
    from arthas_cli.config.credentials import Credentials
    from arthas_cli.ways.pod_script import Look, PodJvm
    from arthas_cli.ways.tunnel import TunnelWay

_SEND_S, _START_S, _ASK_S = 120.0, 90.0, 10.0
_ANSWER_S, _CONNECT_S, _PAUSE_S = 10.0, 5.0, 0.1
_SETTINGS = "arthas.properties"
_ROOT = 0
# Below those that the kernel gives to connections by itself.
_PORTS = range(20000, 32000)
# The JVM that starts it, and what Arthas takes in the other one.
_NEEDS_BYTES = 96 << 20


class Container(Protocol):
    """Where programs are run; see `containers.Container`."""

    def run(
        self, script: str, words: list[str], within_s: float, stdin: bytes | None = None
    ) -> tuple[int, str]:
        """Run a script; return its exit code, and what it printed."""
        ...


class PodSite:
    """One JVM in one container. `forward`: makes a way to a port of the pod."""

    def __init__(
        self,
        container: Container,
        look: Look,
        jvm: PodJvm,
        url: str,
        forward: Callable[[int], TunnelWay],
    ) -> None:
        self.name = str(container)
        self.url = url
        self.option = f"--attach --url '{url}'"
        self._container = container
        self._look = look
        self._jvm = jvm
        self._forward = forward
        self._has_ended = False
        self._core_bytes = 0

    @property
    def has_ended(self) -> bool:
        """Whether it was gone when it was looked for last."""
        return self._has_ended

    def check(self) -> None:
        """Refuse what cannot be attached to, as far as that shows; see `Site.check`."""
        look, jvm = self._look, self._jvm
        if look.uid not in (_ROOT, jvm.uid):
            raise NotPermitted(
                f"JVM {jvm.pid} in {self.name} is of user {jvm.uid}, and kubectl exec runs programs"
                f" there as {look.uid}",
                hint="see docs/getting-there.md for a debug container, which can be of any user",
            )
        if not look.has_tmp:
            raise AttachFailed(
                f"{self.name} cannot write to its /tmp, where a JVM lets others attach",
                hint="mount an emptyDir at /tmp, or start the JVM with the agent of Arthas",
            )
        if not self._find_java():
            raise AttachFailed(
                f"there is no program 'java' in {self.name}",
                hint="see docs/getting-there.md for a debug container that brings one",
            )
        if look.left_bytes is not None and look.left_bytes < _NEEDS_BYTES:
            raise AttachFailed(
                f"{self.name} has only {max(0, look.left_bytes) >> 20} MiB of its memory left:"
                f" Arthas takes {_NEEDS_BYTES >> 20}, and the pod might be killed for it",
                hint="raise the memory limit of the container",
            )

    def find_arthas(self) -> Found | None:
        """Return the Arthas that somebody has put in; its ports are tried one by one."""
        if not self._jvm.has_arthas:
            return None
        for port in self._jvm.ports:
            if self.is_let_in(port, None) is not None:
                return Found(None, port)
        return Found()

    def has_arthas(self) -> bool:
        """Return whether its threads tell of one."""
        jvm = self._jvm
        try:
            _, said = self._container.run(pod_script.TELL, [str(jvm.pid), str(jvm.start)], _ASK_S)
        except Missing:
            said = "ended"
        self._has_ended = "ended" in said
        return "arthas" in said

    def find_free_port(self) -> int:
        """Return a port that nobody listens on in the pod."""
        return random.choice([port for port in _PORTS if port not in self._look.used_ports])  # noqa: S311 - no secret

    def is_taken(self, port: int) -> bool:
        """Return that it is not known."""
        del port
        return False

    def may_come_up(self, port: int) -> bool:
        """Return whether Arthas is in it in spite of a failure."""
        del port
        with suppress(ArthasShellError):
            return self.has_arthas()
        return False

    def place(self, home: Path, credentials: Credentials, tell: Callable[[str], None]) -> str:
        """Send the files of Arthas to the first place that takes them; see `Site.place`."""
        content = {name: (home / name).read_bytes() for name in list_files(home)}
        self._core_bytes = len(content[CORE_JAR])
        content[_SETTINGS] = _make_settings(credentials)
        need = sum(map(len, content.values())) >> 10
        rooms = [place for place, room in self._look.places if room is None or room > need]
        if not rooms:
            raise AttachFailed(
                f"there is no place for Arthas in {self.name}: it takes {-(-need >> 10)} MiB",
                hint="mount an emptyDir at /tmp, or make room there",
            )
        folder = f"{rooms[0].rstrip('/')}/arthas-shell-{secrets.token_hex(8)}"
        tell(folder)
        if self._look.has_tar:
            self._send(pod_script.UNPACK, [folder], _pack(content))
        else:
            for name, data in content.items():
                self._send(pod_script.WRITE, [folder, name], data)
        return folder

    def remove_copy(self, name: str) -> None:
        """Remove the files."""
        with suppress(Missing):
            self._container.run(pod_script.REMOVE, [name], _ASK_S)

    def load(self, place: str, record: Record) -> None:
        """Have the pod's Java start Arthas, and wait until it answers through the forward.

        Raises:
            AttachFailed: it does not.
        """
        jvm, look = self._jvm, self._look
        owner = "" if look.uid == jvm.uid else f"{jvm.uid}:{jvm.gid}"
        size = str(self._core_bytes)
        words = [place, self._find_java(), str(jvm.pid), str(record.port), owner, size]
        code, said = self._container.run(pod_script.START, words, _START_S)
        if code:
            raise explain_start(said, self.name, jvm.pid)
        until = time.monotonic() + _ANSWER_S
        while time.monotonic() < until:
            if self.is_let_in(record.port, record.credentials):
                return
            time.sleep(_PAUSE_S)
        raise AttachFailed(
            f"Arthas did not start in {self.name}",
            hint="see logs/arthas/arthas.log in the home folder of its user there",
        )

    def is_let_in(self, port: int, credentials: Credentials | None) -> bool | None:
        """Return who is let in, asked through a forward to that port."""

        def open_line() -> socket.socket:
            end = self._forward(port).open(None)
            return connect(end.host, end.port, _CONNECT_S)

        return is_let_in_by(open_line, port, credentials)

    def open_transport(self, record: Record) -> LeanTransport:
        """Return what carries requests to it."""
        way, url = self._forward(record.port), f"http://{HOST}:{record.port}/api"
        return LeanTransport(Connection(url, record.credentials, way=way))

    def name_logs(self) -> str:
        """Return nothing: they go with the container."""
        return ""

    def _find_java(self) -> str:
        """Return the program that the JVM is, else one that is there; empty for none."""
        own = [self._jvm.exe] if os.path.basename(self._jvm.exe) == "java" else []  # noqa: PTH119 - a path of another machine
        return next(iter([*own, *self._look.javas]), "")

    def _send(self, script: str, words: list[str], data: bytes) -> None:
        code, _ = self._container.run(script, words, _SEND_S, data)
        if code:
            raise AttachFailed(
                f"the files of Arthas could not be written to '{words[0]}' in {self.name}",
                hint="make room there; run kubectl exec to see what it can write",
            )


def _make_settings(credentials: Credentials) -> bytes:
    """Return the file by which Arthas is told what nobody else may read; it has the last word."""
    settings = {
        "arthas.config.overrideAll": "true",
        "arthas.ip": HOST,
        "arthas.telnetPort": "-1",
        "arthas.username": credentials.username,
        "arthas.password": credentials.password,
        "arthas.localConnectionNonAuth": "false",
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items()).encode()


def _pack(content: Mapping[str, bytes]) -> bytes:
    """Return an archive for `tar -x`, whose files are for their owner alone."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for folder in sorted({os.path.dirname(name) for name in content} - {""}):  # noqa: PTH120 - likewise
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o700
            archive.addfile(entry)
        for name, data in content.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o600
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()
