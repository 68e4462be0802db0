"""The words of the shell's own: what they do, in one table that help is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from arthas_cli.batch import start_job
from arthas_cli.errors import LineError
from arthas_cli.line.pipeline import Pipeline, split_pipeline
from arthas_cli.line.reading import RAW
from arthas_cli.shell import deeds
from arthas_cli.shell.answer import MOST_RESULTS, run_json
from arthas_cli.shell.arguments import find_word, read_argument
from arthas_cli.shell.curl import run_curl
from arthas_cli.shell.forms import LOOKS, make_screen
from arthas_cli.shell.preferences import PREFERENCES, run_set
from arthas_cli.shell.said import check_pipe, find_name, run_piped
from arthas_cli.shell.saving import run_save
from arthas_cli.shell.why import run_why
from arthas_cli.text import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.shell.repl import Shell


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
    return WORDS.get(find_name(line))


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


def _help(shell: Shell, line: str) -> None:
    pipeline = split_pipeline(line)
    if not pipeline.is_local or pipeline.command != "help":
        shell.runner.run(line)
        if line == "help":
            shell.say("")
            _tell_words(shell)
        return
    check_pipe(pipeline, has_output=True)
    run_piped(shell, pipeline, _say_help)


def _say_help(shell: Shell, line: str) -> None:
    """Says what `help` shows, that of the server included."""
    plan, _ = shell.runner.gate.admit(line, "text")
    job = start_job(shell.runner.link.server, plan, None)
    results = list(job)
    job.close()
    shell.say(make_screen(shell.invocation).draw(results, job.outcome))
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


WORDS: Mapping[str, Word] = {
    "help": Word(
        "the commands of the server, or one of them, and these words",
        _help,
        "help [CMD]",
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
        "the commands in the background: COMMAND & or Ctrl+Z puts one there", deeds.run_jobs
    ),
    "fg": Word(
        "bring a command back to the foreground", deeds.run_fg, "fg [N]", output=Output.NOTHING
    ),
    "kill": Word(
        "end a command in the background", deeds.run_kill, "kill N", output=Output.NOTHING
    ),
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
        Output.NOTHING,
    ),
    ":save!": Word(
        "the same, in the place of a file that is there",
        run_save,
        ":save! FILE",
        output=Output.NOTHING,
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
        "the jobs on the server, of anybody, or end one", deeds.run_orphans, ":orphans [end N]"
    ),
    ":share": Word(
        "let a colleague join this session, and see what others do in it", deeds.run_share
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
    ":info": Word("where this is, and what this shell has changed on the server", deeds.run_info),
    "cls": Word("clear the screen", deeds.run_cls, output=Output.NOTHING),
    "quit": Word("leave", deeds.run_quit, output=Output.NOTHING),
    "exit": Word("leave", deeds.run_quit, output=Output.NOTHING),
    "q": Word("leave", deeds.run_quit, output=Output.NOTHING),
}
