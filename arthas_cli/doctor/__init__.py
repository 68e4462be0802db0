"""`doctor`: what stands between here and the server, step by step, with the cure.

Nothing is changed: what is sent is `session_info`, `version`, one `mbean` that reads the clock, and
a GET where it is not Arthas that answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.columns import measure_terminal, wrap
from arthas_cli.diagnostics import choose_worst
from arthas_cli.doctor import network, server, surroundings
from arthas_cli.doctor.model import Case, Finding, State, Step, failed, passed, skipped
from arthas_cli.doctor.report import format_step, make_document
from arthas_cli.errors import ArthasShellError, ExitCode
from arthas_cli.output import Paper, detect_color, escape_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.config.way import Row
    from arthas_cli.invocation import Invocation

_HERE: tuple[Step, ...] = (
    Step("terminal", surroundings.check_terminal),
    Step("configuration", surroundings.check_configuration),
)
_NETWORK: tuple[Step, ...] = (
    Step("proxy", network.check_proxy, ("configuration",)),
    Step("name", network.check_name, ("proxy",)),
    Step("tcp", network.check_tcp, ("name",)),
    Step("tls", network.check_tls, ("tcp",)),
)
_SERVER: tuple[Step, ...] = (
    Step("arthas", server.check_arthas, ("http",)),
    Step("password", server.check_password, ("arthas",)),
    Step("version", server.check_version, ("password",)),
    Step("clock", server.check_clock, ("version",)),
    Step("exposure", server.check_exposure, ("arthas",)),
)
_WIDTH = max(len(step.name) for step in (*_HERE, *_NETWORK, *_SERVER))


def run_doctor(invocation: Invocation, *, has_json: bool) -> ExitCode:
    """Take the steps and write what they find, each as it is found.

    Returns the code of what is wrong, OK where nothing is.
    """
    stream = invocation.environment.stdout
    case, paper = Case(invocation), Paper(stream)
    findings: list[tuple[str, Finding]] = []
    has_marks = surroundings.is_unicode(getattr(stream, "encoding", None) or "utf-8")
    has_color = find_color(invocation)
    for name, finding in examine(case):
        findings.append((name, finding))
        if has_json:
            continue
        for line in format_step(name, finding, _WIDTH, has_marks=has_marks, has_color=has_color):
            paper.write(wrap(line, measure_terminal(stream)))
        paper.flush()
    error = choose_worst(finding.error for _, finding in findings)
    if has_json:
        url = find_url(case)
        document = make_document(findings, url=url, version=case.version, error=error)
        paper.write(escape_json(document))
        paper.flush()
    return ExitCode.OK if error is None else error.exit_code


def list_steps(case: Case) -> tuple[Step, ...]:
    """Return the steps to the server: over the network, or those of the way that leads there."""
    there = _list_way(case) or _NETWORK
    http = Step("http", network.check_http, (there[-1].name,))
    return (*_HERE, *there, http, *_SERVER)


def _list_way(case: Case) -> tuple[Step, ...]:
    try:
        way = case.connection.way
    except ArthasShellError:  # the step "configuration" says why
        return ()
    rows = () if way is None else tuple(way.list_rows())
    needs = ("configuration", *(row.name for row in rows))
    return tuple(_make_step(row, need) for row, need in zip(rows, needs, strict=False))


def _make_step(row: Row, need: str) -> Step:
    return Step(row.name, lambda _: passed(row.check()), (need,))


def examine(case: Case) -> Iterator[tuple[str, Finding]]:
    """Yield what each step finds; those that need one that failed are skipped."""
    unmet: set[str] = set()
    for step in list_steps(case):
        missing = [name for name in step.needs if name in unmet]
        finding = skipped(f"needs '{missing[0]}'") if missing else _take(step, case)
        if missing or finding.state == State.FAIL:
            unmet.add(step.name)
        yield step.name, finding


def _take(step: Step, case: Case) -> Finding:
    try:
        return step.check(case)
    except ArthasShellError as error:
        return failed(error)


def find_color(invocation: Invocation) -> bool:
    """Return whether there are colours, even where the configuration cannot be read."""
    environment = invocation.environment
    try:
        return invocation.find_color() is not None
    except ArthasShellError:
        return detect_color(environment.stdout, environment.variables) is not None


def find_url(case: Case) -> str | None:
    """Return the address of the API, None where the settings name none."""
    try:
        return case.invocation.settings.connection.url
    except ArthasShellError:
        return None
