"""A large answer takes little more memory than it is long."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from support.large import MAKERS, write_answer
from support.program import shell
from support.raw_server import http, serve

from arthas_cli.__main__ import run_program
from arthas_cli.environment import Environment

ROWS = 3_000
LINES = {"sm": "sm *", "thread": "thread --all"}
MAX_BYTES = 60 * 2**20 * ROWS // 100_000


class Counter(io.StringIO):
    """Counts the lines that are written, and keeps none."""

    lines = 0

    def write(self, text: str) -> int:
        self.lines += text.count("\n")
        return len(text)


def count_lines(*arguments: str) -> int:
    """Returns how many lines the program writes."""
    stdout = Counter()
    code = run_program(arguments, Environment(io.StringIO(), stdout, io.StringIO(), {}))
    assert code == 0
    return stdout.lines


@pytest.mark.parametrize("name", MAKERS)
def test_100_000_rows_as_text_take_60_mib_over_the_answer(name: str) -> None:
    answer = write_answer(MAKERS[name](ROWS))
    with serve(http(write_answer(MAKERS[name](1))), http(answer)) as server:
        count_lines("exec", "--url", server.url, LINES[name])  # what is loaded once is loaded now
        tracemalloc.start()
        try:
            lines = count_lines("exec", "--url", server.url, LINES[name])
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert lines > ROWS
    assert peak - len(answer) < MAX_BYTES


def test_a_long_answer_is_written_as_json_whole() -> None:
    results = MAKERS["sm"](3_000)
    with serve(http(write_answer(results))) as server:
        ended = shell("exec", "--url", server.url, "--json", "sm *")
    assert ended.document["results"] == results
