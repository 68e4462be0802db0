"""`:curl`: the last request as a line for a system shell, without its secrets."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from arthas_cli.errors import NotRun
from arthas_cli.line.secrets import holds_secret
from arthas_cli.protocol import Action
from arthas_cli.shell.commands.arguments import read_argument
from arthas_cli.shell.context import ShellCommand
from arthas_cli.shell.jobs.answer import require_answer

if TYPE_CHECKING:
    from arthas_cli.config.settings import Connection
    from arthas_cli.config.way import Endpoint
    from arthas_cli.line.plan import Plan
    from arthas_cli.shell.context import ShellContext

_VARIABLE = '"$ARTHAS_SHELL_PASSWORD"'


def run_curl(context: ShellContext, line: str) -> None:
    """Print the last request as a curl command.

    Raises:
        NotRun: there was none, or it holds a secret.
    """
    read_argument(line, most=0)
    plan = require_answer(context.runner.answer).plan
    if holds_secret(plan.line):
        what = "the last request holds a secret, so it is not shown again"
        raise NotRun(what, hint="run the command again with another value in its place")
    context.say.show(format_curl(context.find_connection(), plan))
    context.note(describe_curl(plan))


def format_curl(connection: Connection, plan: Plan) -> str:
    """Return the curl line that asks the same with one `exec`, a variable for the password."""
    fields = {"action": Action.EXEC.value, "command": plan.line}
    if connection.user_id is not None:
        fields["userId"] = connection.user_id
    words = ["curl", "-sS"]
    end = None if connection.way is None else connection.way.open(None)
    credentials = connection.credentials or (end and end.credentials)
    password = credentials.password if credentials else ""
    if credentials is not None:
        words += ["-u", shlex.quote(f"{credentials.username}:") + _VARIABLE]
    if connection.ca_file is not None:
        words += ["--cacert", shlex.quote(connection.ca_file)]
    if connection.insecure:
        words.append("-k")
    words += ["-H", "'Content-Type: application/json'"]
    words += ["--data-raw", _hide(json.dumps(fields), password), *_locate(connection.url, end)]
    return " ".join(words)


def _locate(url: str, end: Endpoint | None) -> list[str]:
    """Return the words for where the server is; through a way, for as long as this shell lasts."""
    if end is None:
        return [shlex.quote(url)]
    if end.socket_path:
        return ["--unix-socket", shlex.quote(end.socket_path), "http://localhost/api"]
    return [f"http://{end.host}:{end.port}/api"]


def describe_curl(plan: Plan) -> str:
    """Return how it differs from what the shell did, empty if it does not."""
    if not plan.is_stream:
        return ""
    return (
        "an exec request waits at most 30 s and keeps 500 results; the shell streams with"
        " async_exec and pull_results"
    )


def _hide(body: str, password: str) -> str:
    """Quote the body; where the password is in it, the variable takes its place."""
    written = json.dumps(password)[1:-1]
    if not written or written not in body:
        return shlex.quote(body)
    return _VARIABLE.join(f"'{_quote_inside(part)}'" for part in body.split(written))


def _quote_inside(text: str) -> str:
    return text.replace("'", "'\"'\"'")


CURL = ShellCommand(
    "print the last request as a curl command",
    run_curl,
    details=("curl reads the password from ARTHAS_SHELL_PASSWORD",),
    is_harmless=True,
    needs_one=True,
)
