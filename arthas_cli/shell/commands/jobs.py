"""`jobs`, `fg` and `kill`: the commands in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.line.own_words import is_job
from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import Output, ShellCommand
from arthas_cli.shell.jobs.behind import bring_back
from arthas_cli.shell.terminal.tray import MAX_KEPT

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
        raise LineError("kill which one?", line=line, span=(0, len(line)), hint="'jobs' tells")
    context.say(context.runner.jobs.end(number))


JOBS = ShellCommand(
    "the jobs in the background: COMMAND & or Ctrl+Z puts one there",
    run_jobs,
    details=(
        "each has a number for as long as this shell lives, and a session of its own",
        f"its newest {MAX_KEPT:,} results are kept for 'fg', older ones only counted",
        "the bar below counts what is new; ':set background print' shows it at once",
        "three may run at once, or 'max_jobs' of the configuration",
    ),
    is_harmless=True,
)
FG = ShellCommand(
    "show what a job has brought, and bring it back to the foreground",
    run_fg,
    "fg [N]",
    (
        "fg alone: the newest one; %2 alone does the same as fg 2",
        "Ctrl+Z puts it back, Ctrl+C stops it; of one that has ended: its results",
    ),
    output=Output.NOTHING,
)
KILL = ShellCommand(
    "stop a job in the background",
    run_kill,
    "kill N",
    (
        "kill 2 and kill %2 are the same; 'jobs' tells the numbers",
        "of one that has ended it drops the results",
        "':orphans end N' ends jobs that are not of this shell",
    ),
    output=Output.NOTHING,
)
