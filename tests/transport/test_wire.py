"""HTTP answers as a bare connection brings them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.transport.wire import CutOff, NotHttp, Reply, Silent, read_reply

if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Y: a: b\r\n\r\n{ok}",
    b"HTTP/1.0 200\r\nx-y: a: b\r\n\r\n{ok}",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\nX-Y:a: b\n\n{ok}",
    (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nX-Y: a: b\r\n\r\n"
        b"2\r\n{o\r\n2;note=1\r\nk}\r\n0\r\n\r\n"
    ),
]
ODD = [
    (b"", Silent),
    (b"SSH-2.0-OpenSSH_9.6\r\n", NotHttp),
    (b"HTTP/2 200\r\n\r\n", NotHttp),
    (b"HTTP/1.1 2x0 OK\r\n\r\n", NotHttp),
    (b"HTTP/1.1 2000 OK\r\n\r\n", NotHttp),
    (b"HTTP/1.1 \xc2\xb2\xc2\xb2 OK\r\n\r\n", NotHttp),
    (b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n", NotHttp),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 1_0\r\n\r\n", NotHttp),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", NotHttp),
    (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000, NotHttp),
    (b"HTTP/1.1 200 OK" + b" " * 100_000, NotHttp),
    (b"HT", CutOff),
    (b"HTTP/1.1 200 OK\r\nContent-Le", CutOff),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{ok}", CutOff),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{ok}\r\n", CutOff),
]


def cut(content: bytes, sizes: list[int]) -> Callable[[], bytes]:
    """Returns what gives the content in pieces of these sizes, then in one, then nothing."""
    rest = bytearray(content)
    left = list(sizes)

    def receive() -> bytes:
        size = left.pop(0) if left else len(rest)
        piece = bytes(rest[:size])
        del rest[:size]
        return piece

    return receive


@pytest.mark.parametrize("content", WHOLE)
@given(sizes=st.lists(st.integers(1, 9), max_size=30))
def test_an_answer_is_the_same_in_whatever_pieces_it_comes(
    content: bytes, sizes: list[int]
) -> None:
    reply = read_reply(cut(content, sizes))
    assert (reply.status, reply.content, reply.headers["x-y"]) == (200, b"{ok}", "a: b")


def test_what_follows_the_length_is_no_part_of_it() -> None:
    reply = read_reply(cut(b"HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nnomore", []))
    assert reply == Reply(401, {"content-length": "2"}, b"no")


@each_row(("content", "error"), ODD)
def test_what_is_no_answer_is_named_for_what_it_is(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_reply(cut(content, []))


@given(st.binary(max_size=200), st.sampled_from(WHOLE), st.integers(0, 120))
def test_whatever_comes_ends_in_an_answer_or_one_of_three_errors(
    noise: bytes, content: bytes, at: int
) -> None:
    with contextlib.suppress(Silent, NotHttp, CutOff):
        read_reply(cut(content[:at] + noise + content[at:], []))
