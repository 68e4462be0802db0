"""What an answer means that is no success, or says so and is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.catalogue.versions import explain_lack
from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    CommandFailed,
    Refused,
    SessionLost,
    TooOld,
    UnknownCommand,
)
from arthas_cli.protocol import State

if TYPE_CHECKING:
    from arthas_cli.protocol import Response

_UNKNOWN = ": command not found"


def explain_refusal(response: Response, command: str = "") -> ArthasShellError:
    """Turn an answer that is no success into the error it means (docs/protocol.md, 1.3).

    `command` is the line that was to be run, if it was one.
    """
    message = response.message or f"the server answered {response.state}"
    if message.startswith("session not found") or lacks_consumer(response):
        return SessionLost("the session is gone from the server")
    if "'sessionId' is required" in message:
        return TooOld("the server is older than Arthas 3.4.6")
    if response.state == State.REFUSED:
        return Refused(message)
    if response.state != State.FAILED:
        return BadAnswer(f"the answer says '{response.state}' and lacks what belongs to it")
    if message.endswith(_UNKNOWN):
        from arthas_cli.line.familiar import suggest_command  # hardly ever needed

        name = message.removesuffix(_UNKNOWN).rpartition(" ")[2]
        start = max(0, command.find(name))
        known = load_commands().get(name)
        hint = explain_lack(known) if known else suggest_command(name, ())
        return UnknownCommand(
            f"the server has no command '{name}'",
            line=command,
            span=(start, start + len(name)),
            hint=hint or "run 'help' to list its commands",
        )
    return CommandFailed(message)


def lacks_consumer(response: Response) -> bool:
    """Return whether the server has forgotten the consumer but not the session."""
    return (response.message or "").startswith("consumer not found")
