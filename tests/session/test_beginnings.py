"""A command is begun again where the rest of a call that had begun before took a call's place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.inside import count_jobs, set_rate
from support.soak import pick
from support.waiting import wait_for

from arthas_cli.client.check import check_line
from arthas_cli.results import is_hit
from arthas_cli.session.orphans import list_jobs
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream

from .conftest import connect, run_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.fake import FakeArthas

    from arthas_cli.demo.target import Target
    from arthas_cli.protocol import Result

TRACE = "trace demo.MathGame primeFactors"
REST = "1 result is the rest of a call that began before: not counted"


def start(fake: FakeArthas, line: str) -> Stream:
    """Returns the line as a stream in a session of its own on the fake."""
    server = connect(fake.url)
    return Stream(Session.open(server), check_line(line, server), owns_session=True)


def run(fake: FakeArthas, line: str) -> tuple[str, Stream]:
    """Runs the line to its end; returns its results, `r` a rest and `c` a call, and its stream."""
    stream = start(fake, line)
    shown = "".join("c" if is_hit(one) else "r" for one in stream if one.type != "enhancer")
    stream.close()
    return shown, stream


def list_sent(fake: FakeArthas) -> list[str]:
    """Returns the lines that were started, without the bound in time."""
    bodies = (seen.body for seen in fake.requests if seen.body["action"] == "async_exec")
    return [str(body["command"]).replace(" --timeout 3600", "") for body in bodies]


def test_as_many_calls_are_taken_as_were_asked_for(fake: FakeArthas) -> None:
    fake.target.inside = [2]
    shown, stream = run(fake, f"{TRACE} -n 3")
    assert shown == "rrccc"
    assert list_sent(fake) == [f"{TRACE} -n 3", f"{TRACE} -n 42"]
    outcome = stream.outcome
    assert (outcome.state, outcome.status, outcome.lost) == ("SUCCEEDED", 0, 0)
    assert outcome.error is None
    assert outcome.remark.startswith(
        "2 results are the rest of calls that began before: not counted"
    )


def test_calls_that_were_all_seen_whole_are_asked_for_once(fake: FakeArthas) -> None:
    shown, stream = run(fake, f"{TRACE} -n 3")
    assert (shown, stream.outcome.remark) == ("ccc", "")
    assert list_sent(fake) == [f"{TRACE} -n 3"]


def test_a_method_that_threads_are_always_in_is_seen_whole_too(fake: FakeArthas) -> None:
    fake.target.inside = [5, 5]
    shown, stream = run(fake, f"{TRACE} -n 1")
    assert shown == "rrrrrrc"
    assert (stream.outcome.state, stream.outcome.lost) == ("SUCCEEDED", 0)


def test_what_comes_on_top_is_not_shown_and_that_is_said(fake: FakeArthas) -> None:
    fake.target.inside = [1]
    fake.target.rate = None
    shown, stream = run(fake, f"{TRACE} -n 1")
    assert shown == "rc"
    assert stream.outcome.lost == 0
    assert stream.outcome.remark == f"{REST}; 40 more calls came before it was stopped: not shown"


def test_a_method_that_is_never_seen_whole_is_given_up(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.beginnings._SPARES", (0, 1))
    fake.target.inside = [1, 1, 2]
    shown, stream = run(fake, f"{TRACE} -n 1")
    assert shown == "rrrr"
    assert stream.outcome.error is None
    assert stream.outcome.remark == (
        "4 results are the rest of calls that began before: not counted;"
        " such calls keep coming, so it was not started again"
    )


def test_a_watch_counts_no_call_whose_cost_is_false(fake: FakeArthas) -> None:
    fake.target.inside = [1]
    shown, stream = run(fake, "watch demo.MathGame primeFactors -n 2")
    assert shown == "rcc"
    assert list_sent(fake)[1] == "watch demo.MathGame primeFactors -n 41"
    assert stream.outcome.remark.startswith(REST)


@pytest.mark.parametrize(
    ("condition", "shown"),
    [("#cost>10000", "rrr"), ("#cost>10000 && params.length>0", "rrr"), ("#cost>0.01", "ccc")],
)
def test_a_stack_counts_no_call_that_cannot_have_taken_so_long(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch, condition: str, shown: str
) -> None:
    monkeypatch.setattr("arthas_cli.session.beginnings._SPARES", ())
    assert run(fake, f"stack demo.MathGame primeFactors '{condition}' -n 3")[0] == shown


def test_a_monitor_says_which_mean_time_is_not_known(fake: FakeArthas) -> None:
    fake.target.inside = [1]
    stream = start(fake, "monitor demo.MathGame primeFactors -n 2")
    rows = [one.data["monitorDataList"] for one in stream if one.type == "monitor"]
    stream.close()
    assert ['"cost"' in json.dumps(data) for data in rows] == [False, True]
    assert stream.outcome.remark == (
        "1 result includes a call that began before: its mean time is unknown"
    )


def test_that_it_has_enhanced_is_told_once(fake: FakeArthas) -> None:
    fake.target.inside = [1]
    stream = start(fake, f"{TRACE} -n 1")
    assert [result.type for result in stream] == ["enhancer", "trace", "trace"]
    stream.close()


def test_an_interrupt_after_it_was_begun_again_is_one(fake: FakeArthas) -> None:
    fake.target.inside = [1, 41]
    stream = start(fake, f"{TRACE} -n 1")
    reader = run_in_thread(lambda: list(stream))
    wait_for(lambda: len(list_sent(fake)) == 2)
    stream.interrupt()
    reader.join()
    stream.close()
    assert (stream.outcome.state, stream.outcome.lost) == ("INTERRUPTED", 0)


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("trace a b", "trace -n 7 a b"),
        ("trace a b -n 1", "trace a b -n 7"),
        ("trace a b -n1", "trace a b -n7"),
        ("trace a b -n=1 '#cost>1'", "trace a b -n=7 '#cost>1'"),
        ("trace a b --limits 1 --timeout 9", "trace a b --limits 7 --timeout 9"),
        ("trace a b --limits=1", "trace a b --limits=7"),
        ("trace a b -n '1'", "trace a b -n 7"),
        ("trace a b -vn 1", "trace a b -vn 7"),
    ],
)
def test_the_number_is_changed_where_it_stands(fake: FakeArthas, line: str, again: str) -> None:
    plan = check_line(line, connect(fake.url))
    assert plan.wanted is not None
    assert plan.wanted.ask_for(plan.line, 7) == again


@pytest.mark.parametrize("line", ["trace a b -n='1'", "monitor a b -n 1", "tt -l", "version"])
def test_nothing_else_is_begun_again(fake: FakeArthas, line: str) -> None:
    assert check_line(line, connect(fake.url)).wanted is None


@pytest.fixture
def traffic(fixture_jvm: Target) -> Iterator[Session]:
    """A session on a JVM where a thread is nearly always in `fx.Hot.pause`."""
    server = connect(fixture_jvm.url, may_tune=True)
    set_rate(fixture_jvm.url, 50)
    try:
        with Session.open(server) as session:
            yield session
    finally:
        set_rate(fixture_jvm.url, 0)
    wait_for(lambda: count_jobs(fixture_jvm.url) == 0, lambda: list_jobs(connect(fixture_jvm.url)))


def take(session: Session, line: str) -> Stream:
    return Stream(session, check_line(line, session.server), deadline_s=10)


def is_true(hit: Result) -> bool:
    """Says of a hit on a method that is called again and again whether its time can be so."""
    if hit.type == "trace":
        return '"invoking":false' in hit.raw
    cost = json.loads(hit.raw)["cost"]
    return 0 <= float(cost) < 5_000


@pytest.mark.parametrize("name", ["trace", "watch"])
def test_a_method_that_a_thread_is_always_in_is_seen_whole_on_a_real_server(
    traffic: Session, name: str
) -> None:
    """Each of the rounds, but for the first, showed half a call before."""
    for _ in range(3):
        stream = take(traffic, f"{name} fx.Hot pause -n 1")
        assert [is_true(one) for one in stream if is_hit(one)] == [True], stream.outcome
        assert (stream.outcome.state, stream.outcome.lost) == ("SUCCEEDED", 0)
        assert stream.outcome.error is None


def test_calls_that_come_now_and_then_are_seen_whole_on_a_real_server(traffic: Session) -> None:
    """Of the rounds about one in four showed half a call before."""
    for name in (*["trace"] * 20, *["watch"] * pick(4, 20)):
        stream = take(traffic, f"{name} fx.Work order -n 1")
        assert [is_true(one) for one in stream if is_hit(one)] == [True], stream.outcome
        assert (stream.outcome.state, stream.outcome.lost) == ("SUCCEEDED", 0)


@pytest.mark.parametrize(
    "begin", ["trace fx.Hot pause", "watch fx.Hot pause 1", "stack fx.Hot pause"]
)
def test_no_call_on_a_real_server_is_taken_for_one_that_took_ten_seconds(
    traffic: Session, begin: str
) -> None:
    """Each of the rounds, stopped at its first result, counted half a call before."""
    list(take(traffic, f"{begin} -n 1"))
    for _ in range(3):
        stream = take(traffic, f"{begin} '#cost>10000' -n 1")
        counted = []
        for one in stream:
            if one.type != "enhancer":
                counted.append(is_hit(one))
                stream.interrupt()
        assert set(counted) == {False}
        assert stream.outcome.state == "INTERRUPTED"
        assert stream.outcome.remark.endswith("began before: not counted")
