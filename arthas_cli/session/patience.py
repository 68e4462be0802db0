"""How long a job is waited for: up to its deadline, then as long as its interrupt may take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from arthas_cli.errors import DeadlineReached

if TYPE_CHECKING:
    from arthas_cli.errors import ArthasShellError
    from arthas_cli.session.interrupt import Interrupt
    from arthas_cli.session.job_state import JobState


class Patience:
    """The patience with one job, of the thread that waits for its results.

    `begun`: when its time began to run, by `time.monotonic`. `is_late`: the deadline has passed.
    """

    def __init__(
        self, interrupt: Interrupt, job_state: JobState, begun: float, deadline_s: float | None
    ) -> None:
        self.is_late = False
        self._interrupt = interrupt
        self._job_state = job_state
        self._begun = begun
        self._deadline_s = deadline_s

    @property
    def elapsed_s(self) -> float:
        """Seconds since its time began to run."""
        return time.monotonic() - self._begun

    def find_until(self) -> float | None:
        """Return when a wait is over: at the deadline, then with the patience for the end."""
        if self._interrupt.patience_ends is not None:
            return self._interrupt.patience_ends
        if self._deadline_s is None or self._job_state.has_ended:
            return None
        return self._begun + self._deadline_s

    @property
    def is_over(self) -> bool:
        """Whether a wait is over."""
        until = self.find_until()
        return until is not None and time.monotonic() >= until

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline has passed and nothing was done about it, however much comes."""
        return self._interrupt.patience_ends is None and self.is_over

    def wake_up(self) -> None:
        """Deal with a wait that is over."""
        if self._interrupt.patience_ends is None:
            self.is_late = True
            self._interrupt.send_late()
        elif self.is_over:
            self._job_state.end(self._interrupt.explain_silence())

    def is_patient(self) -> bool:
        """Return whether a request of this job's is still waited for."""
        if self.is_over:
            self.wake_up()
        return not self._job_state.has_ended

    def explain_deadline(self, error: ArthasShellError | None) -> ArthasShellError | None:
        """Return the error of a job that came too late, else the one that is given."""
        if not self.is_late:
            return error
        what = f"; {error.message}" if error else ""
        return DeadlineReached(f"the deadline of {self._deadline_s or 0:g} s passed{what}")
