"""What is said of a command that has ended, in one line, and whether it ever began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.diagnostics import clean
from arthas_cli.errors import CommandFailed, Incomplete, Interrupted, NoServer, Refused, SessionLost
from arthas_cli.formats import format_closing
from arthas_cli.protocol import State
from arthas_cli.session.loaders import offer_loaders
from arthas_cli.why.offer import Pointers, offer_why

if TYPE_CHECKING:
    from collections.abc import Collection

    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Outcome
    from arthas_cli.session.server import Server
    from arthas_cli.shell.jobs.task import Progress, Task


def format_let_go(plan: Plan, progress: Progress) -> str:
    """Return the line under a command that was let go of."""
    if not plan.is_interruptible:
        return f"Arthas cannot interrupt '{plan.name}'; it keeps running until it finishes"
    return (
        f"detached from '{plan.name}' after {progress.elapsed_s:.1f} s; stopping it in the"
        " background"
    )


def never_began(outcome: Outcome) -> bool:
    """Return whether the command never ran: stopped too early, or the session busy or stuck."""
    return isinstance(outcome.error, (Interrupted, Refused))


def may_run_again(plan: Plan, outcome: Outcome) -> bool:
    """Return whether a new session may help and running the command twice does no harm.

    A session can be stuck for good (docs/protocol.md, 3.6), or gone for want of use; whether it
    went before the command ran or while it did is not known.
    """
    return never_began(outcome) or (isinstance(outcome.error, SessionLost) and plan.is_read)


def format_end(plan: Plan, progress: Progress, outcome: Outcome, unshown: str = "") -> str:
    """Return the line under a command, shown, lost, how it ended; empty where none is needed.

    `unshown`: how many results were not shown, empty where all were.
    """
    if plan.stops_server and outcome.error is None:
        return "Arthas has stopped and no longer listens"
    if progress.is_stopping and never_began(outcome):
        return "cancelled before it started"
    closing = format_closing(progress.hits, plan, outcome, unshown)
    if not unshown and not (plan.is_stream and (outcome.status is not None or outcome.lost != 0)):
        was_asked = outcome.status is not None and outcome.state == State.INTERRUPTED
        closing = closing.rpartition(" · ")[2] if was_asked else ""
    return "\n".join(filter(None, [outcome.remark, closing]))


def advise(
    server: Server,
    plan: Plan,
    outcome: Outcome,
    names: Collection[str] = (),
    *,
    pointers: Pointers | None = None,
) -> None:
    """Add what may help to the error of a command, asking the server if needed.

    `names`: the classes of the target, none where they are not known. `pointers`: as of
    `offer_why`, None for those of a shell on one JVM.
    """
    offer_why(server, plan, outcome, names, pointers=pointers or Pointers())
    offer_loaders(server, plan, outcome)


def advise_behind(server: Server, task: Task, names: Collection[str]) -> str:
    """Return what may help a command that failed in the background, empty for nothing.

    What Arthas itself advises is not kept there.
    """
    plan, outcome = task.plan, task.outcome
    pointers = Pointers(f"':why {plan.line}' looks for the reason", "")
    offer_why(server, plan, outcome, names, pointers=pointers)
    offer_loaders(server, plan, outcome)
    return clean(outcome.error.hint or "") if isinstance(outcome.error, CommandFailed) else ""


def name_ending(outcome: Outcome) -> str:
    """Return how a command ended, in the word that the history keeps."""
    match outcome.error:
        case NoServer() | Incomplete():
            return "lost"
        case Interrupted():
            return "interrupted"
        case None if outcome.state is None:
            return "left"
        case None:
            return "interrupted" if outcome.state == State.INTERRUPTED else "ok"
        case _:
            return "failed"
