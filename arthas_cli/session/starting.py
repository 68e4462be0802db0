"""Starting a job on the server: in its turn to enhance, once more after a race."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, BadAnswer, Interrupted, ServerError, TimedOut
from arthas_cli.session.aside import run_aside
from arthas_cli.session.enhance_lock import EnhanceLock
from arthas_cli.session.phases import JobPhase

if TYPE_CHECKING:
    from arthas_cli.line.plan import Plan
    from arthas_cli.session.answers import AnswerReader
    from arthas_cli.session.beginnings import Beginnings
    from arthas_cli.session.interrupt import Interrupt
    from arthas_cli.session.job_state import JobState
    from arthas_cli.session.patience import Patience
    from arthas_cli.session.session import Session


class Starter:
    """Starts one job, in the thread that waits for its results.

    `is_held_up`: somebody else is enhancing, so it waits to do the same.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of one job
        self,
        session: Session,
        beginnings: Beginnings,
        job_state: JobState,
        interrupt: Interrupt,
        reader: AnswerReader,
        patience: Patience,
    ) -> None:
        self.is_held_up = False
        self._session = session
        self._beginnings = beginnings
        self._job_state = job_state
        self._interrupt = interrupt
        self._reader = reader
        self._patience = patience
        self._plan = beginnings.plan
        self._turn = EnhanceLock(session.server.enhancing)

    def start(self) -> None:
        """Start the job; an interrupt that comes too early for it goes out behind it."""
        job_state = self._job_state
        if self._plan.enhances:
            self.is_held_up = True
            self._turn.take(lambda: not self._interrupt.is_asked)
            self.is_held_up = self._beginnings.has_met_race
        if self._interrupt.is_asked:
            is_over = job_state.status is not None
            job_state.end(None if is_over else Interrupted("interrupted before it began"))
            return
        self._session.consumer.loop.forget()
        with suppress(TimedOut):  # it is waited for no more, and how it ended is known
            run_aside(self._ask, self._patience.is_patient)
        if not job_state.has_ended:
            self._session.consumer.loop.resume()
            return
        self._turn.give_back()
        if not job_state.job_id and isinstance(job_state.error, (BadAnswer, TimedOut, ServerError)):
            # It may have been started all the same.
            job_state.account.record_break("its start was not answered")

    def start_again(self) -> bool:
        """Start the job anew, if that is called for now that it has ended; return whether it is."""
        self.is_held_up = self._job_state.is_race
        pause_s = self._beginnings.find_pause(
            self._job_state, has_ended_well=self._reader.has_ended_well
        )
        if pause_s is None:
            self.is_held_up = False
            return False
        self._reader.start_over()
        time.sleep(pause_s)
        self.start()
        return True

    def let_next(self) -> None:
        """Let the next one enhance, once this one has or never will."""
        if self._job_state.phase not in (JobPhase.STARTED, JobPhase.RUNNING):
            self._turn.give_back()
            self.is_held_up = False

    def give_up(self) -> None:
        """Let the next one enhance, whatever becomes of this one; any thread may."""
        self._turn.give_back()

    def _ask(self) -> None:
        consumer, job_state = self._session.consumer, self._job_state
        try:
            if consumer.is_stale:
                self._reader.rejoin()
            plan = self._beginnings.plan
            consumer.prepare(plan.limit)
            job_state.account.queue_size = consumer.queue_size
            line = make_line(self._session, plan)
            self._beginnings.begin()
            job_state.begin(self._session.start(line))
            if self._plan.enhances:
                self._session.server.enhanced.setdefault(self._plan.line, None)
            self._interrupt.catch_up()
        except ArthasShellError as error:
            if isinstance(error, (BadAnswer, TimedOut, ServerError)) and not job_state.job_id:
                self._reader.stop()
            job_state.end(error)


def make_line(session: Session, plan: Plan) -> str:
    """Return the line with what bounds it on the server, should nobody be left to end it."""
    version, seconds = session.welcome.version_numbers, session.server.job_timeout_s
    return plan.bound.add_to(plan.line, version, seconds) if plan.bound else plan.line
