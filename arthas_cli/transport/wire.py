"""One HTTP/1.1 answer, read from a connection that carries nothing else.

http.client can do more, and takes longer to load than everything else that one `exec` needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Longer than any answer that somebody could read; one without an end would take all memory.
MAX_BYTES = 512 << 20
_VERSIONS = (b"HTTP/1.1 ", b"HTTP/1.0 ")
_MAX_HEAD = 1 << 16
_CONTINUES = 200  # a lower status comes before the answer itself
_MAX_INTERIM = 16
_STATUS_DIGITS = 3


class Silent(Exception):
    """The connection ended without a byte."""


class NotHttp(Exception):
    """What came is no HTTP."""


class CutOff(Exception):
    """The connection ended before the answer did."""


class Endless(Exception):
    """More came, or is announced, than is taken."""


class Reply(NamedTuple):
    """An answer; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def read_reply(receive: Callable[[], bytes], most_bytes: int = MAX_BYTES) -> Reply:
    """Read one answer; `receive` returns what has come, b"" at the end of the connection.

    Raises:
        Silent, NotHttp, CutOff: it is none, or not whole.
        Endless: it is longer than `most_bytes`, its head included.
    """
    source = _Source(receive, most_bytes)
    for _ in range(_MAX_INTERIM):
        status, headers = _read_status(source), _read_headers(source)
        if status >= _CONTINUES:
            break
    else:
        raise NotHttp
    if "chunked" in headers.get("transfer-encoding", "").lower():
        content = _read_chunks(source)
    elif "content-length" in headers:
        content = source.take(_read_number(headers["content-length"], 10))
    else:
        content = source.take_rest()
    return Reply(status, headers, content)


class _Source:
    """Bytes as they come, taken by lines and lengths."""

    def __init__(self, receive: Callable[[], bytes], most_bytes: int) -> None:
        self._receive = receive
        self._left = most_bytes
        self._bytes = bytearray()
        self.has_begun = False

    def peek(self, length: int) -> bytes:
        """Return so many bytes, fewer where there are no more, and leave them."""
        self._await(length)
        return bytes(self._bytes[:length])

    def take(self, length: int) -> bytes:
        """Take so many bytes."""
        if length > len(self._bytes) + self._left:
            raise Endless
        self._await(length)
        if len(self._bytes) < length:
            raise CutOff
        with memoryview(self._bytes) as view:  # a slice of the bytes themselves is one more copy
            taken = bytes(view[:length])
        del self._bytes[:length]
        return taken

    def take_line(self) -> str:
        """Take a line, without its end."""
        while (end := self._bytes.find(b"\n")) < 0:
            if len(self._bytes) > _MAX_HEAD:
                raise NotHttp
            if not self._fill():
                raise CutOff
        return self.take(end + 1).rstrip(b"\r\n").decode("latin-1")

    def take_rest(self) -> bytes:
        """Take everything to the end of the connection."""
        while self._fill():
            pass
        return self.take(len(self._bytes))

    def _await(self, length: int) -> None:
        while len(self._bytes) < length and self._fill():
            pass

    def _fill(self) -> bool:
        received = self._receive()
        self._left -= len(received)
        if self._left < 0:
            raise Endless
        self._bytes += received
        return bool(received)


def _read_status(source: _Source) -> int:
    start = source.peek(len(_VERSIONS[0]))
    if not start:
        raise Silent
    if not any(version.startswith(start) for version in _VERSIONS):
        raise NotHttp
    digits = source.take_line()[len(_VERSIONS[0]) :].partition(" ")[0]
    if len(digits) != _STATUS_DIGITS:
        raise NotHttp
    return _read_number(digits, 10)


def _read_headers(source: _Source) -> dict[str, str]:
    headers: dict[str, str] = {}
    size = 0
    while line := source.take_line():
        size += len(line)
        if size > _MAX_HEAD:
            raise NotHttp
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return headers


def _read_chunks(source: _Source) -> bytes:
    content = bytearray()
    while length := _read_number(source.take_line().partition(";")[0].strip(), 16):
        content += source.take(length)
        source.take_line()
    return bytes(content)


def _read_number(text: str, base: int) -> int:
    if not (text.isascii() and text.isalnum()):
        raise NotHttp
    try:
        return int(text, base)
    except ValueError:
        raise NotHttp from None
