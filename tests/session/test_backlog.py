"""Answers that wait to be read."""

from __future__ import annotations

import queue
import tempfile
import tracemalloc
from typing import NoReturn

import pytest

from arthas_cli.errors import NoServer
from arthas_cli.protocol import Action, Request
from arthas_cli.session.backlog import Backlog, Pulled

_PULL = Request(Action.PULL_RESULTS)


def make_answer(content: bytes) -> Pulled:
    return Pulled(_PULL, content, batch_size=7, took_s=0.5)


def take_all(backlog: Backlog) -> list[bytes | Exception]:
    taken: list[bytes | Exception] = []
    while backlog:
        answer = backlog.get(0.0)
        taken.append(answer if isinstance(answer, Exception) else answer.content)
    return taken


def test_answers_come_in_their_order_wherever_they_were_kept() -> None:
    backlog = Backlog(most_bytes=10)
    error = NoServer("gone")
    for answer in (b"12345678", b"90", b"on disk", b"", b"too"):
        backlog.put(make_answer(answer))
    backlog.put(error)
    assert backlog.get(0.0) == make_answer(b"12345678")
    backlog.put(make_answer(b"memory"))
    assert take_all(backlog) == [b"90", b"on disk", b"", b"too", error, b"memory"]


def test_an_answer_from_the_file_is_whole() -> None:
    backlog = Backlog(most_bytes=0)
    backlog.put(make_answer(b"content"))
    assert backlog.get(0.0) == make_answer(b"content")


def test_what_waits_takes_no_more_memory_than_it_may() -> None:
    backlog = Backlog(most_bytes=2**20)
    tracemalloc.start()
    for number in range(2_000):
        backlog.put(make_answer(number.to_bytes(2, "big") * 5_000))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 3 * 2**20
    assert take_all(backlog)[1_999] == (1_999).to_bytes(2, "big") * 5_000


def test_the_file_is_emptied_once_all_of_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    backlog = Backlog(most_bytes=0)
    with tempfile.TemporaryFile() as file:
        monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: file)
        for content in (b"a", b"b"):
            backlog.put(make_answer(content))
        assert take_all(backlog) == [b"a", b"b"]
        assert file.seek(0, 2) == 0


def test_where_the_disk_is_full_memory_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    backlog = Backlog(most_bytes=0)
    backlog.put(make_answer(b"a"))
    assert take_all(backlog) == [b"a"]


def test_nothing_comes_out_of_an_empty_one() -> None:
    with pytest.raises(queue.Empty):
        Backlog().get(0.0)
