"""Where results wait for a client, and where they get lost (docs/protocol.md, 3.3 and 4.2)."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import TypeAlias

Result: TypeAlias = Mapping[str, object]

PACK_SLOTS = 500
CONSUMER_SLOTS = 50
PULL_RESULTS = 20
PULL_ITEMS = 100
PULL_WAIT_S = 2.0
PULL_GAP_S = 0.1
SECOND_PULL_WAIT_S = 0.5
SESSION_SLOTS = 10
PRODUCER_WAIT_S = 0.1
HISTORY_RESULTS = 50
HEALTHY_WITHIN_S = 1.0


def count_items(result: Result) -> int:
    """Returns how much a result weighs in a pull: the elements of its lists, or 1."""
    return max(1, sum(len(value) for value in result.values() if isinstance(value, list)))


class Pack:
    """What one `exec` collects: 500 results; what comes after is dropped, its status included."""

    def __init__(self) -> None:
        self.results: list[Result] = []

    def append(self, result: Result) -> None:
        if len(self.results) < PACK_SLOTS:
            self.results.append(result)


class Consumer:
    """The results for one client: 50 slots, of which the oldest goes first when they are full."""

    def __init__(
        self, name: str, *, slots: int = CONSUMER_SLOTS, batch: int = PULL_RESULTS
    ) -> None:
        self.name = name
        self.slots = slots
        self.batch = batch
        self.dropped = 0
        self._is_closed = False
        self._results: deque[Result] = deque()
        self._changed = threading.Condition()
        self._pull = threading.Lock()
        self._last_pull = time.monotonic()

    def append(self, result: Result) -> None:
        with self._changed:
            if len(self._results) >= self.slots:
                self._results.popleft()
                self.dropped += 1
            self._results.append(result)
            self._changed.notify_all()

    def pull(self) -> list[Result]:
        """Waits for results as long as the server does: the second pull at once gets nothing."""
        self._last_pull = time.monotonic()
        if not self._pull.acquire(timeout=SECOND_PULL_WAIT_S):
            return []
        try:
            return self._collect(self._last_pull + PULL_WAIT_S)
        finally:
            self._last_pull = time.monotonic()
            self._pull.release()

    @property
    def waiting(self) -> int:
        return len(self._results)

    @property
    def is_healthy(self) -> bool:
        """Somebody pulls, or did a second ago, or there is room."""
        has_room = len(self._results) < self.slots
        is_recent = time.monotonic() - self._last_pull < HEALTHY_WITHIN_S
        return self._pull.locked() or has_room or is_recent

    def close(self) -> None:
        """Sends waiting pulls home with what they have."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _collect(self, until: float) -> list[Result]:
        taken: list[Result] = []
        items = 0
        while not self._is_closed and len(taken) < self.batch and items < PULL_ITEMS:
            result = self._next()
            if result is not None:
                taken.append(result)
                items += count_items(result)
            elif taken or time.monotonic() >= until:
                break
        return taken

    def _next(self) -> Result | None:
        with self._changed:
            self._changed.wait_for(lambda: self._results or self._is_closed, PULL_GAP_S)
            return self._results.popleft() if self._results else None


class SessionQueue:
    """The queue before the consumers: 10 slots, a producer waits 100 ms, then one is dropped.

    `on_trouble` is told that results are lost or that nobody takes them, once until all is well
    again; the server interrupts the job for it.
    """

    def __init__(self, on_trouble: Callable[[str], None]) -> None:
        self.consumers: dict[str, Consumer] = {}
        self._on_trouble = on_trouble
        self._is_troubled = False
        self._is_closed = False
        self._pending: deque[Result] = deque()
        self._history: deque[Result] = deque(maxlen=HISTORY_RESULTS)
        self._changed = threading.Condition()
        self._sharing = threading.Lock()
        self._sharer: threading.Thread | None = None

    def append(self, result: Result) -> None:
        with self._changed:
            is_full = not (self._is_sharer() or self._has_room())
            if is_full:
                self._pending.popleft()
            self._pending.append(result)
            self._changed.notify_all()
        if is_full:
            self._report(f"result queue is full: {SESSION_SLOTS}")

    def join(self, consumer: Consumer, input_status: Result | None = None) -> None:
        """Adds a consumer; with `input_status` it gets the last 50 results first.

        What is handed out meanwhile may come twice, or not at all, as on the server.
        """
        with self._sharing:
            if input_status is not None:
                consumer.append({**input_status, "inputStatus": "DISABLED"})
                for result in self._history:
                    consumer.append(result)
                consumer.append(input_status)
        self.consumers[consumer.name] = consumer

    def drop_consumers(self) -> None:
        with self._sharing:
            dropped, self.consumers = self.consumers, {}
        for consumer in dropped.values():
            consumer.close()

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self.drop_consumers()

    def share(self) -> None:
        """Hands pending results to the consumers until closed; runs in a thread of its own."""
        self._sharer = threading.current_thread()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._is_closed)
                if not self._pending:
                    return
                result = self._pending.popleft()
                self._changed.notify_all()
            self._hand_out(result)

    def _hand_out(self, result: Result) -> None:
        with self._sharing:
            if result.get("type") != "input_status":
                self._history.append(result)
        consumers = list(self.consumers.values())
        is_healthy = any(consumer.is_healthy for consumer in consumers)
        for consumer in consumers:
            consumer.append(result)
        if not is_healthy:
            self._report("all consumers are unhealthy")
        elif not self._pending:
            self._is_troubled = False

    def _is_sharer(self) -> bool:
        return threading.current_thread() is self._sharer

    def _has_room(self) -> bool:
        return self._changed.wait_for(lambda: len(self._pending) < SESSION_SLOTS, PRODUCER_WAIT_S)

    def _report(self, trouble: str) -> None:
        if not self._is_troubled:
            self._is_troubled = True
            self._on_trouble(f"{trouble}, current job was interrupted.")
