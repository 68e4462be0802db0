"""What may be meant by a class or method that is not there, offered where a command found none."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import ArthasShellError, CommandFailed
from arthas_cli.line.parse import parse_line
from arthas_cli.text import suggest
from arthas_cli.why.facts import find_target
from arthas_cli.why.queries import list_classes_like, list_method_names

if TYPE_CHECKING:
    from collections.abc import Collection

    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Outcome
    from arthas_cli.session.server import Server

# What stands before Arthas' list of what may be the reason.
_LIST = ", try:\n"
# A suggestion is worth no longer wait.
_MAX_S = 3.0


class Pointers(NamedTuple):
    """What leads on from where a command has failed: to the reason, and to Arthas' own list."""

    reason: str = "':why' looks for the reason"
    advice: str = "':json' has what Arthas advises"


_IN_SHELL = Pointers()


def offer_why(  # noqa: PLR0913 - what is known of the failure, and of where it is told
    server: Server,
    plan: Plan,
    outcome: Outcome,
    names: Collection[str] = (),
    *,
    pointers: Pointers = _IN_SHELL,
    timeout_s: float | None = None,
) -> None:
    """Add to the error of a command that enhanced nothing what may be meant.

    That stands in the place of Arthas' own list of guesses. At most two questions are asked.

    Args:
        server: who is asked.
        plan: the command's.
        outcome: how it ended.
        names: the classes of the target, none where they are not known.
        pointers: what else its user can look into there.
        timeout_s: how long to wait at most, None for as long as a suggestion is worth.
    """
    error = outcome.error
    if not (plan.enhances and outcome.status and isinstance(error, CommandFailed)) or error.hint:
        return
    error.hint = pointers.reason
    what, is_list, _ = error.message.partition(_LIST)
    if not is_list:
        return
    error.message = what
    meant = ""
    with suppress(ArthasShellError):  # the failure is told all the same
        meant = _suggest(
            server, plan, names, _MAX_S if timeout_s is None else min(_MAX_S, timeout_s)
        )
    error.hint = f"{meant} {', '.join(filter(None, pointers))}".lstrip()


def _suggest(server: Server, plan: Plan, names: Collection[str], timeout_s: float) -> str:
    """Return which class or method may be meant, empty where there is none like it.

    Raises:
        ArthasShellError: the server is not to be had, or does not answer in time.
    """
    target = find_target(parse_line(plan.line, load_commands()))
    if target is None or target.is_regex or timeout_s <= 0:
        return ""
    given, method = target.class_pattern.text.replace("/", "."), target.method_pattern
    if not set(given).isdisjoint("*?"):
        return ""
    until = time.monotonic() + timeout_s
    if given in names or not names:
        methods = list_method_names(server, given, timeout_s)
        if methods:
            return suggest(method.text, methods) if method and method.text not in methods else ""
    # To compare each of 100,000 names would take a second; a slip is in one part or the other.
    package, _, simple = given.rpartition(".")
    ends = f".{simple}".lower()
    known = names or list_classes_like(server, package, simple, until - time.monotonic())
    near = {n for n in known if n.rpartition(".")[0] == package or n.lower().endswith(ends)}
    only = next(iter(near)) if len(near) == 1 and not package else ""
    return "" if given in near else suggest(given, near, f"did you mean '{only}'?" * bool(only))
