"""What may be meant by a class or method that is not there, offered where a command found none."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import ArthasShellError, CommandFailed
from arthas_cli.line.parse import parse_line
from arthas_cli.text import suggest
from arthas_cli.why.facts import find_target
from arthas_cli.why.queries import list_classes_of, list_method_names

if TYPE_CHECKING:
    from collections.abc import Collection

    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Outcome
    from arthas_cli.session.server import Server

# What stands before Arthas' list of what may be the reason.
_LIST = ", try:\n"


def offer_why(server: Server, plan: Plan, outcome: Outcome, names: Collection[str]) -> None:
    """Add what may be meant, and `:why`, to the error of a command that enhanced nothing.

    That stands in the place of Arthas' own list of guesses, which `:json` shows. `names`: the
    classes of the target, none where they are not known.
    """
    error = outcome.error
    if not (plan.enhances and outcome.status and isinstance(error, CommandFailed)) or error.hint:
        return
    error.hint = "':why' looks for the reason"
    what, is_list, _ = error.message.partition(_LIST)
    if not is_list:
        return
    error.message = what
    with suppress(ArthasShellError):  # the failure is told all the same
        meant = _suggest(server, plan, names)
        error.hint = f"{f'{meant} ' if meant else ''}{error.hint}, ':json' has what Arthas advises"


def _suggest(server: Server, plan: Plan, names: Collection[str]) -> str:
    """Return which class or method may be meant, empty where there is none like it.

    Raises:
        ArthasShellError: the server is not to be had.
    """
    target = find_target(parse_line(plan.line, load_commands()))
    if target is None or target.is_regex:
        return ""
    given, method = target.class_pattern.text.replace("/", "."), target.method_pattern
    if given in names or not names:
        methods = list_method_names(server, given)
        if methods:
            return suggest(method.text, methods) if method else ""
    # To compare each of 100,000 names would take a second; a slip is in one part or the other.
    package, _, simple = given.rpartition(".")
    ends = f".{simple}".lower()
    known = names or list_classes_of(server, package)
    near = (n for n in known if n.rpartition(".")[0] == package or n.lower().endswith(ends))
    return suggest(given, near)
