"""Four real JVMs with two versions of Arthas: asked, watched, and one of them killed meanwhile."""

from __future__ import annotations

import io
import json
import os
import re
import signal
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.inside import count_jobs, set_rate
from support.program import shell

from arthas_cli.__main__ import run_program
from arthas_cli.demo.target import start_target
from arthas_cli.environment import Environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.demo.target import Target

FIXTURE = str(Path(__file__).parent.parent / "fixture")
VERSIONS = ("4.1.5", "4.1.5", "3.6.4", "3.6.4")
HITS = 500


@pytest.fixture
def jvms() -> Iterator[list[Target]]:
    program = ("-Xmx64m", "-cp", FIXTURE, "fx.Fixture")
    with ExitStack() as stack:
        yield [stack.enter_context(start_target(program, version=each)) for each in VERSIONS]


class Killer(io.StringIO):
    """Takes JSON lines, and kills a JVM once so many hits of it have come."""

    def __init__(self, jvm: Target, after: int) -> None:
        super().__init__()
        self.hits: dict[str, list[int]] = defaultdict(list)
        self.ends: dict[str | None, dict[str, object]] = {}
        self._jvm = jvm
        self._after = after

    def write(self, text: str) -> int:
        for line in text.splitlines():
            result = json.loads(line)
            target = result.get("target")
            if result["type"] == "end":
                self.ends[target] = result
            elif result["type"] == "watch":
                number = re.search(r"\d+", str(result["value"]))  # drawn as text by later servers
                self.hits[target].append(int(number[0]) if number else -1)
                if target == self._jvm.url and len(self.hits[target]) == self._after:
                    os.kill(self._jvm.pid, signal.SIGKILL)
        return len(text)


@pytest.mark.jvm
@pytest.mark.timeout(120)  # four JVMs share this machine with all else
def test_four_jvms(jvms: list[Target], monkeypatch: pytest.MonkeyPatch) -> None:
    on = [word for jvm in jvms for word in ("--on", jvm.url)]
    old, new = f"{jvms[2].url}, {jvms[3].url}", f"{jvms[0].url}, {jvms[1].url}"
    version = shell("exec", *on, "version")
    assert version.stdout == f"{new} (2 of 4)\n  4.1.5\n\n{old} (2 of 4)\n  3.6.4\n", version.stderr
    thread = shell("exec", *on, "-o", "csv", "thread").stdout.splitlines()
    assert thread[0].startswith("target,id,name,")
    assert {row.partition(",")[0] for row in thread[1:]} == {jvm.url for jvm in jvms}

    for jvm in jvms:
        set_rate(jvm.url, 100)
    monkeypatch.setattr("arthas_cli.session.pull.AWAY_S", 1.0)
    killer, stderr = Killer(jvms[3], HITS // 2), io.StringIO()
    line = f"watch fx.Hot hit 'params[0]' -n {HITS}"
    environment = Environment(io.StringIO(), killer, stderr, {})
    code = run_program(("exec", "-o", "jsonl", *on, line), environment)
    assert code == 3, stderr.getvalue()
    for jvm in jvms[:3]:
        numbers, end = killer.hits[jvm.url], killer.ends[jvm.url]
        assert (end["state"], end["error"]) == ("SUCCEEDED", None)
        assert len(numbers) == len(set(numbers)) == HITS - int(str(end["lost"]))
        assert count_jobs(jvm.url) == 0
    dead = killer.hits[jvms[3].url]
    assert HITS // 2 <= len(dead) == len(set(dead)) < HITS
    assert (killer.ends[jvms[3].url]["lost"], killer.ends[None]["lost"]) == (None, None)
    assert stderr.getvalue().endswith("4 JVMs: 3 succeeded, 1 without an answer\n")
