"""The command line: options in, an exit code out. What runs stands elsewhere."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arthas_cli import __version__
from arthas_cli.cli.attaching import attach_command
from arthas_cli.cli.completions import SHELLS, make_script
from arthas_cli.cli.entering import enter, watch
from arthas_cli.cli.options import (
    CONNECTION,
    CONSENT,
    FIRST,
    MANY,
    OUTPUT,
    add_options,
    complete_command,
    complete_file,
)
from arthas_cli.config.file import locate_config
from arthas_cli.diagnostics import clean
from arthas_cli.environment import read_lines
from arthas_cli.errors import ExitCode, FormatError, NotRun
from arthas_cli.invocation import NO_OUTPUT, Invocation, tell_exposure
from arthas_cli.line.scan import scan_line
from arthas_cli.line.tokens import find_operator, quote_word, tokenize
from arthas_cli.output import Paper
from arthas_cli.script import run_lines

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import TextIO

    from arthas_cli.environment import Environment

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class ExecCommand(click.Command):
    """Remembers whether a `--` stood in the line: the words behind it are one token each."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does."""
        ctx.meta["arthas_cli.has_words"] = "--" in args
        return super().parse_args(ctx, args)


@click.group(invoke_without_command=True, context_settings=_HELP)
@add_options(CONNECTION)
@add_options(MANY)
@add_options(CONSENT)
@click.version_option(__version__, prog_name="arthas-shell", message="%(prog)s %(version)s")
@click.option(
    "--spec",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, wanted: _print_spec(ctx, is_wanted=wanted),
    help="Print commands, options and exit codes as JSON.",
)
@click.pass_context
def cli(ctx: click.Context, /, **connection: Any) -> int:
    """The terminal shell for Arthas, the Java diagnostic agent.

    Without a command, open the interactive shell on the Arthas at HOST.
    """
    run = ctx.ensure_object(Invocation)
    run.add(connection)
    if ctx.invoked_subcommand is not None:
        return ExitCode.OK
    return enter(run, is_confirmed=bool(connection["yes"]))


def _print_spec(ctx: click.Context, *, is_wanted: bool) -> None:
    if not is_wanted or ctx.resilient_parsing:  # a shell that completes does not run the line
        return
    from arthas_cli.cli.spec import make_spec

    paper = Paper(ctx.ensure_object(Invocation).environment.stdout)
    paper.write(make_spec(cli))
    paper.flush()
    ctx.exit()


def _split_options(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    output = {name: options.pop(name, value) for name, value in NO_OUTPUT.items()}
    return options, output


@cli.command("exec", cls=ExecCommand, context_settings=_HELP)
@add_options(CONNECTION)
@add_options(OUTPUT)
@add_options(MANY)
@add_options(FIRST)
@add_options(CONSENT)
@click.option("--compare", is_flag=True, help="Show only what differs between the JVMs of --on.")
@click.argument(
    "words",
    metavar="LINE | - | -- WORD...",
    nargs=-1,
    required=True,
    shell_complete=complete_command,
)
@click.pass_context
def exec_command(ctx: click.Context, /, words: tuple[str, ...], **options: Any) -> int:
    """Run one command; the exit code says how it went.

    LINE is one argument, quoted for your shell: arthas-shell exec "thread -n 3". A single - reads
    it from stdin. After -- each WORD is passed as is, so you never quote twice.
    """
    run = ctx.ensure_object(Invocation)
    connection, output = _split_options(options)
    has_words = ctx.meta["arthas_cli.has_words"]
    reads_stdin = words == ("-",) and not has_words
    run.add(connection)
    run.read_password(has_lines_on_stdin=reads_stdin)
    if reads_stdin:
        line = "".join(read_lines(run.environment.stdin, "stdin")).strip("\r\n")
    else:
        line = join_words(words) if has_words else take_line(words)
    run.line = line
    batch = run.make_batch(output)
    return watch(batch, lambda: batch.run_line(line))


@cli.command("run", context_settings=_HELP)
@add_options(CONNECTION)
@add_options(OUTPUT)
@add_options(MANY)
@add_options(FIRST)
@add_options(CONSENT)
@click.option("--keep-going", is_flag=True, help="Continue after a failure.")
@click.argument("file", metavar="FILE | -", type=click.Path(allow_dash=True))
@click.pass_context
def run_command(ctx: click.Context, /, file: str, *, keep_going: bool, **options: Any) -> int:
    """Run the lines of a file; a line that begins with # is a comment.

    Stops at the first failure unless --keep-going is given. --json prints one document a line.
    """
    run = ctx.ensure_object(Invocation)
    connection, output = _split_options(options)
    run.add(connection)
    run.read_password(has_lines_on_stdin=file == "-")
    if output["output"] == "csv":
        raise FormatError("'run' has no csv", hint="use -o text, json or jsonl")
    batch = run.make_batch(output)
    # The words of the shell mean nothing here.
    init = [line for line in run.settings.init if not line.startswith(":")]
    with open_lines(file, run.environment) as stream:
        return watch(
            batch, lambda: run_lines(batch, stream, file, before=init, keeps_going=keep_going)
        )


cli.add_command(attach_command)


@cli.command("demo", context_settings=_HELP)
@click.option("--fleet", "is_fleet", is_flag=True, help="Start three JVMs, of which one is slow.")
@click.pass_context
def demo_command(ctx: click.Context, /, *, is_fleet: bool) -> int:
    """Start a sample JVM with Arthas, and open the shell on it."""
    from arthas_cli.demo.fleet import run_fleet_demo
    from arthas_cli.demo.tour import run_demo

    return (run_fleet_demo if is_fleet else run_demo)(ctx.ensure_object(Invocation))


@cli.command("doctor", context_settings=_HELP)
@add_options(CONNECTION)
@click.option("--json", "json_output", is_flag=True, help="Print one JSON document.")
@click.pass_context
def doctor_command(ctx: click.Context, /, *, json_output: bool, **connection: Any) -> int:
    """Find out why there is no connection, and how to fix it.

    It changes nothing on the server, and exits 0 if nothing is wrong.
    """
    from arthas_cli.doctor import run_doctor

    run = ctx.ensure_object(Invocation)
    run.add(connection)
    run.read_password()
    return run_doctor(run, has_json=json_output)


@cli.command("get", context_settings=_HELP)
@add_options(CONNECTION)
@click.option(
    "-O",
    "target",
    metavar="FILE",
    help="Output file, - for stdout [default: same name, here].",
    shell_complete=complete_file,
)
@click.option("-f", "--force", is_flag=True, help="Overwrite FILE.")
@click.argument("name", required=False, default="")
@click.pass_context
def get_command(
    ctx: click.Context, /, name: str, target: str | None, *, force: bool, **connection: Any
) -> int:
    """Download a file from the server's arthas-output folder, or list the folder.

    Without NAME, or with a NAME that ends in a slash, list the folder.
    """
    from arthas_cli.download import Wish, run_get

    run = ctx.ensure_object(Invocation)
    run.add(connection)
    run.read_password()
    diagnostics = run.make_diagnostics()
    tell_exposure(run.connection, diagnostics)
    return run_get(run.connection, run.environment, diagnostics, Wish(name, target, force))


@cli.command("config", context_settings=_HELP)
@add_options(CONNECTION)
@click.argument("what", type=click.Choice(["path", "show", "check"]))
@click.pass_context
def config_command(ctx: click.Context, /, what: str, **connection: Any) -> int:
    """Print the path of the configuration, show its settings, or check it."""
    from arthas_cli.config.describe import check_config, describe_config, describe_settings

    run = ctx.ensure_object(Invocation)
    run.add(connection)
    run.read_password()
    paper = Paper(run.environment.stdout)
    if what == "path":
        lines = [str(locate_config(run.places)[0])]
    elif what == "show":
        lines = describe_settings(run.settings, run.config, run.targets)
    else:
        check_config(run.config)
        lines = [describe_config(run.config)]
    for line in lines:
        paper.write(clean(line))
    paper.flush()
    return ExitCode.OK


@cli.command("completion", context_settings=_HELP)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion_command(ctx: click.Context, /, shell: str) -> int:
    """Print the completion script for your shell.

    E.g. in ~/.bashrc: eval "$(arthas-shell completion bash)"
    """
    paper = Paper(ctx.ensure_object(Invocation).environment.stdout)
    paper.write(make_script(shell))
    paper.flush()
    return ExitCode.OK


def take_line(words: tuple[str, ...]) -> str:
    """Return the one line; several words are a line that lacks its quotes."""
    if len(words) > 1:
        raise NotRun(
            "the command must be one argument",
            hint=f'quote it, "{" ".join(words)}", or put -- before it',
        )
    return words[0]


def join_words(words: tuple[str, ...]) -> str:
    """Return a line in which each word stays one token.

    Raises:
        NotRun: a word that the server would take for an operator even quoted.
    """
    line = scan_line(" ".join(quote_word(word) for word in words))
    operator = find_operator(tokenize(line))
    if operator is not None:
        raise NotRun(
            f"the server would treat '{operator.text}' as an operator, even in quotes",
            hint="put the pipe or redirect outside",
        )
    return line


def open_lines(file: str, environment: Environment) -> AbstractContextManager[TextIO]:
    """Open the file of lines, or stdin for `-`.

    Raises:
        NotRun: it cannot be read.
    """
    if file == "-":
        return nullcontext(environment.stdin)
    try:
        return Path(file).open(encoding="utf-8")
    except OSError as error:
        raise NotRun(f"cannot read '{file}': {error.strerror}") from error
