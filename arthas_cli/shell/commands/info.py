"""`:info`: where one is, and what this shell has changed or holds on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.guard.policy import Confirm
from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import ShellCommand
from arthas_cli.shell.jobs.standing import describe_standing, look
from arthas_cli.shell.place import first_word
from arthas_cli.text import count, one_line

if TYPE_CHECKING:
    from arthas_cli.guard.policy import Policy
    from arthas_cli.session.consumer import Consumer
    from arthas_cli.session.server import Server
    from arthas_cli.session.session import Session
    from arthas_cli.shell.context import ShellContext

_MINUTE_S = 60
_HOUR_S = 3600


def describe_session(session: Session, jobs: int, start: str = "") -> list[str]:
    """Return what there is to know of a session and of `jobs` commands beside it.

    `start`: when the JVM was started, empty where that is not known.
    """
    welcome, server = session.welcome, session.server
    started = f", started {one_line(start)}" if start else ""
    target = f"pid {one_line(welcome.pid) or '?'} {first_word(welcome.main_class)}".rstrip()
    facts = {
        "server": f"Arthas {one_line(welcome.version) or 'of an unknown version'} at {server.url}",
        "target": f"{target}{started}",
        "session": session.id,
        "access": describe_access(server.policy),
        "queue": describe_queue(session.consumer, server),
        "bound": f"abandoned streams end on the server after {format_time(server)}",
        "jobs": f"{count(jobs, 'command')} in the background",
    }
    return [f"{name:<9}{text}" for name, text in facts.items()]


def describe_queue(consumer: Consumer, server: Server) -> str:
    """Return whether the session is tuned, which is the one thing changed inside Arthas itself."""
    size = f"{consumer.queue_size:,} results, fetched {consumer.batch_size} at a time"
    if consumer.is_tuned:
        return f"{size}: tuned, for this session only"
    why = "--read-only" if server.policy.is_read_only else "--no-tune"
    why = "this server does not allow tuning" if server.may_tune else why
    return f"{size}: not tuned ({why})"


def describe_access(policy: Policy) -> str:
    """Return which commands are let through and which are asked about."""
    if policy.is_read_only:
        return "read-only: commands that change the target are refused"
    if policy.production is not None:
        return f"production: dangerous commands ask you to type '{one_line(policy.production)}'"
    return {
        Confirm.CHANGES: "asks before commands that change the target",
        Confirm.DANGEROUS: "asks before dangerous commands",
        Confirm.NEVER: "never asks for confirmation",
    }[policy.confirm]


def format_time(server: Server) -> str:
    """Return `1 h`, `90 s`."""
    seconds = server.job_timeout_s
    for unit_s, unit in ((_HOUR_S, "h"), (_MINUTE_S, "min")):
        if seconds % unit_s == 0:
            return f"{seconds // unit_s} {unit}"
    return f"{seconds} s"


def run_info(context: ShellContext, line: str) -> None:
    """Print where this is, after a look that it is still so.

    Raises:
        ArthasShellError: another JVM answers there now, or none.
    """
    read_argument(line, most=0)
    link = context.runner.link
    if not link.open().is_known():
        link.drop()
    session = link.open()
    link.learn_start()
    for text in describe_session(session, len(context.runner.jobs.list_running()), link.start):
        context.say(text)
    for text in describe_standing(look(session.server)):
        context.say(text)


INFO = ShellCommand(
    "show the connection, and what this shell has changed",
    run_info,
    details=("server, session, jobs, and the classes left enhanced with a 'reset' for them",),
    is_harmless=True,
    needs_one=True,
)
