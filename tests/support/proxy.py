"""A proxy on loopback that spoils chosen answers of a server: a real one too can then be faulty.

with FaultProxy(arthas.url) as proxy:
    proxy.faults.next(faults.cut_in_body, action="pull_results")
    ... proxy.url ...
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from support.fake.faults import Exchange, Faults
from support.fake.wire import Reply, Seen, Wire
from support.post import exchange
from support.raw_server import Listener

if TYPE_CHECKING:
    import socket
    from types import TracebackType


class FaultProxy:
    """Forwards each request to `target` and its answer back, as `faults` says."""

    def __init__(self, target: str) -> None:
        self.faults = Faults()
        self._target = target
        self._listener = Listener(self._serve)
        self.url = f"http://127.0.0.1:{self._listener.port}/api"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._listener.close()

    def reply(self, seen: Seen) -> Reply:
        """Answers one request, spoiled or not."""
        fault = self.faults.take(seen)
        if fault is None:
            return self._forward(seen)
        return fault(Exchange(seen, lambda: self._forward(seen), self._listener.closing.wait))

    def _forward(self, seen: Seen) -> Reply:
        status, headers, content = exchange(self._target, seen.method, seen.content)
        return Reply(content, HTTPStatus(status), headers.get("content-type"))

    def _serve(self, connection: socket.socket) -> None:
        Wire(connection, connection.getpeername(), self)  # type: ignore[arg-type]  # only `reply` is used
