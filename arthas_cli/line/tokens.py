"""The words of a line that is whole, and how a word is written so that it stays one.

The server recognises operators after quotes are removed, so a quoted `|` is one to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.scan import BEHIND, NEEDS_QUOTES, PIPE, REDIRECTS, scan_line

if TYPE_CHECKING:
    from arthas_cli.line.scan import Word


def tokenize(line: str) -> tuple[Word, ...]:
    """Return the words of the line.

    Raises:
        LineError: a quote that is not closed, a backslash with nothing behind it, or a line break
            outside quotes.
    """
    typed = scan_line(line)
    if (fault := typed.fault) is not None:
        raise fault
    return typed.words


def find_dropped(line: str, token: Word) -> tuple[int, int] | None:
    """Return the place of the first backslash of the word that goes, and what is behind it.

    None where all of them are kept, or guard what would be read otherwise.
    """
    if "\\" not in line[token.start : token.end]:
        return None
    for start, end in token.parts:
        guarded = line[start + 1 : end] if line[start] == "\\" else ""
        if guarded and guarded not in NEEDS_QUOTES:
            return start, end
    return None


def find_operator(tokens: tuple[Word, ...]) -> Word | None:
    """Return the first token that the server would take for a pipe, redirect or background mark.

    A word that begins or ends with `|` is split there by the server, even when it was quoted.
    """
    for number, token in enumerate(tokens):
        if token.text in REDIRECTS or token.text.startswith(PIPE) or token.text.endswith(PIPE):
            return token
        if token.text == BEHIND and number == len(tokens) - 1:
            return token
    return None


def find_part(line: str, token: Word, part: str) -> tuple[int, int]:
    """Return the place of the last `part` of a token's text, or the token's if it is not plain."""
    start = line.rfind(part, token.start, token.end) if part else -1
    return token.span if start < 0 else (start, start + len(part))


def quote_word(word: str) -> str:
    """Return the word so that `tokenize` gives it back whole and none sees an operator in it."""
    if word and NEEDS_QUOTES.isdisjoint(word) and not word.startswith(">"):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"
