"""A session's consumer: the queue on the server that holds our results, and how it is pulled."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, TimedOut
from arthas_cli.protocol import Action
from arthas_cli.session.backlog import Pulled
from arthas_cli.session.loss import BATCH_SIZE, QUEUE_SIZE
from arthas_cli.session.pull import RESULTS, PullLoop
from arthas_cli.session.server import remain
from arthas_cli.session.tuning import (
    ASK_S,
    LARGE,
    SMALL,
    ask_number,
    choose_batch_size,
    choose_queue_size,
    is_tunable,
    make_batch_line,
    make_queue_line,
    make_waiting_line,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.session.server import Server

# A pull is answered after 2 s at the latest (docs/protocol.md, 4.1), later only when it stands
# behind another request on its worker.
PULL_S = 30.0
_RESULT = b'"jobId"'  # each result has one
# The server forgets a consumer that has not pulled for five minutes (docs/protocol.md, 3.2), and
# stops a job that has none. By the clock on the wall, which goes on while a laptop sleeps.
_STALE_S = 240.0
_RATE_OVER_S = 0.1
# When to ask what waits on the server; where that is little, each pause is twice the one before.
_LOOK_S, _MOST_LOOK_S = 0.4, 30.0
_MANY_FULL = 10  # so many full pulls in a row may have left something behind


class Consumer:
    """Our consumer. `queue_size` and `batch_size` are the least that the server may go by.

    A setting that is on its way may hold already or not yet, so until its answer the lesser value
    stands here: what is concluded from it is right in both cases. `fixed_batch`: how many
    results a pull takes once it is tuned, None where that follows the rate seen.

    Threads: the pull loop's pulls; `_setting` is held by the one that changes a setting on the
    server, so that their answers come in the order in which the server took them. Others read
    `queue_size` and `batch_size` meanwhile, which hold the lesser value.
    """

    def __init__(self, server: Server, session_id: str, consumer_id: str) -> None:
        self.server = server
        self.id = consumer_id
        self.queue_size = QUEUE_SIZE
        self.batch_size = BATCH_SIZE
        self.is_tuned = False
        self.fixed_batch: int | None = None
        self.loop = PullLoop(self.pull)
        self._session_id = session_id
        self._was_found = True
        self._pulled_at = time.time()
        self._steering: threading.Thread | None = None
        self._setting = threading.RLock()
        self._counted = 0
        self._counted_since = time.monotonic()
        self._full_in_a_row = 0
        self._look_s, self._look_at = _LOOK_S, 0.0

    def pull(
        self, meanwhile: Callable[[], None] | None = None, *, until: float | None = None
    ) -> Pulled:
        """Ask once for results; wait up to 2 s on the server; `meanwhile`: as for `Server.send`.

        Never abandon it: what it took off the queue would be lost (docs/protocol.md, 4.1).
        """
        batch_size, sent = self.batch_size, time.monotonic()
        answer = self.server.send(
            Action.PULL_RESULTS,
            timeout_s=remain(PULL_S, until),
            meanwhile=meanwhile,
            session_id=self._session_id,
            consumer_id=self.id,
        )
        self._was_found = RESULTS in answer.content
        self._pulled_at = time.time()
        count = answer.content.count(_RESULT)
        if self.is_tuned and self.fixed_batch is None:
            self._steer(count, batch_size)
        batch_size, took_s = min(batch_size, self.batch_size), time.monotonic() - sent
        return Pulled(answer.request, answer.content, answer.hide, batch_size, took_s, count)

    def tune(self, limit: int | None = None, *, until: float | None = None) -> None:
        """Set a queue for a job of `limit` results and the quickest batches.

        Where the server refuses, the consumer stays as it is.
        """
        with self._setting:
            self._tune(max(choose_queue_size(limit), self.queue_size), until)

    def _tune(self, queue_size: int, until: float | None) -> None:
        if not is_tunable(self._session_id, self.id):
            return
        batch_size = self.fixed_batch or SMALL
        line = make_queue_line(self._session_id, self.id, queue_size, batch_size)
        try:
            number = ask_number(self.server, line, remain(ASK_S, until))
        except TimedOut:  # it may still be carried out
            self.batch_size = batch_size
        except ArthasShellError:
            return
        else:
            if number == queue_size:
                self.queue_size, self.batch_size, self.is_tuned = queue_size, batch_size, True

    def prepare(self, limit: int | None) -> None:
        """Make the consumer ready for another job of `limit` results."""
        with self._setting:
            self._look_s, self._look_at = _LOOK_S, time.monotonic() + _LOOK_S
            is_short = choose_queue_size(limit) > self.queue_size
            if self.is_tuned and (is_short or self.batch_size != SMALL):
                self.tune(limit)

    @property
    def is_stale(self) -> bool:
        """Whether the server may have forgotten it."""
        return not self._was_found or time.time() - self._pulled_at > _STALE_S

    def replace(self, consumer_id: str, limit: int | None) -> None:
        """Switch to another consumer of the same session, tuned if it was; none may pull."""
        with self._setting:
            was_tuned = self.is_tuned
            self.id = consumer_id
            self.queue_size, self.batch_size, self.is_tuned = QUEUE_SIZE, BATCH_SIZE, False
            self._was_found, self._pulled_at = True, time.time()
            if was_tuned:
                self.tune(limit)

    def _steer(self, count: int, batch_size: int) -> None:
        """Fit the batches to the rate seen: quick while little comes, large when much does.

        Where every pull was full the results may come as slowly as they are pulled, from a server
        that is far away or has much to do; then it is asked how many wait.
        """
        self._counted += count
        self._full_in_a_row = self._full_in_a_row + 1 if count >= batch_size else 0
        now = time.monotonic()
        elapsed_s = now - self._counted_since
        if elapsed_s < _RATE_OVER_S or (self._steering and self._steering.is_alive()):
            return
        rate = self._counted / elapsed_s
        wanted = choose_batch_size(rate, self.batch_size)
        are_many_full = self._full_in_a_row >= _MANY_FULL
        is_unsure = are_many_full and wanted <= self.batch_size and wanted < LARGE
        is_due = now >= self._look_at if is_unsure else wanted != self.batch_size
        self._counted, self._counted_since = 0, now
        if is_due:
            self._steering = threading.Thread(
                target=self._fit_batches,
                args=(rate,),
                kwargs={"looks": is_unsure},
                name="steer",
                daemon=True,
            )
            self._steering.start()

    def _fit_batches(self, rate: float, *, looks: bool) -> None:
        with self._setting, suppress(ArthasShellError):
            waiting = 0
            if looks:
                line = make_waiting_line(self._session_id, self.id)
                self._look_s = min(2 * self._look_s, _MOST_LOOK_S)
                self._look_at = time.monotonic() + self._look_s
                waiting = ask_number(self.server, line) or 0
            size = choose_batch_size(rate, self.batch_size, waiting)
            if size == self.batch_size:
                return
            self._look_s, self._look_at = _LOOK_S, time.monotonic() + _LOOK_S
            self.batch_size = min(size, self.batch_size)
            line = make_batch_line(self._session_id, self.id, size)
            if ask_number(self.server, line) == size:
                self.batch_size = size
