"""A real Arthas behind a proxy that spoils answers: how jobs end, and what is left behind."""

from __future__ import annotations

import os
import re
import signal
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import pytest
from support.fake import faults
from support.inside import count_jobs, forget_consumers, is_open, set_rate
from support.post import post
from support.proxy import FaultProxy
from support.waiting import PATIENCE_S, wait_for, within

from arthas_cli.catalogue.model import load_commands
from arthas_cli.demo.target import start_target
from arthas_cli.errors import ArthasShellError, BadAnswer, Incomplete, NoServer, ServerError
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.session.orphans import list_jobs
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream

from .conftest import connect, run_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arthas_cli.demo.target import Target
    from arthas_cli.protocol import Result

    Shown: TypeAlias = list[Result]

HITS = 60
RATE = 200.0
WATCH = "watch fx.Hot hit '{params[0]}'"

pytestmark = pytest.mark.usefixtures("no_thread_left")
# No test takes so long; one that waits for calls that never come ends with it.
_MAX_S = 60.0
# Less than a server that is away is tried for, but where a test says so.
_NOT_AWAY_S = 25.0


@pytest.fixture(scope="module")
def server(fixture_jvm: Target) -> Iterator[str]:
    """The real server's own address; after all that was done to it a watch works as before."""
    yield fixture_jvm.url
    set_rate(fixture_jvm.url, RATE)
    with Session.open(connect(fixture_jvm.url)) as session:
        stream = watch(session)
        assert_is_accounted_for(stream, list(stream))
        assert (stream.outcome.status, stream.outcome.lost) == (0, 0)
    set_rate(fixture_jvm.url, 0)


@pytest.fixture
def url(server: str) -> Iterator[str]:
    """The same, while the watched method is called; no job is left afterwards."""
    set_rate(server, RATE)
    yield server
    wait_for(lambda: count_jobs(server) == 0, lambda: list_jobs(connect(server)))


@pytest.fixture
def proxy(url: str) -> Iterator[FaultProxy]:
    with FaultProxy(url) as proxy:
        yield proxy


@pytest.fixture(params=[False, True], ids=["plain", "tuned"])
def session(request: pytest.FixtureRequest, proxy: FaultProxy, url: str) -> Iterator[Session]:
    """A session behind the proxy, tuned and not, of which nothing is left afterwards."""
    session = Session.open(connect(proxy.url, may_tune=request.param))
    assert session.consumer.is_tuned == request.param
    yield session
    session.close()
    assert not is_open(url, session.id)


def watch(session: Session, limit: int = HITS) -> Stream:
    plan = make_plan(parse_line(f"{WATCH} -n {limit}", load_commands()))
    return Stream(session, plan, deadline_s=_MAX_S)


def count_hits(shown: Iterable[Result]) -> int:
    return sum(result.type == "watch" for result in shown)


def assert_is_accounted_for(stream: Stream, shown: Shown) -> None:
    """A number is right; where none is given, that is an error."""
    if stream.outcome.lost is None:
        assert isinstance(stream.outcome.error, ArthasShellError)
    else:
        assert count_hits(shown) + stream.outcome.lost == HITS
        assert count_gaps(shown) <= stream.outcome.lost


def count_gaps(shown: Shown) -> int:
    """Counts the calls that are missing between those shown, by their numbers."""
    found = [re.search(r"\d+", str(hit.data["value"])) for hit in shown if hit.type == "watch"]
    numbers = [int(match[0]) for match in found if match]
    assert numbers == sorted(set(numbers))
    return numbers[-1] - numbers[0] + 1 - len(numbers)


PULL_FAULTS = {
    "late": faults.slow(0.3),
    "cut before the headers": faults.cut_before_headers,
    "cut in the headers": faults.cut_in_headers,
    "cut in the body": faults.cut_in_body,
    "half of its JSON": faults.truncated,
    "to another request": faults.other_request,
    "HTTP 500, nothing done": faults.server_error,
    "HTTP 500, done": faults.swallow,
}


@pytest.mark.parametrize("fault", PULL_FAULTS.values(), ids=PULL_FAULTS)
def test_a_pull_with_an_odd_answer_is_survived_and_accounted_for(
    proxy: FaultProxy, session: Session, fault: faults.Fault
) -> None:
    stream = watch(session)
    shown = [next(stream) for _ in range(3)]
    proxy.faults.next(fault, action="pull_results")
    shown += stream
    assert (stream.outcome.state, stream.outcome.status) == ("SUCCEEDED", 0)
    assert stream.outcome.lost is not None
    assert_is_accounted_for(stream, shown)


@pytest.mark.parametrize("fault", [faults.cut_in_body, faults.swallow])
def test_an_end_that_broke_with_its_answer_is_said_to_be_lost(
    proxy: FaultProxy, url: str, fault: faults.Fault
) -> None:
    set_rate(url, -1)
    with Session.open(connect(proxy.url)) as session:
        stream = watch(session, 1)
        proxy.faults.next(fault, times=3, action="pull_results")
        list(stream)
        assert (stream.outcome.status, stream.outcome.lost) == (None, None)
        assert isinstance(stream.outcome.error, (Incomplete, ServerError))


def test_a_burst_of_http_500_ends_the_job(proxy: FaultProxy, session: Session, url: str) -> None:
    stream = watch(session, 10_000)
    next(stream)
    proxy.faults.next(faults.server_error, times=5, action="pull_results")
    list(stream)
    assert isinstance(stream.outcome.error, ServerError)
    assert stream.outcome.lost is None
    wait_for(lambda: count_jobs(url) == 0, lambda: list_jobs(connect(url)))


def test_a_pull_that_stalls_is_given_up_and_what_it_brought_counted_as_lost(
    proxy: FaultProxy, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = watch(session)
    shown = [next(stream) for _ in range(3)]
    proxy.faults.next(faults.slow(1.5), action="pull_results")
    monkeypatch.setattr("arthas_cli.session.consumer.PULL_S", 0.5)
    shown += stream
    assert stream.outcome.status == 0
    assert_is_accounted_for(stream, shown)


def test_a_job_that_the_server_stops_while_a_pull_stalls_gives_no_wrong_number(
    proxy: FaultProxy, session: Session, url: str
) -> None:
    set_rate(url, 20_000)  # fills a tuned queue, too, within a second
    proxy.faults.next(faults.slow(2.5), skip=3, action="pull_results")
    stream = watch(session, 1_000_000)
    list(stream)
    assert stream.outcome.lost is None  # what says that it was stopped may itself be lost


@pytest.mark.parametrize(
    "fault",
    [faults.cut_before_headers, faults.cut_in_headers, faults.cut_in_body, faults.slow(1.3)],
    ids=["before the headers", "in the headers", "in the body", "late"],
)
def test_an_interrupt_whose_answer_breaks_ends_the_job_all_the_same(
    proxy: FaultProxy, session: Session, url: str, fault: faults.Fault
) -> None:
    set_rate(url, 20)
    stream = watch(session, 100_000)
    shown = [next(stream) for _ in range(3)]
    proxy.faults.next(fault, action="interrupt_job")
    interrupting = run_in_thread(stream.interrupt)
    shown += stream
    interrupting.join(PATIENCE_S)
    assert (stream.outcome.state, stream.outcome.status) == ("INTERRUPTED", 0)
    # A machine that stands still for 2.5 s lets the queue run full; then no number is given.
    assert stream.outcome.lost is None or count_gaps(shown) == stream.outcome.lost == 0


def test_an_interrupt_on_a_hot_method_whose_answers_all_break_gives_no_wrong_number(
    proxy: FaultProxy, session: Session, url: str
) -> None:
    set_rate(url, 2_000)
    stream = watch(session, 100_000)
    shown = list(islice(stream, 300))  # fewer where the server stops it: it was pulled too slowly
    proxy.faults.next(faults.cut_in_body, action="exec", times=2)
    proxy.faults.next(faults.cut_in_body, action="interrupt_job", times=2)
    stream.interrupt()
    shown += stream
    assert len(shown) < 300 or stream.outcome.state == "INTERRUPTED"
    assert stream.outcome.lost is None or count_gaps(shown) == stream.outcome.lost == 0


def test_a_start_whose_answer_broke_leaves_no_job(
    proxy: FaultProxy, session: Session, url: str
) -> None:
    proxy.faults.next(faults.cut_in_body, action="async_exec")
    stream = watch(session)
    assert list(stream) == []
    assert isinstance(stream.outcome.error, BadAnswer)
    assert stream.outcome.lost is None
    wait_for(lambda: count_jobs(url) == 0, lambda: list_jobs(connect(url)))
    again = watch(session)
    shown = list(again)
    assert again.outcome.status == 0
    assert_is_accounted_for(again, shown)


def test_a_close_whose_answer_broke_leaves_no_session(
    proxy: FaultProxy, session: Session, url: str
) -> None:
    next(watch(session, 100_000))
    proxy.faults.next(faults.cut_before_headers, action="close_session")
    session.close()
    assert not is_open(url, session.id)


def test_a_consumer_that_was_forgotten_loses_nothing_unsaid(session: Session, url: str) -> None:
    set_rate(url, 20)
    stream = watch(session)
    shown = [next(stream) for _ in range(5)]
    forget_consumers(url, session.id)
    shown += stream
    assert stream.outcome.status == 0
    assert count_gaps(shown) == 0
    if stream.outcome.state == "SUCCEEDED":  # else the server stopped it for want of a consumer
        assert_is_accounted_for(stream, shown)


def test_a_consumer_that_was_forgotten_between_two_jobs_is_replaced_before_the_second(
    session: Session, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(watch(session, 3))
    forget_consumers(url, session.id)
    monkeypatch.setattr("arthas_cli.session.consumer._STALE_S", 0.0)
    stream = watch(session, 40)  # however late it is replaced: no queue is full of so few
    shown = list(stream)
    assert stream.outcome.status == 0
    assert count_hits(shown) == 40
    assert stream.outcome.lost == 0


@pytest.mark.jvm
def test_a_jvm_that_dies_while_a_stream_runs_is_said_to_be_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull.AWAY_S", 0.5)
    with start_target() as target, Session.open(connect(target.url)) as session:
        plan = make_plan(parse_line("watch demo.MathGame primeFactors", load_commands()))
        stream = Stream(session, plan)
        next(stream)
        os.kill(target.pid, signal.SIGKILL)
        with within(_NOT_AWAY_S):
            list(stream)
        error = stream.outcome.error
        assert isinstance(error, NoServer)
        assert error.message.startswith("nothing listens on 127.0.0.1:")
        assert stream.outcome.lost is None


@pytest.mark.jvm
def test_a_server_that_is_stopped_while_a_stream_runs_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull.AWAY_S", 0.5)
    with start_target() as target, Session.open(connect(target.url)) as session:
        plan = make_plan(parse_line("watch demo.MathGame primeFactors", load_commands()))
        stream = Stream(session, plan)
        next(stream)
        with within(_NOT_AWAY_S):
            stopping = run_in_thread(lambda: stop(target.url))
            list(stream)
        assert isinstance(stream.outcome.error, ArthasShellError)
        stopping.join(PATIENCE_S)


def stop(url: str) -> None:
    with suppress(ConnectionError):  # closed, reset or answered, as it happens
        post(url, action="exec", command="stop")
