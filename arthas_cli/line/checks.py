"""What is wrong with a line that can be read, as far as that follows from the catalogue.

Each check is a function from the line to its errors, with place and hint; nothing here asks the
server. The server itself drops surplus words, takes an unknown option for a pattern and notices a
wrong number only after it began (docs/protocol.md, 2.2).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from arthas_cli.catalogue.versions import (
    EXPAND_0_SHOWS_NOTHING,
    format_version,
    is_expand_0,
)
from arthas_cli.errors import LineError
from arthas_cli.line.asked import check_answer, check_endless
from arthas_cli.line.parse import name_as_typed, name_option
from arthas_cli.line.profiler import check_start
from arthas_cli.line.tokens import find_dropped, find_part, quote_word
from arthas_cli.line.values import EXPRESSIONS, describe_kind, find_fault
from arthas_cli.text import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.catalogue.model import Argument, Command, Option
    from arthas_cli.catalogue.versions import Version
    from arthas_cli.line.parse import Given, ParsedLine
    from arthas_cli.line.scan import Word
    from arthas_cli.line.values import Fault

_IN_QUOTES = "quote words that belong together"
# `fx.Work$$Lambda$14/0x00007f4958018808`, before Java 15 `fx.Work$$Lambda$14/811587677`
_HIDDEN = re.compile(r"(.+)/(0x[0-9a-f]+|\d+)")


def find_errors(parsed: ParsedLine, version: Version = ()) -> Iterator[LineError]:
    """Yield what is wrong: first what the server's own `help` could overrule, then the rest.

    `version` is the server's, empty where it is not known.
    """
    yield from find_catalogue_errors(parsed, version)
    yield from find_value_errors(parsed, version)


def find_catalogue_errors(parsed: ParsedLine, version: Version = ()) -> Iterator[LineError]:
    """Yield errors that hold only if the catalogue is right about the server's commands."""
    if parsed.command is not None and not parsed.asks_help:
        for check in _BY_CATALOGUE:
            yield from check(parsed, parsed.command, version)


def find_value_errors(parsed: ParsedLine, version: Version = ()) -> Iterator[LineError]:
    """Yield errors in values, and lines that would never end or show nothing."""
    if parsed.command is not None and not parsed.asks_help:
        for check in _BY_VALUE:
            yield from check(parsed, parsed.command, version)


def format_syntax(command: Command) -> str:
    """Return the command with its arguments: `sm class-pattern [method-pattern]`."""
    words = [f"{a.name}…" if a.is_multi else a.name for a in command.arguments]
    required = [argument.is_required for argument in command.arguments]
    shown = [w if must else f"[{w}]" for w, must in zip(words, required, strict=True)]
    must = [f"{name_option(option)} VALUE" for option in command.options if option.is_required]
    return " ".join([command.name, *must, *shown])


def _check_options(parsed: ParsedLine, command: Command, version: Version) -> Iterator[LineError]:
    if not parsed.unknown or command.is_open:
        return
    from arthas_cli.line.unknown import make_unknown_option  # for an error alone

    for token in parsed.unknown:
        yield make_unknown_option(parsed, command, token, version)


def _check_given(parsed: ParsedLine, _command: Command, _version: Version) -> Iterator[LineError]:
    """Check that a flag has no value, and any other option one and only once."""
    times: Counter[Option] = Counter()
    for given in parsed.options:
        option, name = given.option, _typed(given)
        times[option] += 1
        if not option.takes_value and given.value is not None:
            message, hint = f"'{name}' takes no value", option.summary
        elif option.takes_value and not option.is_multi and times[option] > 1:
            message, hint = f"'{name}' is given twice", "give it once"
        elif option.takes_value and given.value is None:
            hint = f"use '{name}=VALUE' if the value looks like an option"
            message = f"'{name}' needs a value"
        else:
            continue
        yield LineError(message, line=parsed.line, span=given.token.span, hint=hint)


def _check_missing(parsed: ParsedLine, command: Command, _version: Version) -> Iterator[LineError]:
    required = [argument.name for argument in command.arguments if argument.is_required]
    missing = required[len(parsed.arguments) :]
    given = {id(given.option) for given in parsed.options}
    missing += [name_option(o) for o in command.options if o.is_required and id(o) not in given]
    if missing:
        end = len(parsed.line.rstrip())
        message, hint = f"'{command.name}' needs {missing[0]}", format_syntax(command)
        yield LineError(message, line=parsed.line, span=(end, end), hint=hint)


def _check_surplus(parsed: ParsedLine, command: Command, _version: Version) -> Iterator[LineError]:
    takes = command.arguments
    surplus = parsed.arguments[len(takes) :]
    if not surplus or command.is_open or (takes and takes[-1].is_multi):
        return
    hint = f"{_IN_QUOTES}: {format_syntax(command)}" if takes else format_syntax(command)
    yield LineError(
        f"'{command.name}' has no further argument '{surplus[0].text}'",
        line=parsed.line,
        span=surplus[0].span,
        hint=hint,
    )


def _check_enums(parsed: ParsedLine, command: Command, _version: Version) -> Iterator[LineError]:
    for name, value, token, taker in _list_values(parsed):
        if taker.kind == "enum" and not is_one_of(value, taker.enum):
            from arthas_cli.line.familiar import list_harmless  # for an error alone

            yield LineError(
                f"'{value}' is not a value of {name}",
                line=parsed.line,
                span=find_part(parsed.line, token, value),
                hint=suggest(
                    value,
                    list_harmless(command, taker.enum),
                    "one of " + ", ".join(taker.enum),
                ),
            )


def is_one_of(value: str, values: tuple[str, ...]) -> bool:
    """Return whether it is one of the values; where none mixes cases, in any case."""
    return value in values or any(
        value.lower() == one.lower() and one in (one.lower(), one.upper()) for one in values
    )


def _check_values(parsed: ParsedLine, _command: Command, _version: Version) -> Iterator[LineError]:
    for name, value, token, taker in _list_values(parsed):
        fault = _find_fault(taker.kind, value)
        if fault is None:
            continue
        start, end = find_part(parsed.line, token, value)
        if fault.place is not None and end - start == len(value):
            start, end = start + fault.place[0], start + fault.place[1]
        hint = fault.hint
        if taker.kind not in EXPRESSIONS:
            hint = hint or f"{name} takes {describe_kind(taker.kind)}"
        elif parsed.line[token.start] not in "'\"":
            hint = hint or _IN_QUOTES
        yield LineError(fault.message, line=parsed.line, span=(start, end), hint=hint)


def _check_backslashes(
    parsed: ParsedLine, command: Command, _version: Version
) -> Iterator[LineError]:
    r"""Check that no backslash is meant which the server drops: `C:\tmp`, or `a\.B` under -E."""
    is_regex = parsed.find("--regex") is not None
    for _, _, token, taker in _list_values(parsed):
        place = find_dropped(parsed.line, token)
        if place is None:
            continue
        behind = parsed.line[place[1] - 1]
        if behind.isalnum() or (is_regex and taker.kind.endswith("-pattern")):
            word = parsed.line[token.start : token.end]
            yield LineError(
                f"outside quotes the backslash never reaches '{command.name}'",
                line=parsed.line,
                span=place,
                hint=f"write {quote_word(word)}",
            )


def _check_hidden(parsed: ParsedLine, _command: Command, _version: Version) -> Iterator[LineError]:
    """Check that no hidden class is named as `sc` prints it: Arthas takes its `/` for a dot."""
    if parsed.find("--regex") is not None:
        return
    for _, value, token, taker in _list_values(parsed):
        if taker.kind == "class-pattern" and (hidden := _HIDDEN.fullmatch(value)):
            yield LineError(
                "Arthas reads the '/' in the name of a hidden class as a dot",
                line=parsed.line,
                span=find_part(parsed.line, token, "/"),
                hint=f"write {hidden[1]}?{hidden[2]}",
            )


def _find_fault(kind: str, value: str) -> Fault | None:
    if kind not in EXPRESSIONS:
        return find_fault(kind, value)
    from arthas_cli.line.faults import find_expression_fault  # most lines need none

    return find_expression_fault(kind, value)


def _check_expand(parsed: ParsedLine, _command: Command, version: Version) -> Iterator[LineError]:
    if version < EXPAND_0_SHOWS_NOTHING:
        return
    for given in parsed.options:
        if is_expand_0(given.option, given.value):
            yield LineError(
                f"'{_typed(given)} 0' shows no value on Arthas {format_version(version)}",
                line=parsed.line,
                span=given.value_token.span,
                hint="use 1",
            )


def _list_values(parsed: ParsedLine) -> Iterator[tuple[str, str, Word, Argument | Option]]:
    """Yield every value: how what takes it is called, the value, its place, what takes it."""
    for given in parsed.options:
        if given.option.takes_value and given.value is not None:
            yield f"'{_typed(given)}'", given.value, given.value_token, given.option
    takers = parsed.command.arguments if parsed.command else ()
    for token, taker in zip(parsed.arguments, _repeat_last(takers), strict=False):
        yield f"'{taker.name}'", token.text, token, taker


def _repeat_last(arguments: tuple[Argument, ...]) -> Iterator[Argument]:
    yield from arguments
    while arguments and arguments[-1].is_multi:
        yield arguments[-1]


def _typed(given: Given) -> str:
    return name_as_typed(given.option, given.token)


_Check: TypeAlias = "Callable[[ParsedLine, Command, Version], Iterator[LineError]]"
_BY_CATALOGUE: tuple[_Check, ...] = (
    _check_options,
    _check_given,
    _check_missing,
    _check_surplus,
    _check_enums,
)
_BY_VALUE: tuple[_Check, ...] = (
    _check_values,
    _check_backslashes,
    _check_hidden,
    check_endless,
    _check_expand,
    check_start,
    check_answer,
)
