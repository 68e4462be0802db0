"""`:why`: what keeps a command from showing anything, found out by reads alone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.calls import is_hit
from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import ArthasShellError, CommandFailed, LineError, NotRun
from arthas_cli.line.parse import parse_line
from arthas_cli.text import count, one_line, suggest
from arthas_cli.why.facts import find_target
from arthas_cli.why.queries import gather_facts, list_classes_of, list_method_names
from arthas_cli.why.rules import diagnose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Outcome
    from arthas_cli.session.server import Server
    from arthas_cli.shell.app import Shell
    from arthas_cli.why.rules import Finding

WORD = ":why"
# What stands before Arthas' list of what may be the reason.
_LIST = ", try:\n"


def run_why(shell: Shell, line: str) -> None:
    """Says why a line, or the last one that enhanced something, shows nothing.

    Raises:
        LineError: the line enhances nothing.
        NotRun: there is no line.
        ArthasShellError: the server is not to be had.
    """
    asked = line.removeprefix(WORD).strip() or shell.runner.enhancing
    if not asked:
        raise NotRun("there is no command to look into", hint=f"{WORD} watch CLASS METHOD")
    parsed = parse_line(asked, load_commands())
    target = find_target(parsed)
    if target is None:
        names = [name for name, command in load_commands().items() if command.enhances]
        raise LineError(
            "that enhances no class", line=asked, span=parsed.name.span, hint=", ".join(names)
        )
    answer = shell.runner.answer
    shown = sum(map(is_hit, answer.results)) if answer and answer.plan.line == asked else 0
    if shown:
        shell.say(f"it was called: {count(shown, 'result')} came of it")
        return
    link = shell.runner.link
    facts = gather_facts(link.server, target, link.welcome.version_numbers)
    for text in format_findings(diagnose(facts)):
        shell.say(text)


def format_findings(findings: Iterable[Finding]) -> Iterator[str]:
    """Yields a line for each finding, and for each command of it one set in."""
    for finding in findings:
        yield one_line(finding.what)
        yield from (f"    {one_line(command)}" for command in finding.commands)


def offer_why(server: Server, plan: Plan, outcome: Outcome, names: Collection[str]) -> None:
    """Has the error of a command that could enhance nothing say what may be meant, and `:why`.

    That stands in the place of Arthas' own list of guesses, which `:json` shows. `names`: the
    classes of the target, none where they are not known.
    """
    error = outcome.error
    if not (plan.enhances and outcome.status and isinstance(error, CommandFailed)) or error.hint:
        return
    error.hint = f"'{WORD}' looks for the reason"
    what, is_list, _ = error.message.partition(_LIST)
    if not is_list:
        return
    error.message = what
    with suppress(ArthasShellError):  # the failure is told all the same
        meant = _suggest(server, plan, names)
        error.hint = f"{f'{meant} ' if meant else ''}{error.hint}, ':json' has what Arthas advises"


def _suggest(server: Server, plan: Plan, names: Collection[str]) -> str:
    """Returns which class or method may be meant, empty where there is none like it.

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
