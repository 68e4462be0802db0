"""What there is to say of the place where the cursor is: syntax, current argument, help, risk.

Pure: a line and a cursor in, a `Hint` out; `hintbar` draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.guard.partial import judge_typed
from arthas_cli.line.familiar import list_harmless, suggest_command
from arthas_cli.line.reading import Role, find_piece, read_line
from arthas_cli.text import count, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.catalogue.model import Argument, Command, Option
    from arthas_cli.guard.risk import Verdict
    from arthas_cli.line.reading import Piece

_START = "an Arthas or shell command; 'help' lists them"
_OPEN = "open quote: Enter continues the line"
_JOB = "bring that job to the foreground"
_UNCLEAR = "put spaces around an operator; quote one that belongs to a word"
_BESIDE = {
    Role.PROGRAM: "a local program; it gets what would be shown",
    Role.FILE: "a local file",
    Role.OPERATOR: "",
}
_NAMES = (Role.OWN_WORD, Role.UNKNOWN_COMMAND, Role.PROGRAM, Role.FILE)
_KINDS = {"int": "a number", "int:0-4": "0 to 4", "flag": ""}
_DOTS = "…"
# What an argument looks like, by its kind.
_EXAMPLES = {
    "class-pattern": "e.g. com.shop.*Service",
    "method-pattern": "e.g. save*",
    "ognl-express": "OGNL in quotes",
    "condition-express": "OGNL in quotes, e.g. '#cost>100'",
}


@dataclass(frozen=True, slots=True)
class Hint:
    """What there is to say: `parts` of the syntax with the number of the current one.

    `detail` is a sentence about what the cursor is at; `is_urgent`: it says more than the syntax;
    `is_wrong`: it says what is wrong.
    """

    parts: tuple[str, ...] = ()
    now: int | None = None
    detail: str = ""
    verdict: Verdict | None = None
    is_urgent: bool = False
    is_wrong: bool = False


def make_hint(
    line: str, cursor: int, commands: Mapping[str, Command], own_words: Mapping[str, str]
) -> Hint:
    """Return the hint for a cursor in a line; `own_words` have their summaries."""
    pieces = read_line(line, commands, own_words, cursor=cursor)
    number = find_piece(pieces, cursor)
    if number is None:
        return Hint()
    piece = pieces[number]
    if piece.role in (*_NAMES, Role.PLAIN):
        behind = reversed(pieces[: number + 1])
        name = next(one for one in behind if one.role is not Role.PLAIN)
        return _hint_at_name(name, commands, own_words)
    if piece.role is Role.UNCLEAR:
        return Hint(detail=_UNCLEAR, is_wrong=True)
    if piece.command is None:
        return Hint(detail=_BESIDE.get(piece.role, ""))
    own = _find_own(pieces, number)
    begin, end = own[0].word.start, own[-1].word.end
    return _hint_in_command(piece, piece.command, judge_typed(line[begin:end], cursor - begin))


def find_command(line: str, cursor: int, commands: Mapping[str, Command]) -> str:
    """Return the name of the command that the cursor is in, empty where it is in none."""
    pieces = read_line(line, commands, cursor=cursor)
    number = find_piece(pieces, cursor)
    command = None if number is None else pieces[number].command
    return command.name if command else ""


def _find_own(pieces: list[Piece], number: int) -> list[Piece]:
    """Return the words of the command that word `number` belongs to."""
    first = last = number
    while first > 0 and pieces[first].role is not Role.COMMAND:
        first -= 1
    while last + 1 < len(pieces) and pieces[last + 1].command is not None:
        last += 1
        if pieces[last].role is Role.COMMAND:
            return pieces[first:last]
    return pieces[first : last + 1]


def _hint_at_name(
    piece: Piece, commands: Mapping[str, Command], own_words: Mapping[str, str]
) -> Hint:
    text = piece.word.text
    if piece.role in _BESIDE or not text:
        return Hint(detail=_BESIDE.get(piece.role, _START))
    if piece.role is Role.OWN_WORD:
        return Hint((text,), detail=own_words.get(text, _JOB))
    shown = [name for name, command in commands.items() if not command.is_hidden]
    known = dict.fromkeys([*shown, *own_words])
    begun = [name for name in known if name.startswith(text)]
    if not begun:
        meant = suggest_command(text, shown, own_words)
        return Hint(detail=_join(f"there is no command '{text}'", meant), is_wrong=True)
    if len(begun) > 1:
        return Hint(detail="  ".join(begun))
    command = commands.get(begun[0])
    if command is None:
        return Hint((begun[0],), detail=own_words[begun[0]])
    verdict = judge_typed(command.name, len(command.name))
    return Hint(list_syntax(command), None, command.summary, verdict)


def _join(what: str, meant: str) -> str:
    return f"{what}; {meant}" if meant else what


def _hint_in_command(piece: Piece, command: Command, verdict: Verdict) -> Hint:
    # That a command is what it always is need not be said.
    why = verdict.reason if verdict.span[0] else ""
    parts = list_syntax(command)
    if piece.role in (Role.OPTION, Role.VALUE):
        option = piece.options[-1]
        names = ", ".join(name for name in (option.short, option.long) if name)
        takes = (f"<{option.kind}>",) if option.takes_value else ()
        now = 2 if piece.role is Role.VALUE else 1
        detail = " · ".join(filter(None, (why, describe_option(option))))
        return Hint((command.name, names, *takes), now, detail, verdict)
    if piece.role is Role.UNKNOWN_OPTION:
        return _hint_at_unknown(piece, command, verdict)
    if piece.role is Role.SURPLUS and piece.word.text:
        most, otherwise = len(command.arguments), "options only" if command.options else "nothing"
        limit = count(most, "argument") if most else otherwise
        detail = f"one too many: '{command.name}' takes {limit}"
        return Hint((), None, detail, verdict, is_wrong=True)
    if piece.role is not Role.ARGUMENT:
        return Hint(parts, None, why or command.summary, verdict, is_urgent=bool(why))
    now = min(piece.at, len(parts) - 2) + 1
    if why:
        return Hint(parts, now, why, verdict, is_urgent=True)
    detail = _OPEN if piece.word.is_open else _EXAMPLES.get(piece.kind, "")
    return Hint(parts, now, detail, verdict)


def _hint_at_unknown(piece: Piece, command: Command, verdict: Verdict) -> Hint:
    """Return the options that begin so, or that there is none."""
    text = piece.word.text
    names = [name for option in command.options for name in (option.short, option.long) if name]
    begun = [name for name in names if name.startswith(text)]
    if begun:
        return Hint((command.name, *begun), None, "", verdict)
    meant = suggest(text, list_harmless(command, names))
    detail = _join(f"'{command.name}' has no option '{text}'", meant)
    return Hint(detail=detail, verdict=verdict, is_wrong=True)


def list_syntax(command: Command) -> tuple[str, ...]:
    """Return the name and what it takes, as `class-pattern`, `[express]`, `[file…]`."""
    return (command.name, *(_format_argument(argument) for argument in command.arguments))


def _format_argument(argument: Argument) -> str:
    name = argument.name
    if name.endswith("-express"):
        name = name.removesuffix("-express")
    name = f"{name}{_DOTS}" if argument.is_multi else name
    return name if argument.is_required else f"[{name}]"


def describe_option(option: Option) -> str:
    """Return the one line of help of an option."""
    kind = _KINDS.get(option.kind, option.kind.replace("-", " "))
    default = f"{option.default} unless given" if option.takes_value and option.default else ""
    since = f"since Arthas {option.since}" if option.since else ""
    several = "takes several" if option.is_multi else ""
    return " · ".join(filter(None, (kind, default, several, since)))
