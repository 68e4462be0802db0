"""Shares the session of the shell with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.plan import Plan
from arthas_cli.shell.jobs.display import make_screen
from arthas_cli.shell.jobs.onlooker import Sharing

if TYPE_CHECKING:
    from arthas_cli.session.shared import SharedSession
    from arthas_cli.shell.jobs.runner import Runner


def share(runner: Runner) -> SharedSession:
    """Show from now on what others do in the session of this shell; return the session.

    Raises:
        ArthasShellError: as `Link.open` and `Sharing.start`.
    """
    session = runner.link.open()
    if runner.sharing is None or runner.sharing.session is not session:
        display_format, terminal = runner.display_format, runner.terminal
        screen, plan = make_screen(runner.invocation), Plan("", "")
        runner.sharing = Sharing(
            session,
            terminal,
            lambda job_output: screen.make_writer(display_format, plan, job_output, terminal),
        )
        runner.sharing.start()
    return session
