"""An Arthas that is in a process already: its threads tell of it, its sockets where it listens."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.attach.inside import HOST, connect_inside
from arthas_cli.errors import ArthasShellError
from arthas_cli.jsontext import as_text
from arthas_cli.protocol import Action, Answer, Request
from arthas_cli.transport.answers import check_answer
from arthas_cli.transport.headers import make_headers
from arthas_cli.transport.wire import CutOff, Endless, NotHttp, Reply, Silent, read_reply

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from arthas_cli.attach.process import Process
    from arthas_cli.config.credentials import Credentials

# Threads of its server (docs/protocol.md, 8.3); the system keeps 15 characters of a name.
_THREADS = ("arthas-session-", "arthas-shell-se")
_SOCKET = re.compile(r"socket:\[(\d+)\]")
_LISTENS = "0A"
_INODE_FIELD = 9
_ASK_S = 2.0
_CHUNK, _MAX_BYTES = 1 << 16, 1 << 20
_UNAUTHORIZED, _REALM = 401, "arthas"


class Found(NamedTuple):
    """An Arthas in a process.

    `version`: None where it does not tell without a password. `port`: of its HTTP API, None where
    that cannot be known.
    """

    version: str | None = None
    port: int | None = None


def find_arthas(process: Process) -> Found | None:
    """Return the Arthas that is in the process, None where there is none.

    Nothing is sent to a process that has no threads of Arthas.
    """
    if not has_threads(process.folder):
        return None
    for port in list_ports(process.folder):
        version = ask_version(process, port)
        if version is not None:
            return Found(version or None, port)
    return Found()


def has_threads(folder: Path) -> bool:
    """Return whether threads of an Arthas server run in the process of that folder of /proc."""
    for path in folder.glob("task/*/comm"):
        with suppress(OSError):
            if path.read_text("utf-8", "replace").startswith(_THREADS):
                return True
    return False


def list_ports(folder: Path) -> list[int]:
    """Return the TCP ports that the process listens on, none where that may not be known."""
    inodes: set[str] = set()
    with suppress(OSError):
        for entry in (folder / "fd").iterdir():
            with suppress(OSError):
                inodes.update(_SOCKET.findall(os.fspath(entry.readlink())))
    ports: list[int] = []
    for name in ("tcp6", "tcp"):
        with suppress(OSError):
            ports += parse_ports((folder / "net" / name).read_text("utf-8", "replace"), inodes)
    return list(dict.fromkeys(ports))


def parse_ports(table: str, inodes: set[str]) -> list[int]:
    """Return the ports that the sockets of these inodes listen on, from a table of /proc/net."""
    rows = (line.split() for line in table.splitlines()[1:])
    return [
        int(row[1].rpartition(":")[2], 16)
        for row in rows
        if row[3] == _LISTENS and row[_INODE_FIELD] in inodes
    ]


def ask_version(process: Process, port: int) -> str | None:
    """Return the version of the Arthas on that port, "" where it wants a password, None: no Arthas.

    It is asked without one: no other program is to be sent a password.
    """
    request = Request(Action.EXEC, command="version")
    reply = _ask(lambda: connect_inside(process, port, _ASK_S), port, request, None)
    if reply is None or reply.status == _UNAUTHORIZED:
        return None if _is_let_in(reply) is None else ""
    with suppress(ValueError, ArthasShellError):
        for result in Answer(request, check_answer(reply, str), str).read().results:
            if version := as_text(result.data.get("version")):
                return version
    return None


def is_let_in(process: Process, port: int, credentials: Credentials | None) -> bool | None:
    """Return whether the Arthas on that port lets in who has these; None: there is no Arthas."""
    return is_let_in_by(lambda: connect_inside(process, port, _ASK_S), port, credentials)


def is_let_in_by(
    connect: Callable[[], socket.socket], port: int, credentials: Credentials | None
) -> bool | None:
    """Return the same of the Arthas that such a connection leads to."""
    return _is_let_in(_ask(connect, port, Request(Action.SESSION_INFO), credentials))


def _is_let_in(reply: Reply | None) -> bool | None:
    if reply is None:
        return None
    if reply.status == _UNAUTHORIZED:
        realm = reply.headers.get("www-authenticate") or ""
        return False if _REALM in realm.lower() else None
    try:
        check_answer(reply, str)
    except ArthasShellError:
        return None
    return True


def _ask(
    connect: Callable[[], socket.socket],
    port: int,
    request: Request,
    credentials: Credentials | None,
) -> Reply | None:
    """Return what comes back, None where that is no answer of HTTP."""
    content = request.encode()
    fields = {
        "Host": f"{HOST}:{port}",
        **make_headers(credentials),
        "Content-Length": str(len(content)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    try:
        with connect() as line:
            line.settimeout(_ASK_S)
            line.sendall(f"POST /api HTTP/1.1\r\n{head}\r\n".encode() + content)
            return read_reply(lambda: line.recv(_CHUNK), _MAX_BYTES)
    except (OSError, ArthasShellError, Silent, NotHttp, CutOff, Endless):
        return None
