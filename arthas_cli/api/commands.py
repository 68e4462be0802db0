"""Commands that a program runs: what they answer, and their results as they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from arthas_cli.errors import ArthasShellError, Incomplete

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from arthas_cli.client.client import Client
    from arthas_cli.fleet.fleet import Fleet
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job, Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command that has ended.

    `results`: in order; the server's own object is `Result.data`, its text `Result.raw`.
    `outcome.lost`: how many are missing, 0 for none, None where it cannot be known.
    """

    results: list[Result]
    outcome: Outcome


@dataclass(eq=False, slots=True)
class Stream:
    """The results of a command that runs; iterate over it once.

    `outcome` holds when the iteration has ended: `outcome.lost` is 0, a number, or None where it
    cannot be known.
    """

    _job: Job
    is_closed: bool = field(default=False, init=False)

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return self._job.outcome

    def interrupt(self) -> None:
        """Ask the server to stop it; go on iterating, for its last results still come."""
        self._job.interrupt()

    def close(self) -> None:
        """Stop it on the server if it still runs, and give back its session there."""
        if not self.is_closed:
            self.is_closed = True
            self._job.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        try:
            return next(self._job)
        except StopIteration:
            self._end()
            raise

    def _end(self) -> None:
        """Raise what it failed of, if anything."""
        error = find_failure(self.outcome)
        if error is not None:
            raise error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


S = TypeVar("S", bound=Stream)


class Commands(Generic[S]):
    """Runs commands. Leaving a `with` block ends every stream that still runs, and the ways."""

    def __init__(
        self, client: Client | Fleet, follow: Callable[[Job], S], close_ways: Callable[[], object]
    ) -> None:
        self._client = client
        self._follow = follow
        self._close_ways = close_ways
        self._streams: list[S] = []

    def stream(self, line: str, *, timeout: float | None = None) -> S:
        """Start a command and return its results as they come; raises as `run`.

        Use it in a `with` block: leaving that stops the command on the server.
        """
        plan = self._client.plan(line, deadline_s=timeout)
        self._client.require(plan, timeout)
        stream = self._follow(self._client.start(plan, timeout))
        self._streams = [one for one in self._streams if not one.is_closed]
        self._streams.append(stream)
        return stream

    def close(self) -> None:
        """Stop every stream that still runs; may be called more than once.

        A way to a server, as ssh, is closed too, and nothing can be run by it any more.
        """
        while self._streams:
            self._streams.pop().close()
        self._close_ways()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def find_failure(outcome: Outcome) -> ArthasShellError | None:
    """Return what went wrong; a loss is no failure."""
    error = outcome.error
    return None if isinstance(error, Incomplete) else error
