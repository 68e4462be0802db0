"""Reads the local part of a line and makes what its results go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import FormatError
from arthas_cli.formats import FormatName, make_text_writer
from arthas_cli.line.pipeline import split_pipeline
from arthas_cli.output import Paper

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.environment import Environment
    from arthas_cli.formats import ResultWriter
    from arthas_cli.pipes.writer import PipeWriter


def open_pipe(
    line: str,
    environment: Environment,
    name: FormatName,
    make_text: Callable[[Paper], ResultWriter] = make_text_writer,
) -> PipeWriter | None:
    """Return where the results of a line of `exec` or `run` go, None where that is just stdout.

    `make_text` makes what is drawn for people. Nothing is started yet. What starts programs is
    loaded for a line that has some.

    Raises:
        LineError: the line is wrong, or there is no such program here.
        FormatError: the output is to be read by a program already, in another format than text.
    """
    pipeline = split_pipeline(line)
    if not pipeline.is_local:
        return None
    if name != FormatName.TEXT:
        raise FormatError(
            f"{name} cannot be combined with a pipe or redirect inside the line",
            hint=f"put the pipe outside: arthas-shell exec -o {name} 'COMMAND' | PROGRAM",
        )
    from arthas_cli.pipes.outflow import Chain
    from arthas_cli.pipes.programs import find_programs
    from arthas_cli.pipes.writer import PipeWriter

    found = find_programs(pipeline, environment.variables)
    chain = Chain(found, pipeline.redirect, environment)
    return PipeWriter(pipeline, chain, lambda stream: make_text(Paper(stream)))
