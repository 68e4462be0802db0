"""Reads a line as the server's option parser would, against the catalogue.

What the server would silently take for something else (an unknown option becomes a positional
argument: protocol, section 1.1) is named in `ParsedLine.unknown` instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.line.tokens import Token, find_operator, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.catalogue.model import Command, Option

_NUMBER = re.compile(r"-\d+(\.\d+)?")
_OPTION_LIKE = re.compile(r"--?[A-Za-z][\w-]*(=.*)?", re.DOTALL)
HELP_OPTIONS = ("-h", "--help")


@dataclass(frozen=True, slots=True)
class Given:
    """An option as given: its value as text, None for a flag; `token` is the name's place."""

    option: Option
    value: str | None
    token: Token


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """A line with its parts. `command` is None where the catalogue has none of that name.

    `unknown` are words that look like options and are none of this command.
    """

    line: str
    name: Token
    command: Command | None
    options: tuple[Given, ...]
    arguments: tuple[Token, ...]
    unknown: tuple[Token, ...]
    asks_help: bool

    def find(self, name: str) -> Given | None:
        """Returns the option of that short or long name as it was given."""
        for given in self.options:
            if name in (given.option.short, given.option.long):
                return given
        return None


def parse_line(line: str, commands: Mapping[str, Command]) -> ParsedLine:
    """Reads the line.

    Raises:
        LineError: an empty line, an open quote, or an operator of the server's.
    """
    tokens = tokenize(line)
    if not tokens:
        raise LineError("there is no command", line=line, span=(0, len(line)))
    operator = find_operator(tokens)
    if operator is not None:
        raise LineError(
            f"'{operator.text}' does nothing over HTTP",
            line=line,
            span=operator.span,
            hint="put the pipe or redirect outside: arthas-shell exec 'COMMAND' | PROGRAM",
        )
    command = commands.get(tokens[0].text)
    words = _Words(command.options if command else (), tokens[1:])
    if command is not None:
        words.read()
    return ParsedLine(
        line=line,
        name=tokens[0],
        command=command,
        options=tuple(words.given),
        arguments=tuple(words.arguments),
        unknown=tuple(words.unknown),
        asks_help=words.asks_help,
    )


class _Words:
    """The words behind a command's name, sorted into options and arguments."""

    def __init__(self, options: tuple[Option, ...], tokens: tuple[Token, ...]) -> None:
        self._options = options
        self._waiting = list(tokens)
        self.given: list[Given] = []
        self.arguments: list[Token] = []
        self.unknown: list[Token] = []
        self.asks_help = False

    def read(self) -> None:
        """Sorts every word; behind `--` all are arguments."""
        while self._waiting:
            token = self._waiting.pop(0)
            if token.text == "--":
                self.arguments += self._waiting
                return
            if token.text in HELP_OPTIONS:
                self.asks_help = True
            elif not self._read_option(token):
                looks_like_one = _OPTION_LIKE.fullmatch(token.text) is not None
                (self.unknown if looks_like_one else self.arguments).append(token)

    def _read_option(self, token: Token) -> bool:
        name, equals, value = token.text.partition("=")
        option = find_option(self._options, name)
        if option is not None:
            if not option.takes_value:
                self.given.append(Given(option, None, token))
            else:
                self._take_values(option, token, value if equals else None)
            return True
        return self._read_joined(token)

    def _take_values(self, option: Option, token: Token, value: str | None) -> None:
        if value is not None:
            self.given.append(Given(option, value, token))
            return
        is_first = True
        while self._waiting and not self._is_option(self._waiting[0]):
            self.given.append(Given(option, self._waiting.pop(0).text, token))
            is_first = False
            if not option.is_multi:
                break
        if is_first:
            self.given.append(Given(option, None, token))

    def _read_joined(self, token: Token) -> bool:
        """Reads `-n5` and joined flags, `-df`."""
        text = token.text
        if not text.startswith("-") or text.startswith("--") or len(text) <= len("-n"):
            return False
        first = find_short(self._options, text[1])
        if first is not None and first.takes_value:
            self.given.append(Given(first, text[2:], token))
            return True
        flags = [find_short(self._options, letter) for letter in text[1:]]
        known = [flag for flag in flags if flag is not None and not flag.takes_value]
        if len(known) < len(flags):
            return False
        self.given += [Given(flag, None, token) for flag in known]
        return True

    def _is_option(self, token: Token) -> bool:
        if _NUMBER.fullmatch(token.text) or not token.text.startswith("-"):
            return False
        name = token.text.partition("=")[0]
        return name in (*HELP_OPTIONS, "--") or find_option(self._options, name) is not None


def find_short(options: tuple[Option, ...], letter: str) -> Option | None:
    """Returns the option whose short name is that letter."""
    return next((option for option in options if option.short == f"-{letter}"), None)


def find_option(options: tuple[Option, ...], name: str) -> Option | None:
    """Returns the option of that name as the server finds it.

    By its short name, its long name or an unambiguous beginning of a long name; one dash does as
    well as two (protocol, section 1.1).
    """
    bare = name.lstrip("-")
    if bare == name or not bare:
        return None
    for option in options:
        if bare in ((option.short or "").lstrip("-"), (option.long or "").lstrip("-")):
            return option
    longs = [option for option in options if option.long and option.long[2:].startswith(bare)]
    return longs[0] if len(longs) == 1 else None
