"""What was lost: the certificate, the promises, and a queue that really drops."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.soak import pick
from support.table import each_row

from arthas_cli.session.loss import LossAccount

from .conftest import ALLOW_INPUT, Fields, hit, make_result, status

if TYPE_CHECKING:
    from arthas_cli.protocol import Result

SLOTS, BATCH, ITEMS = 50, 20, 100


def hits(count: int) -> list[Result]:
    return [make_result(hit(number)) for number in range(count)]


def heavy(weight: int) -> Result:
    return make_result({"type": "watch", "jobId": 7, "list": [0] * weight})


def take(account: LossAccount, *pulls: list[Result]) -> LossAccount:
    for results in pulls:
        account.record_pull(results)
        for result in results:
            account.record(result)
    return account


def test_a_stream_without_results_has_lost_none() -> None:
    assert LossAccount().settle(has_reached_end=False) == 0


@each_row(
    "sizes",
    [[19] * 10, [20, 20, 7], [20, 19, 20, 19], [0], [20, 20, 0, 20, 20]],
)
def test_less_than_a_queue_between_two_emptying_pulls_is_no_loss(sizes: list[int]) -> None:
    account = take(LossAccount(), *(hits(size) for size in sizes))
    assert account.settle(has_reached_end=False) == 0


@pytest.mark.parametrize("sizes", [[20, 20, 10], [20, 20, 20, 1], [20, 20, 20, 1, 1, 1]], ids=str)
def test_a_whole_queue_between_two_emptying_pulls_may_be_a_loss(sizes: list[int]) -> None:
    account = take(LossAccount(), *(hits(size) for size in sizes))
    assert account.settle(has_reached_end=False) is None


def test_a_short_pull_that_is_heavy_has_not_emptied_the_queue() -> None:
    # The server ends a pull at a hundred list elements.
    account = take(LossAccount(), *([heavy(50), heavy(50)] for _ in range(25)))
    assert account.settle(has_reached_end=False) is None


def test_a_short_pull_that_is_light_has_emptied_the_queue() -> None:
    account = take(LossAccount(), *([heavy(50), heavy(49)] for _ in range(25)))
    assert account.settle(has_reached_end=False) == 0


def test_a_drop_made_by_what_stands_behind_the_status_is_not_overlooked() -> None:
    # 48 of 49 hits and the status, which fills the pull; ALLOW_INPUT made the drop and is left.
    last = [*hits(7), heavy(92), make_result(status())]
    account = take(LossAccount(), hits(20), hits(20), last)
    assert account.settle(has_reached_end=False) is None


def test_a_pull_that_broke_may_be_a_loss() -> None:
    account = LossAccount()
    account.record_break("an answer broke")
    assert account.settle(has_reached_end=False) is None


@pytest.mark.parametrize(("received", "lost"), [(80, 20), (100, 0), (0, 100)])
def test_what_is_missing_at_the_limit_is_lost(received: int, lost: int) -> None:
    account = take(LossAccount(counted="watch", limit=100), hits(received))
    account.record_break("an answer broke")
    assert account.settle(has_reached_end=True) == lost


def test_a_limit_that_was_not_reached_says_nothing() -> None:
    account = take(LossAccount(counted="watch", limit=100), hits(60))
    account.record_break("an answer broke")
    assert account.settle(has_reached_end=False) is None


@pytest.mark.parametrize(
    ("has_stalled", "received", "lost"), [(True, 60, None), (True, 100, 0), (False, 60, 40)]
)
def test_less_than_the_limit_after_a_pull_that_stalled_may_be_a_job_that_was_stopped(
    received: int, lost: int | None, *, has_stalled: bool
) -> None:
    account = take(LossAccount(counted="watch", limit=100), hits(received))
    account.record_break("an answer broke")
    account.has_stalled = has_stalled
    assert account.settle(has_reached_end=True) == lost


@pytest.mark.parametrize(("count", "lost"), [(47, 0), (48, None)])
def test_a_replay_with_a_full_queue_of_news_may_have_left_some_out(
    count: int, lost: int | None
) -> None:
    account = LossAccount()
    account.record_replay(count, is_whole=True, has_emptied=False)
    assert account.settle(has_reached_end=False) == lost


def test_a_replay_that_emptied_the_queue_leaves_room_for_as_many_again() -> None:
    account = LossAccount()
    for _ in range(2):
        account.record_replay(47, is_whole=True, has_emptied=True)
    assert account.settle(has_reached_end=False) == 0


def test_a_limit_that_was_overrun_says_nothing() -> None:
    account = take(LossAccount(counted="watch", limit=100), hits(101))
    account.record_break("an answer broke")
    assert account.settle(has_reached_end=True) is None


def test_an_end_without_a_limit_says_nothing() -> None:
    account = LossAccount(counted="watch")
    account.record_break("an answer broke")
    assert account.settle(has_reached_end=True) is None


def test_only_results_of_the_commands_own_type_count_towards_the_limit() -> None:
    account = LossAccount(counted="watch", limit=3)
    account.record_break("an answer broke")
    enhancer = make_result({"type": "enhancer", "jobId": 7})
    take(account, [enhancer, *hits(2)])
    assert account.settle(has_reached_end=True) == 1


ROWS: list[tuple[str, list[Fields], int]] = [
    ("sm", [{"type": "sm"}, {"type": "sm"}], 2),
    ("sc", [{"type": "sc", "classNames": ["a", "b", "c"]}, {"type": "sc", "classNames": []}], 3),
    ("sc", [{"type": "sc", "classInfo": {"name": "a"}}], 1),
    ("getstatic", [{"type": "getstatic", "fieldName": "a"}], 1),
]


@pytest.mark.parametrize(("command", "rows", "count"), ROWS)
def test_rows_are_counted_as_row_affect_does(command: str, rows: list[Fields], count: int) -> None:
    account = take(LossAccount(counted=command), [make_result(row) for row in rows])
    account.record_break("an answer broke")
    account.record(make_result({"type": "row_affect", "rowCount": count + 9}))
    assert account.settle(has_reached_end=True) == 9


def test_more_rows_than_promised_say_nothing() -> None:
    account = take(LossAccount(counted="sm"), [make_result({"type": "sm"})] * 3)
    account.record_break("an answer broke")
    account.record(make_result({"type": "row_affect", "rowCount": 2}))
    assert account.settle(has_reached_end=True) is None


@pytest.mark.parametrize("command", ["dump", "tt", "jad", "classloader"])
def test_rows_of_a_command_that_sends_them_in_one_result_are_not_guessed(command: str) -> None:
    account = take(LossAccount(counted=command), [make_result({"type": command})])
    account.record_break("an answer broke")
    account.record(make_result({"type": "row_affect", "rowCount": 5}))
    assert account.settle(has_reached_end=True) is None


def test_a_row_count_that_is_no_number_says_nothing() -> None:
    account = LossAccount(counted="sm")
    account.record_break("an answer broke")
    account.record(make_result({"type": "row_affect", "rowCount": "many"}))
    assert account.settle(has_reached_end=True) is None


# Hits of a weight, in a burst; how many results the pull in flight takes; the queue is found
# empty, which sends the pull home.
Step: TypeAlias = "tuple[str, int, int]"
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("produce"), st.integers(1, 70), st.sampled_from([1, 1, 1, 10, 49, 120])),
        st.tuples(st.just("take"), st.integers(1, 25), st.just(0)),
        st.tuples(st.just("rest"), st.just(0), st.just(0)),
    ),
    max_size=40,
)


@dataclass
class Queue:
    """A consumer's queue and the pull in flight, as the server has them (docs/protocol.md, 4.2)."""

    waiting: deque[Result]
    pulls: list[list[Result]] = field(default_factory=list)
    in_flight: list[Result] = field(default_factory=list)

    def append(self, result: Result) -> None:
        if len(self.waiting) == SLOTS:
            self.waiting.popleft()
        self.waiting.append(result)

    def take(self) -> None:
        if self.waiting:
            self.in_flight.append(self.waiting.popleft())
            if len(self.in_flight) == BATCH or sum(map(weigh, self.in_flight)) >= ITEMS:
                self.send()

    def rest(self) -> None:
        if not self.waiting:
            self.send()

    def send(self) -> None:
        self.pulls.append(self.in_flight)
        self.in_flight = []

    def drain(self) -> list[list[Result]]:
        while self.waiting:
            self.take()
        self.send()
        return self.pulls


def weigh(result: Result) -> int:
    items = result.data["list"]
    assert isinstance(items, list)
    return len(items) or 1


def produce(kind: str, weight: int = 0) -> Result:
    return make_result({"type": kind, "jobId": 7, "list": [0] * weight})


def run(steps: list[Step], *, left_over: int, is_stopped: bool) -> tuple[list[list[Result]], int]:
    """Returns the pulls, and how many hits were sent in all."""
    queue = Queue(deque(produce("other") for _ in range(left_over)))
    sent = 0
    for action, count, weight in steps:
        for _ in range(max(1, count)):
            if action == "produce":
                queue.append(produce("watch", weight))
                sent += 1
            elif action == "take":
                queue.take()
            else:
                queue.rest()
    for kind in ("status", "input_status", *(["message"] if is_stopped else [])):
        queue.append(produce(kind))
    return queue.drain(), sent


@settings(max_examples=pick(80, 300))
@given(
    steps=STEPS,
    left_over=st.integers(0, SLOTS),
    is_stopped=st.booleans(),
    has_limit=st.booleans(),
)
@example(steps=[("produce", 49, 1)], left_over=0, is_stopped=False, has_limit=False)
@example(steps=[("produce", 48, 1)], left_over=0, is_stopped=True, has_limit=False)
@example(steps=[("produce", 80, 1)], left_over=0, is_stopped=False, has_limit=True)
@example(
    steps=[("produce", 48, 1), ("produce", 1, 92)], left_over=0, is_stopped=False, has_limit=False
)
def test_no_number_is_ever_given_but_the_true_one(
    steps: list[Step], left_over: int, *, is_stopped: bool, has_limit: bool
) -> None:
    pulls, sent = run(steps, left_over=left_over, is_stopped=is_stopped)
    account = LossAccount(counted="watch", limit=sent if has_limit else None)
    received = 0
    for results in pulls:
        take(account, results)
        received += sum(result.type == "watch" for result in results)
        if any(result.type == "status" for result in results):
            break
    lost = account.settle(has_reached_end=has_limit)
    assert lost in (None, sent - received)
    assert lost is not None or not has_limit or received > sent


def test_the_simulated_queue_does_drop() -> None:
    pulls, sent = run([("produce", 70, 1)], left_over=0, is_stopped=False)
    assert (sent, sum(len(results) for results in pulls)) == (70, 50)
    assert ALLOW_INPUT["type"] == pulls[-1][-1].type
