"""Many lines without a prompt, one after the other: `run`, and lines on stdin.

What could not run is refused before anything of its file or line has, unless the rest is to go on
after failures. Lines from stdin are taken as they come, so there each one is checked by itself.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.environment import read_lines
from arthas_cli.errors import ExitCode, LineError
from arthas_cli.line.sequence import split_sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from arthas_cli.batch import Batch

STDIN = "-"
_BY_INIT = "in 'init' of the configuration"
# What ends a run of many lines even if it is to go on after failures.
_ENDS = (ExitCode.INTERRUPTED, ExitCode.TERMINATED, ExitCode.OUTPUT_CLOSED)


class _Command(NamedTuple):
    """A command, and where it stands in words."""

    line: str
    place: str


def run_lines(
    batch: Batch,
    stream: TextIO,
    file: str = STDIN,
    *,
    before: Iterable[str] = (),
    keeps_going: bool = False,
) -> int:
    """Run the lines of a file one after the other; return the first failure's code.

    Empty lines and those that begin with `#` are passed over. Stops at the first failure unless
    `keeps_going`; in any case at a signal and when nobody reads on, with its code. Which line
    failed is said by its number; those `before` are of the configuration.

    Raises:
        NotRun: the file cannot be read.
    """
    name, quoted = ("stdin", "stdin") if file == STDIN else (file, f"'{file}'")
    numbered = enumerate(read_lines(stream, quoted), 1)
    placed = chain(
        ((line, _BY_INIT) for line in before),
        ((line, f"in {name}:{number}") for number, line in numbered),
    )
    groups = (_split(batch, line, place) for line, place in placed)
    whole = [] if file == STDIN else list(chain.from_iterable(groups))
    with batch.client.open_series(is_long=len(whole) > 1):
        return _run_groups(batch, [whole] if whole else groups, keeps_going=keeps_going)


def _run_groups(batch: Batch, groups: Iterable[list[_Command]], *, keeps_going: bool) -> int:
    first: int = ExitCode.OK
    for group in groups:
        if not keeps_going and (code := _check_ahead(batch, group)):
            return code
        for code in _run(batch, group):
            first = first or code
            if code in _ENDS or (first and not keeps_going):
                return code
    return first


def _split(batch: Batch, line: str, place: str) -> list[_Command]:
    return [_Command(each, place) for each in list_commands(line, is_read=batch.checks_lines)]


def _check_ahead(batch: Batch, group: list[_Command]) -> int:
    """Report the first of several commands that could not run."""
    if not batch.checks_lines or len(group) < 2:  # noqa: PLR2004 - one is checked when it runs
        return ExitCode.OK
    for command in group:
        if code := batch.check_ahead(command.line):
            batch.diagnostics.tell(command.place)
            return code
    return ExitCode.OK


def _run(batch: Batch, group: list[_Command]) -> Iterator[int]:
    for command in group:
        code = batch.run_line(command.line)
        if code and code not in _ENDS:
            batch.diagnostics.tell(command.place)
        yield code


def list_commands(line: str, *, is_read: bool = True) -> list[str]:
    """Return the commands of the line, none where it is a comment or empty.

    A line that is not read is one command, whatever is in it.
    """
    text = line.strip()
    if text.startswith("#") or not text:
        return []
    if not is_read:
        return [text]
    try:
        parts = split_sequence(text)
    except LineError:
        return [text]  # whoever runs it says what is wrong
    # A '&' is refused there as well: nobody could bring the command back.
    return [f"{part.line} &" if part.is_behind else part.line for part in parts]
