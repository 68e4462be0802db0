from __future__ import annotations

import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas

from arthas_cli.config.settings import Connection
from arthas_cli.config.way import Endpoint, Row
from arthas_cli.protocol import Action
from arthas_cli.session.server import Server
from arthas_cli.transport import open_transport
from arthas_cli.ways.relay import Relay

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arthas_cli.errors import NoServer


class Relayed:
    """A way through a relay."""

    address = "the other side"
    place = ""
    asks_user = False
    can_be_watched = True

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def open(self, within_s: float | None) -> Endpoint:
        del within_s
        return Endpoint(socket_path=self._relay.path)

    def explain(self, error: NoServer) -> NoServer:
        return error

    def list_rows(self) -> Sequence[Row]:
        return ()

    def close(self) -> None:
        self._relay.close()


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    with FakeArthas() as fake:
        yield fake


def find_port(fake: FakeArthas) -> int:
    return int(fake.url.rpartition(":")[2].partition("/")[0])


def test_requests_go_through_and_the_socket_is_for_its_owner_alone(fake: FakeArthas) -> None:
    relay = Relay(lambda: socket.create_connection(("127.0.0.1", find_port(fake))))
    folder = Path(relay.path).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    connection = Connection(url="pid:7", way=Relayed(relay))
    server = Server(open_transport(connection, {}))
    results = server.ask(Action.EXEC, command="version").results
    assert results[0].data["version"] == "4.1.5"
    relay.close()
    relay.close()
    assert not folder.exists()


def test_who_connects_where_nothing_answers_sees_the_end() -> None:
    def refuse() -> socket.socket:
        raise ConnectionRefusedError

    relay = Relay(refuse)
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(relay.path)
        assert line.recv(1) == b""
    relay.close()
