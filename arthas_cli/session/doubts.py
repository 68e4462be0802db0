"""What is to be confirmed before a line goes out: one judgement for those who ask and who cannot.

A `reset` does not end a command that has enhanced: the command's own transformer puts the code
straight back, and the class is struck off the list of what a later `reset` takes back. It stays
enhanced until something transforms it again, as `jad` does (seen on 3.6.4 to 4.1.5). `stop` resets
as well and leaves it so in the JVM. So such commands are ended first.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import CommandFailed, NotRun, Unconfirmed
from arthas_cli.guard.cases import ENDS_ALL
from arthas_cli.guard.patterns import find_reset_pattern
from arthas_cli.line.secrets import hide_secret
from arthas_cli.session.enhanced import find_patterns, list_hit, read_line
from arthas_cli.session.orphans import list_jobs
from arthas_cli.session.server import QUICK_S
from arthas_cli.session.tuning import ask_number, make_end_line
from arthas_cli.text import count, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from arthas_cli.guard.patterns import ClassPattern
    from arthas_cli.session.orphans import ServerJob
    from arthas_cli.session.server import Server

# What `--yes` names so that commands are ended for a `reset`.
RESET = "reset"
_BLIND = "it cannot be seen here whether commands are running; if one is, its class stays enhanced "
_BLIND_RESET = "until you run 'jad CLASS' after that command has ended"
_BLIND_STOP = "in the JVM"
_MAX_NAMED, _MAX_LETTERS = 5, 80
_END_S, _LOOK_S = 5.0, 0.1


class Doubts(NamedTuple):
    """What speaks against a line as it is.

    `jobs`: commands that are to be ended before it. `ends_all`: the line ends them anyway.
    `warning`: what may follow where it cannot be known whether there are any, else empty.
    """

    jobs: tuple[ServerJob, ...] = ()
    ends_all: bool = False
    warning: str = ""

    def require(self, confirmed: Collection[str]) -> None:
        """Refuse the line where commands would have to be ended that it does not itself end.

        Raises:
            Unconfirmed: `confirmed` does not name it.
        """
        if self.jobs and not self.ends_all and RESET not in confirmed:
            verb = "commands run" if len(self.jobs) > 1 else "a command runs"
            named = [format_job(job) for job in self.jobs[:_MAX_NAMED]]
            more = len(self.jobs) - _MAX_NAMED
            named += [f"{more} more"] * (more > 0)
            raise Unconfirmed(
                f"{verb} on what '{RESET}' would take back: {', '.join(named)}",
                hint=f"wait until that has ended, or use --yes {RESET} to end it first: under a"
                " running command a class stays enhanced for good",
            )


def find_doubts(server: Server, line: str, timeout_s: float = QUICK_S) -> Doubts:
    """Look for the commands that a line would pull the ground from under; ask the server.

    Raises:
        ArthasShellError: as `Server.ask`.
    """
    parsed = read_line(line)
    if parsed is None or parsed.name.text not in (RESET, *ENDS_ALL) or parsed.asks_help:
        return Doubts()
    ends_all = parsed.name.text != RESET
    jobs = _list_jobs(server, timeout_s) if server.may_look else None
    if jobs is None:
        return Doubts(warning=_BLIND + (_BLIND_STOP if ends_all else _BLIND_RESET))
    target = None if ends_all else find_reset_pattern(parsed)
    met = [job for job in jobs if _is_met(server, job, target, timeout_s)]
    return Doubts(tuple(met), ends_all)


def end_jobs(server: Server, jobs: Sequence[ServerJob], stopping: Collection[str] = ()) -> str:
    """End the jobs and wait until they have ended; return that it did, in a line.

    `stopping`: the sessions of those that are being stopped already.

    Raises:
        NotRun: one goes on.
        ArthasShellError: as `Server.ask`.
    """
    for job in (job for job in jobs if job.session_id not in stopping):
        ask_number(server, make_end_line(job.id))
    ids = {job.id for job in jobs}
    until = time.monotonic() + _END_S
    while running := [job for job in list_jobs(server) or () if job.id in ids]:
        if time.monotonic() > until:
            what = f"{format_job(running[0])} does not end"
            raise NotRun(what, hint="':orphans' in the shell lists the jobs of the server")
        time.sleep(_LOOK_S)
    return f"ended {count(len(jobs), 'command')} first"


def format_job(job: ServerJob) -> str:
    """Return a job in a few words."""
    line = one_line(hide_secret(job.line))
    return f"{job.id} '{line if len(line) <= _MAX_LETTERS else f'{line[:_MAX_LETTERS]}…'}'"


def _list_jobs(server: Server, timeout_s: float) -> list[ServerJob] | None:
    try:
        return list_jobs(server, timeout_s)
    except CommandFailed:
        return None


def _is_met(server: Server, job: ServerJob, target: ClassPattern | None, timeout_s: float) -> bool:
    """Return whether a job has enhanced what the pattern hits; None: all there is."""
    if find_patterns(job.line)[0] is None:
        return False
    if target is None:
        return True
    try:
        return bool(target.choose(list_hit(server, [job.line], timeout_s)))
    except re.error:  # a regular expression of Java's alone
        return True
