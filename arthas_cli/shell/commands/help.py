"""`help` and `:help`: the words of the shell, from their table, and the server's own help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.batch import start_job
from arthas_cli.errors import LineError
from arthas_cli.line.pipeline import split_pipeline
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.commands.arguments import find_word, read_argument
from arthas_cli.shell.commands.output import check_pipe, offer_pager, run_piped
from arthas_cli.shell.jobs.display import make_screen
from arthas_cli.text import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.shell.app import Shell
    from arthas_cli.shell.commands import Word

_WIDTH = 23


def run_help(shell: Shell, line: str, words: Mapping[str, Word]) -> None:
    """Says what a word of the shell is for; all else is the server's to say.

    A word that both have is ours: it is ours that runs.
    """
    pipeline = split_pipeline(line)
    names = pipeline.command.split()[1:]
    own = _find_own(shell, names, words)
    if names and not own:
        if shell.runner.run(line) and not pipeline.is_local:
            offer_pager(shell, line, _count_rows(shell))
    elif pipeline.is_local:
        check_pipe(pipeline, has_output=True)
        run_piped(shell, pipeline, lambda shell, line: _say(shell, line, own, words))
    elif own:
        _tell_word(shell, own, words[own])
    else:
        shell.runner.run(line)
        shell.say("")
        _tell_words(shell, words)
        offer_pager(shell, line, _count_rows(shell) + len(words))


def run_own_help(shell: Shell, line: str, words: Mapping[str, Word]) -> None:
    """Says the words of the shell, or more of one.

    Raises:
        LineError: it is no word of the shell.
    """
    given = read_argument(line, most=1)
    if not given:
        _tell_words(shell, words)
        offer_pager(shell, line, len(words))
        return
    name = given if given in words else f":{given}"
    if name not in words:
        hint = suggest(given, words, f"'help {given}' asks the server")
        what = f"'{given}' is not a word of this shell"
        raise LineError(what, line=line, span=find_word(line, 1), hint=hint)
    _tell_word(shell, name, words[name])


def _find_own(shell: Shell, names: list[str], words: Mapping[str, Word]) -> str:
    """Returns the word of ours that is asked about, empty where there is none."""
    if len(names) != 1 or names[0] in words:
        return names[0] if len(names) == 1 else ""
    is_theirs = names[0] in shell.runner.gate.lookup.catalogue.commands()
    name = f":{names[0]}"
    return name if name in words and not is_theirs else ""


def _say(shell: Shell, line: str, own: str, words: Mapping[str, Word]) -> None:
    """Says what goes to a program or a file, the server's part of plain `help` included."""
    if own:
        _tell_word(shell, own, words[own])
        return
    plan, _ = shell.runner.gate.admit(line, "text")
    job = start_job(shell.runner.link.server, plan, None)
    results = list(job)
    job.close()
    shell.say(make_screen(shell.invocation).draw(results, job.outcome))
    _tell_words(shell, words)


def _count_rows(shell: Shell) -> int:
    """Returns how many lines the last answer has."""
    answer = shell.runner.answer
    if answer is None:
        return 0
    return make_screen(shell.invocation).draw(list(answer.results), Outcome()).count("\n")


def _tell_word(shell: Shell, name: str, word: Word) -> None:
    shell.say(f"{word.usage or name}: {word.summary}")
    for text in word.details:
        shell.say(f"  {text}")


def _tell_words(shell: Shell, words: Mapping[str, Word]) -> None:
    shell.say("Words of this shell; 'help WORD' says more of one:")
    for name, word in words.items():
        shell.say(f"  {word.usage or name:<{_WIDTH}}{word.summary}")
    shell.say("Ctrl+C stops a running command, Ctrl+D on an empty line leaves; ':keys': all keys.")
