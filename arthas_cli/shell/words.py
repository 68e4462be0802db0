"""The words of the shell's own: what they do, in one table that help is made of."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.shortcuts import clear

from arthas_cli.errors import LineError
from arthas_cli.line.reading import RAW
from arthas_cli.session.orphans import end_job, list_jobs
from arthas_cli.shell.answer import MOST_RESULTS, run_json
from arthas_cli.shell.arguments import find_word, read_argument
from arthas_cli.shell.curl import run_curl
from arthas_cli.shell.forms import LOOKS
from arthas_cli.shell.history import list_entries
from arthas_cli.shell.info import describe_session
from arthas_cli.shell.preferences import PREFERENCES, run_set
from arthas_cli.shell.saving import run_save
from arthas_cli.shell.sharing import format_invitation
from arthas_cli.shell.why import run_why
from arthas_cli.text import one_line, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from arthas_cli.session.orphans import ServerJob
    from arthas_cli.shell.repl import Shell


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its line of help, and what it does in a shell with the whole line.

    `usage`: how it is typed, empty where it stands alone. `details`: what more there is to say.
    """

    summary: str
    run: Callable[[Shell, str], None]
    usage: str = ""
    details: tuple[str, ...] = ()


def _quit(shell: Shell, line: str) -> None:
    read_argument(line, most=0)
    shell.leave()


def _cls(shell: Shell, line: str) -> None:
    del shell
    read_argument(line, most=0)
    clear()


def _history(shell: Shell, line: str) -> None:
    entries = shell.history.entries
    given = read_argument(line, most=1)
    if given and not given.isdecimal():
        raise LineError(f"'{given}' is no number", line=line, span=find_word(line, 1))
    for text in list_entries(entries, int(given or len(entries)), time.time()):
        shell.say(text)


def _help(shell: Shell, line: str) -> None:
    shell.runner.run(line)
    if line == "help":
        shell.say("")
        _tell_words(shell)


def _help_words(shell: Shell, line: str) -> None:
    name = read_argument(line, most=1)
    if not name:
        _tell_words(shell)
        return
    found = WORDS.get(name) or WORDS.get(f":{name}")
    if found is None:
        hint = suggest(name, WORDS, f"'help {name}' asks the server")
        what = f"'{name}' is no word of this shell"
        raise LineError(what, line=line, span=find_word(line, 1), hint=hint)
    shell.say(f"{found.usage or name}: {found.summary}")
    for text in found.details:
        shell.say(f"  {text}")


def _tell_words(shell: Shell) -> None:
    shell.say("Words of this shell:")
    for name, word in WORDS.items():
        shell.say(f"  {word.usage or name:<23}{word.summary}")
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


def _raw(shell: Shell, line: str) -> None:
    given = line.removeprefix(RAW).strip()
    if not given:
        raise LineError("send which line?", line=line, span=(0, len(line)), hint=":raw COMMAND")
    shell.runner.run(given, is_raw=True)


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


def _reconnect(shell: Shell, line: str) -> None:
    read_argument(line, most=0)
    runner = shell.runner
    was_sharing, runner.sharing = runner.sharing is not None, None
    runner.link.reopen()
    if was_sharing:
        runner.share()


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
    "help": Word(
        "the commands of the server, or one of them, and these words", _help, "help [CMD]"
    ),
    "history": Word(
        "the lines typed here, or the last N",
        _history,
        "history [N]",
        (
            "with their time and target, and what became of those that did not go well",
            "!! runs the last one again, !7 that of number 7, !-2 the last but one",
            "Up takes those that begin as what is typed, Ctrl+R searches",
            "a line that holds a secret is not kept",
        ),
    ),
    "jobs": Word("the commands in the background: COMMAND & or Ctrl+Z puts one there", _jobs),
    "fg": Word("bring a command back to the foreground", _fg, "fg [N]"),
    "kill": Word("end a command in the background", _kill, "kill N"),
    ":help": Word("these words, or one of them", _help_words, ":help [WORD]"),
    ":why": Word(
        "why a command shows nothing, the last one or any",
        run_why,
        ":why [COMMAND]",
        ("asks with sc, sm and options alone, and changes nothing",),
    ),
    ":json": Word(
        "the last answer as JSON",
        run_json,
        details=(f"of a long answer the last {MOST_RESULTS:,} results are kept",),
    ),
    ":curl": Word(
        "the last request as a line for curl",
        run_curl,
        details=("for the password it reads the variable ARTHAS_SHELL_PASSWORD",),
    ),
    ":save": Word(
        "the last answer in a file",
        run_save,
        ":save FILE",
        (
            "the ending says how: .txt or .log text, .json a document, .jsonl lines, .csv a table",
            "a file that is there is kept; :save! FILE replaces it",
            "only you can read the file: results may hold secrets",
        ),
    ),
    ":save!": Word("the same, in the place of a file that is there", run_save, ":save! FILE"),
    ":format": Word(
        "how results are shown",
        _format,
        ":format [NAME]",
        tuple(f"{name:<10}{summary}" for name, summary in LOOKS.items()),
    ),
    ":set": Word(
        "the settings of this shell; one is shown, or changed",
        run_set,
        ":set [NAME [VALUE]]",
        tuple(f"{name:<13}{found.summary}" for name, found in PREFERENCES.items()),
    ),
    RAW: Word(
        "send a line as it is, unchecked",
        _raw,
        ":raw COMMAND",
        ("nothing in it is read here: no quotes, no ';', no pipes",),
    ),
    ":every": Word(
        "run a command again and again",
        _every,
        ":every TIME COMMAND",
        (
            "e.g. :every --until changed --times 10 2s thread -b",
            "--until nonempty, empty, changed or fails; --times N ends it after N times",
        ),
    ),
    ":orphans": Word(
        "the jobs on the server, of anybody, or end one", _orphans, ":orphans [end N]"
    ),
    ":share": Word("let a colleague join this session, and see what others do in it", _share),
    ":reconnect": Word(
        "end the session on the server and open a new one",
        _reconnect,
        details=("commands in the background go on; who joined the session has to join anew",),
    ),
    ":get": Word(
        "the files of arthas-output, or fetch one",
        _get,
        ":get [-f] [NAME [FILE]]",
        ("a file that is there is kept; -f replaces it",),
    ),
    ":info": Word("where this is, and what this shell has changed on the server", _info),
    "cls": Word("clear the screen", _cls),
    "quit": Word("leave", _quit),
    "exit": Word("leave", _quit),
    "q": Word("leave", _quit),
}
