"""A job in a session: its results, its end, its interrupt, its deadline, what breaks on the way."""

from __future__ import annotations

import math
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import pytest
from support.fake import Call, Command, FakeArthas, faults
from support.waiting import PATIENCE_S, wait_for, within

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    CommandFailed,
    DeadlineReached,
    Incomplete,
    Interrupted,
    NoServer,
    Refused,
    ServerError,
    SessionLost,
    TimedOut,
    Unauthorized,
    UnknownCommand,
)
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import Bound, Plan, make_plan
from arthas_cli.session.arrivals import Arrivals
from arthas_cli.session.interrupt import Interrupt
from arthas_cli.session.job_state import JobState
from arthas_cli.session.loss import LossAccount
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream

from .conftest import (
    ALLOW_INPUT,
    ALLOW_INTERRUPT,
    BUSY,
    COMMAND,
    ENDLESS,
    JOB,
    NO_JOB,
    NO_SESSION,
    SCHEDULED,
    SUCCEEDED,
    WATCH,
    connect,
    hit,
    list_types,
    list_values,
    make_result,
    make_session,
    note,
    pulled,
    run_in_thread,
    status,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from support.fake.queues import Result

    from .conftest import Canned, Clock, Fields, MakeScript, Script

RACE = "someone else is enhancing classes, pls. wait."
RACE_ENHANCER: Fields = {"type": "enhancer", "jobId": 7, "success": False, "message": RACE}
ENHANCER: Fields = {"type": "enhancer", "jobId": 7, "success": True, "effect": {"classCount": 1}}
STOPPED = note("all consumers are unhealthy, current job was interrupted.")
END = [status(), ALLOW_INPUT]
ENHANCING = WATCH._replace(enhances=True)
ENHANCED = {"type": "enhancer", "jobId": JOB, "success": True, "effect": {"classCount": 1}}
RAN_FULL = "its queue on the server, of 50, ran full"
ENDED = "another user, or the server for lack of room, ended it before its limit"
LOST_END = "the end of the answer was lost, and maybe results before it"


def watch(limit: int | None = None, *, line: str = "watch demo.MathGame primeFactors") -> Plan:
    plan_line = line if limit is None else f"{line} -n {limit}"
    return Plan(plan_line, "watch", is_stream=True, is_interruptible=True, limit=limit)


def scheduled(job_id: int) -> Fields:
    return {"state": "SCHEDULED", "body": {"jobId": job_id}}


def start(fake: FakeArthas, plan: Plan | None = None, *, deadline_s: float | None = None) -> Stream:
    """Returns a stream in a session of its own on the fake."""
    session = Session.open(connect(fake.url))
    return Stream(session, plan or watch(), deadline_s=deadline_s, owns_session=True)


def replay(script: Script, plan: Plan = WATCH, *, deadline_s: float | None = None) -> Stream:
    """Returns a stream in a session that is welcomed, as the shell has them."""
    return Stream(make_session(script), plan, deadline_s=deadline_s)


def make_turn(stream: Stream) -> threading.Lock:
    """Returns what is held by the command that is enhancing."""
    return stream._session.server.enhancing  # noqa: SLF001 - what the test is about


def find_error(stream: Stream) -> tuple[type[ArthasShellError], str]:
    assert stream.outcome.error is not None
    return type(stream.outcome.error), stream.outcome.error.message


# Results and how they end.


def test_results_come_in_order_and_nothing_else_is_shown(make_script: MakeScript) -> None:
    script = make_script(
        pull_results=[
            pulled(COMMAND, ALLOW_INTERRUPT, ENHANCER, hit(1)),
            pulled(),
            pulled({"type": "welcome", "jobId": 0}, hit(2), hit(3), *END),
        ]
    )
    stream = replay(script)
    assert [result.data.get("value") for result in stream] == [
        None,
        "@Integer[1]",
        "@Integer[2]",
        "@Integer[3]",
    ]


def test_the_end_is_the_status_of_the_job(fake: FakeArthas) -> None:
    stream = start(fake, watch(3))
    assert list_types(stream) == ["enhancer", "watch", "watch", "watch"]
    outcome = stream.outcome
    assert (outcome.state, outcome.status, outcome.message) == ("SUCCEEDED", 0, None)
    assert (outcome.lost, outcome.error) == (0, None)
    assert outcome.elapsed_ms > 0


def test_a_status_with_a_message_carries_it(make_script: MakeScript) -> None:
    stream = replay(make_script(pull_results=[pulled(status(0, "Process ends after 2 time(s)."))]))
    list(stream)
    assert stream.outcome.message == "Process ends after 2 time(s)."


def test_a_status_that_is_not_0_is_a_failure(fake: FakeArthas) -> None:
    stream = start(fake, watch(line="watch demo.MathGame nosuch"))
    assert list_types(stream) == ["enhancer"]
    assert (stream.outcome.state, stream.outcome.status) == ("SUCCEEDED", -1)
    assert isinstance(stream.outcome.error, CommandFailed)


def test_after_the_end_nothing_is_pulled(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(*END)])
    stream = replay(script)
    assert list_types(stream) == list_types(stream) == []
    assert script.pulls == 1


def test_the_outcome_stays_as_it_was_at_the_end(make_script: MakeScript) -> None:
    stream = replay(make_script(pull_results=[pulled(*END)]))
    list(stream)
    outcome = stream.outcome
    stream.interrupt()
    list(stream)
    assert stream.outcome is outcome


def test_without_its_status_a_job_ends_when_input_is_allowed(make_script: MakeScript) -> None:
    stream = replay(make_script(pull_results=[pulled(hit(9), ALLOW_INPUT)]))
    assert list_values(stream) == ["@Integer[9]"]
    assert (stream.outcome.state, stream.outcome.status, stream.outcome.lost) == (None, None, None)
    assert find_error(stream) == (Incomplete, LOST_END)


def test_results_and_the_end_of_other_jobs_in_the_queue_are_passed_over(
    make_script: MakeScript,
) -> None:
    left_over = [ALLOW_INTERRUPT, hit(8, 6), status(-1, "other", 6), ALLOW_INPUT]
    script = make_script(pull_results=[pulled(*left_over), pulled(COMMAND, hit(1), *END)])
    stream = replay(script)
    assert list_values(stream) == ["@Integer[1]"]
    assert (stream.outcome.status, stream.outcome.error) == (0, None)


def test_a_message_of_no_job_is_shown(make_script: MakeScript) -> None:
    stream = replay(make_script(pull_results=[pulled(note("hello"), *END)]))
    assert list_types(stream) == ["message"]


def test_two_jobs_run_in_one_session_one_after_the_other(fake: FakeArthas) -> None:
    with Session.open(connect(fake.url)) as session:
        for _ in range(2):
            stream = Stream(session, Plan("echo a", "echo"))
            assert list_types(stream) == ["echo"]
            stream.close()
            assert stream.outcome.error is None
        assert len(fake.sessions) == 1


def test_a_stopped_job_disturbs_the_next_one_of_its_session_in_nothing(fake: FakeArthas) -> None:
    with Session.open(connect(fake.url)) as session:
        first = Stream(session, watch())
        next(first)
        first.close()
        second = Stream(session, Plan("echo a", "echo"))
        assert list_types(second) == ["echo"]
        assert second.outcome.error is None


def test_a_failure_between_two_jobs_is_not_the_next_ones(make_script: MakeScript) -> None:
    session = make_session(make_script(pull_results=[pulled(*END)]))
    session.consumer.loop.answers.put(NoServer("away"))
    stream = Stream(session, WATCH)
    list(stream)
    assert (stream.outcome.lost, stream.outcome.error) == (0, None)


# What was lost.


def test_what_a_full_queue_dropped_is_counted_by_the_limit(fake: FakeArthas) -> None:
    fake.target.rate = None
    stream = start(fake, watch(3000))
    shown = len(list_values(stream))
    stream.close()
    assert stream.outcome.lost is not None
    assert shown + stream.outcome.lost == 3000


def test_lost_results_are_an_error_that_says_how_many(make_script: MakeScript) -> None:
    pulls: list[Canned] = [pulled(*[hit(n) for n in range(20)]) for _ in range(3)]
    stream = replay(make_script(pull_results=[*pulls, pulled(*END)]), watch(65))
    list(stream)
    assert (stream.outcome.lost, find_error(stream)) == (
        5,
        (Incomplete, "5 results were lost: " + RAN_FULL),
    )


def test_without_a_limit_a_full_queue_may_have_dropped_some(make_script: MakeScript) -> None:
    pulls: list[Canned] = [pulled(*[hit(n) for n in range(20)]) for _ in range(3)]
    stream = replay(make_script(pull_results=[*pulls, pulled(*END)]))
    list(stream)
    assert stream.outcome.lost is None
    assert find_error(stream) == (
        Incomplete,
        "some results may have been lost: " + RAN_FULL,
    )


def test_a_job_that_the_server_stopped_has_not_reached_its_limit(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(hit(1), *END, STOPPED)])
    stream = replay(script, watch(100))
    assert list_types(stream) == ["watch", "message"]
    assert (stream.outcome.state, stream.outcome.lost) == ("INTERRUPTED", None)


# The queue was full, and stays so to the end.
LEAVING_MUCH: list[Canned] = [pulled(*[hit(n) for n in range(20)]) for _ in range(3)]
FULL_TO_THE_END = pulled(*[hit(n) for n in range(18)], *END)


def test_what_the_server_says_behind_the_end_is_waited_for_where_it_matters(
    make_script: MakeScript,
) -> None:
    script = make_script(pull_results=[*LEAVING_MUCH, FULL_TO_THE_END, pulled(STOPPED)])
    stream = replay(script, watch(100))
    assert list_types(stream) == ["watch"] * 78 + ["message"]
    assert (stream.outcome.state, stream.outcome.lost) == ("INTERRUPTED", None)


def test_where_nothing_stands_behind_the_end_the_limit_was_reached(
    make_script: MakeScript,
) -> None:
    script = make_script(pull_results=[*LEAVING_MUCH, FULL_TO_THE_END, pulled()])
    stream = replay(script, watch(100))
    assert list_types(stream) == ["watch"] * 78
    assert (stream.outcome.state, stream.outcome.lost) == ("SUCCEEDED", 22)


def test_where_what_stands_behind_the_end_is_lost_no_number_is_given(
    make_script: MakeScript,
) -> None:
    script = make_script(pull_results=[*LEAVING_MUCH, FULL_TO_THE_END, BadAnswer("cut off")])
    stream = replay(script, watch(100))
    assert list_types(stream) == ["watch"] * 78
    assert (stream.outcome.state, stream.outcome.lost) == ("SUCCEEDED", None)


def test_what_the_server_said_of_a_job_before_is_not_ours(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(STOPPED, COMMAND, hit(1), *END)])
    stream = replay(script)
    list(stream)
    assert (stream.outcome.state, stream.outcome.lost) == ("SUCCEEDED", 0)


def test_a_job_that_ended_short_of_its_limit_was_stopped_by_somebody(
    make_script: MakeScript,
) -> None:
    stream = replay(make_script(pull_results=[pulled(hit(1), *END)]), watch(100))
    assert list_types(stream) == ["watch"]
    assert (stream.outcome.state, stream.outcome.lost) == ("INTERRUPTED", 0)
    assert find_error(stream) == (CommandFailed, "another user ended 'watch'")


def test_a_job_that_ended_short_of_its_limit_may_have_been_stopped_by_the_server(
    make_script: MakeScript,
) -> None:
    """The queue of ten before the consumers' may have been full, and one was dropped there."""
    hits = [hit(number) for number in range(10)]
    stream = replay(make_script(pull_results=[pulled(*hits, *END)]), watch(100))
    list(stream)
    assert (stream.outcome.state, stream.outcome.lost) == ("INTERRUPTED", None)
    assert find_error(stream) == (
        Incomplete,
        f"some results may have been lost: {ENDED}",
    )
    assert stream.outcome.error is not None
    assert stream.outcome.error.hint == (
        "run it again, with a narrower condition where many results come"
    )


def test_a_job_that_was_ended_from_without_was_ended_by_somebody_else(
    make_script: MakeScript,
) -> None:
    script = make_script(pull_results=[pulled(COMMAND, hit(1), status(-10), ALLOW_INPUT)])
    stream = replay(script)
    list(stream)
    assert (stream.outcome.state, stream.outcome.status) == ("INTERRUPTED", -10)
    assert find_error(stream) == (CommandFailed, "another user ended 'watch'")


@pytest.mark.parametrize(("job_timeout_s", "lost"), [(0, None), (3600, 22)])
def test_a_job_that_ran_as_long_as_the_server_lets_it_has_not_reached_its_limit(
    make_script: MakeScript, job_timeout_s: int, lost: int | None
) -> None:
    script = make_script(pull_results=[*LEAVING_MUCH, FULL_TO_THE_END, pulled()])
    server = Server(script, job_timeout_s=job_timeout_s)
    plan = watch(100)._replace(bound=Bound(5, "--timeout", 1000))
    stream = Stream(Session(server, "s", "c"), plan)
    assert list_types(stream) == ["watch"] * 78
    assert (stream.outcome.state, stream.outcome.lost) == ("SUCCEEDED", lost)


# Interrupt and close.


def test_an_interrupt_from_another_thread_ends_it_with_its_status(fake: FakeArthas) -> None:
    stream = start(fake)
    assert next(stream).type == "enhancer"
    run_in_thread(stream.interrupt)
    list(stream)
    assert (stream.outcome.state, stream.outcome.status) == ("INTERRUPTED", 0)
    assert (stream.outcome.lost, stream.outcome.error) == (0, None)
    assert fake.jobs == []


def test_an_interrupted_job_has_not_reached_its_limit(make_script: MakeScript) -> None:
    script = make_script(
        pull_results=[pulled(*[hit(n) for n in range(20)])] * 3 + [pulled(hit(21), *END)]
    )
    stream = replay(script, watch(100))
    next(stream)
    stream.interrupt()
    list(stream)
    assert (stream.outcome.state, stream.outcome.lost) == ("INTERRUPTED", None)


def test_after_the_end_an_interrupt_sends_nothing(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(*END)])
    stream = replay(script)
    list(stream)
    stream.interrupt()
    assert script.actions == ["async_exec"]
    assert stream.outcome.state == "SUCCEEDED"


def test_a_second_interrupt_changes_nothing(make_script: MakeScript) -> None:
    script = make_script(
        pull_results=[pulled(hit(1)), pulled(*END)], interrupt_job=[SUCCEEDED, NO_JOB]
    )
    stream = replay(script)
    next(stream)
    stream.interrupt()
    stream.interrupt()
    list(stream)
    assert stream.outcome.state == "INTERRUPTED"


def test_an_interrupt_that_comes_too_late_did_not_end_it(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(hit(1)), pulled(*END)], interrupt_job=[NO_JOB])
    stream = replay(script)
    next(stream)
    stream.interrupt()
    list(stream)
    assert stream.outcome.state == "SUCCEEDED"


def test_an_interrupt_before_the_start_sends_nothing_ever(make_script: MakeScript) -> None:
    script = make_script()
    stream = replay(script)
    stream.interrupt()
    assert list_types(stream) == []
    assert (script.actions, stream.outcome.state) == ([], None)
    assert find_error(stream) == (Interrupted, "interrupted before it began")


def test_an_interrupt_while_it_starts_is_sent_once_it_has(make_script: MakeScript) -> None:
    streams: list[Stream] = []

    def interrupt_first() -> Canned:
        streams[0].interrupt()
        return SCHEDULED

    script = make_script(async_exec=[interrupt_first], pull_results=[pulled(*END)])
    streams.append(replay(script))
    list(streams[0])
    assert script.actions == ["async_exec", "interrupt_job"]
    assert streams[0].outcome.state == "INTERRUPTED"


def test_what_has_no_handler_is_said_to_run_on_after_an_interrupt(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.interrupt._END_AFTER_S", 1.0)
    stream = start(fake, ENDLESS, deadline_s=60)
    interrupting = run_in_thread(lambda: interrupt_once_running(fake, stream))
    assert list_types(stream) == []
    interrupting.join()
    assert (stream.outcome.state, stream.outcome.status, stream.outcome.lost) == (None, None, None)
    assert find_error(stream) == (
        CommandFailed,
        ("Arthas cannot interrupt 'endless', which keeps running"),
    )
    stream.close()


def interrupt_once_running(fake: FakeArthas, stream: Stream) -> None:
    fake.wait_for(lambda: fake.jobs)
    stream.interrupt()


def test_an_end_that_never_comes_is_lost_where_no_job_ran(
    make_script: MakeScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.interrupt._END_AFTER_S", 0.0)
    stream = replay(make_script(pull_results=[pulled(hit(1))], interrupt_job=[NO_JOB]))
    next(stream)
    stream.interrupt()
    assert list_types(stream) == []
    assert find_error(stream) == (Incomplete, LOST_END)


def test_what_cannot_be_stopped_is_waited_for_no_longer_for_the_results_it_sends(
    make_script: MakeScript, clock: Clock
) -> None:
    own: Fields = {"type": "endless", "jobId": JOB}

    def answer_late() -> Fields:
        wait_for(lambda: "interrupt_job" in script.actions)
        clock.sleep(1.0)
        return pulled(own)

    def wait_in_vain() -> Fields:
        clock.sleep(1.5)
        script.closing.wait(PATIENCE_S)
        return NO_SESSION

    script = make_script(pull_results=[pulled(own), answer_late, answer_late, wait_in_vain])
    stream = replay(script, ENDLESS)
    next(stream)
    stream.interrupt()
    assert list_types(stream) == ["endless", "endless"]
    assert find_error(stream) == (
        CommandFailed,
        ("Arthas cannot interrupt 'endless', which keeps running"),
    )


def test_an_interrupt_that_was_not_answered_is_not_sent_again_once_the_job_has_ended(
    make_script: MakeScript,
) -> None:
    def end_first() -> Canned:
        assert list_types(stream) == []
        return TimedOut("slow")

    script = make_script(pull_results=[pulled(hit(1)), pulled(*END)], interrupt_job=[end_first])
    stream = replay(script)
    next(stream)
    stream.interrupt()
    assert script.actions == ["async_exec", "interrupt_job"]


def test_an_interrupt_that_was_not_answered_is_not_sent_again_to_another_job(
    make_script: MakeScript,
) -> None:
    _, actions = interrupt_while_another_starts(make_script, TimedOut("slow"))
    assert actions == ["interrupt_job"]


def test_that_there_is_no_job_any_more_does_not_deny_an_interrupt_to_the_next(
    make_script: MakeScript,
) -> None:
    interrupt, _ = interrupt_while_another_starts(make_script, NO_JOB)
    assert interrupt.is_asked


def interrupt_while_another_starts(
    make_script: MakeScript, answer: Canned
) -> tuple[Interrupt, list[str]]:
    """Interrupts a job that is started anew, after a race, before the answer comes."""

    def start_another_first() -> Canned:
        Arrivals(job_state).take([make_result(status(-1, RACE))], 20)
        job_state.forget_start()
        job_state.begin(JOB + 1)
        return answer

    job_state = JobState(LossAccount())
    job_state.begin(JOB)
    script = make_script(interrupt_job=[start_another_first])
    interrupt = Interrupt(make_session(script), WATCH, job_state)
    interrupt.send()
    return interrupt, script.actions


def test_closing_a_running_stream_stops_it_and_gives_its_session_back(fake: FakeArthas) -> None:
    stream = start(fake)
    next(stream)
    stream.close()
    assert (fake.jobs, fake.sessions) == ([], [])


def test_closing_a_running_stream_leaves_a_session_that_is_not_its_own(fake: FakeArthas) -> None:
    with Session.open(connect(fake.url)) as session:
        stream = Stream(session, watch())
        next(stream)
        stream.close()
        assert (fake.jobs, len(fake.sessions)) == ([], 1)


def test_closing_a_stream_that_has_ended_sends_nothing(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(*END)])
    stream = replay(script)
    list(stream)
    stream.close()
    assert script.actions == ["async_exec"]


def test_closing_a_stream_of_a_server_that_is_gone_is_no_error(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(hit(1))], interrupt_job=[NoServer("gone")])
    stream = replay(script)
    next(stream)
    stream.close()


def test_whoever_waits_for_a_result_is_let_go_when_the_session_is_closed(
    fake: FakeArthas,
) -> None:
    fake.target.rate = 0.01
    stream = start(fake)
    next(stream)
    waiting = run_in_thread(lambda: list(stream))
    stream.close()
    waiting.join(PATIENCE_S)
    assert not waiting.is_alive()


# The deadline.


def test_the_deadline_stops_the_job(fake: FakeArthas, clock: Clock) -> None:
    stream = start(fake, deadline_s=20)
    assert next(stream).type == "enhancer"
    clock.sleep(20)
    list(stream)
    assert (stream.outcome.state, stream.outcome.status) == ("INTERRUPTED", 0)
    assert find_error(stream) == (DeadlineReached, "the deadline of 20 s passed")
    assert fake.jobs == []


def test_the_deadline_lets_go_of_what_cannot_be_stopped(
    fake: FakeArthas, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.interrupt._LATE_S", 100.0)
    stream = start(fake, ENDLESS, deadline_s=20)

    def let_time_pass() -> None:
        wait_for(lambda: stream.has_begun)
        clock.sleep(20)
        wait_for(lambda: fake.requests[-1].action == "interrupt_job")
        clock.sleep(10)

    run_in_thread(let_time_pass)
    assert list_types(stream) == []
    stream.close()
    assert find_error(stream) == (
        DeadlineReached,
        "the deadline of 20 s passed; Arthas cannot interrupt 'endless', which keeps running",
    )


def test_the_deadline_holds_however_fast_results_come(
    make_script: MakeScript, clock: Clock
) -> None:
    script = make_script(pull_results=[pulled(hit(n)) for n in range(50)] + [pulled(*END)])
    stream = replay(script, deadline_s=20)
    next(stream)
    wait_for(lambda: script.pulls == 51)
    clock.sleep(20)
    list(stream)
    assert find_error(stream)[0] is DeadlineReached


def test_the_deadline_outranks_a_loss_and_tells_of_it(
    make_script: MakeScript, clock: Clock
) -> None:
    def end_when_interrupted() -> Canned:
        clock.sleep(20)
        interrupted.wait(PATIENCE_S)
        return pulled(hit(21), *END)

    def interrupt() -> Canned:
        interrupted.set()
        return SUCCEEDED

    interrupted = threading.Event()
    full: list[Canned] = [pulled(*[hit(n) for n in range(20)])] * 3
    script = make_script(pull_results=[*full, end_when_interrupted], interrupt_job=[interrupt])
    stream = replay(script, deadline_s=20)
    list(stream)
    assert find_error(stream) == (
        DeadlineReached,
        "the deadline of 20 s passed; some results may have been lost: " + RAN_FULL,
    )


def test_a_server_that_is_gone_at_the_deadline_is_told_with_it(make_script: MakeScript) -> None:
    stream = replay(make_script(interrupt_job=[NoServer("gone")] * 99), deadline_s=0.0)
    list(stream)
    assert find_error(stream) == (
        DeadlineReached,
        "the deadline of 0 s passed; gone; 'watch' may still be running",
    )


# A server that does not answer any more.


# Less than any single request or wait takes that is not cut short.
SOON_S = 8.0


@pytest.fixture
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arthas_cli.session.interrupt._END_AFTER_S", 0.3)
    monkeypatch.setattr("arthas_cli.session.interrupt._LATE_S", 0.1)
    monkeypatch.setattr("arthas_cli.session.interrupt._CLOSE_S", 0.1)


def assert_ends_soon(stream: Stream) -> None:
    """Runs it to its end and closes it, in a fraction of what a request may take."""
    with within(SOON_S):
        list(stream)
        stream.close()


@pytest.mark.usefixtures("little_patience")
def test_an_interrupt_that_is_not_answered_ends_it_and_says_what_may_run_on(
    fake: FakeArthas,
) -> None:
    stream = start(fake)
    next(stream)
    fake.faults.next(faults.hang, times=math.inf)
    run_in_thread(lambda: interrupt_quietly(stream))
    assert_ends_soon(stream)
    assert (stream.outcome.state, stream.outcome.lost) == (None, None)
    assert find_error(stream) == (
        TimedOut,
        "the server does not answer; 'watch' may still be running",
    )
    assert stream.outcome.error
    assert stream.outcome.error.hint.startswith("run ':orphans' in the shell to list")


@pytest.mark.parametrize("action", ["async_exec", "join_session"])
@pytest.mark.usefixtures("little_patience")
def test_an_interrupt_while_the_server_does_not_answer_what_it_was_asked_ends_it(
    fake: FakeArthas, action: str
) -> None:
    stream = start(fake)
    if action == "join_session":
        next(stream)
        fake.expire_consumers()
    fake.faults.next(faults.hang, times=math.inf, action=action)
    fake.faults.next(faults.hang, times=math.inf, action="interrupt_job")
    fake.faults.next(faults.hang, times=math.inf, action="close_session")

    def interrupt_once_asked() -> None:
        fake.wait_for(lambda: any(seen.action == action for seen in fake.requests))
        interrupt_quietly(stream)

    run_in_thread(interrupt_once_asked)
    assert_ends_soon(stream)
    assert find_error(stream) == (
        TimedOut,
        "the server does not answer; 'watch' may still be running",
    )
    assert stream.outcome.lost is None


def interrupt_quietly(stream: Stream) -> None:
    with suppress(ArthasShellError):
        stream.interrupt()


@pytest.fixture
def much_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every wait long that no deadline cuts short."""
    monkeypatch.setattr("arthas_cli.session.interrupt._END_AFTER_S", 3 * SOON_S)
    monkeypatch.setattr("arthas_cli.session.session._AGAIN_S", 3 * SOON_S)
    monkeypatch.setattr("arthas_cli.session.session._CLOSE_S", 3 * SOON_S)


@pytest.mark.usefixtures("much_patience")
def test_the_deadline_holds_where_the_server_does_not_answer(fake: FakeArthas) -> None:
    stream = start(fake, deadline_s=0.5)
    for action in ("interrupt_job", "exec", "close_session"):
        fake.faults.next(faults.hang, times=math.inf, action=action)
    fake.faults.next(faults.hang, skip=1, times=math.inf, action="pull_results")
    assert_ends_soon(stream)
    assert find_error(stream) == (
        DeadlineReached,
        "the deadline of 0.5 s passed; the server does not answer; 'watch' may still be running",
    )


@pytest.mark.usefixtures("much_patience")
def test_the_deadline_holds_where_the_start_is_not_answered(fake: FakeArthas) -> None:
    stream = start(fake, deadline_s=0.2)
    fake.faults.next(faults.hang, times=math.inf)
    assert_ends_soon(stream)
    assert find_error(stream)[0] is DeadlineReached


@pytest.mark.usefixtures("much_patience")
def test_a_session_that_is_not_opened_in_time_is_given_up(fake: FakeArthas) -> None:
    fake.faults.next(faults.hang, skip=1, times=math.inf)
    with within(SOON_S), pytest.raises(TimedOut):
        Session.open(connect(fake.url), time.monotonic() + 0.2)


# The start.


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arthas_cli.session.session._REFUSED_S", 0.0)


START_FAILURES: list[tuple[Canned, str | None, type[ArthasShellError], str]] = [
    (BUSY, "REFUSED", Refused, "Another job is running."),
    ({"state": "FAILED", "message": "no"}, "FAILED", CommandFailed, "no"),
    (
        {"state": "FAILED", "message": "Async exec command failed: watch: command not found"},
        "FAILED",
        UnknownCommand,
        "the server has no command 'watch'",
    ),
    (NO_SESSION, "FAILED", SessionLost, "the session is gone from the server"),
    (NoServer("gone"), None, NoServer, "gone"),
]


@pytest.mark.parametrize(("answer", "state", "kind", "message"), START_FAILURES)
@pytest.mark.usefixtures("no_patience")
def test_a_job_that_is_not_started_has_lost_nothing(
    make_script: MakeScript,
    answer: Canned,
    state: str | None,
    kind: type[ArthasShellError],
    message: str,
) -> None:
    script = make_script(async_exec=[answer])
    stream = replay(script)
    assert list_types(stream) == []
    assert (stream.outcome.state, stream.outcome.status, stream.outcome.lost) == (state, None, 0)
    assert find_error(stream) == (kind, message)
    assert script.pulls == 0


@pytest.mark.parametrize(
    "error", [ServerError("HTTP 500"), BadAnswer("cut off"), TimedOut("slow")], ids=repr
)
def test_a_job_whose_start_was_not_answered_is_stopped_in_case_it_runs(
    make_script: MakeScript, error: ArthasShellError
) -> None:
    script = make_script(async_exec=[error])
    stream = replay(script)
    assert list_types(stream) == []
    assert script.actions == ["async_exec", "interrupt_job"]
    assert (stream.outcome.state, stream.outcome.lost, stream.outcome.error) == (None, None, error)


# The race of the server with itself.


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arthas_cli.session.beginnings._RACE_PAUSES_S", (0.0,) * 5)


@pytest.mark.usefixtures("no_pauses")
def test_five_races_of_the_server_with_itself_are_not_told(fake: FakeArthas) -> None:
    fake.target.races = 5
    stream = start(fake, watch(2))
    assert list_types(stream) == ["enhancer", "watch", "watch"]
    assert (stream.outcome.status, stream.outcome.lost, stream.outcome.error) == (0, 0, None)


@pytest.mark.usefixtures("no_pauses")
def test_a_sixth_race_is_told(fake: FakeArthas) -> None:
    fake.target.races = 6
    stream = start(fake, watch(2))
    assert list_types(stream) == []
    assert (stream.outcome.status, find_error(stream)) == (-1, (CommandFailed, RACE))
    assert fake.target.races == 0


def test_an_interrupt_during_a_race_starts_nothing_anew(
    make_script: MakeScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = make_script(pull_results=[pulled(RACE_ENHANCER, status(-1, RACE), ALLOW_INPUT)])
    stream = replay(script)
    monkeypatch.setattr(
        "arthas_cli.session.starting.time.sleep", lambda _seconds: stream.interrupt()
    )
    assert list_types(stream) == []
    assert script.actions == ["async_exec"]
    assert find_error(stream) == (Interrupted, "interrupted before it began")


@pytest.mark.usefixtures("no_pauses")
def test_an_interrupt_that_finds_no_job_because_of_a_race_is_kept(make_script: MakeScript) -> None:
    streams: list[Stream] = []

    def race_first() -> Canned:
        assert list_types(streams[0]) == []
        return NO_JOB

    script = make_script(
        pull_results=[pulled(note("hello")), pulled(RACE_ENHANCER, status(-1, RACE), ALLOW_INPUT)],
        interrupt_job=[race_first],
    )
    streams.append(replay(script))
    next(streams[0])
    streams[0].interrupt()
    assert script.actions == ["async_exec", "interrupt_job"]
    assert find_error(streams[0])[0] is Interrupted


@pytest.mark.usefixtures("no_pauses")
def test_a_start_that_fails_after_a_race_is_told(make_script: MakeScript) -> None:
    script = make_script(
        pull_results=[pulled(RACE_ENHANCER, status(-1, RACE), ALLOW_INPUT)],
        async_exec=[SCHEDULED, NO_SESSION],
    )
    stream = replay(script)
    assert list_types(stream) == []
    assert find_error(stream) == (SessionLost, "the session is gone from the server")


# Commands that enhance, one after the other.


def test_a_command_starts_once_another_of_ours_has_enhanced(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(ENHANCED, *END)])
    stream = replay(script, ENHANCING)
    enhancing = make_turn(stream)
    with enhancing:
        thread = run_in_thread(lambda: list(stream))
        wait_for(lambda: stream.is_held_up)
        assert script.actions == []
    thread.join()
    assert (script.actions, stream.outcome.status) == (["async_exec"], 0)


def test_the_next_one_may_start_as_soon_as_this_one_has_enhanced(make_script: MakeScript) -> None:
    stream = replay(make_script(pull_results=[pulled(ENHANCED)]), ENHANCING)
    assert next(stream).type == "enhancer"
    assert (make_turn(stream).locked(), stream.is_held_up) == (False, False)


def test_a_command_that_enhances_nothing_keeps_nobody_waiting(make_script: MakeScript) -> None:
    stream = replay(make_script(async_exec=[NO_SESSION]), ENHANCING)
    assert list_types(stream) == []
    assert not make_turn(stream).locked()


def test_an_interrupt_while_it_waits_starts_nothing(make_script: MakeScript) -> None:
    script = make_script()
    stream = replay(script, ENHANCING)
    with make_turn(stream):
        thread = run_in_thread(lambda: list(stream))
        wait_for(lambda: stream.is_held_up)
        stream.interrupt()
        thread.join()
    assert script.actions == []
    assert find_error(stream) == (Interrupted, "interrupted before it began")


# Pulls that break.


def test_the_iterator_survives_an_error_in_the_middle(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(hit(1)), b'{"state":', pulled(hit(3), *END)])
    stream = replay(script, watch(3))
    assert list_values(stream) == ["@Integer[1]", "@Integer[3]"]
    assert (stream.outcome.status, stream.outcome.lost) == (0, 1)


BROKEN = [
    (faults.cut_before_headers, False),  # the pull did not reach the server
    (faults.cut_in_body, True),
    (faults.truncated, True),
    (faults.other_request, True),
    (faults.swallow, True),
]


@pytest.mark.parametrize(("fault", "loses"), BROKEN)
def test_a_pull_that_broke_is_survived_and_what_was_in_it_counted_as_lost(
    fake: FakeArthas, fault: faults.Fault, *, loses: bool
) -> None:
    fake.target.rate = 200.0
    stream = start(fake, watch(70))
    fake.faults.next(fault, skip=1, action="pull_results")
    shown = len(list_values(stream))
    stream.close()
    assert (stream.outcome.status, stream.outcome.lost) == (0, 70 - shown)
    assert (shown < 70) is loses


@pytest.mark.usefixtures("quick_pulls")
def test_a_server_whose_answers_cannot_be_read_is_not_said_to_be_away(fake: FakeArthas) -> None:
    stream = start(fake, watch(70))
    fake.faults.next(faults.truncated, times=math.inf, action="pull_results")
    list_values(stream)
    error = stream.outcome.error
    assert isinstance(error, BadAnswer)
    assert error.hint == BadAnswer.default_hint


def test_bare_keys_of_an_old_server_are_no_break(fake: FakeArthas) -> None:
    fake.faults.next(faults.bare_keys, skip=1, action="pull_results")
    stream = start(fake, watch(3))
    assert len(list_values(stream)) == 3
    assert stream.outcome.lost == 0


@pytest.mark.usefixtures("quick_pulls")
def test_an_end_that_could_not_be_written_is_noticed(fake: FakeArthas) -> None:
    fake.target.rate = None
    stream = start(fake, watch(5), deadline_s=20)
    fake.faults.next(faults.swallow, action="pull_results")
    assert list_types(stream) == []
    assert (stream.outcome.state, stream.outcome.status, stream.outcome.lost) == (None, None, None)
    assert find_error(stream)[0] is ServerError
    assert [seen.body.get("command") for seen in fake.requests].count("version") == 1


@pytest.mark.usefixtures("quick_pulls")
def test_an_end_that_was_swallowed_is_noticed(fake: FakeArthas) -> None:
    fake.target.rate = None
    stream = start(fake, watch(5), deadline_s=20)
    fake.faults.next(faults.truncated, action="pull_results")
    assert list_types(stream) == []
    assert (stream.outcome.state, stream.outcome.status, stream.outcome.lost) == (None, None, None)
    assert find_error(stream) == (Incomplete, LOST_END)
    assert [seen.body.get("command") for seen in fake.requests].count("version") == 1


def test_the_question_for_a_swallowed_end_does_not_disturb_the_next_job(
    make_script: MakeScript,
) -> None:
    asked = {"type": "command", "jobId": 8}

    def pull_once_the_next_has_started() -> Fields:
        wait_for(lambda: script.actions.count("async_exec") == 3)
        return pulled(asked, ALLOW_INTERRUPT, status(job_id=8), ALLOW_INPUT, hit(1, 9))

    script = make_script(
        async_exec=[SCHEDULED, scheduled(8), scheduled(9)],
        pull_results=[
            BadAnswer("cut off"),
            pulled(),
            pulled(asked, ALLOW_INTERRUPT, status(job_id=8), ALLOW_INPUT),
            pull_once_the_next_has_started,
            pulled(status(job_id=9)),
        ],
    )
    session = make_session(script)
    first = Stream(session, WATCH)
    assert list_types(first) == []
    second = Stream(session, WATCH)
    assert list_values(second) == ["@Integer[1]"]
    assert second.outcome.status == 0


def test_an_end_that_comes_while_it_is_asked_for_is_not_lost(make_script: MakeScript) -> None:
    script = make_script(
        async_exec=[SCHEDULED, scheduled(8)],
        pull_results=[
            pulled(hit(1)),
            BadAnswer("cut off"),
            pulled(),
            pulled(hit(3), *END, {"type": "command", "jobId": 8}, ALLOW_INTERRUPT),
        ],
    )
    stream = replay(script, watch(3))
    assert list_values(stream) == ["@Integer[1]", "@Integer[3]"]
    assert (stream.outcome.status, stream.outcome.lost) == (0, 1)


def test_a_job_that_still_runs_after_a_broken_pull_is_waited_for(make_script: MakeScript) -> None:
    script = make_script(
        async_exec=[SCHEDULED, BUSY, BUSY],
        pull_results=[BadAnswer("cut off"), pulled(), pulled(), pulled(hit(2)), pulled(*END)],
    )
    stream = replay(script)
    assert list_values(stream) == ["@Integer[2]"]
    assert (stream.outcome.status, stream.outcome.lost) == (0, None)


def test_a_result_after_a_broken_pull_shows_that_the_end_is_to_come(
    make_script: MakeScript,
) -> None:
    script = make_script(
        pull_results=[BadAnswer("cut off"), pulled(hit(2)), pulled(), pulled(), pulled(*END)]
    )
    assert list_values(replay(script)) == ["@Integer[2]"]
    assert script.actions == ["async_exec"]


def test_the_second_http_500_stops_the_job(make_script: MakeScript) -> None:
    script = make_script(
        async_exec=[SCHEDULED, BUSY],
        pull_results=[ServerError("HTTP 500"), pulled(), ServerError("HTTP 500")],
    )
    stream = replay(script)
    assert list_types(stream) == []
    assert script.actions == ["async_exec", "async_exec", "interrupt_job"]
    assert find_error(stream) == (ServerError, "HTTP 500")


END_AT_ONCE: list[tuple[Canned, type[ArthasShellError]]] = [
    (Unauthorized("who are you"), Unauthorized),
    ({"state": "FAILED", "message": "'consumerId' is required"}, CommandFailed),
]


@pytest.mark.parametrize(("answer", "kind"), END_AT_ONCE)
def test_an_error_that_will_not_pass_ends_it_and_stops_the_job(
    make_script: MakeScript, answer: Canned, kind: type[ArthasShellError]
) -> None:
    script = make_script(pull_results=[pulled(hit(1)), answer])
    stream = replay(script)
    assert list_values(stream) == ["@Integer[1]"]
    assert find_error(stream)[0] is kind
    assert stream.outcome.lost is None
    assert script.actions == ["async_exec", "interrupt_job"]


def test_a_session_that_was_evicted_is_lost(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(hit(1)), NO_SESSION])
    stream = replay(script)
    assert list_values(stream) == ["@Integer[1]"]
    assert (stream.outcome.state, stream.outcome.lost) == (None, None)
    assert find_error(stream) == (SessionLost, "the session is gone from the server")


def test_a_session_that_was_evicted_before_the_start_is_lost(fake: FakeArthas) -> None:
    stream = start(fake)
    fake.evict()
    assert list_types(stream) == []
    assert find_error(stream)[0] is SessionLost


def test_a_server_that_is_gone_in_the_middle_is_given_up(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull.AWAY_S", 0.2)
    stream = start(fake)
    next(stream)
    fake.faults.next(faults.cut_before_headers, times=math.inf)
    list(stream)
    assert (stream.outcome.state, stream.outcome.lost) == (None, None)
    assert find_error(stream) == (BadAnswer, "the server closed the connection without an answer")
    fake.faults.clear()
    stream.close()
    assert fake.jobs == []


def test_a_server_that_is_away_for_a_moment_is_waited_for(
    make_script: MakeScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull._PAUSES_S", (0.0, 0.0, 0.0))
    away: list[Canned] = [NoServer("away"), TimedOut("slow"), NoServer("away")]
    stream = replay(make_script(pull_results=[*away, pulled(hit(1), *END)]))
    assert list_values(stream) == ["@Integer[1]"]
    assert (stream.outcome.status, stream.outcome.lost) == (0, None)


def test_a_server_that_is_away_for_long_is_waited_for_and_that_is_told_at_once(
    make_script: MakeScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull._PAUSES_S", (0.0,))
    away: list[Canned] = [NoServer("nothing listens there")] * 99
    told: list[str] = []
    stream = replay(make_script(pull_results=[*away, pulled(hit(1), *END)]), watch(1))
    stream.tell_by(told.append)
    assert list_values(stream) == ["@Integer[1]"]
    assert (stream.outcome.status, stream.outcome.lost) == (0, 0)
    assert told == ["nothing listens there; trying again for 30 s", "the connection is back"]


def test_a_fault_of_our_own_is_raised_where_it_is_waited_for(make_script: MakeScript) -> None:
    stream = replay(make_script(pull_results=[pulled(hit(1)), ZeroDivisionError()]))
    next(stream)
    with pytest.raises(ZeroDivisionError):
        next(stream)


# Commands that are no streams, run as the shell runs them.


def test_the_rows_that_a_full_queue_dropped_are_counted_by_row_affect(fake: FakeArthas) -> None:
    stream = start(fake, Plan("sm java.util.HashMap *", "sm", is_read=True))
    types = list_types(stream)
    stream.close()
    assert stream.outcome.lost is not None
    assert types.count("sm") + stream.outcome.lost == 600


def test_a_command_registered_by_somebody_else_runs_like_any_other(fake: FakeArthas) -> None:
    def run(_call: Call) -> Iterable[Result]:
        return [{"type": "odd", "numbers": [number]} for number in (1, 2)]

    fake.register(Command("odd", run))
    stream = start(fake, Plan("odd", "odd"))
    assert [cast("list[int]", result.data["numbers"]) for result in stream] == [[1], [2]]


def test_a_stream_carries_a_bound_in_case_nobody_is_left_to_end_it(fake: FakeArthas) -> None:
    plan = make_plan(parse_line("watch demo.MathGame run", load_commands()))
    stream = start(fake, plan)
    next(stream)
    assert [job.line for job in fake.jobs] == ["watch --timeout 3600 demo.MathGame run"]
    stream.close()


def test_results_that_were_made_before_an_interrupt_are_awaited_as_long_as_they_come(
    make_script: MakeScript, clock: Clock
) -> None:
    def late(*results: Fields) -> Canned:
        def answer() -> Fields:
            clock.sleep(2.0)
            return pulled(*results)

        return answer

    script = make_script(
        pull_results=[pulled(hit(1)), late(hit(2)), late(hit(3)), late(hit(4)), late(status())]
    )
    stream = replay(script, watch(9))
    next(stream)
    stream.interrupt()
    assert list_values(stream) == ["@Integer[2]", "@Integer[3]", "@Integer[4]"]
    assert (stream.outcome.state, stream.outcome.status) == ("INTERRUPTED", 0)
