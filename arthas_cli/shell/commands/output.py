"""What the words of the shell's own say: to the terminal, or to local programs and files."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Self, cast

from arthas_cli.errors import LineError
from arthas_cli.line.plan import Plan
from arthas_cli.output import Paper
from arthas_cli.protocol import Result, State
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.jobs.piped import read_piping
from arthas_cli.shell.terminal.output import JobOutput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TextIO

    from arthas_cli.formats import Report
    from arthas_cli.line.pipeline import Pipeline
    from arthas_cli.shell.context import ShellContext

_TO_JSON = re.compile(r"\s*\|\s*json(?![^\s|])")
_WORD_END = re.compile(r"[\s|]")
# Lines that the prompt takes, with the room for a menu and the two bars below it.
_BESIDE = 10
_OPERATOR = re.compile(r"\s*(\||>>?)")


class TextJob:
    """A job that is over: its results are what was said."""

    has_ready = True
    outcome = Outcome(State.SUCCEEDED, 0, None, 0)

    def __init__(self, texts: Iterable[str]) -> None:
        self._results = (Result("said", None, {}, text) for text in texts)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        return next(self._results)

    def interrupt(self) -> None:
        """Do nothing: the text is there already."""

    def close(self) -> None:
        """Do nothing: all is written already."""


class TextWriter:
    """Writes what was said as it is."""

    def __init__(self, stream: TextIO) -> None:
        self._paper = Paper(stream)

    def show(self, result: Result) -> None:
        """Write a line, or several."""
        self._paper.write(result.raw)

    def flush(self) -> None:
        """Hand on what was written."""
        self._paper.flush()

    def end(self, report: Report) -> None:
        """Hand on the last lines."""
        del report
        self.flush()


def find_name(line: str) -> str:
    """Return the first word; `history|grep x` has the first word `history`."""
    return _WORD_END.split(line.lstrip(), maxsplit=1)[0]


def run_piped(
    context: ShellContext, pipeline: Pipeline, run: Callable[[ShellContext, str], None]
) -> None:
    """Run a word of the shell; what it says goes where the pipeline leads.

    Raises:
        ArthasShellError: as `run`; there is no such program, or it or the file went wrong.
    """
    runner, line = context.runner, pipeline.line
    piping = read_piping(line, "text", runner.preflight.environment)
    # For jq as well: it is the text of `:json` that is JSON.
    piping = replace(piping, pipeline=pipeline._replace(wants_json=False))
    with context.say.record() as texts:
        run(context, pipeline.command)
    plan = Plan(line, find_name(line), is_interruptible=True)
    job_output = JobOutput(runner.terminal)
    task = piping.make_task(TextJob(texts), plan, job_output, runner.terminal, TextWriter)
    outcome = runner.look_on(task, None)
    if outcome.error is not None:
        raise outcome.error


def check_pipe(pipeline: Pipeline, *, has_output: bool) -> None:
    """Refuse what a word of the shell has nothing for.

    Raises:
        LineError: with the place of the operator.
    """
    line, name = pipeline.line, find_name(pipeline.line)
    at = len(pipeline.command)
    operator = cast("re.Match[str]", _OPERATOR.match(line, at))
    if not has_output:
        raise LineError(
            f"'{name}' prints nothing that could be piped", line=line, span=operator.span(1)
        )
    if _TO_JSON.match(line, at):
        raise LineError(
            f"'{name}' prints text, there is no JSON for it",
            line=line,
            span=operator.span(1),
            hint="use ':json' for the last answer, ':json > FILE' to write it to a file",
        )


def offer_pager(context: ShellContext, line: str, rows: int) -> None:
    """Print how to read what is longer than the terminal; nothing is paged unasked."""
    environment = context.runner.preflight.environment
    height = environment.output_height
    has_less = shutil.which("less", path=environment.variables.get("PATH"))
    if height is not None and rows > height - _BESIDE and has_less:
        context.note(f"use '{line} | less' to read it page by page")
