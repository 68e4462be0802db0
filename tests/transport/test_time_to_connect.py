"""How long it takes to give up on a connection: a name nobody answers for, addresses in turn."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from support.program import shell
from support.raw_server import http, serve
from support.waiting import PATIENCE_S, within

from arthas_cli.config.settings import Connection
from arthas_cli.errors import TimedOut

from .conftest import ANSWER, REQUEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .conftest import Open


@contextmanager
def take_nobody() -> Iterator[int]:
    """Listens on a port and takes no connection; yields its number."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for line in waiting:
            line.settimeout(0)
            with suppress(BlockingIOError):
                line.connect(address)
        yield address[1]
        for line in waiting:
            line.close()


def find_ports(monkeypatch: pytest.MonkeyPatch, ports: Sequence[int]) -> None:
    """Has every name stand for these ports of this machine, one address after the other."""

    def look_up(*_: object, **__: object) -> list[object]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, ("127.0.0.1", port)) for port in ports]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("line", ["version", "watch demo.MathGame run"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_nobody_answers_for_holds_no_deadline_up(
    monkeypatch: pytest.MonkeyPatch, scheme: str, line: str
) -> None:
    is_over = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        is_over.wait(PATIENCE_S)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with within(PATIENCE_S / 2):
        ended = shell("exec", "-t", "0.3", "--url", f"{scheme}://shop.example:8563", line)
    is_over.set()
    assert ended.exit_code == 124
    assert ended.stderr.startswith("arthas-shell: the deadline of 0.3 s passed; ")


def test_the_addresses_of_a_name_share_the_time_to_connect(
    open_it: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with take_nobody() as first, take_nobody() as second:
        find_ports(monkeypatch, [first, second] * 50)
        with within(20), pytest.raises(TimedOut):  # half of what all would take in turn
            open_it(Connection("http://shop.example/api", connect_timeout_s=0.4)).send(
                REQUEST, timeout_s=PATIENCE_S
            )


def test_an_address_that_leads_nowhere_leaves_time_for_the_next(
    open_it: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with take_nobody() as first, serve(http(ANSWER)) as server:
        find_ports(monkeypatch, [first, server.port])
        transport = open_it(Connection("http://shop.example/api", connect_timeout_s=0.4))
        assert transport.send(REQUEST, timeout_s=5).read().state
