"""Answers without an end, or longer than any memory: refused, the same by both transports."""

from __future__ import annotations

import gzip
import math
from typing import TYPE_CHECKING, NoReturn

import pytest
from support.fake import FakeArthas
from support.fake.wire import Reply
from support.program import shell
from support.raw_server import http, pour, serve

from arthas_cli.config.settings import Connection
from arthas_cli.errors import ArthasShellError, BadAnswer, NotArthas, TooLarge
from arthas_cli.protocol import Answer
from arthas_cli.transport import full, lean
from arthas_cli.transport.files import list_files
from arthas_cli.transport.wire import Endless, read_reply

from .conftest import ANSWER, REQUEST

if TYPE_CHECKING:
    from support.raw_server import Script

    from .conftest import Open

ENDLESS = "the answer is longer than 0.0625 MiB, or has no end"
NO_MEMORY = "there is not enough memory here for the answer"
HINT = "ask for less: a narrower pattern, a smaller -n or -x"
PIECE = b"x" * 8192
CHUNKED = ("transfer-encoding: chunked",)
BEGIN_CHUNKS = http(headers=CHUNKED, length=None)
AGAIN = b'{"type":"version","version":"4.1.5"},'


def fail(open_it: Open, script: Script, timeout_s: float | None) -> ArthasShellError:
    with serve(script) as server, pytest.raises(ArthasShellError) as error:
        open_it(Connection(server.url)).send(REQUEST, timeout_s=timeout_s)
    return error.value


@pytest.mark.usefixtures("few_bytes")
@pytest.mark.parametrize("timeout_s", [None, 60.0])
@pytest.mark.parametrize(
    "script",
    [
        pour(http(b'{"a":"', length=None), PIECE),
        pour(http(b'{"a":"', length=99_999_999_999), PIECE),
        pour(BEGIN_CHUNKS, b"2000\r\n" + PIECE + b"\r\n"),
        pour(BEGIN_CHUNKS + b"fffffffff\r\n", PIECE),
        pour(http(status="500 Internal Server Error", length=None), PIECE),
        pour(http(status="404 Not Found", length=None), PIECE),
    ],
    ids=["body", "length", "chunks", "one chunk", "500", "404"],
)
def test_an_answer_without_an_end_is_refused_whatever_the_deadline(
    open_it: Open, script: Script, timeout_s: float | None
) -> None:
    error = fail(open_it, script, timeout_s)
    assert (type(error), error.message, error.hint) == (TooLarge, ENDLESS, HINT)
    assert (error.exit_code, error.kind) == (3, "bad-answer")


@pytest.mark.parametrize(
    "script",
    [
        pour(http()[:-2], b"a: b\r\n" * 1000),
        pour(http()[:-2] + b"a: ", PIECE),
        pour(b"HTTP/1.1 200 ", PIECE),
    ],
    ids=["headers", "one header", "status"],
)
def test_a_head_without_an_end_is_no_http(open_it: Open, script: Script) -> None:
    error = fail(open_it, script, None)
    assert (type(error), error.message) == (NotArthas, "that port does not speak HTTP")


@pytest.mark.usefixtures("few_bytes")
@pytest.mark.parametrize(
    "script",
    [
        pour(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        pour(BEGIN_CHUNKS + b"0\r\n", b"a: b\r\n" * 1000),
    ],
    ids=["heads before it", "lines behind the last chunk"],
)
def test_what_stands_around_an_answer_without_an_end_is_refused(script: Script) -> None:
    error = fail(full.FullTransport, script, None)
    assert (type(error), error.message) == (TooLarge, ENDLESS)


def test_heads_before_the_head_without_an_end_are_no_http() -> None:
    error = fail(lean.LeanTransport, pour(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), None)
    assert (type(error), error.message) == (NotArthas, "that port does not speak HTTP")


@pytest.mark.usefixtures("few_bytes")
def test_what_is_announced_to_be_too_long_is_refused_before_it_comes(open_it: Open) -> None:
    error = fail(open_it, http(ANSWER, length=(1 << 16) + 1), 60.0)
    assert (type(error), error.message) == (TooLarge, ENDLESS)


def test_an_answer_of_just_the_length_that_is_taken_comes_whole() -> None:
    head, body = b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000
    pieces = [head, body, b""]
    assert read_reply(lambda: pieces.pop(0), len(head + body)).content == body
    pieces = [head, body, b"x", b""]
    with pytest.raises(Endless):
        read_reply(lambda: pieces.pop(0), len(head + body))


def test_no_compression_is_asked_for_and_none_is_undone(open_it: Open) -> None:
    bomb = http(gzip.compress(b"{" + b" " * 10_000_000), headers=("content-encoding: gzip",))
    with serve(bomb) as server, pytest.raises(BadAnswer) as error:
        open_it(Connection(server.url)).send(REQUEST, timeout_s=5)
    assert error.value.message == "the answer is compressed ('gzip'), which was not asked for"
    assert b"\r\nAccept-Encoding: identity\r\n" in server.requests[0]


def test_a_compressed_listing_is_not_undone_either() -> None:
    bomb = http(gzip.compress(b"x" * 10_000_000), headers=("content-encoding: gzip",))
    with serve(bomb) as server, pytest.raises(BadAnswer, match=r"compressed \('gzip'\)"):
        list_files(Connection(server.url))


def test_memory_that_does_not_suffice_for_an_answer_is_no_bug(
    open_it: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_to_read(*_: object) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(lean, "read_reply", fail_to_read)
    monkeypatch.setattr(full, "_read_all", fail_to_read)
    error = fail(open_it, http(ANSWER), 5)
    assert (type(error), error.message, error.hint) == (TooLarge, NO_MEMORY, HINT)


def test_memory_that_does_not_suffice_to_read_an_answer_is_no_bug(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail_to_read(_text: str) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr("arthas_cli.protocol.read_response", fail_to_read)
    with pytest.raises(TooLarge) as error:
        Answer(REQUEST, ANSWER).read()
    assert error.value.message == NO_MEMORY


@pytest.mark.usefixtures("few_bytes")
def test_the_program_says_so_in_two_lines() -> None:
    with serve(pour(http(b'{"body":{"results":[', length=None), AGAIN)) as server:
        ended = shell("exec", "--url", server.url, "version")
    said = f"arthas-shell: {ENDLESS}\nhint: {HINT}\n"
    assert (ended.exit_code, ended.stdout, ended.stderr) == (3, "", said)


@pytest.mark.usefixtures("few_bytes")
def test_a_stream_whose_pulls_are_too_long_ends_at_the_first_and_leaves_nothing_behind() -> None:
    with FakeArthas() as fake:
        too_long = Reply(b"{" + b" " * (1 << 16))
        fake.faults.next(lambda _exchange: too_long, times=math.inf, skip=7, action="pull_results")
        ended = shell("exec", "--json", "watch demo.MathGame run", ARTHAS_SHELL_URL=fake.url)
        assert (fake.jobs, fake.sessions) == ([], [])
        pulls = [seen for seen in fake.requests if seen.action == "pull_results"]
    assert (ended.exit_code, ended.document["error"]["message"]) == (3, ENDLESS)
    assert ended.document["lost"] is None
    assert len(pulls) == 8


def test_the_doctor_reads_no_more_than_it_needs_of_an_answer_without_an_end() -> None:
    with serve(pour(http(b"<html>", length=None, content_type="text/html"), PIECE)) as server:
        ended = shell("doctor", "--json", "--url", server.url)
    assert (ended.exit_code, ended.document["error"]["kind"]) == (3, "not-arthas")
