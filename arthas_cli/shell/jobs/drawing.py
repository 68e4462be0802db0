"""How the results of one command come to its output: drawn, or by way of programs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from arthas_cli.diagnostics import clean
from arthas_cli.text import count

if TYPE_CHECKING:
    from arthas_cli.formats import Report, ResultWriter
    from arthas_cli.pipes.writer import PipeWriter
    from arthas_cli.protocol import Result
    from arthas_cli.shell.terminal.output import JobOutput


class Drawing:
    """Draws results by a writer, once the output's buffer lets them through.

    `noun`: what the buffer counts.
    """

    noun = "result"

    def __init__(self, job_output: JobOutput, writer: ResultWriter) -> None:
        self.job_output = job_output
        self._writer = writer

    def show(self, result: Result, number: int) -> None:
        """Draw a result, which counts as so many."""
        self.job_output.buffer.put(partial(self._draw, result, number), len(result.raw), number)

    def flush(self) -> None:
        """Hand on what was drawn."""
        self.job_output.buffer.do(self._writer.flush)

    def end(self, report: Report) -> None:
        """Draw what stands behind the last result."""
        self.job_output.buffer.put(partial(self._writer.end, report))

    def tell(self, text: str) -> None:
        """Hand on what was drawn, and behind it a message of ours."""
        self.job_output.tell(clean(text))

    @property
    def unshown(self) -> str:
        """Says how many results were not shown, empty where all were."""
        number = self.job_output.buffer.unshown
        return f"{number} not shown" if number else ""

    def _draw(self, result: Result, number: int) -> None:
        self._writer.show(result)
        self.job_output.number += number


class Feeding(Drawing):
    """Gives results to programs, whose own output is put into the buffer."""

    noun = "line"

    def __init__(self, job_output: JobOutput, writer: PipeWriter) -> None:
        super().__init__(job_output, writer)
        self._piped = writer

    def show(self, result: Result, number: int) -> None:
        """Give a result to the programs."""
        del number
        self._piped.show(result)

    def flush(self) -> None:
        """Hand on what was written to the programs."""
        self._piped.flush()

    def end(self, report: Report) -> None:
        """End the input of the programs, and wait for them."""
        self.job_output.buffer.is_ending = True
        self._piped.end(report)

    @property
    def unshown(self) -> str:
        """Says how many lines of the programs were not shown, empty where all were."""
        number = self.job_output.buffer.unshown
        return f"{count(number, self.noun)} not shown" if number else ""
