"""What most words of the shell's own do: a shell and the whole line in.

Each raises LineError where the line is wrong, and ArthasShellError where it cannot be done.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prompt_toolkit.shortcuts import clear

from arthas_cli.errors import LineError
from arthas_cli.line.reading import RAW, is_job
from arthas_cli.session.enhanced import find_patterns
from arthas_cli.session.orphans import end_job, list_jobs
from arthas_cli.shell.commands.arguments import find_word, read_argument
from arthas_cli.shell.commands.info import describe_session
from arthas_cli.shell.jobs.behind import bring_back
from arthas_cli.shell.jobs.consent import describe_jobs
from arthas_cli.shell.jobs.display import LOOKS
from arthas_cli.shell.jobs.onlooker import format_invitation
from arthas_cli.shell.jobs.standing import describe_standing, look
from arthas_cli.shell.prompt.history import list_entries

if TYPE_CHECKING:
    from arthas_cli.shell.app import Shell


def run_quit(shell: Shell, line: str) -> None:
    """Leaves."""
    read_argument(line, most=0)
    shell.leave()


def run_cls(shell: Shell, line: str) -> None:
    """Clears the screen."""
    del shell
    read_argument(line, most=0)
    clear()


def run_history(shell: Shell, line: str) -> None:
    """Says the lines typed here, or the last ones of them."""
    entries = shell.history.entries
    given = read_argument(line, most=1)
    if given and not given.isdecimal():
        raise LineError(f"'{given}' is not a number", line=line, span=find_word(line, 1))
    for text in list_entries(entries, int(given or len(entries)), time.time()):
        shell.say.show(text)


def run_jobs(shell: Shell, line: str) -> None:
    """Says what runs in the background."""
    read_argument(line, most=0)
    for job in shell.runner.jobs.list_all():
        shell.say(job.describe())


def run_fg(shell: Shell, line: str) -> None:
    """Brings a command back to the foreground."""
    name = line.split(maxsplit=1)[0]
    number = read_argument(line, most=0 if is_job(name) else 1)
    bring_back(shell.runner, name if is_job(name) else number)


def run_kill(shell: Shell, line: str) -> None:
    """Ends a command in the background."""
    number = read_argument(line, most=1)
    if not number:
        raise LineError("kill which one?", line=line, span=(0, len(line)), hint="'jobs' tells")
    shell.say(shell.runner.jobs.end(number))


def run_format(shell: Shell, line: str) -> None:
    """Says how results can be shown, or has them shown so."""
    look = read_argument(line, most=1)
    if not look:
        for name, summary in LOOKS.items():
            shell.say(f"{'*' if name == shell.runner.look else ' '} {name:<10}{summary}")
    elif look in LOOKS:
        shell.runner.look = look
    else:
        what, span = f"there is no format '{look}'", find_word(line, 1)
        raise LineError(what, line=line, span=span, hint=", ".join(LOOKS))


def run_every(shell: Shell, line: str) -> None:
    """Repeats a command."""
    shell.runner.repeat(line)


def run_raw(shell: Shell, line: str) -> None:
    """Sends a line as it is."""
    given = line.removeprefix(RAW).strip()
    if not given:
        raise LineError("send which line?", line=line, span=(0, len(line)), hint=":raw COMMAND")
    shell.runner.run(given, is_raw=True)


def run_orphans(shell: Shell, line: str) -> None:
    """Says the jobs on the server, or ends one."""
    server, words = shell.runner.link.server, line.split()
    match words[1:]:
        case []:
            for text in describe_jobs(list_jobs(server), shell.runner.list_sessions()):
                shell.say(text)
        case ["end", number] if number.isdecimal():
            _end_orphan(shell, int(number))
        case _:
            hint = ":orphans lists the jobs on the server, :orphans end N ends one"
            raise LineError("that is not understood", line=line, span=find_word(line, 1), hint=hint)


def _end_orphan(shell: Shell, number: int) -> None:
    server = shell.runner.link.server
    shell.runner.link.confirm()
    found = [job for job in list_jobs(server) or () if job.id == number]
    for text in describe_jobs(found, shell.runner.list_sessions()) if found else ():
        shell.say(text)
    if found:
        shell.runner.gate.consent.confirm("end it")
    if not found or not end_job(server, number):
        shell.say(f"there is no job {number} to end")
        return
    shell.say(f"ended job {number}")
    if find_patterns(found[0].line)[0] is not None:
        shell.say("its classes stay enhanced until 'reset'")


def run_info(shell: Shell, line: str) -> None:
    """Says where this is."""
    read_argument(line, most=0)
    session = shell.runner.link.open()
    for text in describe_session(session, len(shell.runner.jobs.list_running())):
        shell.say(text)
    for text in describe_standing(look(session.server)):
        shell.say(text)


def run_reconnect(shell: Shell, line: str) -> None:
    """Opens another session."""
    read_argument(line, most=0)
    runner = shell.runner
    was_sharing, runner.sharing = runner.sharing is not None, None
    runner.link.reopen()
    if was_sharing:
        runner.share()


def run_share(shell: Shell, line: str) -> None:
    """Says how to join the session."""
    read_argument(line, most=0)
    line, explained = format_invitation(shell.runner.share())
    shell.say.show(line)
    shell.say(explained)


def run_get(shell: Shell, line: str) -> None:
    """Says the files of the server, or fetches one."""
    shell.get(line)
