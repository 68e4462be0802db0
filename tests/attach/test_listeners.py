from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.proc_trees import make_process
from support.raw_server import http, serve

from arthas_cli.attach.listeners import (
    ask_version,
    find_arthas,
    has_threads,
    is_let_in,
    list_ports,
    parse_ports,
)
from arthas_cli.attach.process import Process, read_process
from arthas_cli.config.credentials import Credentials

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
  sl  local_address                         remote_address  st tx_queue
   0: 0000000000000000FFFF00000100007F:2173 0:0 0A 0:0 0:0 0 0 0 41
   1: 0000000000000000FFFF00000100007F:2173 0:0 01 0:0 0:0 0 0 0 42
   2: 0000000000000000FFFF00000100007F:0E4A 0:0 0A 0:0 0:0 0 0 0 43
"""


@pytest.fixture
def process(tmp_path: Path) -> Process:
    make_process(tmp_path, 7, ["java", "a.Main"], threads=("java", "GC Thread#0"))
    return read_process(7, tmp_path)


def listen_on(process: Process, *ports: int) -> None:
    """Gives the process sockets that listen on the ports."""
    (process.folder / "fd").mkdir()
    (process.folder / "net").mkdir()
    rows = ["  sl  local_address\n"]
    for at, port in enumerate(ports):
        (process.folder / "fd" / str(at)).symlink_to(f"socket:[{100 + at}]")
        rows.append(f"   {at}: 0100007F:{port:04X} 00000000:0000 0A 0:0 0:0 0 0 0 {100 + at} 1\n")
    (process.folder / "net" / "tcp").write_text("".join(rows))


def test_the_ports_that_its_own_sockets_listen_on_are_read() -> None:
    assert parse_ports(TABLE, {"41", "42"}) == [8563]


def test_ports_are_found_by_the_files_of_the_process(process: Process) -> None:
    listen_on(process, 8563, 3658)
    (process.folder / "fd" / "9").symlink_to("/dev/null")
    assert list_ports(process.folder) == [8563, 3658]


def test_a_process_without_threads_of_arthas_is_asked_nothing(process: Process) -> None:
    with FakeArthas() as fake:
        listen_on(process, int(fake.url.rpartition(":")[2].partition("/")[0]))
        assert find_arthas(process) is None
        assert fake.requests == []


def test_an_arthas_is_found_with_its_version(process: Process) -> None:
    (process.folder / "task" / "8" / "comm").write_text("arthas-session-\n")
    assert has_threads(process.folder)
    with serve(http(b"hello", content_type="text/html")) as other, FakeArthas() as fake:
        port = int(fake.url.rpartition(":")[2].partition("/")[0])
        listen_on(process, int(other.url.rpartition(":")[2].partition("/")[0]), port)
        assert find_arthas(process) == ("4.1.5", port)


def test_one_that_wants_a_password_is_found_without_its_version(process: Process) -> None:
    asked = b'HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Basic realm="arthas webconsole"\r\n'
    with serve(asked + b"Content-Length: 0\r\n\r\n") as server:
        port = int(server.url.rpartition(":")[2].partition("/")[0])
        assert ask_version(process, port) == ""
        assert is_let_in(process, port, Credentials("arthas", "sesame")) is False


def test_another_server_that_wants_a_password_is_no_arthas(process: Process) -> None:
    asked = b'HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Basic realm="shop"\r\n'
    with serve(asked + b"Content-Length: 0\r\n\r\n") as server:
        port = int(server.url.rpartition(":")[2].partition("/")[0])
        assert (ask_version(process, port), is_let_in(process, port, None)) == (None, None)


def test_a_port_where_nobody_listens_is_no_arthas(process: Process) -> None:
    assert is_let_in(process, 1, None) is None
