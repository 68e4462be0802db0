"""The course of one job, as its results tell it; nothing is sent from here.

Results of jobs before it, and of a neighbour's in a shared session, may stand between its own.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arthas_cli.results import Role, find_role
from arthas_cli.session.loss import has_emptied
from arthas_cli.session.outcome import Status, read_status
from arthas_cli.session.phases import JOB_PHASES, JobEvent, JobPhase, move
from arthas_cli.session.replay import HISTORY_SIZE, Replay, is_same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.errors import ArthasShellError
    from arthas_cli.protocol import Result
    from arthas_cli.session.loss import LossAccount

_RACE = "someone else is enhancing"
# So the server says that it stopped the job itself, for want of pulling (docs/protocol.md, 4.2).
_STOPPED = "current job was interrupted."
_OVER = frozenset({JobPhase.ENDED, JobPhase.RACED})
_UNSEEN = frozenset({JobPhase.NEW, JobPhase.STARTED})


@dataclass
class JobState:
    """What is known of a job so far: its phase (`session.phases`), and what is no phase.

    `job_id` is 0 while the server has not started it. `status`: of its end, None where that was
    not seen. `error`: what kept it from being seen to its end. `admit` returns a result as it is to
    be shown, None where it is not.

    Doubt and losses are beside the phase, for they may come in any of them and go again.
    `is_in_doubt`: an answer broke, or a consumer joined, and the end may have gone with that.
    `was_stopped`: by the server itself, which says so in a message of no job, behind the end.
    `replay`: what a new consumer is told again, until all of it has come.

    Threads: `_lock` guards `phase`, `job_id`, `status` and `error`, for the job may be given up
    while it is being started, and an interrupt looks at it. The rest is of the thread that reads
    the results, or of the one it waits for (`aside`).
    """

    account: LossAccount
    admit: Callable[[Result], Result | None] = lambda result: result
    job_id: int = 0
    phase: JobPhase = JobPhase.NEW
    status: Status | None = None
    error: ArthasShellError | None = None
    is_in_doubt: bool = False
    was_stopped: bool = False
    ready: deque[Result] = field(default_factory=deque)
    replay: Replay | None = None
    _told: deque[Result] = field(default_factory=lambda: deque(maxlen=HISTORY_SIZE))
    _repeatable: Sequence[Result] = ()  # what may come once more behind a replay
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

    def take(self, results: Sequence[Result], batch_size: int) -> None:
        """Take the results of one pull that could have brought `batch_size` of them."""
        if self.replay is None:
            self.account.record_pull(results, batch_size)
            self._take_news(results)
            return
        is_last = has_emptied(results, batch_size)
        news = self.replay.take(results, self.job_id, is_last=is_last)
        if news is not None:
            self.replay = None
            count = len(news.results) + len(news.later)
            self.account.record_replay(count, is_whole=news.is_whole, has_emptied=is_last)
            self._take_news(news.results)
            self.is_in_doubt = self.is_in_doubt or not news.is_whole
            self._repeatable = news.repeatable
            self._take_news(news.later)

    def expect_replay(self) -> None:
        """Note that a new consumer pulls, which is told again what was told before."""
        self.replay = Replay(self._told, is_running=self.job_id > 0)

    def _take_news(self, results: Sequence[Result]) -> None:
        for result in results:
            if result.type == "input_status":
                if result.data.get("inputStatus") == "ALLOW_INPUT":
                    self._note(JobEvent.FREE)
                continue
            repeatable, self._repeatable = self._repeatable, ()
            if any(is_same(result, told) for told in repeatable):
                continue
            self._told.append(result)
            if result.job_id and result.job_id == self.job_id:
                self.is_in_doubt = False
                self._take_own(result)
            elif not result.job_id:
                self._take_message(result)

    def break_off(self) -> None:
        """Note that an answer could not be had."""
        self.account.record_break("an answer did not arrive whole")
        self.is_in_doubt = True

    def pass_over(self) -> None:
        """Note that results of its own were lost: what comes next is no more of a job before."""
        self._note(JobEvent.SEE)

    def _note(self, event: JobEvent, status: Status | None = None) -> None:
        with self._lock:
            self.phase = move(JOB_PHASES, self.phase, event)
            self.status = status or self.status

    def _take_own(self, result: Result) -> None:
        if result.type == "status":
            status = read_status(result)
            is_race = (status.message or "").startswith(_RACE)
            self._note(JobEvent.TRIP if is_race else JobEvent.END, status)
        elif _is_race(result):
            self._note(JobEvent.SEE)
        else:
            self._note(JobEvent.ENHANCE if result.type == "enhancer" else JobEvent.SEE)
            self._show(result)

    def _take_message(self, result: Result) -> None:
        said = result.data.get("message")
        if self.phase not in _UNSEEN and isinstance(said, str) and said.endswith(_STOPPED):
            self.was_stopped = True
            self.account.record_break("the server stopped the command: its results were in the way")
        self._show(result)

    def _show(self, result: Result) -> None:
        if find_role(result.type) is not Role.CONTROL:
            self.account.record(result)
            if (shown := self.admit(result)) is not None:
                self.ready.append(shown)


def _is_race(result: Result) -> bool:
    message = result.data.get("message")
    return (
        result.type == "enhancer"
        and result.data.get("success") is False
        and isinstance(message, str)
        and message.startswith(_RACE)
    )
