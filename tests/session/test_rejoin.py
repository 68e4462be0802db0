"""A consumer that the server has forgotten: joined anew, and the replay told from the news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.waiting import wait_for

from arthas_cli.errors import BadAnswer, Incomplete, NoServer, SessionLost
from arthas_cli.line.plan import Plan
from arthas_cli.session.replay import Replay
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream

from .conftest import (
    ALLOW_INPUT,
    ALLOW_INTERRUPT,
    COMMAND,
    JOB,
    NO_SESSION,
    SCHEDULED,
    WATCH,
    connect,
    hit,
    list_types,
    list_values,
    make_result,
    make_session,
    note,
    pulled,
    status,
)

if TYPE_CHECKING:
    import pytest
    from support.fake import FakeArthas

    from arthas_cli.protocol import Result

    from .conftest import Canned, Fields, MakeScript

DISABLED: Fields = {"type": "input_status", "jobId": 0, "inputStatus": "DISABLED"}
NO_CONSUMER: Fields = {"state": "FAILED", "message": "consumer not found: c"}
JOINED: Fields = {"state": "SUCCEEDED", "sessionId": "s", "consumerId": "c2"}
END = [status(), ALLOW_INPUT]


def timed(number: int, job_id: int = JOB) -> Fields:
    """A hit as the server makes them: its time tells it from the others, its value may change."""
    return {**hit(number, job_id), "ts": f"2026-01-01 00:00:00.{number:09}", "cost": 0.5}


def run(
    make_script: MakeScript, *pulls: Canned, limit: int | None = None
) -> tuple[list[object], Stream]:
    """Returns the values that a watch showed whose consumer is forgotten before the last pulls."""
    plan = Plan("watch a b", "watch", is_stream=True, limit=limit)
    script = make_script(pull_results=list(pulls), join_session=[JOINED] * 9)
    stream = Stream(make_session(script), plan)
    return list_values(stream), stream


def values(*numbers: int) -> list[str]:
    return [f"@Integer[{number}]" for number in numbers]


def results(*fields: Fields) -> list[Result]:
    return [make_result(each) for each in fields]


def test_what_was_shown_before_is_not_shown_again_and_nothing_is_lost(
    make_script: MakeScript,
) -> None:
    replay = [DISABLED, note("Welcome"), COMMAND, timed(1), timed(2), timed(3), ALLOW_INTERRUPT]
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1), timed(2)),
        NO_CONSUMER,
        pulled(*replay, timed(4)),
        pulled(timed(5), *END),
        limit=5,
    )
    assert shown == values(1, 2, 3, 4, 5)
    assert (stream.outcome.status, stream.outcome.lost, stream.outcome.error) == (0, 0, None)


def test_a_value_that_has_changed_since_is_known_again(make_script: MakeScript) -> None:
    changed = {**timed(2), "value": "@Integer[99]"}
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1), timed(2)),
        NO_CONSUMER,
        pulled(DISABLED, COMMAND, timed(1), changed, ALLOW_INTERRUPT, timed(3), *END),
        limit=3,
    )
    assert shown == values(1, 2, 3)
    assert stream.outcome.lost == 0


def test_the_end_in_a_replay_ends_the_job(make_script: MakeScript) -> None:
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1)),
        NO_CONSUMER,
        pulled(DISABLED, COMMAND, timed(1), timed(2), status(), ALLOW_INPUT),
    )
    assert shown == values(1, 2)
    assert (stream.outcome.status, stream.outcome.lost) == (0, 0)


def test_a_replay_that_does_not_reach_back_far_enough_may_have_left_some_out(
    make_script: MakeScript,
) -> None:
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1)),
        NO_CONSUMER,
        pulled(DISABLED, timed(52), timed(53), ALLOW_INTERRUPT),
        pulled(*END),
    )
    assert shown == values(1, 52, 53)
    assert stream.outcome.lost is None
    assert isinstance(stream.outcome.error, Incomplete)


def test_what_a_replay_left_out_is_counted_where_the_limit_tells(make_script: MakeScript) -> None:
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1)),
        NO_CONSUMER,
        pulled(DISABLED, timed(9), timed(10), *END),
        limit=10,
    )
    assert (shown, stream.outcome.lost) == (values(1, 9, 10), 7)


def test_a_job_of_which_nothing_was_seen_is_taken_from_its_command_on(
    make_script: MakeScript,
) -> None:
    shown, stream = run(
        make_script,
        NO_CONSUMER,
        pulled(DISABLED, timed(7, 6), note("old"), COMMAND, timed(1), ALLOW_INTERRUPT),
        pulled(*END),
        limit=1,
    )
    assert (shown, stream.outcome.lost) == (values(1), 0)


def test_a_job_whose_command_is_not_in_the_replay_may_have_sent_more(
    make_script: MakeScript,
) -> None:
    shown, stream = run(
        make_script, NO_CONSUMER, pulled(DISABLED, timed(8), timed(9), *END), pulled()
    )
    assert (shown, stream.outcome.lost) == (values(8, 9), None)


def test_who_has_stopped_a_job_may_have_been_told_in_the_part_of_a_replay_that_broke(
    make_script: MakeScript,
) -> None:
    shown, stream = run(
        make_script,
        NO_CONSUMER,
        pulled(DISABLED, *[note("old")] * 17, COMMAND, status()),
        BadAnswer("cut off"),
        pulled(),
        limit=1,
    )
    assert (shown, stream.outcome.status, stream.outcome.lost) == ([], 0, None)


# The server hands out a result while the consumer joins.


def test_a_result_that_ends_the_replay_and_comes_once_more_is_shown_once(
    make_script: MakeScript,
) -> None:
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1)),
        NO_CONSUMER,
        pulled(DISABLED, COMMAND, timed(1), timed(2), ALLOW_INTERRUPT),
        pulled(timed(2), timed(3), *END),
        limit=3,
    )
    assert (shown, stream.outcome.lost) == (values(1, 2, 3), 0)


def test_a_result_that_was_shown_before_the_replay_and_comes_once_more_is_shown_once(
    make_script: MakeScript,
) -> None:
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1)),
        NO_CONSUMER,
        pulled(DISABLED, COMMAND, timed(1), ALLOW_INTERRUPT, ALLOW_INTERRUPT, timed(1), timed(2)),
        pulled(*END),
        limit=2,
    )
    assert (shown, stream.outcome.lost) == (values(1, 2), 0)


def test_one_that_comes_twice_does_not_hide_one_that_is_missing(make_script: MakeScript) -> None:
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1)),
        NO_CONSUMER,
        pulled(DISABLED, COMMAND, timed(1), timed(2), ALLOW_INTERRUPT, timed(2)),
        BadAnswer("cut off"),
        pulled(timed(4), *END),
        limit=4,
    )
    assert (shown, stream.outcome.lost) == (values(1, 2, 4), 1)


def test_while_a_job_runs_none_may_have_come_between_the_replay_and_what_follows(
    make_script: MakeScript,
) -> None:
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1)),
        NO_CONSUMER,
        pulled(DISABLED, COMMAND, timed(1), ALLOW_INTERRUPT),
        pulled(timed(3), *END),
    )
    assert (shown, stream.outcome.lost) == (values(1, 3), None)
    assert str(stream.outcome.error) == (
        "some results may have been lost: the server had dropped this consumer, and more results"
        " may have come since"
    )


def test_an_end_that_came_between_the_replay_and_what_follows_is_asked_for(
    make_script: MakeScript,
) -> None:
    def pull_once_asked() -> Fields:
        wait_for(lambda: script.actions.count("async_exec") == 2)
        return pulled(ALLOW_INTERRUPT, status(job_id=8), ALLOW_INPUT)

    script = make_script(
        async_exec=[SCHEDULED, {"state": "SCHEDULED", "body": {"jobId": 8}}],
        join_session=[JOINED],
        pull_results=[
            pulled(COMMAND, timed(1)),
            NO_CONSUMER,
            pulled(DISABLED, COMMAND, timed(1), ALLOW_INTERRUPT),
            pulled(),
            pull_once_asked,
        ],
    )
    stream = Stream(make_session(script), WATCH)
    assert list_values(stream) == values(1)
    assert (stream.outcome.status, stream.outcome.lost) == (None, None)
    assert isinstance(stream.outcome.error, Incomplete)


def test_only_the_first_result_behind_a_replay_can_be_its_last_once_more(
    make_script: MakeScript,
) -> None:
    same = {"type": "watch", "jobId": JOB, "value": "@Integer[5]"}
    shown, stream = run(
        make_script,
        pulled(COMMAND, timed(1)),
        NO_CONSUMER,
        pulled(DISABLED, COMMAND, timed(1), same, ALLOW_INTERRUPT, timed(6), same, *END),
        limit=4,
    )
    assert (shown, stream.outcome.lost) == (values(1, 5, 6, 5), 0)


def test_what_a_consumer_brings_that_was_replaced_is_not_shown_twice(
    make_script: MakeScript,
) -> None:
    streams: list[Stream] = []

    def replace_first() -> Canned:
        streams[0]._session.consumer.replace("c2", None)  # noqa: SLF001 - as another thread does
        streams[0]._arrivals.expect_replay()  # noqa: SLF001 - likewise
        return pulled(COMMAND, timed(1))

    script = make_script(
        pull_results=[
            replace_first,
            pulled(DISABLED, COMMAND, timed(1), ALLOW_INTERRUPT, timed(2), *END),
        ]
    )
    streams.append(Stream(make_session(script), Plan("watch a b", "watch", is_stream=True)))
    assert list_values(streams[0]) == values(1, 2)


def test_a_consumer_forgotten_between_two_jobs_is_joined_before_the_next_one(
    make_script: MakeScript,
) -> None:
    script = make_script(
        join_session=[JOINED],
        pull_results=[
            NO_CONSUMER,
            pulled(DISABLED, note("Welcome"), timed(7, 6), status(job_id=6), ALLOW_INPUT, COMMAND),
            pulled(timed(1), *END),
        ],
    )
    session = make_session(script)
    session.consumer.loop.start()
    session.consumer.loop.resume()
    wait_for(lambda: session.consumer.is_stale)
    stream = Stream(session, WATCH)
    assert list_types(stream) == ["watch"]
    assert script.actions == ["join_session", "async_exec"]
    assert (stream.outcome.status, stream.outcome.lost) == (0, 0)


def test_a_consumer_that_has_not_pulled_for_minutes_is_joined_anew(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session.open(connect(fake.url)) as session:
        monkeypatch.setattr("arthas_cli.session.consumer._STALE_S", 0.0)
        fake.expire_consumers()
        stream = Stream(session, Plan("watch demo.MathGame run -n 3", "watch", is_stream=True))
        assert list_types(stream) == ["enhancer", "watch", "watch", "watch"]
        assert (stream.outcome.status, stream.outcome.lost) == (0, 0)


def test_a_job_that_the_server_stopped_for_want_of_a_consumer_is_said_to_be_stopped(
    fake: FakeArthas,
) -> None:
    with Session.open(connect(fake.url)) as session:
        line = "watch demo.MathGame run -n 100"
        stream = Stream(session, Plan(line, "watch", is_stream=True, limit=100))
        next(stream)
        fake.expire_consumers()
        fake.wait_for(lambda: not fake.jobs)
        list(stream)
        assert (stream.outcome.state, stream.outcome.status) == ("INTERRUPTED", 0)


def test_a_session_that_is_gone_with_its_consumer_is_lost(make_script: MakeScript) -> None:
    script = make_script(pull_results=[NO_CONSUMER], join_session=[NO_SESSION])
    stream = Stream(make_session(script), WATCH)
    assert list_types(stream) == []
    assert isinstance(stream.outcome.error, SessionLost)
    assert script.actions == ["async_exec", "join_session"]


def test_a_join_that_fails_is_tried_again(make_script: MakeScript) -> None:
    script = make_script(
        pull_results=[NO_CONSUMER, NO_CONSUMER, pulled(DISABLED, COMMAND, timed(1), *END)],
        join_session=[NoServer("away"), JOINED],
    )
    stream = Stream(make_session(script), WATCH)
    assert list_values(stream) == values(1)
    assert stream.outcome.status == 0


def test_a_server_that_forgets_each_consumer_is_given_up(make_script: MakeScript) -> None:
    script = make_script(
        pull_results=[NO_CONSUMER] * 6, join_session=[{**JOINED, "consumerId": "c"}] * 6
    )
    stream = Stream(make_session(script), WATCH)
    assert list_types(stream) == []
    assert isinstance(stream.outcome.error, SessionLost)
    assert script.actions.count("join_session") == 5


# The replay alone.


def test_nothing_is_told_before_the_whole_replay_has_come() -> None:
    replay = Replay(results(timed(1)))
    assert replay.take(results(DISABLED, timed(1)), JOB, is_last=False) is None
    assert replay.take(results(timed(2)), JOB, is_last=False) is None
    news = replay.take(results(ALLOW_INTERRUPT, timed(3)), JOB, is_last=False)
    assert news is not None
    assert [result.data["value"] for result in news.results] == values(2)
    assert [result.data.get("value") for result in news.later] == [None, *values(3)]
    assert news.is_whole


def test_a_replay_whose_end_was_dropped_ends_with_an_empty_queue() -> None:
    replay = Replay(results(timed(1)))
    news = replay.take(results(timed(60), timed(61)), JOB, is_last=True)
    assert news is not None
    assert (len(news.results), news.is_whole) == (2, False)


def test_a_replay_whose_end_was_dropped_is_no_longer_than_it_can_be() -> None:
    replay = Replay(results(timed(1)))
    assert replay.take(results(*[timed(n) for n in range(51)]), JOB, is_last=False) is None
    news = replay.take(results(timed(51)), JOB, is_last=False)
    assert news is not None
    assert (len(news.results), news.is_whole) == (50, True)


def test_results_that_are_all_the_same_are_not_shown_twice_but_may_be_too_few() -> None:
    same = {"type": "mbean", "jobId": JOB, "mbeanAttribute": {}}
    replay = Replay(results(same, same))
    news = replay.take(results(DISABLED, same, same, same, ALLOW_INTERRUPT), JOB, is_last=False)
    assert news is not None
    assert (news.results, news.is_whole) == ([], False)


def test_what_goes_before_tells_apart_two_results_that_are_the_same() -> None:
    same = {"type": "mbean", "jobId": JOB, "mbeanAttribute": {}}
    replay = Replay(results(timed(1), same))
    news = replay.take(results(timed(1), same, timed(2), same), JOB, is_last=True)
    assert news is not None
    assert len(news.results) == 2
    assert news.is_whole


def test_where_the_last_result_was_dropped_those_before_it_are_not_shown_twice() -> None:
    replay = Replay(results(timed(1), timed(2), timed(3)))
    news = replay.take(results(timed(1), timed(2), timed(9)), JOB, is_last=True)
    assert news is not None
    assert [result.data["value"] for result in news.results] == values(9)
    assert not news.is_whole
