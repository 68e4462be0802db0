"""Many jobs of many kinds, some of them with broken answers: nothing is left and all is counted.

What happens is drawn from a seed; how the threads meet is up to the machine.
"""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas, faults
from support.inside import count_jobs, forget_consumers, is_open, set_rate
from support.proxy import FaultProxy
from support.soak import pick
from support.waiting import wait_for

from arthas_cli.errors import ArthasShellError
from arthas_cli.line.plan import Plan
from arthas_cli.session.orphans import list_jobs
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream

from .conftest import connect, run_in_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake.faults import Faults

    from arthas_cli.demo.target import Target
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Outcome

SEED = 20260
JOBS_OF_A_SESSION = 8
OPEN_TRIES = 10
WORKERS = 3
WITHIN_S = 100.0
# Two methods: a second watch of the same one, begun while a call of it is being watched, throws a
# ConcurrentModificationException into the thread of the application (Arthas 4.1.5).
NUMBERED = "watch fx.Hot hit"
WATCHES = (NUMBERED, "watch fx.Hot pause")
PULL_FAULTS = (
    faults.cut_before_headers,
    faults.cut_in_headers,
    faults.cut_in_body,
    faults.truncated,
    faults.other_request,
    faults.swallow,
    faults.server_error,
    faults.slow(0.05),
)


@dataclass(frozen=True)
class Ran:
    """One job: its line and limit, what it showed, how it ended."""

    line: str
    limit: int
    shown: list[Result]
    outcome: Outcome

    @property
    def hits(self) -> int:
        return sum(result.type == "watch" for result in self.shown)


@dataclass
class Worker:
    """Runs jobs, a few in each session, and does them harm: one thread's share of the soak."""

    url: str
    watch: str
    limits: tuple[int, ...]
    faults: Faults
    forget: Callable[[str], None]
    random: random.Random
    harm: float = 0.2
    ran: list[Ran] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)

    def run(self, jobs: int) -> None:
        while len(self.ran) < jobs:
            with self.open() as session:
                self.sessions.append(session.id)
                for _ in range(min(JOBS_OF_A_SESSION, jobs - len(self.ran))):
                    self.ran.append(self.run_job(session))
                if self.random.random() < 0.1:
                    self.faults.next(faults.cut_in_body, action="close_session")

    def open(self) -> Session:
        """Opens a session; its first pull may be one that breaks."""
        for _ in range(OPEN_TRIES):
            try:
                return Session.open(connect(self.url, may_tune=self.random.random() < 0.3))
            except ArthasShellError:
                continue
        raise AssertionError("no session can be opened")

    def run_job(self, session: Session) -> Ran:
        limit = self.random.choice(self.limits)
        line = f"{self.watch} -n {limit} '{{params[0],{self.random.random()}}}'"
        plan = Plan(line, "watch", is_stream=True, is_interruptible=True, limit=limit)
        stream = Stream(session, plan)
        shown: list[Result] = []
        stop_after = self.random.randrange(limit) if self.random.random() < 0.4 else limit + 1
        if self.random.random() < self.harm / 2:
            action = self.random.choice(["async_exec", "interrupt_job"])
            self.faults.next(faults.cut_in_body, action=action)
        if self.random.random() < self.harm:
            fault, skip = self.random.choice(PULL_FAULTS), self.random.randrange(4)
            self.faults.next(fault, skip=skip, action="pull_results")
        for result in stream:
            shown.append(result)
            if len(shown) == stop_after:
                self.stop(session, stream)
        stream.close()
        return Ran(line, limit, shown, stream.outcome)

    def stop(self, session: Session, stream: Stream) -> None:
        """Interrupts the job, twice perhaps, or has the server forget who pulls."""
        if self.random.random() < self.harm / 2:
            self.forget(session.id)
        for _ in range(self.random.choice([0, 1, 1, 2])):
            run_in_thread(stream.interrupt).join(self.random.choice([0.0, 5.0]))


def make_random(number: int) -> random.Random:
    return random.Random(SEED + number)  # noqa: S311 - to be the same each time


def soak(workers: list[Worker], jobs: int) -> list[Ran]:
    """Runs `jobs` jobs in each worker, all at once."""
    threads = [threading.Thread(target=worker.run, args=(jobs,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN_S)
    ran = [job for worker in workers for job in worker.ran]
    assert len(ran) == jobs * len(workers)
    return ran


def assert_is_owned_up_to(job: Ran) -> None:
    """What is not known to be complete is an error."""
    assert job.outcome.lost == 0 or job.outcome.error is not None, job


def count_gaps(job: Ran) -> int:
    """Counts the calls that are missing between those shown, by their numbers."""
    values = [str(result.data["value"]) for result in job.shown if result.type == "watch"]
    numbers = [int(match[0]) for match in map(re.compile(r"\d+").search, values) if match]
    assert numbers == sorted(set(numbers)), job
    return numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0


@pytest.mark.usefixtures("no_thread_left")
def test_of_hundreds_of_jobs_none_is_left_and_every_result_is_accounted_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("support.fake.queues.PULL_WAIT_S", 0.2)
    monkeypatch.setattr("support.fake.queues.PULL_GAP_S", 0.02)
    monkeypatch.setattr("support.fake.api.EXEC_LOOK_S", 0.01)
    monkeypatch.setattr("arthas_cli.session.pull._PAUSES_S", (0.01,) * 6)
    with FakeArthas() as fake:
        fake.target.rate = 3000.0

        def forget(session_id: str) -> None:
            for session in fake.sessions:
                if session.id == session_id and session.queue:
                    session.queue.drop_consumers()

        watch = "watch demo.MathGame primeFactors"
        limits = (1, 1, 5, 5, 20, 60)
        workers = [
            Worker(fake.url, watch, limits, fake.faults, forget, make_random(number))
            for number in range(WORKERS)
        ]
        ran = soak(workers, pick(60, 334))
        fake.wait_for(lambda: not fake.jobs)
        assert fake.sessions == []
        for job in ran:
            assert_is_owned_up_to(job)
            if job.outcome.lost is not None:
                assert job.hits + job.outcome.lost == fake.count_hits(job.line), job
        assert sum(job.outcome.lost == 0 for job in ran) > 0.6 * len(ran)
        assert sum(job.outcome.lost is None for job in ran) > 0.02 * len(ran)


@pytest.mark.usefixtures("no_thread_left")
def test_of_many_jobs_on_a_real_server_none_is_left_and_every_result_is_accounted_for(
    fixture_jvm: Target,
) -> None:
    url = fixture_jvm.url
    set_rate(url, 300)
    with FaultProxy(url) as proxy:
        workers = [
            Worker(
                proxy.url,
                watch,
                (1, 5, 40, 120),
                proxy.faults,
                lambda session_id: forget_consumers(url, session_id),
                make_random(number),
                harm=0.1,
            )
            for number, watch in enumerate(WATCHES)
        ]
        ran = soak(workers, pick(12, 50))
    set_rate(url, 0)
    wait_for(lambda: count_jobs(url) == 0, lambda: list_jobs(connect(url)))
    assert [name for worker in workers for name in worker.sessions if is_open(url, name)] == []
    for job in ran:
        assert_is_owned_up_to(job)
        if job.outcome.lost is not None:
            if job.line.startswith(NUMBERED):
                assert count_gaps(job) <= job.outcome.lost, job
            if job.outcome.state == "SUCCEEDED":
                assert job.hits + job.outcome.lost == job.limit, job
    assert sum(job.outcome.lost == 0 for job in ran) > 0.5 * len(ran)
