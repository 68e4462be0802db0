"""Reads a line as the server's option parser would, against the catalogue.

What the server would silently take for something else (an unknown option becomes a positional
argument: docs/protocol.md, 2.2) is named in `ParsedLine.unknown` instead.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.catalogue.model import Option
from arthas_cli.errors import LineError
from arthas_cli.line.scan import Word, scan_line, scan_sent
from arthas_cli.line.tokens import find_operator, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arthas_cli.catalogue.model import Command

OPTION_LIKE = re.compile(r"--?(?:[A-Za-z][\w-]*+(?:=.*)?|=.*)|--[A-Za-z].*", re.DOTALL)
_BEGIN = "give one, such as 'version'; 'help' lists them"
# A value that is a token of its own loses one pair of double quotes more on the server.
_QUOTED = re.compile(r'"([^"]*)"')
# Every command has it, so the catalogue leaves it out.
HELP = Option(
    short="-h",
    long="--help",
    takes_value=False,
    is_multi=False,
    kind="flag",
    default=None,
    since="",
)


class Given(NamedTuple):
    """An option as given: its value as the server takes it; `token` is the name's place.

    The server refuses a flag that has a value and any other option that has none. `value_token`
    is the value's place, the same token where both are one word.
    """

    option: Option
    value: str | None
    token: Word
    value_token: Word


class ParsedLine(NamedTuple):
    """A line with its parts. `command` is None where the catalogue has none of that name.

    `unknown` are words that look like options and are none of this command, or may be several.
    """

    line: str
    name: Word
    command: Command | None
    options: tuple[Given, ...]
    arguments: tuple[Word, ...]
    unknown: tuple[Word, ...]
    asks_help: bool

    def find(self, name: str) -> Given | None:
        """Return the option of that short or long name as it was given."""
        for given in self.options:
            if name in (given.option.short, given.option.long):
                return given
        return None


def parse_line(line: str, commands: Mapping[str, Command]) -> ParsedLine:
    """Read the line; one that was read by the same command before is not read again.

    Raises:
        LineError: an empty line, an open quote, or an operator of the server's.
    """
    typed = scan_line(line)
    tokens = tokenize(typed)
    if not tokens:
        raise LineError("there is no command", line=line, span=(0, len(line)), hint=_BEGIN)
    operator = find_operator(tokens)
    if operator is not None:
        raise LineError(
            f"'{operator.text}' does not work over HTTP",
            line=line,
            span=operator.span,
            hint="leave it out: the server treats it as an operator even in quotes, and ignores"
            " the rest",
        )
    known = typed.reading
    if not isinstance(known, ParsedLine) or known.command is not commands.get(known.name.text):
        known = typed.reading = _read_tokens(typed, tokens, commands)
    return known


def parse_raw(line: str, commands: Mapping[str, Command]) -> ParsedLine:
    """Read a line that is sent whatever is in it; behind an operator the server reads nothing.

    Raises:
        LineError: an empty line, of which no server makes a command (docs/protocol.md, 1.3).
    """
    tokens = scan_sent(line).words
    if not line.strip():
        raise LineError("there is no command", line=line, span=(0, len(line)), hint=_BEGIN)
    operator = find_operator(tokens[1:])
    end = len(tokens) if operator is None else tokens.index(operator)
    return _read_tokens(line, tokens[:end], commands)


def _read_tokens(
    line: str, tokens: tuple[Word, ...], commands: Mapping[str, Command]
) -> ParsedLine:
    command = commands.get(tokens[0].text)
    words = _Words(tokens[1:])
    if command is not None:
        words.read(Sorter(command.options))
    return ParsedLine(
        line=line,
        name=tokens[0],
        command=command,
        options=tuple(given for given in words.given if given.option is not HELP),
        arguments=tuple(words.arguments),
        unknown=tuple(words.unknown),
        asks_help=any(given.option is HELP for given in words.given),
    )


class Kind(Enum):
    """What a word behind a command's name is. `END`: the `--` behind which all are arguments."""

    END = auto()
    VALUE = auto()
    OPTION = auto()
    UNKNOWN = auto()
    ARGUMENT = auto()


class Sorted(NamedTuple):
    """A word, sorted. `found`: of an OPTION as of `read_option`, of a VALUE whose it is."""

    kind: Kind
    found: Sequence[tuple[Option, str | None]] = ()


class Sorter:
    """Sorts the words behind a command's name, one after the other."""

    def __init__(self, options: tuple[Option, ...]) -> None:
        self._options = (*options, HELP)
        self._open: Option | None = None
        self._given: list[Option] = []
        self._takes_options = True

    def judge(self, text: str) -> Sorted:
        """Return what the word would be if it came next."""
        if not self._takes_options:
            return Sorted(Kind.ARGUMENT)
        if text == "--":
            return Sorted(Kind.END)
        is_option = looks_known(self._options, text)
        if self._open is not None and not is_option:
            return Sorted(Kind.VALUE, [(self._open, text)])
        if found := read_option(self._options, text):
            return Sorted(Kind.OPTION, found)
        is_unknown = is_option or OPTION_LIKE.fullmatch(text)
        return Sorted(Kind.UNKNOWN if is_unknown else Kind.ARGUMENT)

    def take(self, word: Sorted) -> None:
        """Take note of the word that came next."""
        match word.kind:
            case Kind.END:
                self._takes_options = False
            case Kind.VALUE:
                option, _ = word.found[0]
                self._open = option if option.is_multi else None
            case Kind.OPTION:
                option, value = word.found[-1]
                # One that has its value does not take the next word too: `thread -n 1 -n 2`.
                is_free = option.is_multi or option not in self._given
                wants_value = option.takes_value and value is None
                self._open = option if wants_value and is_free else None
                self._given += [one for one, _ in word.found]
            case _:
                pass


class _Words:
    """The words behind a command's name, sorted into options and arguments."""

    def __init__(self, tokens: tuple[Word, ...]) -> None:
        self._tokens = tokens
        self.given: list[Given] = []
        self.arguments: list[Word] = []
        self.unknown: list[Word] = []

    def read(self, sorter: Sorter) -> None:
        """Sort every word."""
        for token in self._tokens:
            word = sorter.judge(token.text)
            sorter.take(word)
            match word.kind:
                case Kind.VALUE:
                    self._take_value(token)
                case Kind.OPTION:
                    self.given += [
                        Given(option, value, token, token) for option, value in word.found
                    ]
                case Kind.UNKNOWN:
                    self.unknown.append(token)
                case Kind.ARGUMENT:
                    self.arguments.append(token)
                case Kind.END:
                    pass

    def _take_value(self, token: Word) -> None:
        opened = self.given[-1]
        if opened.value is None:
            self.given.pop()
        value = _QUOTED.fullmatch(token.text)
        given = opened._replace(value=value[1] if value else token.text, value_token=token)
        self.given.append(given)


def read_option(options: tuple[Option, ...], text: str) -> list[tuple[Option, str | None]]:
    """Return the options that one word holds, each with its value where that stands in the word.

    `-n`, `-n5`, `-n=5`, joined flags (`-df`), `--limits=5` or any beginning of a long name that
    fits one alone, with one dash as well; in this order, as the server looks.
    """
    name, equals, behind = text[1:].partition("=")
    value = behind if equals else None
    if not text.startswith("-") or not name.strip("-"):
        return []
    if name.startswith("-"):
        matches = match_long(options, name[1:])
        return [(matches[0], value)] if len(matches) == 1 else []
    short, first = find_short(options, name), find_short(options, name[0])
    if short is not None and (value is None or len(name) == 1):
        return [(short, value)]
    matches = match_long(options, name)
    is_long = any(option.long == f"--{name}" for option in matches)
    if value is not None and first is not None and first.takes_value and not is_long:
        return [(first, text[2:])]
    if matches:
        return [(matches[0], value)] if len(matches) == 1 else []
    return read_joined(options, name) if value is None else []


def read_joined(options: tuple[Option, ...], letters: str) -> list[tuple[Option, str | None]]:
    """Return the options of `-df` or `-dn5`; none if one letter is no option's."""
    found: list[tuple[Option, str | None]] = []
    for at, letter in enumerate(letters, 1):
        option = find_short(options, letter)
        if option is None:
            return []
        if option.takes_value:
            return [*found, (option, letters[at:] or None)]
        found.append((option, None))
    return found


def looks_known(options: tuple[Option, ...], text: str) -> bool:
    """Return whether the server would take the word for an option and not for a value."""
    name = text.partition("=")[0]
    if not name.startswith("-") or not name.strip("-"):
        return False
    bare = name.removeprefix("-").removeprefix("-")
    return bool(match_long(options, bare)) or find_short(options, name[1]) is not None


def find_short(options: tuple[Option, ...], name: str) -> Option | None:
    """Return the option whose short name is that, without its dash."""
    return next((option for option in options if option.short == f"-{name}"), None)


def match_long(options: tuple[Option, ...], name: str) -> tuple[Option, ...]:
    """Return the option of that long name, else all whose long name begins so."""
    exact = tuple(option for option in options if option.long == f"--{name}")
    return exact or tuple(o for o in options if o.long and o.long.startswith(f"--{name}"))


def name_as_typed(option: Option, token: Word) -> str:
    """Return the option's name as it was typed, where that is one of its names."""
    typed = token.text.partition("=")[0]
    return typed if typed in (option.short, option.long) else name_option(option)


def name_option(option: Option) -> str:
    """Return the shortest name of the option, with its dashes."""
    return option.short or option.long or ""
