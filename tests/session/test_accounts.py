"""Whatever happens between a server's queue and us: a number that is given is the true one.

A simulated server and its consumer, without threads: hits come in bursts, pulls take some of them,
batches change their size on the way as `Consumer` changes them, answers break, the consumer is
forgotten and replaced, be it while the server hands out a result, and somebody stops the job, told
how many hits it made or not.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from support.soak import pick

from arthas_cli.session.arrivals import Arrivals
from arthas_cli.session.job_state import JobState
from arthas_cli.session.loss import LossAccount

from .conftest import ALLOW_INPUT, ALLOW_INTERRUPT, COMMAND, JOB, Fields, make_result, status

if TYPE_CHECKING:
    from arthas_cli.protocol import Result

HISTORY = 50
DISABLED: Fields = {"type": "input_status", "jobId": 0, "inputStatus": "DISABLED"}
SIZES = (1, 20, 100)
MAX_PULLS = 2_000
# What happens, and how often or to what.
Step: TypeAlias = "tuple[str, int]"


@dataclass
class Sim:
    """A job on the server, its consumer's queue and history, and our own account of it.

    `batch` is how many results a pull takes there; `assumed` is what we may go by: the lesser of
    the old and the new while a change is on its way.
    """

    slots: int
    limit: int
    batch: int = 20
    assumed: int = 20
    changing: int | None = None
    made: int = 0
    shown: list[int] = field(default_factory=list)
    has_ended: bool = False
    queue: deque[Result] = field(default_factory=deque)
    history: deque[Result] = field(default_factory=lambda: deque(maxlen=HISTORY))
    input_status: Fields = field(default_factory=lambda: ALLOW_INTERRUPT)

    def __post_init__(self) -> None:
        self.account = LossAccount(counted="watch", limit=self.limit)
        self.account.queue_size = self.slots
        self.job_state = JobState(self.account)
        self.job_state.begin(JOB)
        self.arrivals = Arrivals(self.job_state)
        self.say(COMMAND)
        self.allow(ALLOW_INTERRUPT)

    def say(self, fields: Fields) -> None:
        result = make_result(fields)
        self.history.append(result)
        self.put(result)

    def allow(self, fields: Fields) -> None:
        self.input_status = fields
        self.put(make_result(fields))

    def put(self, result: Result) -> None:
        if len(self.queue) == self.slots:
            self.queue.popleft()
        self.queue.append(result)

    def produce(self, count: int) -> None:
        for _ in range(count):
            if self.has_ended:
                return
            self.made += 1
            self.say({"type": "watch", "jobId": JOB, "ts": self.made, "value": self.made})
            if self.made == self.limit:
                self.end()

    def end(self) -> None:
        if not self.has_ended:
            self.has_ended = True
            self.say(status())
            self.allow(ALLOW_INPUT)

    def pull(self, *, breaks: bool = False) -> None:
        """A pull whose answer breaks took what it took all the same."""
        taken = [self.queue.popleft() for _ in range(min(self.batch, len(self.queue)))]
        if breaks:
            self.arrivals.break_off()
            return
        self.arrivals.take(taken, self.assumed)
        while self.arrivals.ready:
            hit = self.arrivals.ready.popleft()
            if hit.type == "watch":
                self.shown.append(int(str(hit.data["value"])))

    def send_size(self, size: int) -> None:
        """A change of the batches sets out: until it is confirmed the lesser size counts."""
        self.assumed = min(size, self.assumed)
        self.changing = size

    def arrive(self) -> None:
        """It reaches the server."""
        if self.changing is not None:
            self.batch = self.changing

    def confirm(self) -> None:
        """Its answer reaches us."""
        self.arrive()
        if self.changing is not None:
            self.assumed, self.changing = self.changing, None

    def rejoin(self, crossing: int = 0) -> None:
        """Another consumer takes the place of ours, which is forgotten with all it held.

        `crossing`: how often the new one gets a result that is handed out while it joins: the last
        of the replay once more, or none of the next `-crossing`.
        """
        self.arrivals.expect_replay()
        self.queue.clear()
        self.batch = self.assumed = 20
        self.changing = None
        self.put(make_result(DISABLED))
        for result in self.history:
            self.put(result)
        self.put(make_result(self.input_status))
        if crossing > 0:
            self.put(self.history[-1])
        elif crossing < 0:
            joined = list(self.queue)
            self.produce(-crossing)
            self.queue = deque(joined)

    def drain(self) -> None:
        """Pulls to the end, and on while the queue has something in it."""
        for _ in range(MAX_PULLS):
            if self.job_state.has_ended or not self.queue:
                return
            self.pull()
        raise AssertionError("the queue does not get empty")


ACTIONS = st.one_of(
    st.tuples(st.just("produce"), st.integers(1, 90)),
    st.tuples(st.just("pull"), st.integers(1, 6)),
    st.tuples(st.just("send"), st.sampled_from(SIZES)),
    st.sampled_from([("arrive", 0), ("confirm", 0), ("break", 0)]),
    st.tuples(st.just("rejoin"), st.integers(-2, 1)),
)


def play(sim: Sim, steps: list[Step]) -> None:
    for action, number in steps:
        match action:
            case "produce":
                sim.produce(number)
            case "pull":
                for _ in range(number):
                    sim.pull()
            case "send":
                sim.send_size(number)
            case "arrive":
                sim.arrive()
            case "confirm":
                sim.confirm()
            case "break":
                sim.pull(breaks=True)
            case _:
                sim.rejoin(number)


@settings(max_examples=pick(100, 400))
@given(
    steps=st.lists(ACTIONS, max_size=30),
    slots=st.sampled_from([50, 120]),
    limit=st.integers(1, 400),
    is_told=st.booleans(),
)
@example(steps=[("produce", 90)], slots=50, limit=400, is_told=True)
@example(steps=[("produce", 90)], slots=50, limit=90, is_told=False)
@example(steps=[("produce", 30), ("pull", 1), ("rejoin", 0)], slots=50, limit=400, is_told=False)
@example(steps=[("produce", 30), ("pull", 1), ("rejoin", 1)], slots=50, limit=400, is_told=False)
@example(steps=[("produce", 30), ("pull", 2), ("rejoin", -1)], slots=50, limit=99, is_told=False)
@example(
    steps=[("produce", 1), ("pull", 1), ("rejoin", 1), ("produce", 46)],
    slots=50,
    limit=47,
    is_told=False,
)
@example(steps=[("send", 100), ("produce", 60), ("pull", 1)], slots=50, limit=99, is_told=False)
def test_what_is_shown_and_what_is_lost_are_what_was_made(
    steps: list[Step], slots: int, limit: int, *, is_told: bool
) -> None:
    sim = Sim(slots, limit)
    play(sim, steps)
    has_reached_end = sim.has_ended
    sim.end()
    if is_told and not has_reached_end:
        sim.account.produced = sim.made
    sim.drain()
    if sim.job_state.status is None:
        sim.account.record_break("an answer broke")  # as a stream does whose end was not seen
    lost = sim.account.settle(has_reached_end=has_reached_end and sim.job_state.status is not None)
    event("unknown" if lost is None else "none" if lost == 0 else "some")
    assert sim.shown == sorted(set(sim.shown))
    assert lost is None or len(sim.shown) + lost == sim.made
    if is_told and not has_reached_end:
        assert lost is not None


def test_a_limit_that_was_reached_always_gives_a_number() -> None:
    sim = Sim(50, 300)
    sim.produce(300)
    sim.drain()
    assert sim.account.settle(has_reached_end=True) == 300 - len(sim.shown) == 252


def test_what_a_new_consumer_is_told_again_is_no_loss() -> None:
    sim = Sim(50, 300)
    play(sim, [("produce", 30), ("pull", 2), ("produce", 5)])
    sim.end()
    sim.rejoin()
    sim.drain()
    assert sim.shown == list(range(1, 36))
    assert sim.account.settle(has_reached_end=False) == 0
