"""The words of the shell's own: what they do, in one table that help is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from arthas_cli.line.pipeline import Pipeline, split_pipeline
from arthas_cli.line.reading import RAW, is_job
from arthas_cli.shell import deeds
from arthas_cli.shell.commands.curl import run_curl
from arthas_cli.shell.commands.help import run_help, run_own_help
from arthas_cli.shell.commands.keys import run_keys
from arthas_cli.shell.commands.output import check_pipe, find_name, run_piped
from arthas_cli.shell.commands.save import run_save
from arthas_cli.shell.commands.set import PREFERENCES, run_set
from arthas_cli.shell.commands.why import run_why
from arthas_cli.shell.jobs.answer import MOST_RESULTS, run_json
from arthas_cli.shell.jobs.display import LOOKS
from arthas_cli.shell.terminal.tray import MOST_KEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.shell.app import Shell


class Output(Enum):
    """What there is to pipe of a word.

    TEXT: what it says. NOTHING: it shows nothing, or needs the terminal. OF_COMMAND: what it takes
    has a pipe of its own, or is sent with all that stands in it.
    """

    TEXT = auto()
    NOTHING = auto()
    OF_COMMAND = auto()


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its line of help, and what it does in a shell with the whole line.

    `usage`: how it is typed, empty where it stands alone. `details`: what more there is to say.
    """

    summary: str
    run: Callable[[Shell, str], None]
    usage: str = ""
    details: tuple[str, ...] = ()
    output: Output = Output.TEXT


def find_own_word(line: str) -> Word | None:
    """Returns the word that the line begins with, None where that is none of the shell's."""
    name = find_name(line)
    return WORDS.get("fg" if is_job(name) else name)


def run_word(shell: Shell, word: Word, line: str) -> None:
    """Does what a line says that begins with the word, its pipe or redirect included.

    Raises:
        ArthasShellError: as the word; there is nothing to pipe, or the programs went wrong.
    """
    pipeline = Pipeline(line, line) if word.output is Output.OF_COMMAND else split_pipeline(line)
    if not pipeline.is_local:
        word.run(shell, line)
        return
    check_pipe(pipeline, has_output=word.output is Output.TEXT)
    run_piped(shell, pipeline, word.run)


_LEAVING = (
    "with jobs in the background it has to be said twice, and stops them",
    "classes left enhanced are named, and a 'reset' of exactly those is offered",
)


WORDS: Mapping[str, Word] = {
    "help": Word(
        "the commands of the server and these words, or one of them",
        lambda shell, line: run_help(shell, line, WORDS),
        "help [CMD]",
        (
            "help watch asks the server; help fg, help :why tell of this shell's own words",
            "F1 does the same for the command at hand",
        ),
        output=Output.OF_COMMAND,
    ),
    "history": Word(
        "the lines typed here, or the last N",
        deeds.run_history,
        "history [N]",
        (
            "with their time and target, and what became of those that did not go well",
            "!! runs the last one again, !7 that of number 7, !-2 the last but one",
            "Up takes those that begin as what is typed, Ctrl+R searches",
            "a line that holds a secret is not kept",
            "history | grep watch finds lines; so can be piped whatever a word prints",
        ),
    ),
    "jobs": Word(
        "the jobs in the background: COMMAND & or Ctrl+Z puts one there",
        deeds.run_jobs,
        details=(
            "each has a number for as long as this shell lives, and a session of its own",
            f"its newest {MOST_KEPT:,} results are kept for 'fg', older ones only counted",
            "the bar below counts what is new; ':set background print' shows it at once",
            "three may run at once, or 'max_jobs' of the configuration",
        ),
    ),
    "fg": Word(
        "show what a job has brought, and bring it back to the foreground",
        deeds.run_fg,
        "fg [N]",
        (
            "fg alone: the newest one; %2 alone does the same as fg 2",
            "Ctrl+Z puts it back, Ctrl+C stops it; of one that has ended: its results",
        ),
        Output.NOTHING,
    ),
    "kill": Word(
        "stop a job in the background",
        deeds.run_kill,
        "kill N",
        (
            "kill 2 and kill %2 are the same; 'jobs' tells the numbers",
            "of one that has ended it drops the results",
            "':orphans end N' ends jobs that are not of this shell",
        ),
        Output.NOTHING,
    ),
    ":help": Word(
        "these words, or one of them",
        lambda shell, line: run_own_help(shell, line, WORDS),
        ":help [WORD]",
        (":help save and :help :save are the same", "nothing is asked of the server"),
    ),
    ":keys": Word(
        "what the keys do",
        run_keys,
        details=("? on an empty line shows the same page, and so does F1 twice",),
    ),
    "?": Word("what the keys do", run_keys, details=("as :keys",)),
    ":why": Word(
        "why a command shows nothing, the last one or any",
        run_why,
        ":why [COMMAND]",
        (
            "looks whether the class is loaded, the method there and not native …",
            "asks with sc, sm and options alone, and changes nothing",
        ),
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
            "its ending says how: text (.txt .log), JSON (.json .jsonl), a table (.csv)",
            "a file that is there is kept; :save! FILE replaces it",
            "only you can read the file: results may hold secrets",
        ),
        Output.NOTHING,
    ),
    ":save!": Word(
        "the same, in the place of a file that is there",
        run_save,
        ":save! FILE",
        ("the old content is gone; :save keeps it",),
        Output.NOTHING,
    ),
    ":format": Word(
        "how results are shown",
        deeds.run_format,
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
        deeds.run_raw,
        ":raw COMMAND",
        ("nothing in it is read here: no quotes, no ';', no pipes",),
        Output.OF_COMMAND,
    ),
    ":every": Word(
        "run a command again and again",
        deeds.run_every,
        ":every TIME COMMAND",
        (
            "e.g. :every --until changed --times 10 2s thread -b",
            "--until nonempty, empty, changed or fails; --times N ends it after N times",
        ),
        Output.OF_COMMAND,
    ),
    ":orphans": Word(
        "the jobs on the server, of anybody, or end one",
        deeds.run_orphans,
        ":orphans [end N]",
        (
            "what was left behind, or is a colleague's: it asks before it ends one",
            "these are numbers of the server, not those of 'jobs'",
        ),
    ),
    ":share": Word(
        "let a colleague join this session, and see what others do in it",
        deeds.run_share,
        details=("prints the line to type; jobs in the background are not shared",),
    ),
    ":reconnect": Word(
        "end the session on the server and open a new one",
        deeds.run_reconnect,
        details=("commands in the background go on; who joined the session has to join anew",),
        output=Output.NOTHING,
    ),
    ":get": Word(
        "the files of arthas-output, or fetch one",
        deeds.run_get,
        ":get [-f] [NAME [FILE]]",
        ("a file that is there is kept; -f replaces it",),
    ),
    ":info": Word(
        "where this is, and what this shell has changed on the server",
        deeds.run_info,
        details=("server, session, jobs, and the classes left enhanced with their 'reset'",),
    ),
    "cls": Word(
        "clear the screen",
        deeds.run_cls,
        details=("Ctrl+L does the same and keeps the line",),
        output=Output.NOTHING,
    ),
    "quit": Word("leave", deeds.run_quit, details=_LEAVING, output=Output.NOTHING),
    "exit": Word("leave", deeds.run_quit, details=_LEAVING, output=Output.NOTHING),
    "q": Word(
        "leave",
        deeds.run_quit,
        details=("while a stream runs the key q stops that, and does not leave", *_LEAVING),
        output=Output.NOTHING,
    ),
}
