"""The shell's own commands, one module each: this table is all that names them.

Help, completion, hints and the suggestions from the history are made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import NotRun
from arthas_cli.line.own_words import is_job
from arthas_cli.line.pipeline import Pipeline, split_pipeline
from arthas_cli.shell.commands import (
    clear,
    compare,
    curl,
    every,
    format,
    get,
    help,
    history,
    info,
    jobs,
    keys,
    last_json,
    leave,
    orphans,
    raw,
    reconnect,
    save,
    set,
    share,
    targets,
    why,
)
from arthas_cli.shell.commands.output import check_pipe, find_name, run_piped
from arthas_cli.shell.context import Output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.shell.context import ShellCommand, ShellContext

COMMANDS: Mapping[str, ShellCommand] = {
    "help": help.HELP,
    "history": history.HISTORY,
    "jobs": jobs.JOBS,
    "fg": jobs.FG,
    "kill": jobs.KILL,
    ":help": help.OWN_HELP,
    ":keys": keys.KEYS_PAGE,
    "?": keys.QUESTION_MARK,
    ":why": why.WHY,
    ":json": last_json.JSON,
    ":curl": curl.CURL,
    ":save": save.SAVE,
    ":save!": save.REPLACE,
    ":format": format.FORMAT,
    ":set": set.SET,
    ":raw": raw.RAW_LINE,
    ":every": every.EVERY,
    ":orphans": orphans.ORPHANS,
    ":share": share.SHARE,
    ":reconnect": reconnect.RECONNECT,
    ":targets": targets.TARGETS,
    ":on": targets.ON,
    ":off": targets.OFF,
    ":compare": compare.COMPARISON,
    ":get": get.GET,
    ":info": info.INFO,
    "cls": clear.CLS,
    "quit": leave.QUIT,
    "exit": leave.QUIT,
    "q": leave.Q,
}

# Those that may be suggested from the history.
HARMLESS = frozenset(name for name, command in COMMANDS.items() if command.is_harmless)


def find_shell_command(line: str) -> ShellCommand | None:
    """Return the shell's own command that the line begins with, None where it is Arthas' own."""
    name = find_name(line)
    return COMMANDS.get("fg" if is_job(name) else name)


def run_shell_command(context: ShellContext, command: ShellCommand, line: str) -> None:
    """Run a line that begins with the command, its pipe or redirect included.

    Raises:
        ArthasShellError: as the command; there is nothing to pipe, or the programs went wrong; it
            is for one JVM, and the line goes to several.
    """
    if command.needs_one and context.runner.links.is_many:
        name = find_name(line)
        raise NotRun(f"'{name}' is for one JVM at a time", hint=f"run ':on NAME', then '{name}'")
    pipeline = Pipeline(line, line) if command.output is Output.OF_COMMAND else split_pipeline(line)
    if not pipeline.is_local:
        command.run(context, line)
        return
    check_pipe(pipeline, has_output=command.output is Output.TEXT)
    run_piped(context, pipeline, command.run)
