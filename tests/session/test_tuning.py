"""What is asked of Arthas about its own queues, and when."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any

import pytest
from support.fake import FakeArthas, Target, faults
from support.post import post
from support.races import has_raced, run_again
from support.table import each_row
from support.waiting import PATIENCE_S, wait_for

from arthas_cli.config.settings import Connection
from arthas_cli.line.plan import Plan
from arthas_cli.session.consumer import Consumer
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream
from arthas_cli.session.tuning import (
    LARGE,
    SMALL,
    ask_number,
    choose_batch_size,
    choose_queue_size,
    is_tunable,
    make_batch_line,
    make_end_line,
    make_queue_line,
    make_waiting_line,
)
from arthas_cli.transport import open_transport

from .conftest import hit, pulled, run_in_thread

if TYPE_CHECKING:
    import pytest

    from arthas_cli.demo.target import Target as Jvm

    from .conftest import Clock, Fields, MakeScript


def number(value: int) -> Fields:
    return {"state": "SUCCEEDED", "body": {"results": [{"type": "ognl", "value": value}]}}


def test_a_size_that_is_on_its_way_is_not_overtaken_by_that_of_the_next_job(
    make_script: MakeScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has the last one; a greater one here would hide what it dropped."""
    monkeypatch.setattr("arthas_cli.session.consumer._RATE_OVER_S", 0.0)
    overtaken = threading.Event()
    preparing = threading.Thread(target=lambda: consumer.prepare(None))

    def answer_late() -> Fields:
        preparing.start()
        overtaken.wait(0.2)
        return number(LARGE)

    def answer_next() -> Fields:
        overtaken.set()
        return number(choose_queue_size(None))

    many = pulled(*[hit(1)] * 5_000)
    script = make_script(exec=[answer_late, answer_next], pull_results=[many])
    consumer = Consumer(Server(script), "s", "c")
    consumer.is_tuned = True
    consumer.pull()
    wait_for(lambda: len(script.actions) == 2)
    preparing.join()
    assert not any(thread.name == "steer" for thread in threading.enumerate())
    assert consumer.batch_size == SMALL


def connect(url: str, *, may_tune: bool = False) -> Server:
    return Server(open_transport(Connection(url=url), {}), may_tune=may_tune)


def open_raw_session(url: str) -> tuple[str, str]:
    opened = post(url, action="init_session")
    return opened["sessionId"], opened["consumerId"]


def test_a_real_consumer_gets_its_queue_and_batch_and_keeps_what_was_in_it(arthas: Jvm) -> None:
    server, ids = connect(arthas.url), open_raw_session(arthas.url)
    assert ask_number(server, make_queue_line(*ids, 700, 1)) == 700
    assert ask_number(server, make_waiting_line(*ids)) == 3
    pulled = [
        post(arthas.url, action="pull_results", sessionId=ids[0], consumerId=ids[1])
        for _ in range(3)
    ]
    types = [[result["type"] for result in answer["body"]["results"]] for answer in pulled]
    assert types == [["message"], ["welcome"], ["input_status"]]
    assert ask_number(server, make_batch_line(*ids, 20)) == 20
    post(arthas.url, action="close_session", sessionId=ids[0])


def test_the_size_of_everybody_elses_queues_stays_as_it_is(arthas: Jvm) -> None:
    server, ids = connect(arthas.url), open_raw_session(arthas.url)
    ask_number(server, make_queue_line(*ids, 700, 1))
    size = "@com.taobao.arthas.core.distribution.DistributorOptions@resultQueueSize"
    line = f"ognl --classLoaderClass com.taobao.arthas.agent.ArthasClassloader '{size}'"
    assert ask_number(server, line) == 50
    post(arthas.url, action="close_session", sessionId=ids[0])


def test_a_real_job_is_ended_and_its_hits_are_told(arthas: Jvm) -> None:
    server, (session_id, consumer_id) = connect(arthas.url), open_raw_session(arthas.url)
    session = {"sessionId": session_id, "consumerId": consumer_id}

    def pull(wanted: str) -> list[Any]:
        results: list[Any] = []
        while not {wanted, "status"}.intersection(result["type"] for result in results):
            results += post(arthas.url, session, action="pull_results")["body"]["results"]
        return results

    def watch() -> tuple[Any, list[Any]]:
        answer = post(arthas.url, session, action="async_exec", command="watch *MathGame run")
        return answer, pull("watch")

    answer, results = run_again(watch, lambda watched: not has_raced(watched[1]))
    hits = ask_number(server, make_end_line(answer["body"]["jobId"]))
    results += pull("status")
    assert hits == sum(result["type"] == "watch" for result in results)
    post(arthas.url, session, action="close_session")


def test_a_session_that_is_not_there_gives_no_number(arthas: Jvm) -> None:
    assert ask_number(connect(arthas.url), make_queue_line("nosuch", "nosuch_1", 700, 1)) is None


def test_a_server_that_answers_null_gives_no_number() -> None:
    with FakeArthas(target=Target(is_closed=True)) as fake:
        ids = open_raw_session(fake.url)
        assert ask_number(connect(fake.url), make_queue_line(*ids, 700, 1)) is None


def test_an_id_that_could_end_the_expression_is_not_tunable() -> None:
    assert is_tunable("0f7e-11", "775a_1")
    assert not is_tunable("0f7e-11", '"), #x=("')


@each_row(
    ("limit", "size"),
    [(None, 5_000), (1, 5_000), (20_000, 20_100), (49_900, 50_000), (1_000_000, 50_000)],
)
def test_a_queue_holds_all_that_a_limited_job_can_make_up_to_a_bound(
    limit: int | None, size: int
) -> None:
    assert choose_queue_size(limit) == size


@each_row(
    ("rate", "now", "size"),
    [
        (0, 1, 1),
        (199, 1, 1),
        (200, 1, 20),
        (1_999, 1, 20),
        (2_000, 1, 100),
        (101, 20, 20),
        (99, 20, 1),
        (1_001, 100, 100),
        (999, 100, 20),
        (99, 100, 1),
    ],
)
def test_batches_grow_with_the_rate_and_shrink_only_well_below_it(
    rate: float, now: int, size: int
) -> None:
    assert choose_batch_size(rate, now) == size


def test_what_waits_on_a_far_server_is_fetched_in_larger_batches_however_low_the_rate_seen(
    fake: FakeArthas,
) -> None:
    """Of one result a pull, each of which takes 50 ms, no more than 20 a second come."""
    fake.target.rate = 150
    with Session.open(connect(fake.url, may_tune=True)) as session:
        assert session.consumer.batch_size == SMALL
        fake.faults.next(faults.slow(0.05), times=math.inf, action="pull_results")
        stream = Stream(session, Plan("watch demo.MathGame run -n 9999", "watch", is_stream=True))
        reading = run_in_thread(lambda: list(stream))
        wait_for(lambda: session.consumer.batch_size > SMALL)
        stream.close()
        reading.join(PATIENCE_S)
        assert stream.outcome.lost == 0


def test_where_nothing_waits_that_is_asked_for_ever_more_rarely(
    make_script: MakeScript, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pull() -> Fields:
        clock.sleep(0.2)
        return pulled(hit(1))

    monkeypatch.setattr("arthas_cli.session.consumer.time", clock)
    script = make_script(exec=[number(0)] * 99, pull_results=[pull] * 500)
    consumer = Consumer(Server(script), "s", "c")
    consumer.is_tuned, consumer.batch_size = True, SMALL
    for _ in range(500):
        consumer.pull()
    wait_for(lambda: all(thread.name != "steer" for thread in threading.enumerate()))
    assert consumer.batch_size == SMALL
    assert 3 < script.actions.count("exec") < 12


def answer_of(value: object, *hashes: str) -> Fields:
    loaders = [{"hash": each} for each in hashes]
    result = {"type": "ognl", "jobId": 1, "value": value, "matchedClassLoaders": loaders}
    return {"state": "SUCCEEDED", "body": {"results": [result]}}


def test_of_several_arthas_in_the_jvm_the_one_that_runs_is_asked(make_script: MakeScript) -> None:
    answers = [answer_of(None, "5fbd3003", "104dd7f4"), answer_of(None), answer_of("@Integer[700]")]
    script = make_script(exec=[*answers])
    assert ask_number(Server(script), make_queue_line("s", "c", 700, 1)) == 700
    starts = [(asked.command or "")[:17] for asked in script.requests]
    assert starts == ["ognl --classLoade", "ognl -c 5fbd3003 ", "ognl -c 104dd7f4 "]


def test_a_choice_of_loaders_without_end_is_not_followed(make_script: MakeScript) -> None:
    script = make_script(exec=[answer_of(None, "5f"), answer_of(None, "5f")])
    assert ask_number(Server(script), make_queue_line("s", "c", 700, 1)) is None


def test_a_loader_is_a_hash_and_no_command(make_script: MakeScript) -> None:
    script = make_script(exec=[answer_of(None, "5f '1'")])
    assert ask_number(Server(script), make_queue_line("s", "c", 700, 1)) is None
    assert len(script.requests) == 1
