"""One question that only reads: a command, and the objects of its results of one type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.plan import Plan
from arthas_cli.session.oneshot import OneShot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.jsontext import Json
    from arthas_cli.session.server import Execute, Server


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

    Args:
        server: who is asked.
        line: a command that changes nothing.
        deadline_s: None for none.
        may_stream: ask again as a stream where the server drops what is too much for one answer;
            without it that is an error. A shell that ends meanwhile leaves its session behind.
        may_fail: a command that ends with an error has no results, and that is no error here.
        run: what runs it in place of `Server.series`.

    Raises:
        ArthasShellError: as any command.
    """
    kind = line.partition(" ")[0]
    plan = Plan(line, kind, is_read=True)
    job = OneShot(server, plan, deadline_s=deadline_s, may_stream=may_stream, run=run)
    found = [result.data for result in job if result.type == kind]
    outcome = job.outcome
    if outcome.error is not None and not (may_fail and outcome.status is not None):
        raise outcome.error
    return found
