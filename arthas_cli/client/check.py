"""A typed line is read and what would not work is refused, before anything is sent but questions.

What our catalogue lacks may exist all the same (external commands, newer servers), so the server's
own `help` is asked before a refusal; its `version`, only where what the line does depends on it.
Whether anything is being profiled, only before the end of a profile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import Command, load_commands
from arthas_cli.catalogue.versions import (
    Version,
    explain_lack,
    needs_version,
    restrict,
)
from arthas_cli.client.questions import ask_help, ask_version, is_profiling
from arthas_cli.errors import CommandFailed, LineError, ReadOnly, UnknownCommand
from arthas_cli.line.checks import find_catalogue_errors, find_errors
from arthas_cli.line.defaults import add_defaults
from arthas_cli.line.operators import read_operators, refuse_sequence
from arthas_cli.line.parse import parse_line, parse_raw
from arthas_cli.line.plan import Plan, make_plan
from arthas_cli.line.profiler import ends_run
from arthas_cli.line.scan import scan_line
from arthas_cli.line.tokens import quote_word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.line.scan import Word
    from arthas_cli.session.server import Server


@dataclass(frozen=True, slots=True)
class Known:
    """What is known without asking the server; an empty `version` is not known.

    `defaults`: options that a command gets where the line does not give them, by its name.
    `own_words`: those of the shell, where the line was typed at it.
    """

    commands: Mapping[str, Command] = field(default_factory=load_commands)
    version: Version = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    own_words: Collection[str] = ()


def check_line(
    line: str,
    server: Server,
    *,
    is_raw: bool = False,
    deadline_s: float | None = None,
    known: Known | None = None,
) -> Plan:
    """Return how to run the line now; as `read_plan`.

    Raises:
        CommandFailed: it would end a profile, and none is being taken.
        ArthasShellError: as `read_plan`.
    """
    plan = read_plan(line, server, is_raw=is_raw, deadline_s=deadline_s, known=known)
    if is_raw or plan.name != "profiler":
        return plan
    if ends_run(parse_line(plan.line, (known or Known()).commands)):
        _refuse_idle_stop(server, deadline_s)
    return plan


def read_plan(
    line: str,
    server: Server,
    *,
    is_raw: bool = False,
    deadline_s: float | None = None,
    known: Known | None = None,
) -> Plan:
    """Return how to run the line; with `is_raw` it may hold anything, and is not looked at.

    `deadline_s` is for each question to the server; None for none.

    Raises:
        LineError: it would not work; with the place. Nothing but questions was sent.
        ReadOnly: the server's policy does not allow it.
        ArthasShellError: an answer of the server's was needed and could not be had.
    """
    known = known or Known()
    _refuse_bytes(line)
    if is_raw:
        plan = make_raw_plan(line, known.commands)
        server.policy.check(line)
        return plan
    line = scan_line(line)
    refuse_sequence(line, read_operators(line))
    parsed = parse_line(line, known.commands)
    completed = add_defaults(parsed, known.defaults, known.commands)
    if completed != line:
        line, parsed = completed, parse_line(completed, known.commands)
    parsed = _Check(server, known, deadline_s).settle(parsed)
    try:
        server.policy._replace(fields=frozenset()).check(line)
    except ReadOnly:
        from arthas_cli.session.fields import learn_fields  # for a refusal alone

        if not learn_fields(server, parsed, deadline_s):
            raise
    return make_plan(parsed)


def _refuse_idle_stop(server: Server, deadline_s: float | None) -> None:
    """Refuse to end a profile that nobody takes: Arthas writes the one before again, as if new.

    Raises:
        CommandFailed: none is taken.
    """
    try:
        runs = is_profiling(server, deadline_s)
    except CommandFailed:
        return  # the profiler cannot even say so, and will say why
    if not runs:
        raise CommandFailed(
            "nothing is being profiled",
            hint="use 'profiler dumpCollapsed' to see the samples of the last run; one that ended"
            " by itself has written its own file",
        )


def _refuse_bytes(line: str) -> None:
    """Refuse bytes that are no text, of which Python makes halves of surrogate pairs."""
    try:
        line.encode()
    except UnicodeEncodeError as error:
        span = (error.start, error.end)
        raise LineError("this is not UTF-8 text", line=line, span=span) from None


def make_raw_plan(line: str, commands: Mapping[str, Command]) -> Plan:
    """Return how to send the line as it is.

    Raises:
        LineError: there is nothing in it.
    """
    return make_plan(parse_raw(line, commands))


class _Check:
    """The check of one line, which may have to ask the server."""

    def __init__(self, server: Server, known: Known, deadline_s: float | None) -> None:
        self._server = server
        self._commands = known.commands
        self._version = known.version
        self._own_words = known.own_words
        self._deadline_s = deadline_s

    def settle(self, parsed: ParsedLine) -> ParsedLine:
        """Return the line as it was read last, once nothing is wrong with it.

        Raises:
            LineError: something is.
        """
        parsed = self._fit_to_version(parsed)
        if parsed.command is None or any(find_catalogue_errors(parsed, self._version)):
            parsed = self._ask_help(parsed)
        self._check_topic(parsed)
        for error in find_errors(parsed, self._version):
            raise error
        return parsed

    def _fit_to_version(self, parsed: ParsedLine) -> ParsedLine:
        """Read the line again with the options that the server's version has."""
        command = parsed.command
        if command is None or parsed.asks_help:
            return parsed
        if not self._version:
            if not needs_version(command, ((g.option, g.value) for g in parsed.options)):
                return parsed
            self._version = ask_version(self._server, self._deadline_s)
            if not self._version:
                return self._ask_help(parsed)
        return parse_line(parsed.line, restrict({command.name: command}, self._version))

    def _ask_help(self, parsed: ParsedLine) -> ParsedLine:
        """Read the line again with what the server's own help says of the command.

        Raises:
            UnknownCommand: the server has no such command.
        """
        from arthas_cli.catalogue.served import merge_command

        name = parsed.name.text
        merged = merge_command(
            load_commands().get(name), self._find_served(parsed.line, parsed.name)
        )
        return parse_line(parsed.line, {name: merged})

    def _check_topic(self, parsed: ParsedLine) -> None:
        """Refuse `help NAME` of what is no command: the server would list all that there are."""
        if parsed.command is not None and parsed.command.name == "help":
            for token in parsed.arguments[:1]:
                if token.text not in self._commands:
                    self._find_served(parsed.line, token)

    def _find_served(self, line: str, name: Word) -> Command:
        """Return the command of that name as the server's own help describes it.

        Raises:
            UnknownCommand: the server has none.
        """
        from arthas_cli.catalogue.served import read_command, read_names

        said = ask_help(self._server, quote_word(name.text), self._deadline_s)
        served = read_command(said.get("detailCommand"))
        if served is None or served.name != name.text:
            raise self._make_unknown_command(line, name, read_names(said))
        return served

    def _make_unknown_command(self, line: str, token: Word, names: Mapping[str, str]) -> LineError:
        name = token.text
        known = load_commands().get(name)
        if known is not None:
            message = f"this server has no command '{name}'"
            hint = explain_lack(known, self._version)
        else:
            from arthas_cli.line.familiar import suggest_command  # for an error alone

            message = f"there is no command '{name}'"
            hint = suggest_command(name, [*names, *self._commands], self._own_words)
            hint = hint or "'help' lists the commands"
        return UnknownCommand(message, line=line, span=token.span, hint=hint)
