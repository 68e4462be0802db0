"""One JVM behind --on is as without it, byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.program import shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.program import Ended

LINES = (
    "version",
    "thread",
    "thread 999999",
    "thread -n 2",
    "sc demo.*",
    "sc nosuch",
    "sm java.lang.String",
    "watch demo.MathGame run -n 2",
    "trace demo.MathGame run -n 2",
    "monitor demo.MathGame run -n 1 -c 1",
    "nosuch",
    "thread --nosuch",
    "thread | wc -l",
    "version | jq -c .",
    "help watch",
)
# Times, and what counts on in a server.
FLOATING = re.compile(
    r'"elapsedMs": \d+|"jobId":\d+|"listenerId":\d+|ts=\S+ \S+|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+'
    r'|"cost":[\d.]+|after \d+\.\d s|cost=[\d.]+'
)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeArthas]:
    with FakeArthas() as server:
        server.target.rate = None
        yield server


def fix(ended: Ended) -> tuple[str, str, int]:
    """Returns what a run wrote, without what differs from one to the next."""
    return FLOATING.sub("~", ended.stdout), FLOATING.sub("~", ended.stderr), ended.exit_code


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv"])
@pytest.mark.parametrize("line", LINES)
def test_one_target_is_as_without_on(fake: FakeArthas, line: str, form: str) -> None:
    options = ("exec", "-o", form, line)
    assert fix(shell(*options, "--on", fake.url)) == fix(shell(*options, "--url", fake.url))


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_a_file_of_lines_is_as_without_on(fake: FakeArthas, form: str) -> None:
    options = ("run", "--keep-going", "-o", form, "-")
    stdin = "version\nthread 1; nosuch\nsc demo.*\n"
    one = shell(*options, "--on", fake.url, stdin=stdin)
    assert fix(one) == fix(shell(*options, "--url", fake.url, stdin=stdin))
