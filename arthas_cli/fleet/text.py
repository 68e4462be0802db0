"""What people read of many JVMs; what draws it is loaded while the first answers are awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.fleet.member import Member
    from arthas_cli.formats import Report
    from arthas_cli.line.plan import Plan
    from arthas_cli.output import Paper
    from arthas_cli.protocol import Result


class Form(Protocol):
    """How the results of one command are laid out; draws on a paper, flushes nothing."""

    def show(self, result: Result) -> None:
        """Take one result."""

    def pause(self) -> None:
        """Draw what need not be held back: nothing more has come as yet."""

    def finish(self, report: Report) -> None:
        """Draw what is left."""


class FleetTextWriter:
    """Draws what a command brought from many: gathered once all is there, or a stream as it comes.

    `begin` says which, before the first result. For the options see `views.Page`.
    """

    def __init__(
        self,
        paper: Paper,
        members: Sequence[Member],
        *,
        is_live: bool = False,
        tree_values: bool = False,
        as_records: bool = False,
    ) -> None:
        self._paper = paper
        self._members = members
        self._looks = {
            "is_live": is_live,
            "tree_values": tree_values,
            "as_records": as_records,
        }
        self._is_stream = False
        self._form: Form | None = None

    def begin(self, plan: Plan) -> None:
        """Take what runs."""
        self._is_stream = plan.is_stream

    def show(self, result: Result) -> None:
        """Take the result; raises OutputClosed."""
        self._find_form().show(result)

    def flush(self) -> None:
        """Draw what need not be held back any more, and hand it on; raises OutputClosed."""
        self._find_form().pause()
        self._paper.flush()

    def end(self, report: Report) -> None:
        """Draw what is left, and hand it on; raises OutputClosed."""
        if report.outcome.ends:
            self._find_form().finish(report)
        self._paper.flush()

    def _find_form(self) -> Form:
        if self._form is None:
            from arthas_cli.views.page import Page

            paper = self._paper
            page = Page(width=paper.width, is_coloured=paper.color is not None, **self._looks)
            if self._is_stream:
                from arthas_cli.fleet.merged import Merged

                self._form = Merged(paper, page, [member.name for member in self._members])
            else:
                from arthas_cli.fleet.gathered import Gathered

                self._form = Gathered(paper, page)
        return self._form
