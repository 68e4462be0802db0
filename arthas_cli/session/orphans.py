"""The jobs that run on a server, of anybody, and how to end one that nobody looks after.

Arthas' own `jobs` is for terminals alone; over HTTP its job table is reached by `ognl` in Arthas'
own class loader (docs/protocol.md, 4.6). Where that door is closed, by the server or by the guard
under `--read-only`, nothing is known: no command that only reads tells of jobs.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.errors import ReadOnly
from arthas_cli.session.server import QUICK_S
from arthas_cli.session.tuning import ask_arthas, ask_number, make_jobs_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.jsontext import Json
    from arthas_cli.session.server import Server

_FACTS = (
    '#this.id()+"|"+#this.status()+"|"'
    '+(#this.getSession()==null ? "" : #this.getSession().getSessionId())+"|"+#this.line()'
)
_ROW = re.compile(r"(\d+)\|(\w*)\|([^|]*)\|(.*)", re.DOTALL)
_DRAWN_ROW = re.compile(r"^ *@String\[(.*)\],?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ServerJob:
    """A job as the server's own table has it."""

    id: int
    status: str
    session_id: str
    line: str


def list_jobs(server: Server, timeout_s: float = QUICK_S) -> list[ServerJob] | None:
    """Return the jobs that run on the server, but for the question itself; None: it won't tell.

    Raises:
        ArthasShellError: as `Server.ask`.
    """
    with _explain_refusal():
        results = list(ask_arthas(server, f"{make_jobs_line(_FACTS)} -x 2", timeout_s))
    for result in results:
        rows = list_rows(result.data.get("value"))
        found = (_ROW.fullmatch(row) for row in rows)
        jobs = [ServerJob(int(m[1]), m[2], m[3], m[4]) for m in found if m]
        if jobs:  # the question is one
            return [job for job in jobs if job.id != result.job_id]
    return None


def end_job(server: Server, job_id: int) -> bool:
    """End a job, whosever it is; return whether there was one.

    Raises:
        ArthasShellError: as `Server.ask`.
    """
    line = make_jobs_line("#this.terminate(), #this.id()", job_id)
    with _explain_refusal():
        return ask_number(server, line) == job_id


@contextmanager
def _explain_refusal() -> Iterator[None]:
    """Return why what seems a look is refused under `--read-only`, and what to do."""
    try:
        yield
    except ReadOnly as refused:
        raise ReadOnly(
            "'ognl' is refused by --read-only: it runs code in Arthas itself, and there is no"
            " other way to list or end a server's jobs",
            hint="use ':orphans' in a shell without --read-only",
        ) from refused


def list_rows(value: Json) -> Iterator[str]:
    """Yield the strings of a list, drawn as text or, by servers up to 3.6.4, as JSON."""
    if isinstance(value, list):
        yield from (row for row in value if isinstance(row, str))
    elif isinstance(value, str):
        yield from _DRAWN_ROW.findall(value)
