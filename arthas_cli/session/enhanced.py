"""The classes that stay enhanced, and those on which commands run.

Arthas leaves a class enhanced when the command has ended, some hundred ns a call, and says only how
many there were. Which ones stands in a list inside Arthas, everybody's in one; ours of it are those
that the patterns of our commands hit, found by `sc`, which goes by the same rules as enhancing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import LineError
from arthas_cli.guard.patterns import find_left_out, find_pattern, find_reset_pattern
from arthas_cli.jsontext import as_int, as_object
from arthas_cli.line.parse import parse_line
from arthas_cli.protocol import Action
from arthas_cli.session.orphans import list_jobs, list_rows
from arthas_cli.session.server import QUICK_S
from arthas_cli.session.tuning import ask_arthas, make_enhanced_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.guard.patterns import ClassPattern
    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.protocol import Result
    from arthas_cli.session.server import Server


class Standing(NamedTuple):
    """The classes that we have enhanced and nobody has reset, by name and in order.

    `free`: those on which no command runs. `busy`: the others. `lines`: where the server does not
    tell, the commands of ours that have enhanced; then no class is named.
    """

    free: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def find_standing(server: Server, timeout_s: float = QUICK_S) -> Standing:
    """Return what stays enhanced of all that was by `server`; `timeout_s` is for each question.

    Raises:
        ArthasShellError: as `Server.ask`.
    """
    lines = list(server.enhanced)
    if not lines:
        return Standing()
    enhanced = list_enhanced(server, timeout_s) if server.may_look else None
    jobs = list_jobs(server, timeout_s) if enhanced else []
    if enhanced is None or jobs is None:
        return guess_standing(server)
    found = sorted(enhanced & list_hit(server, lines, timeout_s)) if enhanced else []
    busy = list_hit(server, (job.line for job in jobs), timeout_s) if found else set()
    return Standing(
        tuple(name for name in found if name not in busy),
        tuple(name for name in found if name in busy),
    )


def guess_standing(server: Server) -> Standing:
    """Return the same as far as it is known without asking the server."""
    return Standing(lines=tuple(line for line, number in [*server.enhanced.items()] if number != 0))


def note_enhancer(server: Server, line: str, result: Result) -> None:
    """Note how many classes a line has enhanced, where the result says so.

    One that found no method has rewritten its classes all the same; one that waits for classes
    (`--lazy`) says none and succeeds.
    """
    if result.type == "enhancer":
        number = as_int(as_object(result.data.get("effect")).get("classCount"))
        server.enhanced[line] = number or (0 if result.data.get("success") is False else None)


def forget(server: Server, line: str) -> None:
    """Note that a line has reset classes, for servers that do not tell which are enhanced."""
    parsed = read_line(line)
    target = None if parsed is None else find_reset_pattern(parsed)
    for each in list(server.enhanced):
        pattern = find_patterns(each)[0]
        if target is None or (pattern is not None and _choose(target, [pattern.text])):
            server.enhanced[each] = 0


def list_enhanced(server: Server, timeout_s: float = QUICK_S) -> set[str] | None:
    """Return the classes that anybody's commands have enhanced; None: the server won't tell.

    Raises:
        ArthasShellError: as `Server.ask`.
    """
    for result in ask_arthas(server, make_enhanced_line(), timeout_s):
        rows = list(list_rows(result.data.get("value")))
        if rows:  # the first one is no class, so that there is one
            return set(rows[1:])
    return None


def list_hit(server: Server, lines: Iterable[str], timeout_s: float = QUICK_S) -> set[str]:
    """Return the loaded classes that the lines enhance, whatever their methods.

    Raises:
        ArthasShellError: as `Server.ask`.
    """
    hit: set[str] = set()
    for pattern, left_out in {find_patterns(line) for line in lines}:
        names = list_classes(server, pattern, timeout_s) if pattern is not None else set()
        hit |= names - set(_choose(left_out, names))
    return hit


def list_classes(server: Server, pattern: ClassPattern, timeout_s: float = QUICK_S) -> set[str]:
    """Return the loaded classes that a command enhances by the pattern, heirs included.

    Raises:
        ArthasShellError: as `Server.ask`.
    """
    response = server.ask(Action.EXEC, command=pattern.count_line, timeout_s=timeout_s)
    found: set[str] = set()
    for result in response.results:
        names = result.data.get("classNames")
        found.update(str(name) for name in (names if isinstance(names, list) else []))
    return found


def find_patterns(line: str) -> tuple[ClassPattern | None, ClassPattern | None]:
    """Return what a line enhances and what of it it leaves out; None for nothing."""
    parsed = read_line(line)
    if parsed is None:
        return None, None
    return find_pattern(parsed), find_left_out(parsed)


def read_line(line: str) -> ParsedLine | None:
    """Read a line of anybody's; None where it cannot be read."""
    try:
        return parse_line(line, load_commands())
    except LineError:
        return None


def _choose(pattern: ClassPattern | None, names: Iterable[str]) -> list[str]:
    try:
        return [] if pattern is None else pattern.choose(names)
    except re.error:
        return []
