"""Puts lines into the background, and brings them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.client.client import Client
from arthas_cli.errors import ArthasShellError
from arthas_cli.session.session import Session
from arthas_cli.shell.jobs.many import Held

if TYPE_CHECKING:
    from arthas_cli.line.plan import Plan
    from arthas_cli.shell.jobs.background import Background
    from arthas_cli.shell.jobs.piped import Piping
    from arthas_cli.shell.jobs.runner import Runner


def run_behind(runner: Runner, line: str) -> bool:
    """Run a line in the background; return whether it could be started. Reports errors."""
    try:
        plan, piping = runner.preflight.check(line, runner.display_format)
        piping.refuse_screen("without '&'")
        runner.jobs.check_room()
        if not runner.links.is_many:
            runner.link.confirm()
        with runner.terminal.hangup.holding_back():  # else a session that is opened would stay
            job = _start(runner, plan, piping)
    except ArthasShellError as error:
        runner.report(error)
        return False
    runner.say(job.title)
    return True


def bring_back(runner: Runner, given: str) -> None:
    """Show what a command of the background has brought, and look on at it again.

    Raises:
        NotRun: there is no such job.
    """
    job = runner.jobs.find(given)
    runner.jobs.take(job)
    runner.say(job.title)
    task = job.task
    try:
        job.show_kept()
        outcome = runner.look_on(task, job.session)
    except BaseException:  # a signal: it is in nobody's hands
        job.session.close()
        raise
    if job.has_ended and not job.session.is_closed:
        job.session.close()
    if outcome.error is not None:
        runner.report(outcome.error)


def _start(runner: Runner, plan: Plan, piping: Piping) -> Background:
    if runner.links.is_many:
        started = runner.links.start(plan)
        return runner.jobs.add(runner.make_task(started, plan, piping), Held(started))
    session = Session.open(runner.link.server)
    try:
        job = Client(runner.link.server).start(plan, session=session)
        return runner.jobs.add(runner.make_task(job, plan, piping), session)
    except BaseException:  # Ctrl+C included: nothing stays behind on the server
        session.close()
        raise
