"""`python -m arthas_cli`, the same as the command `arthas-shell`: the one error boundary."""

from __future__ import annotations

import errno
import gc
import itertools
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import click
from click.shell_completion import add_completion_class, shell_complete

from arthas_cli.cli.commands import cli
from arthas_cli.cli.completions import VARIABLE, LineComplete
from arthas_cli.diagnostics import Diagnostics, explain_unforeseen
from arthas_cli.environment import (
    NO_ROOM,
    PASSWORD_VARIABLE,
    Environment,
    Nobody,
    Unwritten,
    advise,
    make_whole,
)
from arthas_cli.errors import (
    PRECEDENCE,
    ArthasShellError,
    CommandFailed,
    Interrupted,
    NotRun,
    OutputClosed,
)
from arthas_cli.invocation import Invocation
from arthas_cli.output import explain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO


# How long Python lets a thread run while another waits to. Of its usual 5 ms a pull would wait one
# part at each of its steps, as long as somebody reads and draws.
_SWITCH_S = 0.0001
# What a disk says that takes no more.
_FULL = NO_ROOM | {errno.EIO}


def main() -> None:
    """Run the program and exit with its code; for a shell that completes it says with what."""
    sys.setswitchinterval(_SWITCH_S)
    threading.excepthook = _report_from_thread
    sys.stdout, sys.stderr = make_whole(sys.stdout), make_whole(sys.stderr)
    if VARIABLE in os.environ:
        add_completion_class(LineComplete)
        sys.exit(shell_complete(cli, {}, "arthas-shell", VARIABLE, os.environ[VARIABLE]))
    environment = Environment(variables=dict(os.environ))
    os.environ.pop(PASSWORD_VARIABLE, None)  # no program that is started from here inherits it
    code = _end_output(run_program(sys.argv[1:], environment))
    gc.freeze()  # going through all that is loaded once more takes a tenth of an `exec`
    sys.exit(code)


def _report_from_thread(failed: threading.ExceptHookArgs) -> None:
    """Report what a thread died of, where the one that waits for it is not told."""
    if failed.exc_value is not None:
        Diagnostics(sys.stderr or Nobody()).report(explain_unforeseen(failed.exc_value))


def run_program(arguments: Sequence[str], environment: Environment) -> int:
    """Run the program on the arguments; return its exit code and never raises."""
    invocation = Invocation(environment)
    try:
        # Not `cli.main`, which has ways of its own to end at Ctrl+C and at a closed pipe.
        with cli.make_context("arthas-shell", list(arguments), obj=invocation) as ctx:
            return int(cli.invoke(ctx))
    except click.exceptions.Exit as done:
        return done.exit_code
    except BaseException as error:  # noqa: BLE001 - whatever it is, no bare traceback
        ours = translate(error)
        with suppress(OutputClosed, OSError):  # nobody takes a document either
            _report(ours, arguments, invocation)
        return ours.exit_code
    finally:
        invocation.ways.close()


def translate(error: BaseException) -> ArthasShellError:
    """Return our error for anything that can come out of the program."""
    match error:
        case click.UsageError():
            return _explain_usage(error)
        case KeyboardInterrupt():
            return Interrupted("interrupted")
        case OSError() if isinstance(error, BrokenPipeError | Unwritten) or error.errno in _FULL:
            return _explain_output(error)
    return explain_unforeseen(error)


def _explain_output(error: OSError) -> ArthasShellError:
    ours = explain(error)
    if isinstance(ours, ArthasShellError):
        return ours
    return CommandFailed(f"cannot write the output: {error.strerror}", hint=advise(error))


def _explain_usage(error: click.UsageError) -> NotRun:
    """Return in our words what click found wrong with the options."""
    command = error.ctx.command_path if error.ctx else "arthas-shell"
    see = f"see '{command} --help'"
    if isinstance(error, click.NoSuchOption):
        name = error.option_name
        hint = _find_option_hint(name, error.possibilities or (), command)
        return NotRun(f"there is no option '{name}'", hint=hint or see)
    message = " ".join(error.format_message().split()).rstrip(".")
    return NotRun(message[:1].lower() + message[1:], hint=see)


def _find_option_hint(name: str, similar: Sequence[str], command: str) -> str:
    hints = [f"did you mean '{similar[0]}'?"] if similar else []
    if command.endswith(" exec"):
        hints.append(
            "put the options of an Arthas command inside the quotes: arthas-shell exec"
            " 'thread -n 3'"
        )
    elif any(name in option.opts for option in cli.commands["exec"].params):
        hints = [f"put it after the subcommand: arthas-shell exec {name} …"]
    return " ".join(hints)


def _report(error: ArthasShellError, arguments: Sequence[str], invocation: Invocation) -> None:
    from arthas_cli.formats import FormatName, Report, make_writer
    from arthas_cli.session.outcome import Outcome

    if isinstance(error, OutputClosed):
        return
    Diagnostics(invocation.environment.stderr).report(error)
    name = _find_format(arguments)
    if name is not None:
        environment = invocation.environment
        writer = make_writer(FormatName(name), environment, None)()
        if invocation.is_many:
            from arthas_cli.fleet.formats import make_fleet_writer

            writer = make_fleet_writer(FormatName(name), environment, None, ())()
        writer.end(Report(invocation.line, None, Outcome(error=error), error))


def _find_format(arguments: Sequence[str]) -> str | None:
    """Return the machine format that stands in a line which could not be read as a whole."""
    words = list(arguments[: _find_end(arguments)])
    for name in ("json", "jsonl"):
        asked = (f"--output={name}", f"-o{name}")
        pairs = itertools.pairwise(words)
        if any(w in asked for w in words) or any(
            first in ("-o", "--output") and second == name for first, second in pairs
        ):
            return name
    return "json" if "--json" in words else None


def _find_end(arguments: Sequence[str]) -> int:
    return arguments.index("--") if "--" in arguments else len(arguments)


def _end_output(code: int) -> int:
    """Write what is left to stdout; return the exit code, in which it counts if that fails."""
    error = _write_rest(sys.stdout)
    if error is not None:
        code = _judge_output(code, translate(explain(error)))
    _write_rest(sys.stderr)
    return code


def _write_rest(stream: TextIO | None) -> OSError | ValueError | None:
    """Return why what is left could not be written; None if it was, or if nobody takes it.

    The stream is closed then, or the interpreter would try once more and end with 120.
    """
    if stream is None:
        return None
    try:
        stream.flush()
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            stream.close()
        return error
    return None


def _judge_output(code: int, error: ArthasShellError) -> int:
    """Return the exit code where stdout is not whole, and report it where nothing was said."""
    if code in PRECEDENCE[: PRECEDENCE.index(error.exit_code) + 1]:
        return code
    if not isinstance(error, OutputClosed):
        Diagnostics(sys.stderr or Nobody()).report(error)
    return error.exit_code


if __name__ == "__main__":
    main()
