"""The same for each of many, at most so many at a time.

Threads of our own and not a pool of the standard library, which waits at the end of the program for
threads that a silent server holds up.
"""

from __future__ import annotations

import queue
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from arthas_cli.errors import ArthasShellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

# Signals are only seen between two waits on some systems.
WAKE_S = 0.5


def start_workers(
    work: Callable[[int], object], waiting: Sequence[int], most: int
) -> list[threading.Thread]:
    """Start threads that call `work` with each number in turn; it must not raise."""
    numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in waiting:
        numbers.put(number)

    def run() -> None:
        while True:
            try:
                number = numbers.get_nowait()
            except queue.Empty:
                return
            work(number)

    workers = [
        threading.Thread(target=run, name="fleet", daemon=True)
        for _ in range(min(most, len(waiting)))
    ]
    for worker in workers:
        worker.start()
    return workers


def call_each(actions: Sequence[Callable[[], T]], most: int) -> list[T | ArthasShellError]:
    """Return what each returned or raised, in their order.

    Raises:
        BaseException: what one raised that is no error of ours.
    """
    news: queue.SimpleQueue[tuple[int, T | BaseException]] = queue.SimpleQueue()
    start_workers(partial(_call, actions, news.put), range(len(actions)), most)
    found: dict[int, T | ArthasShellError] = {}
    while len(found) < len(actions):
        try:
            number, came = news.get(timeout=WAKE_S)
        except queue.Empty:
            continue
        if isinstance(came, BaseException) and not isinstance(came, ArthasShellError):
            raise came
        found[number] = came
    return [found[number] for number in range(len(actions))]


def _call(
    actions: Sequence[Callable[[], T]],
    hand_on: Callable[[tuple[int, T | BaseException]], object],
    number: int,
) -> None:
    try:
        came: T | BaseException = actions[number]()
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
        came = error
    hand_on((number, came))
