"""What is asked of a way, by all that speaks to a server: `config.way.Way`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.bridge import Bridge
from support.fake import FakeArthas
from support.program import shell

import arthas_cli
import arthas_cli.ways
from arthas_cli.config.credentials import Credentials
from arthas_cli.config.settings import Connection
from arthas_cli.errors import NotRun, Tunnel, TunnelBroke
from arthas_cli.protocol import Action, Request
from arthas_cli.transport import open_transport
from arthas_cli.transport.full import FullTransport
from arthas_cli.transport.lean import LeanTransport
from arthas_cli.ways import Ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.fake.faults import Exchange
    from support.fake.wire import Reply

    from arthas_cli.protocol import Transport

URL = "ssh://shop-3/8563"
REQUEST = Request(Action.EXEC, "version", request_id="1")


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    with FakeArthas() as server:
        yield server


@pytest.fixture
def bridge(fake: FakeArthas, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    """Stands in for ssh."""
    made = Bridge(fake.url)
    monkeypatch.setitem(arthas_cli.ways.MAKERS, "ssh", lambda *_: made)
    yield made
    made.close()


@pytest.fixture(params=[LeanTransport, FullTransport], ids=["lean", "full"])
def transport(request: pytest.FixtureRequest, bridge: Bridge) -> Transport:
    make: Callable[[Connection], Transport] = request.param
    return make(Connection(URL, way=bridge))


def fall(bridge: Bridge) -> Callable[[Exchange], Reply]:
    def answer(exchange: Exchange) -> Reply:
        bridge.fall()
        return exchange.answer()

    return answer


def test_a_command_goes_through_the_way_that_is_closed_with_the_program(bridge: Bridge) -> None:
    ended = shell("exec", "--json", "--url", "ssh://shop-3", "version")
    assert ended.exit_code == 0
    assert ended.document["url"] == URL
    assert ended.document["results"][0]["version"] == "4.1.5"
    assert (bridge.opened, bridge.is_closed) == (1, True)


def test_a_line_that_is_refused_opens_no_way(bridge: Bridge) -> None:
    assert shell("exec", "--url", URL, "thread 'x").exit_code == 2
    assert bridge.opened == 0


def test_a_way_that_cannot_be_opened_is_code_3_of_a_kind_of_its_own(bridge: Bridge) -> None:
    bridge.is_barred = True
    ended = shell("exec", "--json", "--url", URL, "version")
    assert ended.exit_code == 3
    assert ended.document["error"] == {
        "kind": "tunnel",
        "message": "the bridge is up",
        "hint": "wait",
    }


def test_nothing_was_sent_where_the_way_cannot_be_opened(
    transport: Transport, bridge: Bridge, fake: FakeArthas
) -> None:
    bridge.is_barred = True
    with pytest.raises(Tunnel):
        transport.send(REQUEST, timeout_s=5)
    assert fake.requests == []


def test_a_way_that_breaks_is_opened_again_by_the_next_request(
    transport: Transport, bridge: Bridge
) -> None:
    assert transport.send(REQUEST, timeout_s=5).read().state == "SUCCEEDED"
    bridge.fall()
    assert transport.send(REQUEST, timeout_s=5).read().state == "SUCCEEDED"
    assert bridge.opened == 2


def test_a_way_that_breaks_while_the_answer_is_awaited_may_have_brought_the_request(
    transport: Transport, bridge: Bridge, fake: FakeArthas
) -> None:
    fake.faults.next(fall(bridge), action="exec")
    with pytest.raises(TunnelBroke, match="the bridge fell"):
        transport.send(REQUEST, timeout_s=5)


def test_a_way_brings_the_credentials_that_were_made_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with FakeArthas(password="sesame") as server:
        bridge = Bridge(server.url, Credentials("arthas", "sesame"))
        monkeypatch.setitem(arthas_cli.ways.MAKERS, "ssh", lambda *_: bridge)
        assert shell("exec", "--url", URL, "version").stdout == "4.1.5\n"
        wrong = shell("exec", "--url", URL, "-u", "arthas", "version", ARTHAS_SHELL_PASSWORD="no")
        assert wrong.exit_code != 0


def test_a_stream_goes_on_when_its_way_breaks(bridge: Bridge, fake: FakeArthas) -> None:
    fake.faults.next(fall(bridge), action="pull_results", skip=2)
    ended = shell("exec", "--url", URL, "--allow-loss", "watch demo.MathGame run -n 3")
    assert ended.exit_code == 0, ended.stderr
    assert bridge.opened == 2


def test_a_file_comes_through_the_way(bridge: Bridge) -> None:
    ended = shell("get", "--url", URL, "a.txt")
    assert ended.stderr.startswith("arthas-shell: there is no file 'a.txt' in arthas-output\n")
    assert bridge.opened == 1


def test_one_run_opens_one_way_to_one_address(bridge: Bridge) -> None:
    ways = Ways()
    first, second = (ways.add(Connection(URL)) for _ in range(2))
    assert first.way is second.way is bridge
    assert ways.add(Connection("http://shop:8563/api")).way is None


def test_a_program_closes_the_way_with_its_connection(bridge: Bridge) -> None:
    with arthas_cli.connect(URL) as arthas:
        assert arthas.run("version").results[0].data["version"] == "4.1.5"
        assert not bridge.is_closed
    assert bridge.is_closed


def test_a_way_is_always_spoken_to_by_the_lean_transport(bridge: Bridge) -> None:
    transport = open_transport(Connection(URL, way=bridge), {"http_proxy": "http://proxy:1"})
    assert isinstance(transport, LeanTransport)


def test_an_address_of_no_form_is_refused() -> None:
    with pytest.raises(NotRun, match="is not an"):
        arthas_cli.connect("telnet://shop")
