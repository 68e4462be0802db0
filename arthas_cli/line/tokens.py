"""Splits a command line into tokens by the server's own rules, with their places.

The rules (docs/protocol.md, 2.1): blanks and tabs split; single quotes keep everything; inside
double quotes a backslash guards the next character and goes only before a double quote; elsewhere
it always goes; adjacent parts join. The server recognises operators after quotes are removed, so a
quoted `|` is one to it.
"""

from __future__ import annotations

from typing import NamedTuple

from arthas_cli.errors import LineError

_BLANKS = " \t"
# The server keeps a line break as part of the word (`version\n` is no command of its).
_BREAKS = "\r\n"
REDIRECTS = (">", ">>")
# What is an operator outside quotes, with blanks around it or without.
PIPE, SEPARATOR, BEHIND = "|", ";", "&"
SIGNS = frozenset({PIPE, SEPARATOR, BEHIND})
_NEEDS_QUOTES = frozenset(_BLANKS + _BREAKS + "'\"\\|;&")


class Token(NamedTuple):
    """One word: `text` without quotes, its place `line[start:end]` with them."""

    text: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """The place in the line."""
        return self.start, self.end


def tokenize(line: str, *, is_strict: bool = True) -> tuple[Token, ...]:
    """Split the line.

    Where it is not to be strict nothing is wrong, as for the server: an open quote ends with the
    line, a backslash at its end is nothing, a line break is part of the word.

    Raises:
        LineError: a quote that is not closed, a backslash with nothing behind it, or a line break
            outside quotes.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(line):
        if line[at] in _BLANKS:
            at += 1
            continue
        token = _read_token(line, at, is_strict=is_strict)
        tokens.append(token)
        at = token.end
    return tuple(tokens)


def _read_token(line: str, start: int, *, is_strict: bool) -> Token:
    parts: list[str] = []
    at = start
    while at < len(line) and line[at] not in _BLANKS:
        character = line[at]
        if character in "'\"":
            text, end = _read_quoted(line, at, is_strict=is_strict)
        elif character == "\\":
            text, end = _read_plain(line, at + 1, is_strict=is_strict), at + 2
        else:
            text, end = _read_plain(line, at, is_strict=is_strict), at + 1
        parts.append(text)
        at = end
    return Token("".join(parts), start, min(at, len(line)))


def _read_plain(line: str, at: int, *, is_strict: bool) -> str:
    """Return the character outside quotes at `at`, which stands there or behind a backslash."""
    if not is_strict:
        return line[at : at + 1]
    if at == len(line):
        raise LineError("nothing follows the backslash", line=line, span=(at - 1, at))
    if line[at] in _BREAKS:
        raise LineError(
            "the line breaks outside quotes",
            line=line,
            span=(at, at + 1),
            hint="put the command on one line, or quote the line break",
        )
    return line[at]


def _read_quoted(line: str, start: int, *, is_strict: bool) -> tuple[str, int]:
    quote = line[start]
    parts: list[str] = []
    at = start + 1
    while at < len(line):
        if line[at] == quote:
            return "".join(parts), at + 1
        length = 2 if quote == '"' and line[at] == "\\" else 1
        part = line[at : at + length]
        parts.append('"' if part == '\\"' else part)
        at += length
    if not is_strict:
        return "".join(parts), len(line)
    hint = f"close it with {quote}, or write \\{quote} outside quotes for a {quote} that is meant"
    raise LineError("the quote is not closed", line=line, span=(start, len(line)), hint=hint)


def find_dropped(line: str, token: Token) -> tuple[int, int] | None:
    """Return the place of the first backslash of the word that goes, and what is behind it.

    None where all of them are kept, or guard what would be read otherwise.
    """
    if "\\" not in line[token.start : token.end]:
        return None
    from arthas_cli.line.scan import read_word  # most words have none

    for start, end in read_word(line, token.start, token.end).parts:
        guarded = line[start + 1 : end] if line[start] == "\\" else ""
        if guarded and guarded not in _NEEDS_QUOTES:
            return start, end
    return None


def strip_blanks(line: str) -> str:
    """Return the line without the blanks around it."""
    return line.strip(_BLANKS)


def find_operator(tokens: tuple[Token, ...]) -> Token | None:
    """Return the first token that the server would take for a pipe, redirect or background mark.

    A word that begins or ends with `|` is split there by the server, even when it was quoted.
    """
    for number, token in enumerate(tokens):
        if token.text in REDIRECTS or token.text.startswith("|") or token.text.endswith("|"):
            return token
        if token.text == "&" and number == len(tokens) - 1:
            return token
    return None


def find_part(line: str, token: Token, part: str) -> tuple[int, int]:
    """Return the place of the last `part` of a token's text, or the token's if it is not plain."""
    start = line.rfind(part, token.start, token.end) if part else -1
    return token.span if start < 0 else (start, start + len(part))


def quote_word(word: str) -> str:
    """Return the word so that `tokenize` gives it back whole and none sees an operator in it."""
    if word and _NEEDS_QUOTES.isdisjoint(word) and not word.startswith(">"):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"
