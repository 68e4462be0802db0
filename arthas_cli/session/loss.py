"""How many results of one job were lost: a number where it is known, else None.

The server drops the oldest results of a full queue without a word (docs/protocol.md, 4.2).
What it dropped follows from what the command promised (`-n`, the row count) or is proven to be
nothing by the certificate: a pull that is not full has emptied the queue, and a drop needs a full
queue, which is then delivered; so if less than a queue's worth came between two emptying pulls,
nothing was dropped between them (docs/protocol.md, 4.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.jsontext import as_int

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.protocol import Result

QUEUE_SIZE = 50
# What comes to the consumers stands in this one before.
SESSION_QUEUE_SIZE = 10
BATCH_SIZE = 20
_BATCH_ITEMS = 100
# Behind the `status` the server queues ALLOW_INPUT and maybe a message: a drop they made shows in
# results that are never pulled.
_BEHIND_END = 2
# The commands whose results are counted by their `row_affect` in a way known here.
_COUNTED_BY_ROWS = ("sc", "sm", "getstatic")


class LossAccount:
    """Counts what one job delivered.

    `limit` is how many results of the type `counted` the command makes when it ends by itself;
    None where that is not known. `queue_size` is that of the consumer on the server. `produced`:
    how many of that type the server says it made, where it was asked. `has_stalled`: a pull took
    so long that the server may have stopped the job for it. It says so in a message that may
    itself be lost (docs/protocol.md, 4.2), and then a job that was stopped ends as one that
    reached its limit. `why`: what broke first, empty where nothing but a full queue lost any.
    `cure`: what to do about that, None for what helps against any loss.
    """

    def __init__(self, *, counted: str | None = None, limit: int | None = None) -> None:
        self.queue_size = QUEUE_SIZE
        self.produced: int | None = None
        self.has_stalled = False
        self._counted = counted
        self._limit = limit
        self._received = 0
        self._since_empty = 0
        self._is_certain = True
        self.why = ""
        self.cure: str | None = None
        self._rows = 0
        self._promised_rows: int | None = None

    def record_pull(self, results: Sequence[Result], batch_size: int = BATCH_SIZE) -> None:
        """Take note of one pull, whatever job its results belong to.

        `batch_size`: a pull that brought fewer has emptied the queue.
        """
        self._record_results(len(results))
        if has_emptied(results, batch_size):
            self._since_empty = 0

    def record_replay(self, count: int, *, is_whole: bool, has_emptied: bool) -> None:
        """Take note of a replay that brought `count` results from the first that was news on.

        What its queue dropped in the midst of them was followed by a full queue, which is among
        them or yet to come, so that shows as ever. `has_emptied`: nothing was left in it.
        """
        self._record_results(count)
        if has_emptied:
            self._since_empty = 0
        if not is_whole:
            self.record_break(
                "the server had dropped this consumer, and more results may have come since"
            )

    def record_break(self, why: str, cure: str | None = None) -> None:
        """Take note of what makes the account uncertain, such as an answer that broke."""
        self._is_certain = False
        if not self.why:
            self.why, self.cure = why, cure

    def record(self, result: Result) -> None:
        """Take note of one result of the job."""
        if result.type == self._counted:
            self._received += 1
        if result.type in _COUNTED_BY_ROWS:
            self._rows += _count_rows(result)
        elif result.type == "row_affect" and self._counted in _COUNTED_BY_ROWS:
            self._promised_rows = as_int(result.data.get("rowCount"))

    def start_over(self, limit: int | None) -> None:
        """Take note that the command, which has reached its limit, makes `limit` more results."""
        if self.settle(has_reached_end=True) == 0:
            self._is_certain, self.why = True, ""
        self._limit, self._received, self.has_stalled = limit, 0, False

    @property
    def is_slight(self) -> bool:
        """Whether so little came that no queue of the server's can have been full."""
        return self._received < SESSION_QUEUE_SIZE

    @property
    def is_short(self) -> bool:
        """Whether less came than its limit."""
        return self._limit is not None and self._received < self._limit

    @property
    def is_waiting(self) -> bool:
        """Whether something may still stand in the queue."""
        return self._since_empty > 0

    @property
    def is_certain(self) -> bool:
        """Whether it is proven that nothing was lost so far."""
        return self._is_certain and self._since_empty < self.queue_size - _BEHIND_END

    def settle(self, *, has_reached_end: bool) -> int | None:
        """Return how many results were lost; None where nobody can know.

        `has_reached_end`: the command ended by itself and well, so that its limit was reached.
        """
        if self.is_certain:
            return 0
        if self.produced is not None:
            return _subtract(self.produced, self._received)
        if self._promised_rows is not None:
            return _subtract(self._promised_rows, self._rows)
        if has_reached_end and self._limit is not None and not (self.has_stalled and self.is_short):
            return _subtract(self._limit, self._received)
        return None

    def _record_results(self, count: int) -> None:
        self._since_empty += count
        if self._since_empty >= self.queue_size:
            self._is_certain = False


def has_emptied(results: Sequence[Result], batch_size: int) -> bool:
    """Return whether a pull that could have brought `batch_size` results found no more."""
    items = sum(_count_items(result) for result in results)
    return len(results) < batch_size and items < _BATCH_ITEMS


def _subtract(promised: int, received: int) -> int | None:
    """Return what is missing; None where the promise was not kept: threads can overrun `-n`."""
    return promised - received if received <= promised else None


def _count_items(result: Result) -> int:
    """Count at least what the server counts: each list element is one (docs/protocol.md, 4.1)."""
    sizes = (len(value) for value in result.data.values() if isinstance(value, (list, dict)))
    return max(1, sum(sizes))


def _count_rows(result: Result) -> int:
    """Count the rows of a result as `row_affect` does: `sc` sends up to 256 names in one."""
    names = result.data.get("classNames")
    return len(names) if isinstance(names, list) else 1
