"""What each word of a line that is being typed is to its command: name, option, value, argument.

Reads by the rules of `parse`, but refuses nothing: what is wrong has a role of its own. Colours,
hints and paste follow from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from arthas_cli.line.parse import HELP, looks_known, read_option
from arthas_cli.line.scan import Word, scan_line
from arthas_cli.line.sequence import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from arthas_cli.catalogue.model import Argument, Command, Option

_OPTION_LIKE = re.compile(r"--?[A-Za-z][\w-]*+(?:=.*)?", re.DOTALL)
_BREAKS = frozenset("\r\n")
_END_OF_OPTIONS = "--"
_BEHIND = "&"
# What stands behind it is not read here: neither `;` nor quotes.
RAW = ":raw"
# Words of the shell's own that take a whole command, and what stands before it at the last.
_CARRIERS = {RAW: re.compile(r":raw"), ":every": re.compile(r"[\d.]+(?:ms|s|m|h)")}


class Role(Enum):
    """What a word is; SURPLUS: an argument more than the command takes."""

    COMMAND = auto()
    OWN_WORD = auto()
    OPTION = auto()
    VALUE = auto()
    ARGUMENT = auto()
    OPERATOR = auto()
    PROGRAM = auto()
    FILE = auto()
    PLAIN = auto()
    SURPLUS = auto()
    UNKNOWN_COMMAND = auto()
    UNKNOWN_OPTION = auto()


# What stands behind an operator.
_FOLLOWS = {
    SEPARATOR: Role.COMMAND,
    "|": Role.PROGRAM,
    ">": Role.FILE,
    ">>": Role.FILE,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A word with its role.

    `command`: the one it belongs to. `options`: those the word names, several if joined (`-df`); of
    a VALUE the one it is of. `at`: the number of an ARGUMENT, -1 of anything else.
    """

    word: Word
    role: Role
    command: Command | None = None
    options: tuple[Option, ...] = ()
    at: int = -1

    @property
    def argument(self) -> Argument | None:
        """Which argument of its command it is; the last one may take many words."""
        if self.command is None or self.at < 0 or not self.command.arguments:
            return None
        return self.command.arguments[min(self.at, len(self.command.arguments) - 1)]

    @property
    def kind(self) -> str:
        """The kind of value that it is in the words of the catalogue, empty where it is none."""
        if self.role is Role.VALUE:
            return self.options[-1].kind
        return self.argument.kind if self.argument else ""


def read_line(
    line: str,
    commands: Mapping[str, Command],
    own_words: Collection[str] = (),
    *,
    cursor: int | None = None,
) -> list[Piece]:
    """Returns the words in their order; never raises.

    A line break outside quotes begins a new command, as in what was pasted. With a `cursor` between
    two words there is an empty one in that place, for what could stand there.
    """
    words = scan_line(line)
    if cursor is not None and not any(word.start <= cursor <= word.end for word in words):
        words = sorted([*words, Word("", cursor, cursor)], key=lambda word: word.start)
    reader = _Reader(commands, own_words)
    for number, word in enumerate(words):
        follower = words[number + 1] if number + 1 < len(words) else Word("", len(line), len(line))
        is_broken = not _BREAKS.isdisjoint(line[word.end : follower.start])
        is_last = is_broken or line[follower.start : follower.end] in ("", SEPARATOR)
        reader.take(word, line[word.start : word.end], is_last=is_last)
        if is_broken:
            reader.begin(Role.COMMAND)
    return reader.pieces


def find_piece(pieces: list[Piece], cursor: int) -> int | None:
    """Returns the number of the word that the cursor is in or behind, None where it is in none."""
    for number, piece in enumerate(pieces):
        if piece.word.start <= cursor <= piece.word.end:
            return number
    return None


class _Reader:
    """Goes through the words; `_next` is what the next one is, None within a command."""

    def __init__(self, commands: Mapping[str, Command], own_words: Collection[str]) -> None:
        self.pieces: list[Piece] = []
        self._commands = commands
        self._own_words = own_words
        self.begin(Role.COMMAND)

    def take(self, word: Word, raw: str, *, is_last: bool) -> None:
        """Takes the next word; `is_last`: nothing of its command follows."""
        role = _FOLLOWS.get(raw)
        if role is not None or (raw == _BEHIND and is_last):
            self.pieces.append(Piece(word, Role.OPERATOR))
            self.begin(role or Role.PLAIN)
        elif self._next is Role.COMMAND:
            self.pieces.append(self._read_name(word))
        elif self._next is not None:
            self._take_other(word, self._next)
        else:
            self.pieces.append(self._read_word(word))

    def _take_other(self, word: Word, role: Role) -> None:
        self.pieces.append(Piece(word, role))
        if self._carrier is not None and self._carrier.fullmatch(word.text):
            self.begin(Role.COMMAND)
        elif role is not Role.PLAIN:
            self.begin(Role.PLAIN)

    def begin(self, role: Role) -> None:
        """Leaves the command; the next word has that role."""
        self._next: Role | None = role
        self._command: Command | None = None
        self._carrier: re.Pattern[str] | None = None
        self._opened: Option | None = None
        self._given: list[Option] = []
        self._count = 0
        self._takes_options = True

    def _read_name(self, word: Word) -> Piece:
        self._next = Role.PLAIN
        if word.text in self._own_words and word.text not in self._commands:
            self._carrier = _CARRIERS.get(word.text)
            if self._carrier is not None and self._carrier.fullmatch(word.text):
                self.begin(Role.COMMAND)
            return Piece(word, Role.OWN_WORD)
        command = self._commands.get(word.text)
        if command is None:
            return Piece(word, Role.UNKNOWN_COMMAND)
        self._next, self._command = None, command
        return Piece(word, Role.COMMAND, command)

    def _read_word(self, word: Word) -> Piece:
        command = self._command
        options = (*(command.options if command else ()), HELP)
        may_be_option = self._takes_options and word.text.startswith("-")
        is_option = may_be_option and looks_known(options, word.text)
        if self._opened is not None and not is_option:
            value_of = self._opened
            self._opened = value_of if value_of.is_multi else None
            return Piece(word, Role.VALUE, command, (value_of,))
        if may_be_option and word.text == _END_OF_OPTIONS:
            self._takes_options = False
            return Piece(word, Role.OPERATOR, command)
        found = read_option(options, word.text) if may_be_option else []
        if found:
            return self._take_options(word, found)
        if may_be_option and (is_option or _OPTION_LIKE.fullmatch(word.text)):
            return Piece(word, Role.UNKNOWN_OPTION, command)
        return self._take_argument(word)

    def _take_options(self, word: Word, found: list[tuple[Option, str | None]]) -> Piece:
        last, value = found[-1]
        wants_value = last.takes_value and value is None
        self._opened = last if wants_value and (last.is_multi or last not in self._given) else None
        options = tuple(option for option, _ in found)
        self._given += options
        return Piece(word, Role.OPTION, self._command, options)

    def _take_argument(self, word: Word) -> Piece:
        arguments = self._command.arguments if self._command else ()
        number, self._count = self._count, self._count + 1
        is_surplus = number >= len(arguments) and not (arguments and arguments[-1].is_multi)
        return Piece(word, Role.SURPLUS if is_surplus else Role.ARGUMENT, self._command, (), number)
