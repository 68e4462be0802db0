"""The thread that pulls: one pull in flight, when it pauses, how it takes a failure."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING, TypeAlias

import pytest
from support.waiting import PATIENCE_S, wait_for

from arthas_cli.errors import NoServer, SessionLost
from arthas_cli.protocol import Action, Request
from arthas_cli.session.backlog import Pulled
from arthas_cli.session.pull import PullLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REQUEST = Request(Action.PULL_RESULTS, request_id="1")
EMPTY = b'{"state":"SUCCEEDED","body":{"results":[]}}'
FULL = EMPTY.replace(b"[]", b"[%s]" % b",".join([b'{"jobId":1}'] * 20))
END = b'{"state":"SUCCEEDED","body":{"results":[{"type":"status","statusCode":0}]}}'
GONE = b'{"state":"FAILED","message":"session not found: s"}'

Step: TypeAlias = "bytes | Exception"


class Puller:
    """A pull that waits until the test hands it an answer."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.before: Callable[[], None] = lambda: None
        self.in_flight = 0
        self._steps: queue.SimpleQueue[Step] = queue.SimpleQueue()

    def __call__(self, meanwhile: Callable[[], None]) -> Pulled:
        self.before()
        meanwhile()
        self.in_flight += 1
        self.begun.release()
        step = self._steps.get()
        self.in_flight -= 1
        if isinstance(step, Exception):
            raise step
        return Pulled(REQUEST, step, count=step.count(b'"jobId"'))

    def answer(self, step: Step) -> None:
        """Answers the pull in flight, once there is one."""
        assert self.begun.acquire(timeout=PATIENCE_S)
        self._steps.put(step)

    def is_asked(self, within_s: float = PATIENCE_S) -> bool:
        return self.begun.acquire(timeout=within_s)

    def let_go(self) -> None:
        self._steps.put(GONE)


@pytest.fixture
def puller() -> Iterator[Puller]:
    puller = Puller()
    yield puller
    puller.let_go()


@pytest.fixture
def loop(puller: Puller, monkeypatch: pytest.MonkeyPatch) -> Iterator[PullLoop]:
    monkeypatch.setattr("arthas_cli.session.pull._PAUSES_S", (0.0, 0.0))
    loop = PullLoop(puller)
    yield loop
    loop.stop()


def soon() -> Callable[[], float]:
    until = time.monotonic() + PATIENCE_S
    return lambda: until


def read(loop: PullLoop) -> bytes:
    answer = loop.get(soon())
    assert isinstance(answer, Pulled)
    return answer.content


def test_nothing_is_pulled_before_it_is_wanted(puller: Puller, loop: PullLoop) -> None:
    assert loop.get(time.monotonic) is None
    assert not puller.is_asked(0.02)


def test_the_next_pull_goes_out_when_the_last_is_answered(puller: Puller, loop: PullLoop) -> None:
    loop.resume()
    puller.answer(EMPTY)
    assert puller.is_asked()
    assert puller.in_flight == 1
    assert read(loop) == EMPTY


def test_a_full_batch_is_handed_on_when_the_next_pull_is_on_its_way(
    puller: Puller, loop: PullLoop
) -> None:
    seen: list[Pulled | Exception | None] = []
    loop.resume()
    puller.before = lambda: seen.append(loop.get(time.monotonic))
    puller.answer(FULL)
    assert puller.is_asked()
    assert seen == [None, None]
    assert read(loop) == FULL


def test_a_full_batch_is_handed_on_when_no_other_pull_follows(
    puller: Puller, loop: PullLoop
) -> None:
    loop.resume()
    assert puller.is_asked()
    loop.pause()
    puller.begun.release()
    puller.answer(FULL)
    assert read(loop) == FULL


def test_after_a_status_the_loop_pauses_until_it_is_resumed(puller: Puller, loop: PullLoop) -> None:
    loop.resume()
    puller.answer(END)
    assert read(loop) == END
    assert not puller.is_asked(0.02)
    loop.resume()
    assert puller.is_asked()


def test_after_an_answer_without_results_the_loop_pauses(puller: Puller, loop: PullLoop) -> None:
    loop.resume()
    puller.answer(GONE)
    assert read(loop) == GONE
    assert not puller.is_asked(0.02)


def test_a_pull_in_flight_comes_back_after_a_pause(puller: Puller, loop: PullLoop) -> None:
    loop.resume()
    assert puller.is_asked()
    loop.pause()
    puller.begun.release()
    puller.answer(EMPTY)
    assert read(loop) == EMPTY
    assert not puller.is_asked(0.02)


def test_a_paused_loop_pulls_now_and_then_so_that_its_consumer_stays(
    puller: Puller, loop: PullLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull._KEEP_ALIVE_S", 0.01)
    loop.resume()
    puller.answer(END)
    puller.answer(EMPTY)
    assert (read(loop), read(loop)) == (END, EMPTY)


def test_a_failure_is_handed_on_and_the_pull_sent_again(puller: Puller, loop: PullLoop) -> None:
    loop.resume()
    puller.answer(NoServer("nothing listens there"))
    puller.answer(EMPTY)
    assert isinstance(loop.get(soon()), NoServer)
    assert read(loop) == EMPTY
    assert not loop.has_given_up


def test_the_loop_gives_up_once_the_server_was_away_for_long(
    puller: Puller, loop: PullLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull.AWAY_S", 0.2)
    loop.resume()
    begun, failures = time.monotonic(), 0
    while not loop.has_given_up:
        puller.answer(NoServer("nothing listens there"))
        assert isinstance(loop.get(soon()), NoServer)
        failures += 1
    assert time.monotonic() - begun >= 0.2
    assert failures > 2
    assert not puller.is_asked(0.02)


def test_an_answer_in_between_makes_failures_forgotten(puller: Puller, loop: PullLoop) -> None:
    loop.resume()
    failure = NoServer("nothing listens there")
    for step in (failure, failure, EMPTY, failure, failure, EMPTY):
        puller.answer(step)
        assert loop.get(soon()) is not None
    assert not loop.has_given_up


def test_what_came_before_can_be_forgotten_failures_included(
    puller: Puller, loop: PullLoop
) -> None:
    loop.resume()
    for _ in range(3):
        puller.answer(NoServer("nothing listens there"))
    wait_for(lambda: len(loop.answers) == 3)
    loop.forget()
    assert loop.get(time.monotonic) is None
    assert not loop.has_given_up


def test_an_unforeseen_error_reaches_whoever_waits(puller: Puller, loop: PullLoop) -> None:
    loop.resume()
    puller.answer(ZeroDivisionError())
    assert isinstance(loop.get(soon()), ZeroDivisionError)


def test_a_stopped_loop_sends_no_pull_and_says_so(puller: Puller, loop: PullLoop) -> None:
    loop.stop()
    loop.resume()
    assert isinstance(loop.get(soon()), SessionLost)
    assert not puller.is_asked(0.02)


def test_a_loop_that_is_stopped_while_it_pulls_ends(puller: Puller, loop: PullLoop) -> None:
    loop.resume()
    assert puller.is_asked()
    loop.stop()
    puller.let_go()
    assert isinstance(loop.get(soon()), SessionLost)
    assert read(loop) == GONE
    assert not puller.is_asked(0.02)
