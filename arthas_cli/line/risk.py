"""What a line that is being typed would do to its target, as far as its words tell.

For showing, not for guarding: an OGNL expression is not judged here, its command's risk is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import Risk
from arthas_cli.line.reading import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.catalogue.model import Command
    from arthas_cli.line.reading import Piece

_NAMES = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
_WITHOUT = "without "
# What `risk_cases` say of arguments, and how many have to be there for it.
_COUNTS = {"any": 0, "with a value": 2, "attributes": 2, "third argument": 3}
_ORDER = list(Risk)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The risk of a command as typed so far, and why where it is not the command's usual one."""

    risk: Risk
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Given:
    """What is typed behind the name: options by all their names, with their values."""

    options: dict[str, str]
    arguments: tuple[str, ...]


def judge_command(command: Command, pieces: Iterable[Piece]) -> Judgement:
    """Returns the gravest of the command's risk cases that apply, else its usual risk."""
    given = _collect(pieces)
    found = [
        Judgement(Risk(case.risk), case.why)
        for case in command.risk_cases
        if case.risk in _ORDER and _applies(case.when, given)
    ]
    return max(found, key=lambda one: _ORDER.index(one.risk), default=Judgement(command.risk))


def _collect(pieces: Iterable[Piece]) -> _Given:
    options: dict[str, str] = {}
    arguments: list[str] = []
    for piece in pieces:
        text = piece.word.text
        if piece.role is Role.ARGUMENT and text:
            arguments.append(text)
        value = text if piece.role is Role.VALUE else text.partition("=")[2]
        for option in piece.options:
            options |= {name: value for name in (option.short, option.long) if name}
    return _Given(options, tuple(arguments))


def _applies(when: str, given: _Given) -> bool:
    if when in _COUNTS:
        return len(given.arguments) >= _COUNTS[when]
    names = _NAMES.findall(when)
    if not names:
        choices = [tuple(choice.split()) for choice in when.split("|")]
        return any(given.arguments[: len(choice)] == choice for choice in choices)
    values = [given.options[name] for name in names if name in given.options]
    if when.startswith(_WITHOUT):
        return not values
    if "|" in when:
        return any(value in when.replace("|", " ").split() for value in values)
    return bool(values)
