"""Bringing the interrupt of a job to the server, which is not told which job is meant."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, NoServer, TimedOut
from arthas_cli.session.phases import InterruptEvent
from arthas_cli.session.tuning import ask_number, make_end_line

if TYPE_CHECKING:
    from arthas_cli.line.plan import Plan
    from arthas_cli.session.job_state import JobState
    from arthas_cli.session.session import Session

# How long to wait for the count of hits, which stops the job as well, before it is just stopped.
_COUNT_S = 0.5
_AWAY_PAUSE_S = 0.1


class Delivery:
    """Delivers the interrupt of one job. `failure`: why the server could not be reached last.

    Threads: any may deliver; `_lock` is held by the one that does, and guards all fields.
    `failure` is read without it, by who waits for the end.
    """

    def __init__(self, session: Session, plan: Plan, job_state: JobState) -> None:
        self.failure: NoServer | None = None
        self._session = session
        self._plan = plan
        self._job_state = job_state
        self._lock = threading.Lock()
        self._is_unsure = False  # a request that stops it was not answered

    def deliver(self, job_id: int, until: float) -> InterruptEvent:
        """Interrupt that job, and no other; return what the server answers.

        Raises:
            NoServer: it cannot be reached for as long as the end is waited for.
            ArthasShellError: as `Session.interrupt`.
        """
        with self._lock:
            while True:
                try:
                    return self._stop(job_id, until)
                except NoServer as error:
                    if not isinstance(error, TimedOut):
                        self.failure = error
                    if time.monotonic() + _AWAY_PAUSE_S >= until:
                        raise
                    time.sleep(_AWAY_PAUSE_S)

    def _stop(self, job_id: int, until: float) -> InterruptEvent:
        if self._stop_and_count(job_id) or self._interrupt(job_id, until) or self._is_unsure:
            return InterruptEvent.STOPPED
        is_same = self._job_state.job_id == job_id
        return InterruptEvent.NO_JOB if is_same else InterruptEvent.OTHER_JOB

    def _interrupt(self, job_id: int, until: float) -> bool:
        def is_wanted() -> bool:
            return self._job_state.is_running(job_id)

        return self._session.interrupt(is_wanted, until - time.monotonic())

    def _stop_and_count(self, job_id: int) -> bool:
        """Stop the job by the door that also tells its hits, where these are not known else."""
        account = self._job_state.account
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
