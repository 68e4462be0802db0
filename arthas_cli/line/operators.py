"""The operators of a whole line, `|`, `;`, `&`, `>` and `>>`, or why there is no telling.

One reading serves what is run and what is coloured while it is typed: `reading`. Most lines have no
operator, and need it not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.line.scan import BEHIND, PIPE, REDIRECTS, SEPARATOR, SIGNS, find_signs, scan_line
from arthas_cli.line.tokens import quote_word, tokenize

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from arthas_cli.line.reading import Piece

# How what may be meant by a sign is written, and what it is then.
_MEANT = {
    PIPE: ("{} | {}", "a pipe"),
    SEPARATOR: ("{} ; {}", "two commands"),
    BEHIND: ("{} & ; {}", "two commands"),
}


def read_operators(line: str, own_words: Collection[str] = ()) -> Sequence[Piece]:
    """Return the words and operators of the line, or nothing where no operator can be in it.

    `own_words`: those of the shell's own.

    Raises:
        LineError: as `tokenize`; an operator that may be meant or not, or stands where none can.
    """
    line = scan_line(line)
    tokenize(line)
    if not any(sign in line for sign in (*SIGNS, *REDIRECTS)):
        return ()
    from arthas_cli.catalogue.model import load_commands
    from arthas_cli.line.reading import Role, read_line

    pieces = read_line(line, load_commands(), own_words)
    for number, piece in enumerate(pieces):
        if piece.role is Role.UNCLEAR:
            raise _make_unclear(line, piece)
        if number > 0 and piece.role is Role.UNKNOWN_COMMAND:
            _refuse_glued(line, pieces[number - 1], piece)
    return pieces


def refuse_sequence(line: str, pieces: Sequence[Piece]) -> None:
    """Refuse what is more than one command, or is to run in the background.

    Raises:
        LineError: with its place.
    """
    for piece in pieces:
        if piece.is_operator(SEPARATOR):
            what = "only one command can be run here"
            hint = "use run, or the shell; quote a ';' that is meant literally"
        elif piece.is_operator(BEHIND):
            what = "only the shell runs commands in the background"
            hint = "leave out '&', or quote it if it is meant literally"
        else:
            continue
        raise LineError(what, line=line, span=piece.word.span, hint=hint)


def _refuse_glued(line: str, before: Piece, piece: Piece) -> None:
    """Refuse an unknown command behind a `;` without blanks: what is before it could do harm.

    `sysprop url jdbc:h2:a;MODE=x` would set the half of it.
    """
    at = before.word.start
    if not before.is_operator(SEPARATOR) or piece.word.start > before.word.end:
        return
    word = next(token for token in tokenize(line) if token.start <= at < token.end)
    if word.start == at:
        return
    raise LineError(
        f"there is no command '{piece.word.text}'",
        line=line,
        span=piece.word.span,
        hint=f"write {quote_word(word.text)} for one word, or put spaces around ';' for two"
        " commands",
    )


def _make_unclear(line: str, piece: Piece) -> LineError:
    """Return the error for a `&` in the middle, or a word that its place takes as it is."""
    (start, end), raw = piece.word.span, piece.word.raw
    if raw == BEHIND:
        what = "'&' must end a command"
        hint = "put '&' at the end, or ';' behind it; quote a '&' that belongs to a word"
        if line.startswith(BEHIND, end):
            what, end = "'&&' does not work between commands", end + 1
            hint = "use ';' instead: the next command runs only if the one before succeeded"
        return LineError(what, line=line, span=(start, end), hint=hint)
    first = find_signs(line, piece.word)[0]
    behind = first + 1
    while behind < end and line[behind] in SIGNS:
        behind += 1
    hint = f"write {quote_word(piece.word.text)} for one word"
    if behind == first + 1:
        pattern, what = _MEANT[line[first]]
        hint = f"{hint}, or {pattern.format(line[start:first], line[behind:end])} for {what}"
    what = f"'{raw}' can be read in two ways"
    return LineError(what, line=line, span=(first, behind), hint=hint)
