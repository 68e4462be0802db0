"""Colours a line while it is typed, and marks what is wrong in it before Enter.

What is wrong has the style `line.wrong`, but the word at the cursor only once it cannot become
right any more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text.utils import split_lines
from prompt_toolkit.lexers import Lexer

from arthas_cli.line.faults import find_expression_fault
from arthas_cli.line.reading import Role, read_line
from arthas_cli.line.values import EXPRESSIONS
from arthas_cli.shell.prompt.ognl import colour_ognl

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping

    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from arthas_cli.catalogue.model import Command
    from arthas_cli.line.reading import Piece
    from arthas_cli.shell.prompt.ognl import Fragments

# Longer than anybody types; what is pasted beyond it has no colours, and no delay from them.
_LONGEST = 50_000
# As much as a screen shows around the cursor; what is farther away has no colours.
_REACH = 2000
_QUOTES = ("'", '"')
_OPENING = ("(", "[", "{")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:ms|[smhdkKMG])?")
_COUNT = re.compile(r"-?\d+")
_WRONG = "class:line.wrong"
_STYLES = {
    Role.COMMAND: "class:line.command",
    Role.OWN_WORD: "class:line.own",
    Role.OPERATOR: "class:line.operator",
    Role.PROGRAM: "class:line.program",
    Role.FILE: "class:line.file",
    Role.SURPLUS: _WRONG,
    Role.UNKNOWN_COMMAND: _WRONG,
    Role.UNKNOWN_OPTION: _WRONG,
}
_STYLES_BY_KIND = {
    "class-pattern": "class:line.class",
    "class-name": "class:line.class",
    "classloader-class": "class:line.class",
    "method-pattern": "class:line.method",
    "field-pattern": "class:line.method",
    "method-descriptor": "class:line.method",
}
_UNKNOWN = (Role.UNKNOWN_COMMAND, Role.UNKNOWN_OPTION)
_COUNTS = ("int", "int:0-4")


def colour_line(
    line: str,
    cursor: int,
    commands: Mapping[str, Command],
    own_words: Collection[str] = (),
) -> Fragments:
    """Return the line in pieces with their styles; joined they are the line. Never raises."""
    if len(line) > _LONGEST:
        return [("", line)]
    fragments: Fragments = []
    at = 0
    for piece in read_line(line, commands, own_words):
        word = piece.word
        fragments.append(("", line[at : word.start]))
        names = [*commands, *own_words] if piece.role is Role.UNKNOWN_COMMAND else ()
        is_typed = word.start <= cursor <= word.end
        if is_typed and piece.role in _UNKNOWN and may_become(piece, names):
            fragments.append(("", line[word.start : word.end]))
        else:
            fragments += _colour_piece(line, piece, cursor)
        at = word.end
    return [*(part for part in fragments if part[1]), ("", line[at:])]


def may_become(piece: Piece, commands: Collection[str]) -> bool:
    """Return whether more letters can make a name that is known of one that is not."""
    text = piece.word.text
    if piece.role is Role.UNKNOWN_OPTION:
        options = piece.command.options if piece.command else ()
        known = [name for option in options for name in (option.short, option.long) if name]
        return any(name.startswith(text) for name in [*known, "--help"])
    return any(name.startswith(text) for name in commands)


def _colour_piece(line: str, piece: Piece, cursor: int) -> Fragments:
    word = piece.word
    is_typed = word.start <= cursor <= word.end
    raw = line[word.start : word.end]
    if piece.role is Role.UNCLEAR and not is_typed:
        return [(_WRONG, raw)]
    if word.is_open and not is_typed:
        start = word.parts[-1][0]
        return [("", line[word.start : start]), (_WRONG, line[start : word.end])]
    if piece.role is Role.OPTION:
        name, equals, value = raw.partition("=")
        return [
            ("class:line.option", name),
            ("class:line.operator", equals),
            (find_text_style(value), value),
        ]
    if piece.kind in EXPRESSIONS:
        return _colour_expression(line, piece, cursor)
    if piece.kind in _COUNTS and not is_typed and not _COUNT.fullmatch(word.text):
        return [(_WRONG, raw)]
    style = _STYLES.get(piece.role) or _STYLES_BY_KIND.get(piece.kind) or find_text_style(raw)
    return [(style, raw)]


def _colour_expression(line: str, piece: Piece, cursor: int) -> Fragments:
    """Colour the expression within the quotes that keep it together."""
    fragments: Fragments = []
    word = piece.word
    is_behind = cursor == word.end and not word.is_open and line[word.end - 1] in _QUOTES
    is_alone = len(word.parts) == 1
    is_whole = is_alone and not word.start <= cursor <= word.end
    wrong = _find_wrong(piece) if is_whole or (is_alone and is_behind) else None
    for start, end in word.parts:
        part = line[start:end]
        quote = part[0] if part.startswith(_QUOTES) else ""
        is_closed = bool(quote) and len(part) > 1 and not (word.is_open and end == word.end)
        inner = part[len(quote) : len(part) - 1 if is_closed else len(part)]
        fragments.append(("class:line.quote", quote))
        if len(inner) > 2 * _REACH:
            fragments += colour_near(inner, cursor - start)
        else:
            is_same = inner == word.text  # no backslash was taken away
            coloured = colour_ognl(inner, is_whole=is_whole)
            fragments += mark_place(coloured, wrong if is_same else None)
        fragments.append(("class:line.quote", quote if is_closed else ""))
    return fragments


def _find_wrong(piece: Piece) -> tuple[int, int] | None:
    """Return where in the expression it is no OGNL; None too where it is too long to be read.

    What is open is no concern of it: more may follow.
    """
    text = piece.word.text
    fault = find_expression_fault(piece.kind, text) if len(text) <= 2 * _REACH else None
    place = fault.place if fault else None
    return None if place is None or text[place[0] : place[0] + 1] in _OPENING else place


def mark_place(fragments: Fragments, place: tuple[int, int] | None) -> Fragments:
    """Return the same text, what stands in that place marked as wrong."""
    if place is None:
        return fragments
    marked: Fragments = []
    start = 0
    for style, text in fragments:
        first, last = (min(max(at - start, 0), len(text)) for at in place)
        parts = ((style, text[:first]), (_WRONG, text[first:last]), (style, text[last:]))
        marked += [part for part in parts if part[1]]
        start += len(text)
    return marked


def colour_near(text: str, cursor: int) -> Fragments:
    """Colour of a long expression what is near the cursor; its brackets are not judged."""
    first, last = max(0, cursor - _REACH), max(0, cursor + _REACH)
    near = [
        (style.replace(_WRONG, "class:ognl.bracket"), part)
        for style, part in colour_ognl(text[first:last])
    ]
    return [("", text[:first]), *near, ("", text[last:])]


def find_text_style(raw: str) -> str:
    """Return the style of a word by its looks alone."""
    if raw.startswith(_QUOTES):
        return "class:line.string"
    return "class:line.number" if _NUMBER.fullmatch(raw) else ""


def keep_near(fragments: Fragments, cursor: int, reach: int = _REACH) -> Fragments:
    """Return the same text, in pieces only as far as `reach` characters from the cursor.

    What draws it takes its time for each piece, also for those that are not on the screen.
    """
    kept: Fragments = []
    before: list[str] = []
    behind: list[str] = []
    at = 0
    for style, text in fragments:
        end = at + len(text)
        if end < cursor - reach:
            before.append(text)
        elif at > cursor + reach:
            behind.append(text)
        else:
            kept.append((style, text))
        at = end
    return [("", "".join(before)), *kept, ("", "".join(behind))]


class LineLexer(Lexer):
    """Gives the prompt the colours of `colour`, anew with each key and each move of the cursor."""

    def __init__(
        self, colour: Callable[[str, int], Fragments], find_cursor: Callable[[], int]
    ) -> None:
        self._colour = colour
        self._find_cursor = find_cursor

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Return a function from the number of a line to its pieces."""
        cursor = document.cursor_position
        fragments: StyleAndTextTuples = [*keep_near(self._colour(document.text, cursor), cursor)]
        lines = list(split_lines(fragments)) if "\n" in document.text else [fragments]
        return lambda number: lines[number] if number < len(lines) else []

    def invalidation_hash(self) -> Hashable:
        """Return what the colours depend on beside the text."""
        return self._find_cursor()
