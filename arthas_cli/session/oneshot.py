"""A command answered in one POST.

A job is an iterator object and not a generator: an error in the middle does not end it, so what
still comes can be had.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Self

from arthas_cli.errors import ArthasShellError, TimedOut
from arthas_cli.protocol import State
from arthas_cli.results import Role, find_role
from arthas_cli.session.execute import execute, explain_wait
from arthas_cli.session.meaning import Meaning
from arthas_cli.session.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.server import Execute, Server
    from arthas_cli.session.stream import Stream


class OneShot:
    """A command answered in one piece, by an `exec` without a session or by `Server.series`.

    An `exec` within a session can leave it stuck for good (docs/protocol.md, 3.6). Nobody can
    interrupt this one: it ends by itself or at its deadline. `may_stream`: what only reads is run
    again as a stream where its answer overflows. `run`: what runs it in place of `Server.series`.
    """

    def __init__(
        self,
        server: Server,
        plan: Plan,
        *,
        deadline_s: float | None = None,
        may_stream: bool = True,
        run: Execute | None = None,
    ) -> None:
        self._server = server
        self._plan = plan
        self._deadline_s = deadline_s
        self._spent_s = 0.0
        self._may_stream = may_stream and plan.is_read
        self._run = run or server.series or execute
        self._has_run = self._is_over = False
        self._meaning = Meaning(plan)
        self._results: Iterator[Result] = iter(())
        self._left = 0
        self._stream: Stream | None = None
        self._outcome = Outcome()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        if not self._has_run:
            self._has_run = True
            self._start()
        if self._stream is not None:
            return next(self._stream)
        for result in self._results:
            self._left -= 1
            if find_role(result.type) is not Role.CONTROL:
                return self._meaning.read(result)
        if not self._is_over:
            self._is_over = True
            self._outcome = self._meaning.finish(self._outcome)
        raise StopIteration

    def spend(self, seconds: float) -> None:
        """Take these off the deadline; only before it has begun, and then it is an `exec`."""
        self._spent_s = seconds
        self._run = partial(execute, spent_s=seconds)

    @property
    def has_ready(self) -> bool:
        """Whether the next result is there without a wait."""
        return self._left > 0 if self._stream is None else self._stream.has_ready

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return self._outcome if self._stream is None else self._stream.outcome

    def interrupt(self) -> None:
        """Stop what can be stopped: the server cannot stop an `exec` without a session."""
        if self._stream is not None:
            self._stream.interrupt()

    def close(self) -> None:
        """Give back the session, where there is one."""
        if self._stream is not None:
            self._stream.close()

    def _start(self) -> None:
        begun = time.monotonic()
        since = begun - self._spent_s
        try:
            outcome, results = self._run(self._server, self._plan, self._deadline_s)
            self._take(results)
            if self._may_stream and outcome.state == State.SUCCEEDED and outcome.lost is None:
                self._run_as_stream(since)
        except TimedOut as error:
            runs_on = "" if self._plan.is_read else f"; '{self._plan.name}' may still be running"
            outcome = Outcome(error=explain_wait(error, since, self._deadline_s, runs_on))
        except ArthasShellError as error:
            outcome = Outcome(error=error)
        if self._plan.records_line and outcome.error is not None:
            from arthas_cli.session.records import Records  # hardly ever needed

            outcome, others = Records(self._server, self._plan).settle(outcome)
            self._take([*self._results, *others])
        self._outcome = outcome._replace(elapsed_ms=round((time.monotonic() - begun) * 1000))

    def _take(self, results: Sequence[Result]) -> None:
        self._results, self._left = iter(results), len(results)

    def _run_as_stream(self, begun: float) -> None:
        """Run it again as a stream: the answer had more than the 500 results an `exec` keeps."""
        from arthas_cli.session.session import Session  # hardly ever needed, and long to load
        from arthas_cli.session.stream import Stream
        from arthas_cli.session.tuning import MAX_QUEUED

        until = None if self._deadline_s is None else begun + self._deadline_s
        session = Session.open(self._server, until)
        session.consumer.prepare(MAX_QUEUED)
        self._take(())
        self._stream = Stream(
            session, self._plan, deadline_s=self._deadline_s, begun=begun, owns_session=True
        )
