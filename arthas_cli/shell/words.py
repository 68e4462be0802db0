"""The words of the shell's own: what they do, in one table that help is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.shortcuts import clear

from arthas_cli.errors import LineError
from arthas_cli.session.orphans import end_job, list_jobs
from arthas_cli.shell.forms import LOOKS
from arthas_cli.shell.info import describe_session
from arthas_cli.shell.sharing import format_invitation
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from arthas_cli.session.orphans import ServerJob
    from arthas_cli.shell.repl import Shell


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its line of help, and what it does in a shell with the whole line."""

    summary: str
    run: Callable[[Shell, str], None]


def _quit(shell: Shell, line: str) -> None:
    read_argument(line, most=0)
    shell.leave()


def _cls(shell: Shell, line: str) -> None:
    del shell
    read_argument(line, most=0)
    clear()


def _history(shell: Shell, line: str) -> None:
    lines = shell.list_history()
    given = read_argument(line, most=1)
    if given and not given.isdecimal():
        raise LineError(f"'{given}' is no number", line=line, span=find_word(line, 1))
    first = max(0, len(lines) - int(given or len(lines)))
    for number, typed in enumerate(lines[first:], first + 1):
        shell.say(f"{number:5}  {one_line(typed)}")


def _help(shell: Shell, line: str) -> None:
    shell.runner.run(line)
    if line == "help":
        shell.say("\nWords of this shell:")
        for name, word in WORDS.items():
            shell.say(f"  {name:<10}{word.summary}")
        shell.say("Ctrl+C stops a running command, Ctrl+D on an empty line leaves.")


def _jobs(shell: Shell, line: str) -> None:
    read_argument(line, most=0)
    for text in shell.runner.jobs.list_lines():
        shell.say(text)


def _fg(shell: Shell, line: str) -> None:
    shell.runner.bring_back(read_argument(line, most=1))


def _kill(shell: Shell, line: str) -> None:
    number = read_argument(line, most=1)
    if not number:
        raise LineError("kill which one?", line=line, span=(0, len(line)), hint="'jobs' tells")
    shell.runner.jobs.find(number).task.stop()


def _format(shell: Shell, line: str) -> None:
    look = read_argument(line, most=1)
    if not look:
        for name, summary in LOOKS.items():
            shell.say(f"{'*' if name == shell.runner.look else ' '} {name:<10}{summary}")
    elif look in LOOKS:
        shell.runner.look = look
    else:
        what, span = f"there is no format '{look}'", find_word(line, 1)
        raise LineError(what, line=line, span=span, hint=", ".join(LOOKS))


def _every(shell: Shell, line: str) -> None:
    shell.runner.repeat(line)


def _orphans(shell: Shell, line: str) -> None:
    runner = shell.runner
    server, words = runner.link.server, line.split()
    match words[1:]:
        case []:
            behind = [job.session.id for job in runner.jobs.list_running()]
            ours = [*runner.link.list_sessions(), *behind]
            for text in describe_jobs(list_jobs(server), ours):
                shell.say(text)
        case ["end", number] if number.isdecimal():
            ended = end_job(server, int(number))
            shell.say(f"ended job {number}" if ended else f"there is no job {number} to end")
        case _:
            hint = ":orphans lists the jobs on the server, :orphans end N ends one"
            raise LineError("that is not understood", line=line, span=find_word(line, 1), hint=hint)


def _info(shell: Shell, line: str) -> None:
    read_argument(line, most=0)
    for text in describe_session(shell.runner.link.open(), len(shell.runner.jobs)):
        shell.say(text)


def _share(shell: Shell, line: str) -> None:
    read_argument(line, most=0)
    for text in format_invitation(shell.runner.share()):
        shell.say(text)


def _get(shell: Shell, line: str) -> None:
    shell.get(line)


def describe_jobs(jobs: list[ServerJob] | None, ours: Collection[str]) -> list[str]:
    """Returns a line for each job on the server, or why there is none."""
    if jobs is None:
        return ["this server does not tell its jobs; 'reset' takes back what they enhanced"]
    if not jobs:
        return ["no job runs on the server"]
    return [
        f"{job.id:5}  {job.status.lower()}  {one_line(job.line)}"
        + ("  (of this shell)" if job.session_id in ours else "")
        for job in jobs
    ]


WORDS: Mapping[str, Word] = {
    "help": Word("the commands of the server, and this; help CMD: one command", _help),
    "history": Word("the lines typed here; history N: the last N", _history),
    "jobs": Word("the commands in the background: COMMAND & or Ctrl+Z puts one there", _jobs),
    "fg": Word("bring a command back to the foreground: fg N", _fg),
    "kill": Word("end a command in the background: kill N", _kill),
    ":format": Word("how results are shown: text, tree, records, json", _format),
    ":every": Word("repeat: :every [--until WHAT] [--times N] 2s COMMAND", _every),
    ":orphans": Word("the jobs on the server, of anybody; :orphans end N ends one", _orphans),
    ":share": Word("let a colleague join this session, and see what others do in it", _share),
    ":get": Word("the files of arthas-output; :get NAME [FILE] fetches one", _get),
    ":info": Word("where this is, and what this shell has changed on the server", _info),
    "cls": Word("clear the screen", _cls),
    "quit": Word("leave", _quit),
    "exit": Word("leave", _quit),
    "q": Word("leave", _quit),
}


def read_argument(line: str, *, most: int) -> str:
    """Returns the first argument, empty where there is none.

    Raises:
        LineError: there are more than `most`.
    """
    name, *arguments = line.split()
    if len(arguments) > most:
        takes = "no argument" if most == 0 else "one argument"
        raise LineError(f"'{name}' takes {takes}", line=line, span=find_word(line, most + 1))
    return arguments[0] if arguments else ""


def find_word(line: str, number: int) -> tuple[int, int]:
    """Returns the place of a word, the first one being number 0."""
    words = line.split(maxsplit=number)
    start = len(line) - len(words[number])
    return start, start + len(words[number].split(maxsplit=1)[0])
