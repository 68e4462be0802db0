from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.proc_trees import make_process
from support.raw_server import http, serve

from arthas_cli.attach.here import LocalSite
from arthas_cli.attach.process import Process, read_process
from arthas_cli.attach.removal import find_reason_to_stay
from arthas_cli.attach.runtime import Record

if TYPE_CHECKING:
    from pathlib import Path

COUNT = (
    b'{"state":"SUCCEEDED","body":{"results":[{"type":"ognl","value":"@Integer[%d]","jobId":1},'
    b'{"type":"status","statusCode":0,"jobId":1}]}}'
)
UNKNOWN = "whether others use it cannot be known"


@pytest.fixture
def process(tmp_path: Path) -> Process:
    make_process(tmp_path, 7, ["java"])
    return read_process(7, tmp_path)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http(COUNT % 1), ""),
        (http(COUNT % 2), "others have sessions on it"),
        (http(b'{"state":"FAILED","message":"ognl: command not found"}'), UNKNOWN),
        (http(b"", status="500 Oops"), UNKNOWN),
    ],
    ids=["nobody else", "others", "no ognl", "broken"],
)
def test_it_stays_unless_nobody_else_is_there(process: Process, answer: bytes, reason: str) -> None:
    with serve(answer) as server:
        assert (
            find_reason_to_stay(LocalSite(process), Record(server.port, "arthas", "sesame"))
            == reason
        )


def test_an_arthas_that_was_stopped_and_cannot_answer_is_passed_over(process: Process) -> None:
    several = (
        b'{"state":"SUCCEEDED","body":{"results":[{"type":"ognl","jobId":1,"matchedClassLoaders":'
        b'[{"hash":"588d0ec"},{"hash":"914f527"}]},{"type":"status","statusCode":-1,"jobId":1}]}}'
    )
    with serve(http(several), b"", http(COUNT % 1)) as server:
        assert (
            find_reason_to_stay(LocalSite(process), Record(server.port, "arthas", "sesame")) == ""
        )
        assert [b"ognl -c 914f527" in request for request in server.requests] == [
            False,
            False,
            True,
        ]


def test_what_was_to_be_kept_stays_unasked(process: Process) -> None:
    record = Record(1, "arthas", "sesame", stays=True)
    assert find_reason_to_stay(LocalSite(process), record) == "it was to be kept"
