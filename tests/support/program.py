"""The whole program, run in this process: arguments in, what it wrote and its exit code out."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from arthas_cli.__main__ import run_program
from arthas_cli.environment import Environment


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended."""

    stdout: str
    stderr: str
    exit_code: int

    @property
    def document(self) -> Any:  # noqa: ANN401 - JSON of any shape
        """The one JSON document on stdout."""
        return json.loads(self.stdout)


def shell(*arguments: str, stdin: str | bytes = "", **variables: str) -> Ended:
    """Runs `arthas-shell ARGUMENTS…` without a terminal, with these environment variables alone."""
    stdout, stderr = io.StringIO(), io.StringIO()
    typed = io.StringIO(stdin) if isinstance(stdin, str) else io.TextIOWrapper(io.BytesIO(stdin))
    environment = Environment(typed, stdout, stderr, variables)
    code = run_program(arguments, environment)
    return Ended(stdout.getvalue(), stderr.getvalue(), code)


# What stderr says under the failure of `thread ID`.
NO_THREAD_HINT = (
    "hint: run 'thread' to list them; virtual ones are found from Java 21 and Arthas 3.5.1 on"
    " by vmtool --action getInstances --className java.lang.VirtualThread --limit -1 --express"
    ' \'instances.{#this.threadId()+" "+#this.getName()+" "+#this.getState()}\' -x 2\n'
)
