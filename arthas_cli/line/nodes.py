"""The parts of an OGNL expression as a tree."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class Part(Enum):
    """What a node is; ROW: operands with operators between, LINK: `.(…)`, INDEX: `[…]`."""

    NUMBER = auto()
    TEXT = auto()
    CONSTANT = auto()
    PROPERTY = auto()
    CALL = auto()
    INDEX = auto()
    SUBSCRIPT = auto()
    LINK = auto()
    PROJECTION = auto()
    SELECTION = auto()
    EVALUATION = auto()
    VARIABLE = auto()
    STATIC_FIELD = auto()
    STATIC_CALL = auto()
    NEW = auto()
    LIST = auto()
    MAP = auto()
    FUNCTION = auto()
    CHAIN = auto()
    PREFIX = auto()
    INSTANCE = auto()
    ROW = auto()
    CHOICE = auto()
    ASSIGNMENT = auto()
    SEQUENCE = auto()


class Node(NamedTuple):
    """A part of an expression; parentheses are none, what is in them is.

    `parts`: what it is made of, in the order of the text; of a CHOICE `a ? b : c ? d : e` all five.
    `words`: a name, a number, what a string holds, the operators or signs of a row, the class and
    the member of a static, the class of a MAP if it names one. `place`: where the word stands that
    makes it what it is, as the first `=` of an ASSIGNMENT.
    """

    kind: Part
    place: tuple[int, int]
    words: tuple[str, ...] = ()
    parts: tuple[Node, ...] = ()
