"""`help` and `:help`: the words of the shell, from their table, and the server's own help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.client.client import Client
from arthas_cli.errors import LineError
from arthas_cli.line.pipeline import split_pipeline
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.commands.arguments import find_word, read_argument
from arthas_cli.shell.commands.output import check_pipe, offer_pager, run_piped
from arthas_cli.shell.context import Output, ShellCommand
from arthas_cli.shell.jobs.display import make_screen
from arthas_cli.text import suggest

if TYPE_CHECKING:
    from arthas_cli.shell.context import ShellContext

_WIDTH = 23


def run_help(context: ShellContext, line: str) -> None:
    """Print what a word of the shell is for; all else is the server's to say.

    A word that both have is ours: it is ours that runs.
    """
    pipeline = split_pipeline(line)
    names = pipeline.command.split()[1:]
    own = _find_own(context, names)
    if names and not own:
        if context.runner.run(line) and not pipeline.is_local:
            offer_pager(context, line, _count_rows(context))
    elif pipeline.is_local:
        check_pipe(pipeline, has_output=True)
        run_piped(context, pipeline, lambda context, line: _say(context, line, own))
    elif own:
        _tell_word(context, own, context.commands[own])
    else:
        context.runner.run(line)
        context.say("")
        _tell_words(context)
        offer_pager(context, line, _count_rows(context) + len(context.commands))


def run_own_help(context: ShellContext, line: str) -> None:
    """Print the words of the shell, or more of one.

    Raises:
        LineError: it is not a command of the shell.
    """
    given = read_argument(line, most=1)
    if not given:
        _tell_words(context)
        offer_pager(context, line, len(context.commands))
        return
    name = given if given in context.commands else f":{given}"
    if name not in context.commands:
        hint = suggest(given, context.commands, f"run 'help {given}' to ask the server")
        what = f"unknown shell command '{given}'"
        raise LineError(what, line=line, span=find_word(line, 1), hint=hint)
    _tell_word(context, name, context.commands[name])


def _find_own(context: ShellContext, names: list[str]) -> str:
    """Return the word of ours that is asked about, empty where there is none."""
    if len(names) != 1 or names[0] in context.commands:
        return names[0] if len(names) == 1 else ""
    is_theirs = names[0] in context.runner.preflight.lookup.catalogue.commands()
    name = f":{names[0]}"
    return name if name in context.commands and not is_theirs else ""


def _say(context: ShellContext, line: str, own: str) -> None:
    """Print what goes to a program or a file, the server's part of plain `help` included."""
    if own:
        _tell_word(context, own, context.commands[own])
        return
    plan, _ = context.runner.preflight.check(line, "text")
    job = Client(context.runner.link.server).start(plan)
    results = list(job)
    job.close()
    context.say(make_screen(context.runner.invocation).draw(results, job.outcome))
    _tell_words(context)


def _count_rows(context: ShellContext) -> int:
    """Return how many lines the last answer has."""
    answer = context.runner.answer
    if answer is None:
        return 0
    return make_screen(context.runner.invocation).draw(list(answer.results), Outcome()).count("\n")


def _tell_word(context: ShellContext, name: str, command: ShellCommand) -> None:
    context.say(f"{command.usage or name}: {command.summary}")
    for text in command.details:
        context.say(f"  {text}")


def _tell_words(context: ShellContext) -> None:
    context.say("Shell commands; 'help NAME' describes one:")
    for name, command in context.commands.items():
        context.say(f"  {command.usage or name:<{_WIDTH}}{command.summary}")
    context.say("Ctrl+C stops a running command, Ctrl+D on an empty line leaves; see ':keys'.")


HELP = ShellCommand(
    "list Arthas and shell commands, or describe one",
    run_help,
    "help [CMD]",
    (
        "help watch asks the server; help fg, help :why describe shell commands",
        "F1 does the same for the command you are typing",
    ),
    output=Output.OF_COMMAND,
    is_harmless=True,
)
OWN_HELP = ShellCommand(
    "list the shell commands, or describe one",
    run_own_help,
    ":help [NAME]",
    (":help save and :help :save are the same", "never asks the server"),
    is_harmless=True,
)
