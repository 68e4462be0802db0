"""What is left on a real server when nothing of ours can run any more: two at once, one killed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.inside import read_default_queue_size, set_many_rate
from support.waiting import wait_for

from arthas_cli.session.orphans import end_job, list_jobs

from .conftest import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.demo.target import Target


@pytest.fixture
def url(fixture_jvm: Target) -> Iterator[str]:
    set_many_rate(fixture_jvm.url, 20)
    yield fixture_jvm.url
    set_many_rate(fixture_jvm.url, 0)


def watch(url: str, what: str, hits: int) -> subprocess.Popen[str]:
    line = f"watch {what} '{{params}}' -n {hits}"
    command = [sys.executable, "-m", "arthas_cli", "exec", "-o", "jsonl", "--url", url, line]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_killed_shell_leaves_a_job_with_a_bound_and_all_else_as_it_was(url: str) -> None:
    # One whose method is called is stopped by the server for want of pulls; this one stays.
    server = connect(url)
    with watch(url, "fx.Hot hit", 100_000) as killed, watch(url, "fx.Many m1", 40) as other:
        assert killed.stdout
        assert killed.stdout.readline().startswith("{")
        killed.kill()
        said, _ = other.communicate()
        killed.communicate()
    end = json.loads(said.splitlines()[-1])
    assert (end["state"], end["lost"], other.returncode) == ("SUCCEEDED", 0, 0)
    assert read_default_queue_size(url) == 50
    left = [job for job in list_jobs(server) or [] if "fx.Hot" in job.line]
    assert [job.line for job in left] == [
        "watch --timeout 3600 fx.Hot hit '{params}' -n 100000",
    ]
    assert end_job(server, left[0].id)
    wait_for(lambda: all("fx.Hot" not in job.line for job in list_jobs(server) or []))
