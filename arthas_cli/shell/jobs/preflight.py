"""What a typed line must pass before it runs: it would work, and the user means it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.shell.jobs.consent import Consent
from arthas_cli.shell.jobs.lookup import Lookup
from arthas_cli.shell.jobs.piped import make_raw_piping, read_piping
from arthas_cli.shell.terminal.question import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.invocation import Invocation
    from arthas_cli.line.plan import Plan
    from arthas_cli.shell.jobs.links import Links
    from arthas_cli.shell.jobs.piped import Piping
    from arthas_cli.shell.terminal.output import Terminal


class Preflight:
    """Checks lines by the client of the JVMs that the links lead to, asks about dangerous ones.

    `lookup`: what is known of that server's commands. `consent` asks. `environment` is this
    process's. `say` writes a line of the shell's own.
    """

    def __init__(
        self,
        links: Links,
        terminal: Terminal,
        invocation: Invocation,
        say: Callable[[str], None],
    ) -> None:
        self.lookup = Lookup(links, invocation.settings.commands)
        self.environment = invocation.environment
        self.consent = Consent(
            links,
            say,
            lambda question: ask(question, terminal, is_line=self._is_line) or "",
        )

    def check(self, line: str, display_format: str, *, is_raw: bool = False) -> tuple[Plan, Piping]:
        """Return how to run the line, and what is done here with its results.

        `display_format`: one of `display.DISPLAY_FORMATS`. With `is_raw` all of the line is for the
        server, unchecked.

        Raises:
            ArthasShellError: it would not work, is not allowed, or the user does not want it.
        """
        read = make_raw_piping if is_raw else read_piping
        piping = read(line, display_format, self.environment)
        plan = self.lookup.check(piping.command, is_raw=is_raw)
        self.consent.require(plan.line)
        return plan, piping

    def _is_line(self, text: str) -> bool:
        """Return whether the text is a command rather than an answer to a question."""
        name = text.strip().partition(" ")[0]
        return name in self.lookup.catalogue.commands() or name.startswith(":")
