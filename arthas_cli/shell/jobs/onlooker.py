"""What a shell shows of the others in a shared session: who started and ended what, and results."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from arthas_cli.diagnostics import clean
from arthas_cli.line.secrets import hide_secret
from arthas_cli.results import Role, find_role
from arthas_cli.session.outcome import read_status
from arthas_cli.session.shared import Onlooker
from arthas_cli.shell.terminal.output import JobOutput
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arthas_cli.errors import ArthasShellError
    from arthas_cli.formats import ResultWriter
    from arthas_cli.protocol import Result
    from arthas_cli.session.shared import SharedSession
    from arthas_cli.shell.terminal.output import Terminal

_EARLIER = "[shared] earlier"


class Sharing:
    """Shows what others do in a session, above the prompt; `make_writer` draws to an output."""

    def __init__(
        self,
        session: SharedSession,
        terminal: Terminal,
        make_writer: Callable[[JobOutput], ResultWriter],
    ) -> None:
        self.session = session
        self._terminal = terminal
        self._make_form = make_writer
        self._job_output = JobOutput(terminal)
        self._writer = make_writer(self._job_output)
        self._onlooker = Onlooker(session, self._tell, self._fail)

    def start(self) -> None:
        """Show what a guest was told of before, then what comes; raises as `Onlooker.start`."""
        self._onlooker.start()
        self._show_earlier(self.session.replayed)

    def _show_earlier(self, results: Iterable[Result]) -> None:
        job_output = JobOutput(self._terminal)
        job_output.speaker = _EARLIER
        writer = self._make_form(job_output)
        for result in results:
            if result.type == "command":
                job_output.write(f"> {format_command(result)}\n")
            elif find_role(result.type) is not Role.CONTROL:
                writer.show(result)
                writer.flush()
        job_output.flush()

    def _tell(self, result: Result) -> None:
        job_output = self._job_output
        if result.type == "command":
            job_output.speaker = f"[shared] {format_command(result)}"
            self._writer = self._make_form(job_output)
            job_output.tell("started by another user")
        elif result.type == "status":
            message = read_status(result).message
            job_output.tell(f"it has ended{f': {clean(message)}' if message else ''}")
        elif find_role(result.type) is not Role.CONTROL:
            self._writer.show(result)
            self._writer.flush()
        job_output.flush()

    def _fail(self, error: ArthasShellError) -> None:
        self._job_output.speaker = "[shared]"
        self._job_output.tell(f"lost the shared session: {clean(error.message)}")


def format_command(result: Result) -> str:
    """Return the line of a `command` result, of one with a secret the command alone."""
    return one_line(hide_secret(str(result.data.get("command") or "?")))


def format_invitation(session: SharedSession) -> tuple[str, str]:
    """Return what a colleague types to join, and what is not shared."""
    url = session.server.url
    return (
        f"arthas-shell --url {shlex.quote(url.removesuffix('/api'))} --join {session.id}",
        (
            "anyone who joins sees this session and can run commands in it; background jobs are not"
            " shared"
        ),
    )
