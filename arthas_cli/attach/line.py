"""Requests to the Arthas in a process, from inside the network of that process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.attach.inside import HOST, connect_inside
from arthas_cli.config.settings import Connection
from arthas_cli.errors import NoServer
from arthas_cli.transport.lean import LeanTransport

if TYPE_CHECKING:
    import socket

    from arthas_cli.attach.process import Process
    from arthas_cli.config.credentials import Credentials
    from arthas_cli.config.way import Endpoint


class InsideTransport(LeanTransport):
    """The lean transport, whose connections begin where the process is."""

    def __init__(self, process: Process, port: int, credentials: Credentials) -> None:
        super().__init__(Connection(url=f"http://{HOST}:{port}/api", credentials=credentials))
        self._process = process
        self._port = port

    def _connect(self, endpoint: Endpoint | None, timeout_s: float | None) -> socket.socket:
        del endpoint
        try:
            return connect_inside(
                self._process, self._port, timeout_s or self._connection.connect_timeout_s
            )
        except OSError as error:
            what = f"nothing answers on port {self._port} of process {self._process.pid}"
            raise NoServer(what) from error
