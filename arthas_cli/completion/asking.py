"""How completion asks the server: one command that reads, with a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.line.plan import Plan
from arthas_cli.session.execute import execute

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.protocol import Result
    from arthas_cli.session.server import Server

_DEADLINE_S = 20.0


class Answer(NamedTuple):
    """What a command said; not `is_whole` where results were dropped by the server."""

    results: Sequence[Result]
    is_whole: bool = True


def make_ask(server: Server) -> Callable[[str], Answer]:
    """Return what asks that server; it raises ArthasShellError as `execute` does."""

    def ask(line: str) -> Answer:
        plan = Plan(line, line.partition(" ")[0], is_read=True)
        outcome, results = (server.series or execute)(server, plan, _DEADLINE_S)
        return Answer(results, outcome.status is not None)

    return ask
