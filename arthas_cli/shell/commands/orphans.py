"""`:orphans`: the jobs on the server, of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.session.enhanced import find_patterns
from arthas_cli.session.orphans import end_job, list_jobs
from arthas_cli.shell.commands.arguments import find_word
from arthas_cli.shell.context import ShellCommand
from arthas_cli.shell.jobs.consent import describe_jobs

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_orphans(context: ShellContext, line: str) -> None:
    """Print the jobs on the server, or end one."""
    server, words = context.runner.link.server, line.split()
    match words[1:]:
        case []:
            for text in describe_jobs(list_jobs(server), context.runner.list_sessions()):
                context.say(text)
        case ["end", number] if number.isdecimal():
            _end_orphan(context, int(number))
        case _:
            hint = "use ':orphans' to list the jobs, ':orphans end N' to end one"
            what = "wrong arguments for ':orphans'"
            raise LineError(what, line=line, span=find_word(line, 1), hint=hint)


def _end_orphan(context: ShellContext, number: int) -> None:
    server = context.runner.link.server
    context.runner.link.confirm()
    found = [job for job in list_jobs(server) or () if job.id == number]
    for text in describe_jobs(found, context.runner.list_sessions()) if found else ():
        context.say(text)
    if found:
        context.runner.preflight.consent.confirm("end it")
    if not found or not end_job(server, number):
        context.say(f"there is no job {number} to end")
        return
    context.say(f"ended job {number}")
    if find_patterns(found[0].line)[0] is not None:
        context.say("its classes stay enhanced until you run 'reset'")


ORPHANS = ShellCommand(
    "list everybody's jobs on the server, or end one",
    run_orphans,
    ":orphans [end N]",
    (
        "includes abandoned and other users' jobs; asks before it ends one",
        "the numbers are the server's, not those of 'jobs'",
    ),
    needs_one=True,
)
