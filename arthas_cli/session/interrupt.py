"""Stopping a job: asked for by anybody, sent once there is a job, its end still to be awaited."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError
from arthas_cli.session.tuning import ask_number, make_end_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.course import Course
    from arthas_cli.session.session import Session

# An interrupted job with a handler ends within about 0.1 s (streaming, section 5), behind
# somebody's long poll within 2 s more.
_END_AFTER_S = 5.0
# How long to wait for the count of hits, which stops the job as well, before it is just stopped.
_COUNT_S = 0.5


class Interrupt:
    """The interrupt of one job; any thread may send it.

    `is_asked`: it is wanted, and not denied by a server that had no job to stop. `was_stopped`:
    there was one. `patience_ends`: when to wait for the end no more, by `time.monotonic`; None
    while nothing was sent.
    """

    def __init__(self, session: Session, plan: Plan, course: Course) -> None:
        self.is_asked = False
        self.was_stopped = False
        self.patience_ends: float | None = None
        self._session = session
        self._plan = plan
        self._course = course
        self._lock = threading.Lock()
        self._is_unsure = False  # a request that stops it was not answered

    def send(self) -> None:
        """Stops the job, or whatever job comes of the start that is under way.

        Raises:
            ArthasShellError: the server cannot be reached.
        """
        self.is_asked = True
        job_id = self._course.job_id
        if not job_id:
            return  # whoever starts it calls `catch_up`
        with self._lock:
            if self._stop_and_count(job_id) or self._interrupt(job_id) or self._is_unsure:
                self.was_stopped = True
            elif self._course.job_id == job_id:
                self.is_asked = self.was_stopped  # it had ended before
            self.patience_ends = self.patience_ends or time.monotonic() + _END_AFTER_S

    def be_patient(self, results: Iterable[Result]) -> bool:
        """Says whether the end is still to be waited for, now that these results have come.

        Where the job's own still come, which were made before, it waits as long again.
        """
        if self.patience_ends is None:
            return True
        has_own = any(result.job_id == self._course.job_id for result in results)
        if has_own and self._plan.is_interruptible:
            self.patience_ends = time.monotonic() + _END_AFTER_S
        return has_own or time.monotonic() < self.patience_ends

    def catch_up(self) -> None:
        """Stops a job that has just begun, if that was asked before; raises as `send` does."""
        if self.is_asked:
            self.send()

    def _interrupt(self, job_id: int) -> bool:
        course = self._course
        return self._session.interrupt(lambda: course.job_id == job_id and not course.has_ended)

    def _stop_and_count(self, job_id: int) -> bool:
        """Stops the job by the door that also tells its hits, where these are not known else."""
        account = self._course.account
        if not (self._session.consumer.is_tuned and self._plan.counts_hits) or account.is_certain:
            return False
        try:
            hits = ask_number(self._session.server, make_end_line(job_id), _COUNT_S)
        except ArthasShellError:
            self._is_unsure = True
            return False
        if hits is None:
            return False
        account.produced = hits
        return True
