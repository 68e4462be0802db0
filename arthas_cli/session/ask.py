"""One question that only reads: a command, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.line.plan import Plan
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result
    from arthas_cli.session.server import Execute, Server


class Answer(NamedTuple):
    """What a command said, and how it ended."""

    results: Sequence[Result]
    outcome: Outcome = Outcome(status=0)

    @property
    def is_whole(self) -> bool:
        """Whether its end came; else results were dropped by the server, or it took too long."""
        return self.outcome.status is not None


def hear(
    server: Server,
    line: str,
    *,
    deadline_s: float | None = None,
    may_stream: bool = False,
    run: Execute | None = None,
) -> Answer:
    """Return what a command says; what goes wrong is in its outcome.

    Args:
        server: who is asked.
        line: a command that changes nothing.
        deadline_s: None for none.
        may_stream: ask again as a stream where the server drops what is too much for one answer;
            a program that ends meanwhile leaves the session of that behind.
        run: what runs it in place of `Server.series`.
    """
    plan = Plan(line, line.partition(" ")[0], is_read=True)
    job = OneShot(server, plan, deadline_s=deadline_s, may_stream=may_stream, run=run)
    try:
        return Answer(list(job), job.outcome)
    finally:
        job.close()


def ask(  # noqa: PLR0913 - what holds for one question
    server: Server,
    line: str,
    *,
    deadline_s: float | None = None,
    may_stream: bool = False,
    may_fail: bool = False,
    run: Execute | None = None,
) -> list[Mapping[str, Json]]:
    """Return the objects of the results that are of the type with the command's own name.

    `may_fail`: a command that ends with an error has no results, and that is no error here. The
    rest as of `hear`; an answer that is not whole is an error.

    Raises:
        ArthasShellError: as any command.
    """
    answer = hear(server, line, deadline_s=deadline_s, may_stream=may_stream, run=run)
    error = answer.outcome.error
    if error is not None and not (may_fail and answer.is_whole):
        raise error
    return [result.data for result in answer.results if result.type == line.partition(" ")[0]]
