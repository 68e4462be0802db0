"""What the cursor is at in a line that is not finished; knows no values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.line.own_words import COMPARE, RAW
from arthas_cli.line.parse import ParsedLine, parse_line, read_option
from arthas_cli.line.reading import read_line
from arthas_cli.line.scan import LOCAL_OPERATORS, PIPE, SEPARATOR, find_open, scan_line
from arthas_cli.line.tokens import find_operator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arthas_cli.catalogue.model import Argument, Command, Option
    from arthas_cli.line.reading import Piece
    from arthas_cli.line.scan import Word


class Place(Enum):
    """What a word is to the command before it."""

    COMMAND = "command"
    OPTION = "option"
    VALUE = "value"
    ARGUMENT = "argument"
    WORD = "argument of a shell command"
    PROGRAM = "local program"
    FILE = "local file"


@dataclass(frozen=True, slots=True)
class Situation:
    """The word at the end of the text and what it may become.

    `word`: without quotes, as the server would see it; `start`: where what replaces it begins in
    the text. `taker`: the option or argument that the word is a value of. `arguments`: those
    before, the command's name left out. `values`: of the options before, by their names.
    `can_be_option`: an option may stand here too. `line`: the command with what stands behind the
    cursor, and a 0 in the place of the word.
    """

    place: Place
    word: str
    start: int
    command: Command | None = None
    taker: Option | Argument | None = None
    given: tuple[Option, ...] = ()
    arguments: tuple[str, ...] = ()
    can_be_option: bool = False
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    line: str = ""

    def has(self, option: str) -> bool:
        """Return whether an option of that short or long name was given."""
        return any(option in (given.short, given.long) for given in self.given)

    @property
    def loader(self) -> str:
        """The hash of the class loader whose classes are meant, empty where none is given."""
        names = [option.name for option in self.given if option.kind == "classloader-hash"]
        return next((self.values[name] for name in names if name in self.values), "")


def read_situation(
    text: str, commands: Mapping[str, Command], behind: str = ""
) -> Situation | None:
    """Read the text before the cursor; None where nothing of ours can be completed.

    That is behind `--`, in a word that is broken, and where a command takes no more arguments than
    it has.
    """
    start, is_raw = 0, False
    pieces = _read_open(text, commands)
    for piece in pieces:
        carries = piece.is_own_word and piece.word.end < len(text)
        is_raw |= carries and piece.word.text == RAW
        if piece.is_operator(SEPARATOR) or carries:
            start = piece.word.end
    if not (pieces or not text.strip()):
        return None
    words, word, begin = _split_last(text, [p.word for p in pieces if p.word.start >= start])
    if words and not is_raw and words[0].raw not in LOCAL_OPERATORS:
        local = _read_local(words, word, begin)
        if local is not None:
            return local
    before = tuple(words)
    if find_operator(before) is not None:
        return None
    # Blanks in the place of what does not count, so that places stay as they are.
    text = " " * start + text[start:]
    if not before:
        return Situation(Place.COMMAND, word, begin)
    if before[0].text not in commands:
        arguments = tuple(token.text for token in before[1:])
        return Situation(Place.WORD, word, begin, name=before[0].text, arguments=arguments)
    found = _read_command(text[: before[-1].end], before, (word, begin), commands)
    return found and replace(found, line=f"{text[:begin]}0{behind}")


def _read_local(before: Sequence[Word], word: str, begin: int) -> Situation | None:
    """Read what stands behind a pipe or redirect; None where there is none before the word.

    `name` is then that of the command, but empty where it is not the first pipe.
    """
    operators = [at for at, each in enumerate(before) if each.raw in LOCAL_OPERATORS]
    if not operators:
        return None
    last = operators[-1]
    is_pipe, is_next = before[last].raw == PIPE, last == len(before) - 1
    if is_next and is_pipe:
        name = before[0].text if len(operators) == 1 else ""
        return Situation(Place.PROGRAM, word, begin, name=name)
    is_file = (is_next or is_pipe) and not word.startswith("-")
    return Situation(Place.FILE, word, begin) if is_file else None


def _read_open(text: str, commands: Mapping[str, Command]) -> list[Piece]:
    """Return the words, the last of which may have an open quote; none where that is broken."""
    typed = scan_line(text)
    fault = typed.fault
    is_broken = fault is not None and fault.span[0] != find_open(typed)
    return [] if is_broken or text.endswith("\\") else read_line(typed, commands, (RAW, COMPARE))


def _split_last(text: str, words: list[Word]) -> tuple[list[Word], str, int]:
    """Return the words before the last one, the last one, and where it begins."""
    if not words or words[-1].end < len(text) or words[-1].raw == PIPE:
        return words, "", len(text)
    return words[:-1], words[-1].text, words[-1].start


def _read_command(
    line: str, before: tuple[Word, ...], last: tuple[str, int], commands: Mapping[str, Command]
) -> Situation | None:
    try:
        parsed = parse_line(line, commands)
    except LineError:
        return None
    if parsed.command is None or any(token.text == "--" for token in before):
        return None
    return _read_word(parsed, parsed.command, before[-1], last)


def _read_word(
    parsed: ParsedLine, command: Command, last: Word, place: tuple[str, int]
) -> Situation:
    word, start = place
    given = tuple(one.option for one in parsed.options)
    arguments = tuple(token.text for token in parsed.arguments)
    option = _find_open(parsed, last)
    values = {one.option.name: one.value for one in parsed.options if one.value is not None}

    def at(place: Place, taker: Option | Argument | None, text: str, begin: int) -> Situation:
        is_free = place is Place.ARGUMENT and option is None
        return Situation(
            place, text, begin, command, taker, given, arguments, is_free, values=values
        )

    if word.startswith("-"):
        name, equals, value = word.partition("=")
        found = read_option(command.options, name) if equals else []
        if found and found[-1][0].takes_value:
            return at(Place.VALUE, found[-1][0], value, start + len(name) + 1)
        return at(Place.OPTION, None, word, start)
    if option is not None:
        return at(Place.VALUE, option, word, start)
    argument = _find_argument(command, len(arguments))
    return at(Place.ARGUMENT, argument, word, start)


def _find_open(parsed: ParsedLine, last: Word) -> Option | None:
    """Return the option that takes the next word."""
    if not parsed.options:
        return None
    given = parsed.options[-1]
    option = given.option
    is_last = given.token == last
    if not option.takes_value or "=" in parsed.line[given.token.start : given.token.end]:
        return None
    if is_last:
        is_taken = sum(one.option is option for one in parsed.options) > 1
        return option if given.value is None and (option.is_multi or not is_taken) else None
    others = (*parsed.arguments, *parsed.unknown)
    is_open = option.is_multi and all(token.start < given.token.start for token in others)
    return option if is_open else None


def _find_argument(command: Command, number: int) -> Argument | None:
    arguments = command.arguments
    if number < len(arguments):
        return arguments[number]
    return arguments[-1] if arguments and arguments[-1].is_multi else None
