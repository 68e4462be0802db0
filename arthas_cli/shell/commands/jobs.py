"""`jobs`, `fg` and `kill`: the commands in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.line.own_words import is_job
from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import Output, ShellCommand
from arthas_cli.shell.jobs.behind import bring_back
from arthas_cli.shell.terminal.buffer import MAX_KEPT

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext


def run_jobs(context: ShellContext, line: str) -> None:
    """Print what runs in the background."""
    read_argument(line, most=0)
    for job in context.runner.jobs.list_all():
        context.say(job.describe())


def run_fg(context: ShellContext, line: str) -> None:
    """Bring a command back to the foreground."""
    name = line.split(maxsplit=1)[0]
    number = read_argument(line, most=0 if is_job(name) else 1)
    bring_back(context.runner, name if is_job(name) else number)


def run_kill(context: ShellContext, line: str) -> None:
    """End a command in the background."""
    number = read_argument(line, most=1)
    if not number:
        raise LineError(
            "which job?", line=line, span=(0, len(line)), hint="run 'jobs' to list them"
        )
    context.say(context.runner.jobs.end(number))


JOBS = ShellCommand(
    "list the background jobs (start one with & or Ctrl+Z)",
    run_jobs,
    details=(
        "each keeps its number while this shell lives, and has its own session",
        f"the newest {MAX_KEPT:,} results of each are kept for 'fg', older ones only counted",
        "the bottom bar counts new results; ':set background print' shows them at once",
        "three can run at once; set 'max_jobs' in the config file to change that",
    ),
    is_harmless=True,
)
FG = ShellCommand(
    "show a job's results and bring it to the foreground",
    run_fg,
    "fg [N]",
    (
        "without N, the newest job; %2 is short for fg 2",
        "Ctrl+Z puts it back, Ctrl+C stops it; a finished job only shows its results",
    ),
    output=Output.NOTHING,
)
KILL = ShellCommand(
    "stop a background job",
    run_kill,
    "kill N",
    (
        "kill 2 and kill %2 are the same; 'jobs' lists the numbers",
        "for a finished job, drops its results",
        "use ':orphans end N' for jobs of other shells",
    ),
    output=Output.NOTHING,
)
