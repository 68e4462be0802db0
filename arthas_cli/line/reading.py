"""What each word of a line that is being typed is to its command: name, option, value, argument.

Reads by the rules of `parse`, but refuses nothing: what is wrong has a role of its own. Colours,
hints, completion and paste follow from it, and so does what is run: `operators`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.line.glued import belongs, cut_word, is_regular, names_known
from arthas_cli.line.own_words import CARRIERS, EVERY_OPTIONS, RAW, is_job
from arthas_cli.line.parse import Kind, Sorted, Sorter, read_option
from arthas_cli.line.scan import (
    BEHIND,
    PIPE,
    REDIRECTS,
    SEPARATOR,
    Word,
    find_signs,
    read_word,
    scan_line,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from arthas_cli.catalogue.model import Argument, Command, Option

_BREAKS = frozenset("\r\n")
_REGEX = "--regex"
# With it `|` in the words of a program is no pipe either.
_REGEX_OF_PROGRAM = re.compile(r"-[A-Za-z]*E[A-Za-z]*|--extended-regexp")


class Role(Enum):
    """What a word is; SURPLUS: an argument more than the command takes.

    UNCLEAR: an operator may be meant and may not, or stands where none can.
    """

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
    UNCLEAR = auto()
    UNKNOWN_COMMAND = auto()
    UNKNOWN_OPTION = auto()


# What stands behind an operator.
_FOLLOWS = {
    SEPARATOR: Role.COMMAND,
    PIPE: Role.PROGRAM,
    **dict.fromkeys(REDIRECTS, Role.FILE),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A word with its role.

    `command`: the one it belongs to. `options`: those the word names, several if joined (`-df`); of
    a VALUE the one it is of. `value`: what stands behind the name in an OPTION, None for nothing.
    `at`: the number of an ARGUMENT, -1 of anything else.
    """

    word: Word
    role: Role
    command: Command | None = None
    options: tuple[Option, ...] = ()
    at: int = -1
    value: str | None = None

    def is_operator(self, *signs: str) -> bool:
        """Return whether it is one of these operators."""
        return self.role is Role.OPERATOR and self.word.raw in signs

    @property
    def is_own_word(self) -> bool:
        """Whether it is a word of the shell's own."""
        return self.role is Role.OWN_WORD

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
    """Return the words in their order; never raises.

    A line break outside quotes begins a new command, as in what was pasted. With a `cursor` between
    two words there is an empty one in that place, for what could stand there.
    """
    typed = scan_line(line)
    words: Sequence[Word] = typed.words
    gap = None
    if cursor is not None and not any(word.start <= cursor <= word.end for word in words):
        words = sorted([*words, Word("", cursor, cursor)], key=lambda word: word.start)
        gap = cursor
    key = frozenset(own_words), gap
    known = typed.roles.get(key)
    if not (isinstance(known, _Known) and known.commands is commands):
        reader = _Reader(line, words, commands, own_words)
        reader.read()
        known = typed.roles[key] = _Known(commands, reader.pieces)
    return known.pieces


class _Known(NamedTuple):
    """How a line was read, for who asks the same: colours and hints at one key."""

    commands: Mapping[str, Command]
    pieces: list[Piece]


def find_piece(pieces: list[Piece], cursor: int) -> int | None:
    """Return the number of the word that the cursor is in or behind, None where it is in none."""
    for number, piece in enumerate(pieces):
        if piece.word.start <= cursor <= piece.word.end:
            return number
    return None


class _Reader:
    """Goes through the words; `_next` is what the next one is, None within a command.

    `_waiting`: the words that are still to be taken, the next one at the end.
    """

    def __init__(
        self,
        line: str,
        words: Sequence[Word],
        commands: Mapping[str, Command],
        own_words: Collection[str],
    ) -> None:
        self.pieces: list[Piece] = []
        self._line = line
        self._waiting = list(reversed(words))
        self._commands = commands
        self._own_words = own_words
        self._is_raw = False
        self._begin(Role.COMMAND)

    def read(self) -> None:
        """Take every word."""
        line = self._line
        while self._waiting:
            word = self._cut(self._waiting.pop())
            behind = self._waiting[-1] if self._waiting else Word("", len(line), len(line))
            is_broken = not _BREAKS.isdisjoint(line[word.end : behind.start])
            is_last = is_broken or behind.raw[:1] in ("", SEPARATOR)
            self._take(word, is_last=is_last)
            if is_broken:
                self._is_raw = False
                self._begin(Role.COMMAND)

    def _cut(self, word: Word) -> Word:
        """Return as much of the word as is one; the rest of it waits."""
        if self._is_raw:
            return word
        first, rest = cut_word(self._line, word, self._belongs)
        if rest is not None:
            self._waiting.append(rest)
        return first

    def _belongs(self, word: Word) -> bool:
        if self._next is not None:  # no word of a command
            return self._is_regex and is_regular(word.text)
        piece = self._judge(word, self._sorter.judge(word.text))
        kind = piece.options[-1].kind if piece.value is not None else piece.kind
        text = word.text if piece.value is None else piece.value
        if belongs(kind, text, is_regex=self._is_regex):
            return True
        # An option that is still to come decides only where nothing else can be meant.
        is_regex = not names_known(self._line, word, self._commands) and self._has_regex_ahead()
        return is_regex and belongs(kind, text, is_regex=True)

    def _has_regex_ahead(self) -> bool:
        options = self._command.options if self._command else ()
        for word in reversed(self._waiting):
            signs = find_signs(self._line, word)
            text = read_word(self._line, word.start, signs[0]).text if signs else word.text
            if any(option.long == _REGEX for option, _ in read_option(options, text)):
                return True
            if signs or word.raw in REDIRECTS:
                return False
        return False

    def _take(self, word: Word, *, is_last: bool) -> None:
        """Take the next word; `is_last`: nothing of its command follows."""
        raw = "" if self._is_raw else word.raw
        if raw in _FOLLOWS or (raw == BEHIND and is_last):
            self.pieces.append(Piece(word, Role.OPERATOR))
            self._begin(_FOLLOWS.get(raw, Role.PLAIN))
        elif raw == BEHIND:
            self.pieces.append(Piece(word, Role.UNCLEAR, self._command))
        elif self._next is Role.COMMAND:
            self.pieces.append(self._read_name(word))
        elif self._next is not None:
            self._take_other(word, self._next)
        else:
            sorted_word = self._sorter.judge(word.text)
            piece = self._judge(word, sorted_word)
            self._note(piece, sorted_word)
            self.pieces.append(self._doubt(piece))

    def _doubt(self, piece: Piece) -> Piece:
        """Return the piece, UNCLEAR where a sign in it may be meant as an operator."""
        is_doubtful = not self._is_raw and names_known(self._line, piece.word, self._commands)
        return replace(piece, role=Role.UNCLEAR) if is_doubtful else piece

    def _take_other(self, word: Word, role: Role) -> None:
        self.pieces.append(self._doubt(Piece(word, role)))
        if self._carrier is not None and self._carrier(word.text):
            self._begin(Role.COMMAND)
            self._is_carried = True
        elif role is not Role.PLAIN:
            self._begin(Role.PLAIN)
            self._is_program = role is Role.PROGRAM
        elif self._is_program and _REGEX_OF_PROGRAM.fullmatch(word.text):
            self._is_regex = True

    def _begin(self, role: Role) -> None:
        """Leave the command; the next word has that role."""
        self._next: Role | None = role
        self._command: Command | None = None
        self._carrier: Callable[[str], bool] | None = None
        self._sorter = Sorter(())
        self._count = 0
        self._is_program = self._is_regex = self._is_carried = False

    def _read_name(self, word: Word) -> Piece:
        before = self.pieces[-1] if self._is_carried else None
        if before and EVERY_OPTIONS & {word.text, before.word.text}:
            return Piece(word, Role.PLAIN)  # as in `:every 2s --times 3 thread`
        self._next = Role.PLAIN
        is_own = word.text in self._own_words or (self._own_words and is_job(word.text))
        if is_own and word.text not in self._commands:
            self._carrier = CARRIERS.get(word.text)
            self._is_raw = word.text == RAW
            if self._carrier is not None and self._carrier(word.text):
                self._begin(Role.COMMAND)
            return Piece(word, Role.OWN_WORD)
        command = self._commands.get(word.text)
        if command is None:
            return Piece(word, Role.UNKNOWN_COMMAND)
        self._next, self._command = None, command
        self._sorter = Sorter(command.options)
        return Piece(word, Role.COMMAND, command)

    def _judge(self, word: Word, sorted_word: Sorted) -> Piece:
        """Return what a word within a command is."""
        command, found = self._command, sorted_word.found
        named = tuple(option for option, _ in found)
        match sorted_word.kind:
            case Kind.VALUE:
                return Piece(word, Role.VALUE, command, named)
            case Kind.END:
                return Piece(word, Role.OPERATOR, command)
            case Kind.OPTION:
                return Piece(word, Role.OPTION, command, named, value=found[-1][1])
            case Kind.UNKNOWN:
                return Piece(word, Role.UNKNOWN_OPTION, command)
        arguments = command.arguments if command else ()
        is_surplus = self._count >= len(arguments) and not (arguments and arguments[-1].is_multi)
        role = Role.SURPLUS if is_surplus else Role.ARGUMENT
        return Piece(word, role, command, at=self._count)

    def _note(self, piece: Piece, sorted_word: Sorted) -> None:
        """Keep what follows from a word for those behind it."""
        self._sorter.take(sorted_word)
        if piece.role is Role.OPTION:
            self._is_regex |= any(option.long == _REGEX for option in piece.options)
        self._count += piece.role in (Role.ARGUMENT, Role.SURPLUS)
