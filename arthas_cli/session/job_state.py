"""The course of one job, as its results tell it; nothing is sent from here.

Results of jobs before it, and of a neighbour's in a shared session, may stand between its own.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arthas_cli.results import Role, find_role
from arthas_cli.session.loss import has_emptied
from arthas_cli.session.outcome import Status, read_status
from arthas_cli.session.replay import HISTORY_SIZE, Replay, is_same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.errors import ArthasShellError
    from arthas_cli.protocol import Result
    from arthas_cli.session.loss import LossAccount

_RACE = "someone else is enhancing"
# So the server says that it stopped the job itself, for want of pulling (docs/protocol.md, 4.2).
_STOPPED = "current job was interrupted."


@dataclass
class JobState:
    """What is known of a job so far.

    `job_id` is 0 while the server has not started it. `status`: of its end, None where that was
    not seen. `is_in_doubt`: an answer broke, or a consumer joined, and the end may have gone with
    that. `was_stopped`: by the server itself. `is_race`: it ended because the server tripped over
    itself while enhancing, which says so although nobody else is at work, and has enhanced nothing
    (docs/protocol.md, 3.5). `has_enhanced`: it has come through that.
    `error`: what kept it from being seen to its end. `admit` returns a result as it is to be shown,
    None where it is not.
    """

    account: LossAccount
    admit: Callable[[Result], Result | None] = lambda result: result
    job_id: int = 0
    has_begun: bool = False
    has_ended: bool = False
    is_in_doubt: bool = False
    was_stopped: bool = False
    is_race: bool = False
    has_enhanced: bool = False
    status: Status | None = None
    error: ArthasShellError | None = None
    ready: deque[Result] = field(default_factory=deque)
    _told: deque[Result] = field(default_factory=lambda: deque(maxlen=HISTORY_SIZE))
    _replay: Replay | None = None
    _repeatable: Sequence[Result] = ()  # what may come once more behind a replay

    def begin(self, job_id: int) -> None:
        """Note that the server has started it."""
        self.job_id = job_id
        self.status = None

    def end(self, error: ArthasShellError | None) -> None:
        """End it, if it has not ended."""
        if not self.has_ended:
            self.has_ended = True
            self.error = error

    def forget_start(self) -> None:
        """Is as before the start, so that it can be started again."""
        self.job_id = 0
        self.has_begun = self.has_ended = self.is_race = self.has_enhanced = False
        self.status = None

    def start_over(self, limit: int | None) -> None:
        """Is as before the start, for `limit` results on top of what came.

        How it ended last holds until the server has started it again.
        """
        status = self.status
        self.forget_start()
        self.status = status
        self.account.start_over(limit)

    def take(self, results: Sequence[Result], batch_size: int) -> None:
        """Take the results of one pull that could have brought `batch_size` of them."""
        if self._replay is None:
            self.account.record_pull(results, batch_size)
            self._take_news(results)
            return
        is_last = has_emptied(results, batch_size)
        news = self._replay.take(results, self.job_id, is_last=is_last)
        if news is not None:
            self._replay = None
            count = len(news.results) + len(news.later)
            self.account.record_replay(count, is_whole=news.is_whole, has_emptied=is_last)
            self._take_news(news.results)
            self.is_in_doubt = self.is_in_doubt or not news.is_whole
            self._repeatable = news.repeatable
            self._take_news(news.later)

    def expect_replay(self) -> None:
        """Note that a new consumer pulls, which is told again what was told before."""
        self._replay = Replay(self._told, is_running=self.job_id > 0)

    def _take_news(self, results: Sequence[Result]) -> None:
        for result in results:
            if result.type == "input_status":
                # The queue may begin with what a job before left in it.
                is_free = result.data.get("inputStatus") == "ALLOW_INPUT"
                self.has_ended = self.has_ended or (self.has_begun and is_free)
                continue
            repeatable, self._repeatable = self._repeatable, ()
            if any(is_same(result, told) for told in repeatable):
                continue
            self._told.append(result)
            if result.job_id == self.job_id:
                self.has_begun, self.is_in_doubt = True, False
                self._take_own(result)
            elif not result.job_id:
                self._take_message(result)

    def break_off(self) -> None:
        """Note that an answer could not be had."""
        self.account.record_break("an answer did not arrive whole")
        self.is_in_doubt = True

    def _take_own(self, result: Result) -> None:
        if result.type == "status":
            self.status = read_status(result)
            self.is_race = (self.status.message or "").startswith(_RACE)
            self.has_ended = True
        elif not _is_race(result):
            self.has_enhanced = self.has_enhanced or result.type == "enhancer"
            self._show(result)

    def _take_message(self, result: Result) -> None:
        said = result.data.get("message")
        if self.has_begun and isinstance(said, str) and said.endswith(_STOPPED):
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
