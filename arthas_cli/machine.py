"""The JVMs of this machine for people and programs, and the shell on one of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from arthas_cli.attach.jvms import list_jvms
from arthas_cli.columns import width_of
from arthas_cli.config.settings import Connection
from arthas_cli.errors import ArthasShellError, ExitCode, NoServer
from arthas_cli.output import Paper, escape_json
from arthas_cli.session.jvm import format_age
from arthas_cli.text import keep_end, one_line
from arthas_cli.views.names import shorten_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arthas_cli.attach.jvms import Jvm
    from arthas_cli.attach.listeners import Found
    from arthas_cli.invocation import Invocation

_CHOOSE = "choose with the arrow keys, Enter attaches, q leaves"
_TITLES = ("PID", "USER", "MAIN", "JAVA", "UP", "ARTHAS")
_MAIN, _MIN_NAME, _GAP = 2, 12, "  "
_NONE = "there is no JVM on this machine that can be seen"


def print_document(invocation: Invocation) -> ExitCode:
    """Print the JVMs of this machine as one JSON document, whatever happens."""
    failure: ArthasShellError | None = None
    jvms: list[Jvm] = []
    try:
        jvms = list_jvms()
    except ArthasShellError as error:
        failure = error
        invocation.make_diagnostics().report(error)
    paper = Paper(invocation.environment.stdout)
    paper.write(escape_json(json.dumps(make_document(jvms, failure), ensure_ascii=False)))
    paper.flush()
    return ExitCode.OK if failure is None else failure.exit_code


def choose_jvm(invocation: Invocation) -> int | None:
    """Return the pid of the JVM that the user chooses; None where they leave or only want a list.

    Raises:
        NotRun: this is not Linux.
    """
    environment = invocation.environment
    jvms = list_jvms()
    if not jvms:
        invocation.make_diagnostics().note(_NONE)
        return None
    if environment.has_terminal_input and environment.stdout.isatty():
        return _ask(jvms, invocation)
    paper = Paper(environment.stdout)
    for line in format_table(jvms, environment.output_width):
        paper.write(line)
    paper.flush()
    return None


def open_shell(invocation: Invocation) -> ExitCode:
    """Open the shell; where nothing is named and nothing listens, offer the JVMs of this machine.

    Raises:
        ArthasShellError: there is no Arthas to begin with.
    """
    from arthas_cli.shell.app import run_shell

    try:
        return run_shell(invocation)
    except NoServer as error:
        if invocation.is_on_many or error.kind != NoServer.kind:
            raise
        if invocation.connection.url != Connection().url:
            raise
        jvms = _list_quietly()
        if not jvms or not invocation.environment.stdout.isatty():
            raise
        invocation.make_diagnostics().report(error)
    pid = _ask(jvms, invocation)
    if pid is None:
        return ExitCode.NO_SERVER
    place: dict[str, object] = {"url": f"pid:{pid}"}
    return run_shell(replace(invocation, layers=[place, *invocation.layers]))


def make_document(jvms: Sequence[Jvm], error: ArthasShellError | None = None) -> dict[str, Any]:
    """Return the list as JSON has it."""
    return {
        "jvms": [
            {
                "pid": jvm.pid,
                "user": jvm.user,
                "main": jvm.main,
                "java": jvm.java,
                "upMs": jvm.up_ms,
                "container": jvm.is_contained,
                "arthas": jvm.arthas and jvm.arthas._asdict(),
            }
            for jvm in jvms
        ],
        "error": error and {"kind": error.kind, "message": error.message, "hint": error.hint},
    }


def _list_quietly() -> list[Jvm]:
    try:
        return list_jvms()
    except ArthasShellError:
        return []


def _ask(jvms: Sequence[Jvm], invocation: Invocation) -> int | None:
    from arthas_cli.shell.terminal.choice import choose

    title, *lines = format_table(jvms, invocation.environment.output_width)
    at = choose(title, lines, _CHOOSE)
    return None if at is None else jvms[at].pid


def format_table(jvms: Sequence[Jvm], width: int | None = None) -> list[str]:
    """Return a header and a line for each JVM; in so many columns, long names give way."""
    rows = [_TITLES, *(_format_cells(jvm) for jvm in jvms)]
    sizes = [max(width_of(row[at]) for row in rows) for at in range(len(_TITLES))]
    if width is not None:
        others = sum(sizes) - sizes[_MAIN] + len(_GAP) * (len(_TITLES) - 1)
        sizes[_MAIN] = min(sizes[_MAIN], max(_MIN_NAME, width - others))
        rows = [
            (*row[:_MAIN], _shorten(row[_MAIN], sizes[_MAIN]), *row[_MAIN + 1 :]) for row in rows
        ]
    return [_GAP.join(_pad(row, sizes)).rstrip() for row in rows]


def _format_cells(jvm: Jvm) -> tuple[str, ...]:
    cells = (
        str(jvm.pid),
        jvm.user,
        jvm.main or "?",
        jvm.java or "?",
        format_age(jvm.up_ms // 1000),
        _format_arthas(jvm.arthas),
    )
    return tuple(map(one_line, cells))


def _format_arthas(found: Found | None) -> str:
    if found is None:
        return "-"
    port = "" if found.port is None else f"port {found.port}"
    return " ".join(filter(None, (found.version, port))) or "yes"


def _shorten(name: str, width: int) -> str:
    return keep_end(shorten_names(name, width), width) if width_of(name) > width else name


def _pad(cells: Sequence[str], sizes: Sequence[int]) -> Iterator[str]:
    for at, (cell, size) in enumerate(zip(cells, sizes, strict=True)):
        blanks = " " * (size - width_of(cell))
        yield blanks + cell if at == 0 else cell + blanks
