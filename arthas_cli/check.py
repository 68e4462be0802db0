"""A typed line is read and what would not work is refused, before anything but `help` is sent.

The server would take an unknown option for a pattern and drop surplus words without a word. What
our catalogue lacks may exist all the same (external commands, newer servers), so the server's own
`help` is asked before a refusal.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import LineError, UnknownCommand, UnknownOption
from arthas_cli.jsontext import as_object, as_text
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import Plan, make_plan
from arthas_cli.session.oneshot import OneShot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arthas_cli.jsontext import Json
    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.line.tokens import Token
    from arthas_cli.session.server import Server


def check_line(
    line: str, server: Server, *, is_raw: bool = False, deadline_s: float | None = None
) -> Plan:
    """Returns how to run the line; with `is_raw` words we don't know are not looked up.

    `deadline_s` is for what is looked up; None for none.

    Raises:
        LineError: it would not work; with the place.
        ReadOnly: the server's policy does not allow it.
        ArthasShellError: the server's `help` was needed and could not be had.
    """
    parsed = parse_line(line, load_commands())
    if not is_raw:
        if parsed.command is None:
            _find_command(parsed, server, deadline_s)
        elif parsed.unknown:
            _find_options(parsed, server, deadline_s)
    server.policy.check(line)
    return make_plan(parsed)


def _find_command(parsed: ParsedLine, server: Server, deadline_s: float | None) -> None:
    said = _ask(server, "help", deadline_s)
    names = {name for data in said for name in _list_names(data.get("commands"))}
    if parsed.name.text not in names:
        known = [name for name, command in load_commands().items() if not command.is_hidden]
        raise UnknownCommand(
            f"there is no command '{parsed.name.text}'",
            line=parsed.line,
            span=parsed.name.span,
            hint=_suggest(parsed.name.text, [*names, *known], "'help' lists the commands"),
        )


def _find_options(parsed: ParsedLine, server: Server, deadline_s: float | None) -> None:
    name = parsed.name.text
    names = {
        option
        for data in _ask(server, f"help {name}", deadline_s)
        for option in _list_options(as_object(data.get("detailCommand")).get("options"))
    }
    for token in parsed.unknown:
        if token.text.partition("=")[0] not in names:
            raise _make_unknown_option(parsed, token, names)


def _make_unknown_option(parsed: ParsedLine, token: Token, names: Iterable[str]) -> LineError:
    options = parsed.command.options if parsed.command else ()
    known = [name for option in options for name in (option.short, option.long) if name]
    fallback = f"'help {parsed.name.text}' lists its options; behind -- words are no options"
    return UnknownOption(
        f"'{parsed.name.text}' has no option '{token.text}'",
        line=parsed.line,
        span=token.span,
        hint=_suggest(token.text, [*known, *names], fallback),
    )


def _suggest(word: str, known: Iterable[str], otherwise: str) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean '{close[0]}'?" if close else otherwise


def _ask(server: Server, line: str, deadline_s: float | None) -> Iterator[dict[str, Json]]:
    """Yields what the server's `help` says; raises where it says nothing."""
    job = OneShot(server, Plan(line, "help", is_read=True), deadline_s=deadline_s)
    for result in job:
        yield dict(result.data)
    if job.outcome.error is not None:
        raise job.outcome.error


def _list_names(commands: Json) -> Iterator[str]:
    for command in commands if isinstance(commands, list) else ():
        name = as_text(as_object(command).get("name"))
        if name:
            yield name


def _list_options(options: Json) -> Iterator[str]:
    for option in options if isinstance(options, list) else ():
        long, short = (as_text(as_object(option).get(key)) for key in ("longName", "shortName"))
        yield from (f"{dashes}{name}" for dashes, name in (("--", long), ("-", short)) if name)
