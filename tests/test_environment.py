"""Streams of the process that write everything, or say that they did not."""

from __future__ import annotations

import errno
import io
import os
import threading
from typing import TYPE_CHECKING

import pytest

from arthas_cli.environment import Unwritten, Whole, make_whole

if TYPE_CHECKING:
    from collections.abc import Callable


class Stingy(io.RawIOBase):
    """Takes three bytes at a time; `before`: what happens at each write, in turn."""

    def __init__(self, *before: Callable[[], None]) -> None:
        self.taken = b""
        self._before = list(before)

    def write(self, content: object, /) -> int:
        if self._before:
            self._before.pop(0)()
        part = bytes(content)[:3]  # type: ignore[call-overload]  # bytes, or a view of some
        self.taken += part
        return len(part)


def go_well() -> None:
    pass


def be_full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def be_interrupted() -> None:
    raise KeyboardInterrupt


def test_all_is_written_however_little_is_taken_at_a_time() -> None:
    raw = Stingy()
    assert Whole(raw).write(b"one line\n") == 9
    assert raw.taken == b"one line\n"


def test_after_a_failure_nothing_more_is_written_and_everything_fails() -> None:
    raw = Stingy(go_well, be_full)
    whole = Whole(raw)
    for attempt in (lambda: whole.write(b"first"), lambda: whole.write(b"second"), whole.flush):
        with pytest.raises(Unwritten) as error:
            attempt()
        assert (error.value.errno, error.value.strerror) == (28, "No space left on device")
    assert raw.taken == b"fir"


def test_what_a_signal_left_is_written_once_with_what_comes_next() -> None:
    raw = Stingy(go_well, be_interrupted)
    whole = Whole(raw)
    with pytest.raises(KeyboardInterrupt):
        whole.write(b"first ")
    whole.write(b"second")
    assert raw.taken == b"first second"


def test_a_stream_that_would_have_to_wait_is_waited_for() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    received = bytearray()

    def read() -> None:
        while chunk := os.read(reader, 1 << 16):
            received.extend(chunk)

    with open(writer, "wb", buffering=0) as raw:  # noqa: PTH123 - a descriptor
        thread = threading.Thread(target=read)
        thread.start()
        Whole(raw).write(b"x" * 1_000_000)
    thread.join(10)
    os.close(reader)
    assert len(received) == 1_000_000


@pytest.mark.parametrize("buffering", [-1, 0])
def test_a_stream_of_text_keeps_what_it_was_but_for_its_writes(buffering: int) -> None:
    reader, writer = os.pipe()
    beneath = open(writer, "wb", buffering=buffering)  # noqa: PTH123, SIM115 - closed below
    stream = io.TextIOWrapper(beneath, "latin-1", "backslashreplace", write_through=not buffering)
    whole = make_whole(stream)
    assert isinstance(whole, io.TextIOWrapper)
    assert (whole.encoding, whole.errors) == ("latin-1", "backslashreplace")
    assert (whole.fileno(), whole.isatty(), whole.write_through) == (writer, False, not buffering)
    assert isinstance(whole.buffer, Whole)
    whole.write("é…")
    whole.close()
    assert os.read(reader, 100) == b"\xe9\\u2026"
    assert not stream.closed
    stream.close()
    os.close(reader)


def test_a_stream_that_is_none_or_not_of_the_system_stays_what_it_is() -> None:
    stream = io.StringIO()
    assert make_whole(stream) is stream
    assert make_whole(None) is None
