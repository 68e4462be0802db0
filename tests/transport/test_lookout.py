"""The idle connection whose end tells that the server has ended."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from support.raw_server import Listener
from support.waiting import PATIENCE_S

from arthas_cli.config.settings import Connection
from arthas_cli.transport import open_lookout
from arthas_cli.transport.connecting import connect
from arthas_cli.transport.lookout import Lookout

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator


class Server:
    """Takes connections, reads what comes until it is cut, and counts them."""

    def __init__(self) -> None:
        self.taken = threading.Semaphore(0)
        self.received = b""
        self.listener = Listener(self._read)

    def _read(self, line: socket.socket) -> None:
        self.taken.release()
        while received := line.recv(1024):
            self.received += received


def watch(port: int) -> Lookout:
    return Lookout(lambda within_s: connect("127.0.0.1", port, within_s))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.listener.close()


def test_the_end_of_the_server_is_seen_at_once_and_nothing_was_sent(server: Server) -> None:
    lookout = watch(server.listener.port)
    seen: list[bool] = []
    waiting = threading.Thread(target=lambda: seen.append(lookout.await_end(PATIENCE_S)))
    waiting.start()
    assert server.taken.acquire(timeout=PATIENCE_S)
    server.listener.cut()
    waiting.join(PATIENCE_S)
    assert seen == [True]
    assert server.received == b""


def test_a_server_that_lives_is_waited_for_on_one_connection(server: Server) -> None:
    lookout = watch(server.listener.port)
    assert [lookout.await_end(0.01) for _ in range(3)] == [False, False, False]
    assert server.taken.acquire(timeout=PATIENCE_S)
    assert not server.taken.acquire(blocking=False)
    lookout.close()


def test_whoever_ends_idle_connections_gets_no_new_one_in_the_same_time(server: Server) -> None:
    lookout = watch(server.listener.port)
    assert not lookout.await_end(0.01)
    assert server.taken.acquire(timeout=PATIENCE_S)
    server.listener.cut()
    assert lookout.await_end(PATIENCE_S)
    assert not lookout.await_end(0.05)
    assert not server.taken.acquire(blocking=False)
    lookout.close()


def test_one_who_waits_is_let_go(server: Server) -> None:
    lookout = watch(server.listener.port)
    seen: list[bool] = []
    waiting = threading.Thread(target=lambda: seen.append(lookout.await_end(PATIENCE_S)))
    waiting.start()
    assert server.taken.acquire(timeout=PATIENCE_S)
    lookout.close()
    waiting.join(PATIENCE_S)
    assert seen == [False]


def test_where_nobody_listens_the_time_is_waited(server: Server) -> None:
    lookout = watch(server.listener.port)
    server.listener.refuse()
    assert not lookout.await_end(0.01)


@pytest.mark.parametrize(
    ("url", "variables", "is_direct"),
    [
        ("http://shop:8563/api", {}, True),
        ("https://shop:8563/api", {}, False),
        ("http://shop:8563/api", {"http_proxy": "http://proxy:3128"}, False),
        ("http://127.0.0.1:8563/api", {"http_proxy": "http://proxy:3128"}, True),
    ],
)
def test_only_the_host_itself_is_looked_out_for(
    url: str, variables: dict[str, str], *, is_direct: bool
) -> None:
    assert (open_lookout(Connection(url=url), variables) is not None) == is_direct
