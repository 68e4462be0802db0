"""The results of one job, as they come: which are its own, and what they say of its course.

Results of jobs before it, and of a neighbour's in a shared session, may stand between its own.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from arthas_cli.results import Role, find_role
from arthas_cli.session.loss import has_emptied
from arthas_cli.session.outcome import read_status
from arthas_cli.session.phases import JobEvent, JobPhase
from arthas_cli.session.replay import HISTORY_SIZE, Replay, is_same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.protocol import Result
    from arthas_cli.session.job_state import JobState

_RACE = "someone else is enhancing"
# So the server says that it stopped the job itself, for want of pulling (docs/protocol.md, 4.2).
_STOPPED = "current job was interrupted."
_UNSEEN = frozenset({JobPhase.NEW, JobPhase.STARTED})


class Arrivals:
    """Takes the results of a job, for the thread that reads them, or the one it waits for.

    `job_state`: the course of the job. `ready`: those that are to be shown. `admit` returns a
    result as it is to be shown, None where it is not. `is_in_doubt`: an answer broke, or a consumer
    joined, and the end may have gone with that. `was_stopped`: by the server itself, which says so
    in a message of no job, behind the end. `replay`: what a new consumer is told again, until all
    of it has come.
    """

    def __init__(
        self, job_state: JobState, admit: Callable[[Result], Result | None] = lambda result: result
    ) -> None:
        self.ready: deque[Result] = deque()
        self.is_in_doubt = False
        self.was_stopped = False
        self.replay: Replay | None = None
        self.job_state = job_state
        self._account = job_state.account
        self._admit = admit
        self._told: deque[Result] = deque(maxlen=HISTORY_SIZE)
        self._repeatable: Sequence[Result] = ()  # what may come once more behind a replay

    def take(self, results: Sequence[Result], batch_size: int) -> None:
        """Take the results of one pull that could have brought `batch_size` of them."""
        if self.replay is None:
            self._account.record_pull(results, batch_size)
            self._take_news(results)
            return
        is_last = has_emptied(results, batch_size)
        news = self.replay.take(results, self.job_state.job_id, is_last=is_last)
        if news is not None:
            self.replay = None
            count = len(news.results) + len(news.later)
            self._account.record_replay(count, is_whole=news.is_whole, has_emptied=is_last)
            self._take_news(news.results)
            self.is_in_doubt = self.is_in_doubt or not news.is_whole
            self._repeatable = news.repeatable
            self._take_news(news.later)

    def expect_replay(self) -> None:
        """Note that a new consumer pulls, which is told again what was told before."""
        self.replay = Replay(self._told, is_running=self.job_state.job_id > 0)

    def break_off(self) -> None:
        """Note that an answer could not be had."""
        self._account.record_break("an answer did not arrive whole")
        self.is_in_doubt = True

    def _take_news(self, results: Sequence[Result]) -> None:
        for result in results:
            if result.type == "input_status":
                if result.data.get("inputStatus") == "ALLOW_INPUT":
                    self.job_state.note(JobEvent.FREE)
                continue
            repeatable, self._repeatable = self._repeatable, ()
            if any(is_same(result, told) for told in repeatable):
                continue
            self._told.append(result)
            if result.job_id and result.job_id == self.job_state.job_id:
                self.is_in_doubt = False
                self._take_own(result)
            elif not result.job_id:
                self._take_message(result)

    def _take_own(self, result: Result) -> None:
        if result.type == "status":
            status = read_status(result)
            is_race = (status.message or "").startswith(_RACE)
            self.job_state.note(JobEvent.TRIP if is_race else JobEvent.END, status)
        elif _is_race(result):
            self.job_state.note(JobEvent.SEE)
        else:
            self.job_state.note(JobEvent.ENHANCE if result.type == "enhancer" else JobEvent.SEE)
            self._show(result)

    def _take_message(self, result: Result) -> None:
        said = result.data.get("message")
        is_seen = self.job_state.phase not in _UNSEEN
        if is_seen and isinstance(said, str) and said.endswith(_STOPPED):
            self.was_stopped = True
            self._account.record_break(
                "the server stopped the command: its results were in the way"
            )
        self._show(result)

    def _show(self, result: Result) -> None:
        if find_role(result.type) is not Role.CONTROL:
            self._account.record(result)
            if (shown := self._admit(result)) is not None:
                self.ready.append(shown)


def _is_race(result: Result) -> bool:
    message = result.data.get("message")
    return (
        result.type == "enhancer"
        and result.data.get("success") is False
        and isinstance(message, str)
        and message.startswith(_RACE)
    )
