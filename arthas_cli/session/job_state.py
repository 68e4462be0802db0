"""The course of one job: how far it is, and how it ended; nothing is sent from here."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arthas_cli.session.phases import JOB_PHASES, JobEvent, JobPhase, move

if TYPE_CHECKING:
    from arthas_cli.errors import ArthasShellError
    from arthas_cli.session.loss import LossAccount
    from arthas_cli.session.outcome import Status

_OVER = frozenset({JobPhase.ENDED, JobPhase.RACED})


@dataclass
class JobState:
    """What is known of a job so far: its phase (`session.phases`), and what is no phase.

    `job_id` is 0 while the server has not started it. `status`: of its end, None where that was
    not seen. `error`: what kept it from being seen to its end. Losses are beside the phase, in the
    `account`, for they may come in any.

    Threads: `_lock` guards `phase`, `job_id`, `status` and `error`, for the job may be given up
    while it is being started, and an interrupt looks at it. The account is of the thread that reads
    the results, or of the one it waits for (`aside`).
    """

    account: LossAccount
    job_id: int = 0
    phase: JobPhase = JobPhase.NEW
    status: Status | None = None
    error: ArthasShellError | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is to be waited for, unless it is started again."""
        return self.phase in _OVER

    @property
    def is_race(self) -> bool:
        """Whether it ended because the server tripped over itself, although nobody else is at work.

        It can be started again.
        """
        return self.phase is JobPhase.RACED

    def is_running(self, job_id: int) -> bool:
        """Return whether it is that job, and has not ended."""
        with self._lock:
            return self.job_id == job_id and not self.has_ended

    def begin(self, job_id: int) -> None:
        """Note that the server has started it."""
        with self._lock:
            self.phase = move(JOB_PHASES, self.phase, JobEvent.BEGIN)
            self.job_id, self.status = job_id, None

    def end(self, error: ArthasShellError | None) -> None:
        """End it, if it has not ended."""
        with self._lock:
            had_ended = self.has_ended
            self.phase = move(JOB_PHASES, self.phase, JobEvent.GIVE_UP)
            if not had_ended:
                self.error = error

    def blame(self, error: ArthasShellError) -> None:
        """Note what went wrong with one that has ended, unless that is known."""
        with self._lock:
            self.error = self.error or error

    def forget_start(self) -> None:
        """Is as before the start, so that it can be started again."""
        self._forget(None)

    def start_over(self, limit: int | None) -> None:
        """Is as before the start, for `limit` results on top of what came.

        How it ended last holds until the server has started it again.
        """
        self._forget(self.status)
        self.account.start_over(limit)

    def _forget(self, status: Status | None) -> None:
        with self._lock:
            self.phase = move(JOB_PHASES, self.phase, JobEvent.FORGET)
            self.job_id, self.status = 0, status

    def pass_over(self) -> None:
        """Note that results of its own were lost: what comes next is no more of a job before."""
        self.note(JobEvent.SEE)

    def note(self, event: JobEvent, status: Status | None = None) -> None:
        """Move on by what happened; `status`: of its end, where that was it."""
        with self._lock:
            self.phase = move(JOB_PHASES, self.phase, event)
            self.status = status or self.status
