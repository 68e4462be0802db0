"""`attach`: the JVMs of this machine, and Arthas put into one of them."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from arthas_cli.cli.entering import enter
from arthas_cli.cli.options import CONNECTION, CONSENT, add_options
from arthas_cli.errors import ArthasShellError, ExitCode, NotRun
from arthas_cli.invocation import Invocation


def complete_jvm(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return the JVMs of this machine by number, and where a word is begun by their names."""
    from arthas_cli.attach.jvms import find_nothing, list_jvms

    try:
        jvms = list_jvms(find=find_nothing)
    except ArthasShellError:
        return []
    numbers = [(str(jvm.pid), jvm.main or "") for jvm in jvms]
    names = [(jvm.main, f"{jvm.pid}") for jvm in jvms if jvm.main and typed]
    return [CompletionItem(word, help=h) for word, h in numbers + names if word.startswith(typed)]


@click.command("attach", context_settings={"help_option_names": ["-h", "--help"]})
@add_options(CONNECTION)
@add_options(CONSENT)
@click.option("--json", "json_output", is_flag=True, help="List the JVMs as one JSON document.")
@click.argument("target", metavar="[PID | NAME]", default="", shell_complete=complete_jvm)
@click.pass_context
def attach_command(
    ctx: click.Context, /, target: str, *, json_output: bool, **connection: Any
) -> int:
    """Put Arthas into a JVM of this machine, and open the shell on it.

    NAME is its main class or jar, or a part of that. Without either, list the JVMs to choose from.
    No JDK is needed. When you leave, Arthas is stopped, unless --keep is given or others use it.
    """
    from arthas_cli.machine import choose_jvm, print_document

    run = ctx.ensure_object(Invocation)
    if not target:
        run.add(connection)
        if json_output:
            return print_document(run)
        chosen = choose_jvm(run)
        if chosen is None:
            return ExitCode.OK
        target = str(chosen)
        connection = {"yes": connection["yes"]}
    elif json_output:
        raise NotRun("--json is for the list of JVMs", hint="leave out the PID or NAME")
    given = next(
        (connection[name] for name in ("url", "host", "profile") if connection[name]), None
    )
    given = given or next(iter(connection["on"]), None)
    if given is not None:
        raise NotRun(f"'{target}' and '{given}' each name a target", hint="give only one of them")
    run.add({**connection, "url": make_address(target)})
    return enter(run, is_confirmed=bool(connection["yes"]), opens_way=True)


def make_address(target: str) -> str:
    """Return the address of a JVM by its number, or else by its name."""
    from arthas_cli.config.local_address import LocalAddress, read_pid

    if target.isdecimal():
        return str(LocalAddress(read_pid(target)))
    return str(LocalAddress(None, target))
