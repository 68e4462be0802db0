"""What comes back, and what it means: the same for both transports."""

from __future__ import annotations

import gc
import json
import socket
from base64 import b64decode
from typing import TYPE_CHECKING

import pytest
from support.raw_server import Connection as Wire
from support.raw_server import drip, http, reset, serve, silence
from support.table import each_row
from support.waiting import within

from arthas_cli.config.credentials import Credentials
from arthas_cli.config.settings import Connection
from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    NoServer,
    NotArthas,
    ServerError,
    ServerGone,
    TimedOut,
    TooLong,
    Unauthorized,
)
from arthas_cli.protocol import Action, Request
from arthas_cli.transport.full import FullTransport
from arthas_cli.transport.limits import Limits

from .conftest import ANSWER, REQUEST, speak_tls

if TYPE_CHECKING:
    from support.raw_server import Script

    from .conftest import Open

HAS_IPV6 = socket.has_ipv6
CHUNKED = ("transfer-encoding: chunked",)


def fail(open_it: Open, script: Script, *, timeout_s: float = 5) -> ArthasShellError:
    """Sends one request to the script, and returns the error with its address made plain."""
    with serve(script) as server, pytest.raises(ArthasShellError) as error:
        open_it(Connection(server.url)).send(REQUEST, timeout_s=timeout_s)
    error.value.message = error.value.message.replace(f"127.0.0.1:{server.port}", "HOST")
    return error.value


def test_an_answer_comes_back_as_its_bytes(open_it: Open) -> None:
    with serve(http(ANSWER)) as server:
        answer = open_it(Connection(server.url)).send(REQUEST, timeout_s=5)
    assert (answer.request, answer.content) == (REQUEST, ANSWER)


def test_a_request_is_one_post_to_the_path_of_the_url_without_credentials(open_it: Open) -> None:
    with serve(http(ANSWER)) as server:
        connection = Connection(server.url.replace("/api", "/base/api"))
        open_it(connection).send(REQUEST, timeout_s=5)
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    start, *headers = head.decode().split("\r\n")
    assert start == "POST /base/api HTTP/1.1"
    assert json.loads(body) == {"action": "exec", "requestId": "1", "command": "version"}
    names = {name.lower(): value for name, value in (line.split(": ", 1) for line in headers)}
    assert names["content-type"] == "application/json"
    assert names["host"] == f"127.0.0.1:{server.port}"
    assert names["connection"] == "close"
    assert "authorization" not in names


def test_every_request_has_a_connection_of_its_own(open_it: Open) -> None:
    with serve(http(ANSWER)) as server:
        transport = open_it(Connection(server.url))
        transport.send(REQUEST, timeout_s=5)
        transport.send(REQUEST, timeout_s=None)
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    "script",
    [
        http(ANSWER, length=None),
        drip(http(ANSWER), every_s=0, size=3),
        http(
            b"10\r\n" + ANSWER[:16] + b"\r\n15\r\n" + ANSWER[16:] + b"\r\n0\r\n\r\n",
            headers=CHUNKED,
            length=None,
        ),
        b"HTTP/1.0 200 OK\r\n\r\n" + ANSWER,
    ],
    ids=["until the end", "in pieces", "chunked", "HTTP/1.0"],
)
def test_an_answer_is_whole_however_it_is_delimited(open_it: Open, script: Script) -> None:
    with serve(script) as server:
        answer = open_it(Connection(server.url)).send(REQUEST, timeout_s=5)
    assert answer.content == ANSWER


def test_a_large_answer_comes_whole(open_it: Open) -> None:
    large = b'{"state":"SUCCEEDED","message":"' + b"x" * 3_000_000 + b'"}'
    with serve(http(large)) as server:
        answer = open_it(Connection(server.url)).send(REQUEST, timeout_s=10)
    assert answer.content == large


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"] if HAS_IPV6 else ["127.0.0.1"])
def test_both_families_of_addresses_are_reached(open_it: Open, host: str) -> None:
    with serve(http(ANSWER), host=host) as server:
        answer = open_it(Connection(server.url)).send(REQUEST, timeout_s=5)
    assert answer.content == ANSWER


@pytest.mark.parametrize(
    ("script", "kind", "message"),
    [
        (
            http(status="401 Unauthorized"),
            Unauthorized,
            "the server requires a valid user name and password",
        ),
        (
            http(status="413 Request Entity Too Large"),
            TooLong,
            "the command is too long for the server",
        ),
        (
            http(b"Server error", status="500 Internal Server Error", content_type="text/html"),
            ServerError,
            "the server could not write its answer (HTTP 500: Server error)",
        ),
        (
            http(status="500 Internal Server Error"),
            ServerError,
            "the server could not write its answer (HTTP 500: nothing more)",
        ),
        (
            http(b"Not found", status="404 Not Found"),
            NotArthas,
            "that is not the Arthas API (HTTP 404)",
        ),
        (
            http(status="502 Bad Gateway"),
            NoServer,
            "a gateway answered HTTP 502: it cannot reach Arthas",
        ),
        (
            http(status="407 Proxy Authentication Required"),
            NoServer,
            "the proxy requires a user name and password (HTTP 407)",
        ),
        (
            http(b"<html>\x1b[2J", content_type="text/html"),
            NotArthas,
            "that is not the Arthas API: it does not send JSON",
        ),
        (
            b"\xff\xfb\x03\xff\xfd\x1f  ,---.  ,------. Welcome\r\n",
            NotArthas,
            "that port does not speak HTTP",
        ),
        (http(b""), BadAnswer, "the answer is empty"),
        (http(b" \r\n", length=None), BadAnswer, "the answer is empty"),
        (http(ANSWER[:9], length=len(ANSWER)), BadAnswer, "the answer was cut off"),
        (http(b"", length=len(ANSWER)), BadAnswer, "the answer was cut off"),
        (
            http(b"25\r\n" + ANSWER[:9], headers=CHUNKED, length=None),
            BadAnswer,
            "the answer was cut off",
        ),
        (
            http(b"9\r\n" + ANSWER[:9] + b"\r\n", headers=CHUNKED, length=None),
            BadAnswer,
            "the answer was cut off",
        ),
        (b"", BadAnswer, "the server closed the connection without an answer"),
        (reset, BadAnswer, "the answer was cut off"),
    ],
    ids=lambda value: None if isinstance(value, str) else getattr(value, "__name__", ""),
)
def test_a_bad_answer_is_named_for_what_it_is(
    open_it: Open, script: Script, kind: type[ArthasShellError], message: str
) -> None:
    error = fail(open_it, script)
    assert (type(error), error.message) == (kind, message)
    assert error.hint


@pytest.mark.parametrize("script", [b"", reset, http(ANSWER[:9], length=99)])
def test_only_a_connection_that_is_closed_without_a_byte_is_silent(
    open_it: Open, script: Script
) -> None:
    error = fail(open_it, script)
    assert isinstance(error, BadAnswer)
    assert error.is_silent is (script == b"")


def test_a_redirect_is_not_followed_and_its_goal_is_named(open_it: Open) -> None:
    with serve(http(ANSWER)) as other:
        where = (f"location: {other.url}",)
        with (
            serve(http(status="302 Found", headers=where)) as server,
            pytest.raises(NotArthas) as error,
        ):
            open_it(Connection(server.url, Credentials("ops", "planted-secret"))).send(
                REQUEST, timeout_s=5
            )
        assert other.requests == []
    assert len(server.requests) == 1
    assert error.value.message == f"the server redirects to '{other.url}' (HTTP 302)"
    assert error.value.hint == "redirects are not followed; give the right address with --url"


def test_a_server_that_does_not_answer_is_given_up_in_time(open_it: Open) -> None:
    error = fail(open_it, silence, timeout_s=0.05)
    assert (type(error), error.message) == (TimedOut, "HOST did not answer within 0.05 s")
    assert error.hint.startswith("wait if it is busy with a long command, or give its HTTP port if")


def test_an_answer_that_stops_half_way_is_given_up_in_time(open_it: Open) -> None:
    def stop(wire: Wire) -> None:
        wire.socket.sendall(http(ANSWER[:9], length=len(ANSWER)))
        silence(wire)

    error = fail(open_it, stop, timeout_s=0.05)
    assert (type(error), error.message) == (TimedOut, "HOST did not answer within 0.05 s")


SLOW = "HOST did not answer within 0.2 s"
DRIP_S = 0.05
LONG = b"{" + b" " * 99_999
# Each goes on for longer than SOON_S.
DRIPS = {
    "status": drip(b"HTTP/1.1 200 " + b"OK" * 999, every_s=DRIP_S),
    "headers": drip(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 999, every_s=DRIP_S),
    "one 100 after the other": drip(b"HTTP/1.1 100 \r\n\r\n" * 999, every_s=DRIP_S, size=17),
    "body": drip(http(LONG), every_s=DRIP_S, size=150),
    "body without a length": drip(http(LONG, length=None), every_s=DRIP_S, size=150),
}
SOON_S = 20.0


def give_up(open_it: Open, url: str) -> str:
    """Sends with a deadline of 0.2 s; returns what is said once it is kept."""
    with within(SOON_S), pytest.raises(TimedOut) as error:
        open_it(Connection(url, insecure=True)).send(REQUEST, timeout_s=0.2)
    return error.value.message.replace(url.split("/")[2], "HOST")


@pytest.mark.parametrize("script", DRIPS.values(), ids=DRIPS)
def test_an_answer_that_drips_is_given_up_at_the_deadline(open_it: Open, script: Script) -> None:
    with serve(script) as server:
        assert give_up(open_it, server.url) == SLOW


@each_row("script", DRIPS.values(), ids=DRIPS)
def test_an_answer_that_drips_through_tls_is_given_up_at_the_deadline(script: Script) -> None:
    with serve(script, tls=speak_tls()) as server:
        assert give_up(FullTransport, server.url) == SLOW


def test_a_handshake_that_drips_is_given_up_at_the_deadline() -> None:
    # A handshake record of 4096 bytes, of which one comes now and then.
    with serve(drip(b"\x16\x03\x03\x10\x00\x02" + b"\0" * 999, every_s=DRIP_S)) as server:
        assert give_up(FullTransport, server.url.replace("http:", "https:")) == SLOW


def test_a_line_that_is_shut_before_its_handshake_is_closed_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = Limits.watch

    def watch_too_late(limits: Limits, line: socket.socket) -> None:
        watch(limits, line)
        limits.end()

    monkeypatch.setattr(Limits, "watch", watch_too_late)
    with serve(silence, tls=speak_tls()) as server:
        assert give_up(FullTransport, server.url) == SLOW
    gc.collect()  # an open one would be warned of


def test_a_proxy_that_drips_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(drip(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 999, every_s=DRIP_S)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        assert give_up(FullTransport, "https://arthas.example/api") == SLOW


def test_a_connection_gets_no_more_time_than_the_answer(
    open_it: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(line: socket.socket, _: object) -> None:
        assert line.gettimeout() == pytest.approx(0.2, abs=0.1)
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", wait)
    said = give_up(open_it, "http://127.0.0.1:8563/api")
    assert said == "no connection to HOST within 0.2 s"


def test_a_request_that_the_server_does_not_read_to_its_end_gets_its_answer(open_it: Open) -> None:
    def refuse(wire: Wire) -> None:
        wire.socket.sendall(http(status="413 Request Entity Too Large"))
        wire.socket.shutdown(socket.SHUT_WR)
        silence(wire)

    long = Request(Action.EXEC, "echo " + "x" * 5_000_000)
    with serve(refuse) as server, pytest.raises(TooLong):
        open_it(Connection(server.url)).send(long, timeout_s=5)


def test_credentials_are_sent_as_basic_authorization(open_it: Open) -> None:
    with serve(http(ANSWER)) as server:
        connection = Connection(server.url, Credentials("ops", "pä:ss"))
        open_it(connection).send(REQUEST, timeout_s=5)
    (header,) = [
        line for line in server.requests[0].split(b"\r\n") if line.lower().startswith(b"auth")
    ]
    scheme, _, pair = header.partition(b": ")[2].partition(b" ")
    assert (scheme, b64decode(pair).decode()) == (b"Basic", "ops:pä:ss")


def test_a_connection_is_not_used_twice_even_where_the_server_would_keep_it(
    open_it: Open,
) -> None:
    """Servers up to 3.6.4 close without saying so: what is sent on such a connection is lost."""
    kept = http(ANSWER).replace(b"connection: close\r\n", b"")

    def keep(peer: Wire) -> None:
        peer.socket.sendall(kept)
        silence(peer)

    with serve(keep) as server:
        transport = open_it(Connection(server.url))
        for _ in range(2):
            assert transport.send(REQUEST, timeout_s=5).content == ANSWER
        assert len(server.requests) == 2


@pytest.mark.parametrize("said", [b"", http(ANSWER)[:-5]], ids=["silent", "cut off"])
def test_a_server_that_ends_before_it_has_answered_is_said_to_have_ended(
    open_it: Open, said: bytes
) -> None:
    def end(connection: Wire) -> None:
        server.listener.refuse()
        connection.socket.sendall(said)

    with serve(end) as server, pytest.raises(ServerGone) as error:
        open_it(Connection(server.url)).send(REQUEST, timeout_s=5)
    assert error.value.message == (
        f"the server has ended: nothing listens on 127.0.0.1:{server.port} any more"
    )
    assert error.value.hint == "run the command again once the JVM is back and has Arthas in it"
