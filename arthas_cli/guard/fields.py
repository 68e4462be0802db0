"""Properties of which the target can say whether they are fields.

`params[1].addTime` may call a method `addTime()`. The class of `params[1]` is known from the method
that is watched, so whether it has such a method can be asked. This module says which properties of
a line are so, and asks nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.guard.names import find_property_danger, is_method_of_jdk
from arthas_cli.line.cursor import Unreadable
from arthas_cli.line.nodes import Part
from arthas_cli.line.ognl import parse_expression
from arthas_cli.line.values import EXPRESSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.line.nodes import Node
    from arthas_cli.line.parse import ParsedLine

# What an expression may read of a call; `{}` is a number.
_ARGUMENT, _OWNERS = "params", ("returnObj", "target")
_NUMBER = re.compile("0|[1-9][0-9]{0,3}")
_NAME = re.compile("[A-Za-z_$][A-Za-z0-9_$]*")
_SUBJECT = ("class-pattern", "method-pattern")
# With these other methods are met as well, or classes that are not loaded yet.
_WIDENING = ("--path", "--lazy")
# Parts that hand on the object that an expression is about.
_TRANSPARENT = (Part.LIST, Part.ROW, Part.PREFIX, Part.CHOICE, Part.SEQUENCE)


class Subject(NamedTuple):
    """The methods that a line is about, as it names them."""

    classes: str
    methods: str
    is_regex: bool


class Owned(NamedTuple):
    """A property and what it is read of: `params[1]`, `returnObj` or `target`."""

    owner: str
    name: str


class Field(NamedTuple):
    """A property that an expression about these methods reads."""

    subject: Subject
    owned: Owned


def list_fields(parsed: ParsedLine) -> frozenset[Field]:
    """Return the properties that may be methods, as far as it could be asked."""
    subject = read_subject(parsed)
    if subject is None:
        return frozenset()
    owned = {each for text in list_texts(parsed) for _, each in _read(text)}
    return frozenset(
        Field(subject, each)
        for each in owned
        if _NAME.fullmatch(each.name)
        and find_property_danger(each.name) is not None
        and not is_method_of_jdk(each.name)
    )


def read_subject(parsed: ParsedLine) -> Subject | None:
    """Return the methods whose calls the expressions of the line are about, None if not known."""
    command = parsed.command
    if command is None or len(parsed.arguments) < len(_SUBJECT) or any(map(parsed.find, _WIDENING)):
        return None
    is_about_calls = tuple(each.kind for each in command.arguments[: len(_SUBJECT)]) == _SUBJECT
    is_begun = not command.streaming_options or parsed.find("--time-tunnel") is not None
    if not (command.enhances and is_about_calls and is_begun):
        return None
    classes, methods = parsed.arguments[0].text, parsed.arguments[1].text
    return Subject(classes, methods, parsed.find("--regex") is not None)


def list_texts(parsed: ParsedLine) -> Iterator[str]:
    """Yield the expressions among the arguments."""
    takers = parsed.command.arguments if parsed.command else ()
    for argument, token in zip(takers, parsed.arguments, strict=False):
        if argument.kind in EXPRESSIONS:
            yield token.text


def list_owned(node: Node) -> Iterator[tuple[Node, Owned]]:
    """Yield the properties that are read of a part of the call itself."""
    if node.kind in _TRANSPARENT:
        for part in node.parts:
            yield from list_owned(part)
    elif node.kind is Part.CHAIN:
        owner, rest = _read_owner(node.parts)
        if owner and rest and rest[0].kind is Part.PROPERTY:
            yield rest[0], Owned(owner, rest[0].words[0])


def _read(text: str) -> Iterator[tuple[Node, Owned]]:
    try:
        yield from list_owned(parse_expression(text))
    except Unreadable:
        return


def _read_owner(parts: tuple[Node, ...]) -> tuple[str, tuple[Node, ...]]:
    """Split a chain behind what it is read of, empty if that is none of the call's."""
    first = parts[0]
    if first.kind is not Part.PROPERTY:
        return "", ()
    if first.words[0] in _OWNERS:
        return first.words[0], parts[1:]
    if first.words[0] == _ARGUMENT and len(parts) > 1 and parts[1].kind is Part.INDEX:
        [index] = parts[1].parts
        if index.kind is Part.NUMBER and _NUMBER.fullmatch(index.words[0]):
            return f"{_ARGUMENT}[{index.words[0]}]", parts[2:]
    return "", ()
