"""What the commands share: the shell or the lines of stdin, and the signals while lines run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import NotRun
from arthas_cli.interrupts import LeaveNow
from arthas_cli.invocation import NO_OUTPUT
from arthas_cli.script import run_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.batch import Batch
    from arthas_cli.invocation import Invocation


def enter(run: Invocation, *, is_confirmed: bool = False, opens_way: bool = False) -> int:
    """Open the shell; without a terminal run the lines of stdin instead. Return the exit code.

    `opens_way`: the way to the server is opened even if there are no lines.
    """
    lines_on_stdin = not run.environment.has_terminal_input
    run.read_password(has_lines_on_stdin=lines_on_stdin)
    if is_confirmed and not lines_on_stdin:
        raise NotRun("--yes is for 'exec', 'run' and lines on stdin", hint="the shell asks")
    if lines_on_stdin:
        batch = run.make_batch(NO_OUTPUT)

        def work() -> int:
            if opens_way:
                run.open_way()
            return run_lines(batch, run.environment.stdin)

        return watch(batch, work)
    from arthas_cli.machine import open_shell

    return open_shell(run)


def watch(batch: Batch, work: Callable[[], int]) -> int:
    """Do the work of a batch under its signals; return the exit code."""
    with batch.interrupts.watch():
        try:
            return int(work())
        except LeaveNow as abandon:  # a signal while nothing ran, or while it was cleaned up
            raise (batch.interrupts.error or abandon) from None
