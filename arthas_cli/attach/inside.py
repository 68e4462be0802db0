"""Sockets in the network of a process: a socket belongs for ever to the one it was made in.

A thread enters that network, makes the socket and ends; nobody else is moved.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import threading
from typing import TYPE_CHECKING

from arthas_cli.attach.process import is_shared
from arthas_cli.errors import AttachFailed, NotPermitted

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.attach.process import Process

HOST = "127.0.0.1"
_NETWORK = 0x40000000  # CLONE_NEWNET
_KIND = "net"


def connect_inside(process: Process, port: int, timeout_s: float) -> socket.socket:
    """Connect to a port of the process's own loopback address; raises as `make_inside`."""

    def connect() -> socket.socket:
        return socket.create_connection((HOST, port), timeout_s)

    return make_inside(process, connect)


def find_free_port(process: Process) -> int:
    """Return a port of its loopback address that is free at this moment; raises as `make_inside`.

    It is connected to, for a loopback address may be there and lead nowhere.
    """

    def bind() -> socket.socket:
        free = socket.create_server((HOST, 0))
        socket.create_connection(free.getsockname()).close()
        return free

    with make_inside(process, bind) as free:
        port: int = free.getsockname()[1]
        return port


def make_inside(process: Process, make: Callable[[], socket.socket]) -> socket.socket:
    """Return a socket made in the network of the process.

    Raises:
        NotPermitted: it has a network of its own, and we are not root.
        OSError: as `make` does.
    """
    if is_shared(process, _KIND):
        return make()
    made: list[socket.socket] = []
    failures: list[Exception] = []

    def work() -> None:
        try:
            _enter(process)
            made.append(make())
        except (OSError, AttachFailed, NotPermitted) as error:
            failures.append(error)

    thread = threading.Thread(target=work, name="inside", daemon=True)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return made[0]


def _enter(process: Process) -> None:
    """Move this thread, and it alone, into the network of the process."""
    with (process.folder / "ns" / _KIND).open("rb") as network:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(network.fileno(), _NETWORK) == 0:
            return
    number = ctypes.get_errno()
    if number in (errno.EPERM, errno.EACCES):
        raise NotPermitted(
            f"process {process.pid} has a network of its own, as a container has",
            hint="run it as root",
        )
    raise OSError(number, os.strerror(number))
