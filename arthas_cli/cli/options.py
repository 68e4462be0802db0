"""The command-line options that several commands share, as click declarations."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from arthas_cli.config.file import Config, locate_config, read_config
from arthas_cli.config.variables import read_environment
from arthas_cli.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_DAY_S = 86400


def read_seconds(text: str) -> float:
    """Read how long something may take: more than 0, at most a day.

    Raises:
        click.BadParameter: it is no such number.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _DAY_S:  # which also holds for a NaN
        raise click.BadParameter(f"'{text}' is not a number of seconds above 0, up to {_DAY_S}")
    return seconds


def complete_file(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """Let the user's shell complete the name of a file."""
    return [CompletionItem(typed, type="file")]


def _read_config(ctx: click.Context) -> Config:
    """Return the configuration; an empty one where it is wrong or not there."""
    contexts = [each for each in (ctx, ctx.parent) if each is not None]
    given = [{k: v for k, v in each.params.items() if v is not None} for each in contexts]
    places = [*given, read_environment(os.environ)]
    with suppress(ConfigError):
        return read_config(locate_config(places)[0])
    return Config()


def complete_profile(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return the profiles of the configuration."""
    return [CompletionItem(name) for name in _read_config(ctx).profiles if name.startswith(typed)]


def complete_on(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return what `--on` may name: profiles, groups, `all`, and addresses."""
    config = _read_config(ctx)
    names = [*config.profiles, *config.groups, *(["all"] if config.profiles else [])]
    found = [CompletionItem(name) for name in names if name.startswith(typed)]
    return found + complete_target(ctx, param, typed)


def complete_target(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return the hosts that ssh knows and the pods that kubectl does, as addresses."""
    from arthas_cli.ways.pod_names import list_pod_addresses
    from arthas_cli.ways.ssh_hosts import list_hosts

    hosts = (f"ssh://{host}" for host in list_hosts())
    found = [url for url in hosts if typed and url.startswith(typed)]
    return [CompletionItem(url) for url in (*found, *list_pod_addresses(typed))]


def complete_yes(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return what `--yes` may name: the profiles, and `reset`."""
    found = [item for item in complete_profile(ctx, param, typed) if item.value != "reset"]
    return found + [CompletionItem("reset")] * "reset".startswith(typed)


def complete_command(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return the commands of Arthas for the first word behind `exec`, nothing for the rest."""
    from arthas_cli.catalogue.model import load_commands

    if ctx.params.get("words"):
        return []
    return [
        CompletionItem(name, help=command.summary, begins_line=True)
        for name, command in load_commands().items()
        if name.startswith(typed)
    ]


CONNECTION: tuple[Decorator, ...] = (
    click.option(
        "-H", "--host", metavar="HOST[:PORT]", help="Host that Arthas runs on [127.0.0.1]."
    ),
    click.option("-p", "--port", metavar="PORT", help="Arthas' HTTP port [8563]."),
    click.option(
        "--url",
        metavar="URL",
        help="Address: http[s]://HOST:PORT/BASE, ssh://HOST or k8s://NAMESPACE/POD.",
        shell_complete=complete_target,
    ),
    click.option("-u", "--username", metavar="NAME", help="User name to log in with."),
    click.option(
        "--password-stdin", is_flag=True, default=None, help="Read the password from stdin."
    ),
    click.option(
        "--ca-file",
        metavar="FILE",
        help="CA bundle to trust.",
        shell_complete=complete_file,
    ),
    click.option("--insecure", is_flag=True, default=None, help="Accept any TLS certificate."),
    click.option("--connect-timeout", metavar="SECONDS", help="Time limit for connecting [5]."),
    click.option(
        "-P",
        "--profile",
        metavar="NAME",
        help="Use a profile from the config file.",
        shell_complete=complete_profile,
    ),
    click.option(
        "--on",
        metavar="TARGET",
        multiple=True,
        help="One of many JVMs: a profile, a group, 'all', web[1-20]:8563, an address; repeatable.",
        shell_complete=complete_on,
    ),
    click.option(
        "--config",
        metavar="FILE",
        help="Configuration file to use.",
        shell_complete=complete_file,
    ),
    click.option("--user-id", metavar="ID", help="User id reported to the server."),
    click.option(
        "--join", metavar="SESSION", help="Join a shared session (see ':share' in the shell)."
    ),
    click.option(
        "--arthas-home",
        metavar="DIR",
        help="Arthas to put into a JVM of this machine [fetched].",
    ),
    click.option("--keep", is_flag=True, default=None, help="Leave Arthas in that JVM at the end."),
    click.option(
        "--read-only", is_flag=True, default=None, help="Refuse commands that change the target."
    ),
    click.option(
        "--no-tune",
        is_flag=True,
        default=None,
        help="Do not enlarge the result queue on the server.",
    ),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        help="When to use colours [auto: in a terminal].",
    ),
    click.option("-v", "--verbose", is_flag=True, default=None, help="Print more on stderr."),
    click.option("-q", "--quiet", is_flag=True, default=None, help="Print only errors on stderr."),
)

OUTPUT: tuple[Decorator, ...] = (
    click.option(
        "-o",
        "--output",
        type=click.Choice(["text", "json", "jsonl", "csv"]),
        help="Output format [text].",
    ),
    click.option("--json", "json_output", is_flag=True, help="The same as -o json."),
    click.option(
        "-t",
        "--timeout",
        "deadline_s",
        metavar="SECONDS",
        type=read_seconds,
        help="Deadline for the command [none].",
    ),
    click.option("--allow-loss", is_flag=True, help="Exit 0 even if results were lost."),
    click.option("--raw", is_flag=True, help="Send the line unchecked."),
)

# Where a line may go to many JVMs.
MANY: tuple[Decorator, ...] = (
    click.option(
        "--fanout", metavar="N", help="How many JVMs of --on are spoken to at a time [32]."
    ),
)

# Where lines run and what they bring is shown.
FIRST: tuple[Decorator, ...] = (
    click.option(
        "--first", is_flag=True, help="Stop on all JVMs of --on as soon as one has a result."
    ),
)

# Where lines run and nobody can be asked.
CONSENT: tuple[Decorator, ...] = (
    click.option(
        "--yes",
        metavar="NAME",
        multiple=True,
        help="Confirm what the shell would ask about: a production profile by its name, or 'reset'"
        " while commands run.",
        shell_complete=complete_yes,
    ),
)


def add_options(options: tuple[Decorator, ...]) -> Decorator:
    """Return a decorator that gives a command these options, in this order."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return add
