"""How the shell shows results: in which format, and repeated samples in one place."""

from __future__ import annotations

import io
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, cast

from prompt_toolkit.utils import get_cwidth

from arthas_cli.formats import JsonLinesWriter, make_text_writer
from arthas_cli.output import Paper
from arthas_cli.text import count, strip_ansi

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from arthas_cli.formats import Report, ResultWriter
    from arthas_cli.invocation import Invocation
    from arthas_cli.line.plan import Plan
    from arthas_cli.output import ColorSystem
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Outcome
    from arthas_cli.shell.terminal.output import JobOutput, Terminal

# What `:format` takes, and what it does.
DISPLAY_FORMATS = {
    "text": "like Arthas' own terminal",
    "tree": "values as trees",
    "records": "tables with one field a line",
    "json": "the server's JSON, one object a line",
}
_ROOM_BELOW = 4  # lines of a terminal that a sample leaves to the live line and what is typed


@dataclass(frozen=True, slots=True)
class Screen:
    """What the shell draws on; `height` None: no terminal, samples follow one another."""

    width: int | None = None
    height: int | None = None
    color: ColorSystem | None = None

    def make_writer(
        self, display_format: str, plan: Plan, job_output: JobOutput, terminal: Terminal
    ) -> ResultWriter:
        """Return the form for the results of a command, one of `DISPLAY_FORMATS`."""
        if display_format == "json":
            return JsonLinesWriter(self._make_paper(job_output))
        if not plan.is_sampled or self.height is None:
            return self.make_text(display_format, job_output)
        fitting = replace(self, height=max(1, self.height - _ROOM_BELOW))
        return SampleWriter(
            lambda stream: fitting.make_text(display_format, stream), fitting, job_output, terminal
        )

    def make_text(self, display_format: str, stream: object) -> ResultWriter:
        """Return a form for people, on whatever stream."""
        return make_text_writer(
            self._make_paper(stream),
            height=self.height,
            is_live=True,
            tree_values=display_format == "tree",
            as_records=display_format == "records",
        )

    def draw(self, results: list[Result], outcome: Outcome) -> str:
        """Return what results look like, without colours; what went wrong behind them."""
        stream = io.StringIO()
        writer = make_text_writer(Paper(stream, width=self.width))
        for result in results:
            writer.show(result)
        writer.flush()
        error = f"failed: {outcome.error.message}\n" if outcome.error else ""
        return stream.getvalue() + error

    def _make_paper(self, stream: object) -> Paper:
        return Paper(cast("TextIO", stream), width=self.width, color=self.color)


def make_screen(invocation: Invocation) -> Screen:
    """Return the terminal as it is now: people resize it."""
    environment = invocation.environment
    return Screen(environment.output_width, environment.output_height, invocation.find_color())


class SampleWriter:
    """Draws each sample in the place of the last one; at the end the last one stays."""

    def __init__(
        self,
        make: Callable[[object], ResultWriter],
        screen: Screen,
        job_output: JobOutput,
        terminal: Terminal,
    ) -> None:
        self._make = make
        self._screen = screen
        self._job_output = job_output
        self._terminal = terminal
        self._last = ""

    def show(self, result: Result) -> None:
        """Draw a sample."""
        stream = io.StringIO()
        writer = self._make(stream)
        writer.show(result)
        writer.flush()
        self._last = stream.getvalue() or self._last
        if not self._job_output.speaker:  # in the background nobody sees it
            self._terminal.show(clip(self._last, self._screen.height, self._screen.width))

    def flush(self) -> None:
        """Hand on nothing: a sample is drawn at once."""

    def end(self, report: Report) -> None:
        """Leave the last sample above what comes next."""
        self._terminal.show("")
        self._job_output.write(self._last)
        self._job_output.flush()
        self._make(self._job_output).end(report)


def clip(text: str, height: int | None, width: int | None = None) -> str:
    """Return as many lines as there is room for, and how many more there are.

    One that is longer than the width takes several rows of the height.
    """
    lines = text.rstrip("\n").split("\n")
    rows = list(accumulate(_count_rows(line, width) for line in lines))
    if height is None or rows[-1] <= height:
        return "\n".join(lines)
    shown = bisect_right(rows, height - 1)
    more = count(len(lines) - shown, "more line")
    return "\n".join([*lines[:shown], f"… {more}, shown at the end"])


def _count_rows(line: str, width: int | None) -> int:
    return max(1, -(-get_cwidth(strip_ansi(line)) // width)) if width else 1
