"""A stream on many JVMs: merged as it comes, ended everywhere, nothing lost unsaid."""

from __future__ import annotations

import math
import re
import signal
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest
from support.fake import Call, Command, faults, run_hits

from arthas_cli.client.client import Client
from arthas_cli.config.settings import Connection
from arthas_cli.fleet.fleet import Fleet
from arthas_cli.fleet.member import Member
from arthas_cli.session.server import Server
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping

    from support.fake import FakeArthas

    from .conftest import Shop

WATCH = "watch demo.MathGame run"
WITHIN_S = 20.0


def make_fleet(shop: Shop) -> Fleet:
    """Returns the three as programs have them."""
    servers = {
        name: Server(open_transport(Connection(url=fake.url), {}), may_tune=True)
        for name, fake in shop.fakes.items()
    }
    return Fleet([Member(name, Client(server)) for name, server in servers.items()])


def has_run(fake: FakeArthas) -> bool:
    """Returns whether a job has begun and ended."""
    return bool(fake.lines) and not fake.jobs


def read_to_hits(process: subprocess.Popen[str]) -> None:
    """Reads what the program writes up to a hit of each of the three."""
    assert process.stdout is not None
    missing = {"web-1", "web-2", "web-3"}
    while missing:
        missing.discard(process.stdout.readline().partition(" ")[0])


def test_each_line_of_a_hit_stands_behind_its_target(shop: Shop) -> None:
    ended = shop.run("exec", f"{WATCH} -n 2")
    lines = [line.partition(" │ ") for line in ended.stdout.splitlines()]
    assert Counter(name for name, _, _ in lines) == {"web-1": 4, "web-2": 4, "web-3": 4}
    hits = [text for name, _, text in lines if name == "web-2"]
    assert hits[0] == "method=demo.MathGame.run location=AtExit"
    assert hits[1].endswith("[cost=0.1ms] result=@Integer[1]")
    assert ended.exit_code == 0


def test_on_stderr_each_has_its_end_and_all_have_one_sum(shop: Shop) -> None:
    ended = shop.run("exec", f"{WATCH} -n 2")
    said = re.sub(r"after \d+\.\d s", "after 0.1 s", ended.stderr).splitlines()
    assert (sorted(said[:-1]), said[-1]) == (
        [
            "web-1: 2 results · 0 lost · ended by itself after 0.1 s",
            "web-2: 2 results · 0 lost · ended by itself after 0.1 s",
            "web-3: 2 results · 0 lost · ended by itself after 0.1 s",
            "web-[1-3]: enhanced: 1 class, 1 method",
        ],
        "3 JVMs: 3 succeeded",
    )


def test_rows_of_a_table_stand_under_one_header(shop: Shop) -> None:
    lines = shop.run("exec", "monitor demo.MathGame run -n 2 -c 1").stdout.splitlines()
    assert lines[0].split()[:3] == ["TARGET", "TIMESTAMP", "CLASS"]
    assert sorted(line.split()[0] for line in lines[1:]) == [
        *("web-1", "web-1", "web-2", "web-2", "web-3", "web-3"),
    ]


def test_what_sums_a_stream_up_comes_for_each(shop: Shop) -> None:
    lines = shop.run("exec", "trace demo.MathGame run -n 2").stdout.splitlines()
    assert [line.partition(": n=2")[0] for line in lines[-3:]] == [
        "web-1 │ demo.MathGame:run()",
        "web-2 │ demo.MathGame:run()",
        "web-3 │ demo.MathGame:run()",
    ]


def test_one_that_dies_does_not_end_the_others(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arthas_cli.session.pull.AWAY_S", 0.5)
    dying = shop.fakes["web-2"]

    def die(call: Call) -> Iterator[Mapping[str, object]]:
        yield from run_hits(call)
        dying.end()

    dying.register(Command("watch", die, is_stream=True))
    ended = shop.run("exec", "--json", f"{WATCH} -n 3")
    document = ended.document
    hits = {
        each["target"]: sum(result["type"] == "watch" for result in each["results"])
        for each in document["targets"]
    }
    assert (hits["web-1"], hits["web-3"]) == (3, 3)
    assert ended.exit_code == 3
    assert [each["error"] is None for each in document["targets"]] == [True, False, True]
    assert document["targets"][1]["lost"] is None


def test_one_that_is_not_there_does_not_end_the_others(shop: Shop) -> None:
    shop.fakes["web-2"].end()
    ended = shop.run("exec", f"{WATCH} -n 1")
    assert (ended.exit_code, len(ended.stdout.splitlines())) == (3, 4)
    assert ended.stderr.endswith("3 JVMs: 2 succeeded, 1 without an answer\n")
    assert "web-2: nothing listens on 127.0.0.1:" in ended.stderr


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "ended by a signal")],
)
def test_a_signal_ends_it_everywhere(
    shop: Shop, process: subprocess.Popen[str], number: int, code: int, message: str
) -> None:
    read_to_hits(process)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=WITHIN_S)
    assert (process.returncode, shop.left) == (code, [])
    assert stderr.endswith(f"3 JVMs: 3 interrupted\narthas-shell: {message}\n")


def test_a_signal_ends_it_within_5_s_though_one_does_not_answer(
    shop: Shop, process: subprocess.Popen[str]
) -> None:
    read_to_hits(process)
    shop.fakes["web-2"].faults.next(faults.hang, times=math.inf)
    process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    _, stderr = process.communicate(timeout=WITHIN_S)
    assert time.monotonic() - begun < 5
    assert process.returncode == 143
    assert "web-2: the server does not answer; 'watch' may still be running\n" in stderr
    left = [name for name, fake in shop.fakes.items() if fake.jobs or fake.sessions]
    assert left == ["web-2"]


def test_where_no_session_is_opened_in_time_it_is_the_deadline_that_passed(shop: Shop) -> None:
    shop.fakes["web-2"].faults.next(faults.hang, times=math.inf)
    ended = shop.run("exec", "-t", "2", f"{WATCH} -n 1")
    assert "arthas-shell: web-2: the deadline of 2 s passed; 127.0.0.1:" in ended.stderr
    assert (ended.exit_code, "2 succeeded, 1 too late" in ended.stderr) == (124, True)


def test_when_the_reader_goes_it_ends_everywhere(
    shop: Shop, process: subprocess.Popen[str]
) -> None:
    read_to_hits(process)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(WITHIN_S) == 141
    assert shop.left == []


def test_the_first_hit_ends_it_everywhere(shop: Shop) -> None:
    shop.fakes["web-1"].target.rate = shop.fakes["web-3"].target.rate = 0.01
    ended = shop.run("exec", "--first", "--json", f"{WATCH} -n 5")
    counts = {
        each["target"]: sum(result["type"] == "watch" for result in each["results"])
        for each in ended.document["targets"]
    }
    assert (ended.exit_code, counts) == (0, {"web-1": 0, "web-2": 1, "web-3": 0})
    assert [each["error"] for each in ended.document["targets"]] == [None, None, None]
    assert shop.left == []


def test_who_was_stopped_by_the_first_hit_is_not_shown_as_an_answer(shop: Shop) -> None:
    for name in ("web-1", "web-3"):
        shop.fakes[name].faults.next(faults.slow(2), times=math.inf)
    ended = shop.run("exec", "--first", "version")
    assert (ended.exit_code, ended.stdout) == (0, "web-2 (1 of 3)\n  4.1.5\n")
    assert ended.stderr == "3 JVMs: 2 stopped, 1 succeeded\n"


def test_without_a_first_hit_it_is_said_and_is_no_failure(shop: Shop) -> None:
    ended = shop.run("exec", "--first", "sc nosuch")
    assert (ended.exit_code, "no JVM had a hit\n" in ended.stderr) == (0, True)


def test_more_streams_than_run_at_the_same_time_are_refused(shop: Shop) -> None:
    ended = shop.run("exec", "--fanout", "2", WATCH)
    assert (ended.exit_code, ended.stderr) == (
        2,
        (
            "arthas-shell: 'watch' goes on until it is stopped, and at most 2 JVMs may run it at"
            " the same time, not 3\nhint: use --fanout 3\n"
        ),
    )
    assert [list(fake.requests) for fake in shop.fakes.values()] == [[], [], []]


def test_who_reads_slowly_loses_nothing(shop: Shop) -> None:
    for fake in shop.fakes.values():
        fake.target.rate = 1000.0
    fleet = make_fleet(shop)
    job = fleet.start(fleet.plan(f"{WATCH} -n 1000"))
    came = Counter([next(job).target])
    for fake in shop.fakes.values():
        fake.wait_for(partial(has_run, fake))
    came.update(result.target for result in job if result.type == "watch")
    job.close()
    assert (sum(came.values()) >= 3000, job.outcome.lost, shop.left) == (True, 0, [])
    assert [end.outcome.lost for end in job.outcome.ends] == [0, 0, 0]


def test_closed_in_the_middle_nothing_stays_behind(shop: Shop) -> None:
    fleet = make_fleet(shop)
    job = fleet.start(fleet.plan(WATCH))
    next(job)
    job.close()
    shop.fakes["web-1"].wait_for(lambda: not shop.left)


def test_a_program_that_reads_no_more_ends_it_everywhere(shop: Shop) -> None:
    ended = shop.run("exec", f"{WATCH} | head -n 3")
    assert (ended.exit_code, len(ended.stdout.splitlines()), shop.left) == (0, 3, [])


def test_a_deadline_ends_it_on_each(shop: Shop) -> None:
    ended = shop.run("exec", "-t", "1", WATCH)
    assert (ended.exit_code, shop.left) == (124, [])
    assert ended.stderr.endswith(
        "arthas-shell: web-[1-3] (3 of 3): the deadline of 1 s passed\n"
        "hint: allow more time with --timeout\n3 JVMs: 3 too late\n"
    )
