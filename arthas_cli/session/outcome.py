"""How a command ends, and what that means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, Self, runtime_checkable

from arthas_cli.errors import ArthasShellError, BadAnswer, CommandFailed, Incomplete
from arthas_cli.jsontext import as_int, as_text
from arthas_cli.session.advice import find_advice
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result

_ENDED = -10


class Outcome(NamedTuple):
    """How a command ended.

    `state`: the server's last word (README, "JSON"). `status`, `message`: of its last `status`.
    `lost`: results that did not arrive, None where that cannot be known. `error`: what went
    wrong, None when nothing did. `remark`: what else is to be known of it, empty for nothing.
    `ends`: where it ran on many JVMs, how it ended on each.
    """

    state: str | None = None
    status: int | None = None
    message: str | None = None
    lost: int | None = None
    elapsed_ms: int = 0
    error: ArthasShellError | None = None
    remark: str = ""
    ends: tuple[TargetEnd, ...] = ()


class TargetEnd(NamedTuple):
    """How a command that ran on many JVMs ended on one of them."""

    name: str
    url: str
    outcome: Outcome


class Job(Protocol):
    """A running command. `outcome` holds once the iterator is exhausted."""

    def __iter__(self) -> Self: ...

    def __next__(self) -> Result: ...

    @property
    def has_ready(self) -> bool:
        """Whether the next result is there without a wait."""

    def interrupt(self) -> None:
        """Ask the server to stop it; its end is still to be awaited."""

    def close(self) -> None:
        """Stop it if it runs, and give back what it holds on the server."""

    @property
    def outcome(self) -> Outcome:
        """How it ended."""


@runtime_checkable
class StreamJob(Job, Protocol):
    """A job that the server sends results of as they come."""

    @property
    def has_begun(self) -> bool:
        """Whether the server has started it, as far as is known."""

    @property
    def may_run_on(self) -> bool:
        """Says of one that was closed whether the server has not answered that."""

    def tell_by(self, tell: Callable[[str], None]) -> None:
        """Call `tell` with a line when the connection is lost and when it is back."""


class Status(NamedTuple):
    """The `status` result that ends a job; `code` is None where it is no number."""

    code: int | None
    message: str | None

    @property
    def is_from_outside(self) -> bool:
        """Whether the job was ended from without: by a `kill`, or the server's job timeout.

        A line that cannot be read ends with the same code and a message.
        """
        return self.code == _ENDED and not self.message


def read_status(result: Result) -> Status:
    """Read a `status` result (docs/protocol.md, 1.4)."""
    return Status(as_int(result.data.get("statusCode")), as_text(result.data.get("message")))


def make_ended(name: str) -> CommandFailed:
    """Return the error of a command that neither ended by itself nor was stopped here."""
    return CommandFailed(
        f"another user ended '{name}'",
        hint="run it again; it was a 'reset', ':orphans end' in another shell, 'kill' in an"
        " Arthas terminal, or the job timeout",
    )


def judge(
    plan: Plan, status: Status | None, lost: int | None, why: str = "", cure: str | None = None
) -> ArthasShellError | None:
    """Return what a job's end means: the last `status` decides, then what was lost, and `why`.

    `cure`: the hint, where it is not that of any loss.
    """
    if status is not None and status.code is None:
        return BadAnswer("the 'statusCode' at the end of the answer is not a number")
    if status is not None and status.code not in plan.normal_ends:
        if status.is_from_outside:
            return make_ended(plan.name)
        said = (status.message or "").strip() or f"'{plan.name}' ended with status {status.code}"
        return CommandFailed(said, hint=find_advice(plan.name, said))
    if status is None:
        return Incomplete("the end of the answer was lost, and maybe results before it")
    if lost == 0:
        return None
    said = "some results may have been lost"
    if lost is not None:
        said = f"{count(lost, 'result')} {'was' if lost == 1 else 'were'} lost"
    return Incomplete(f"{said}: {why}" if why else said, hint=cure)
