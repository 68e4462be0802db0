"""Where `|`, `;` and `&` inside a word belong to it: to an expression, a pattern, a type.

Anywhere else outside quotes they are operators. The server knows no difference: it takes all of
`sysprop user.name|grep root` for a name and a value to set.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from arthas_cli.line.ognl_lexer import Kind, find_unmatched, split_lexemes
from arthas_cli.line.scan import find_signs, read_word
from arthas_cli.line.values import EXPRESSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from arthas_cli.line.scan import Word

# What people pipe to. `params|head` is OGNL, but nobody means that by it.
PROGRAMS = frozenset(
    {
        *("ack", "ag", "awk", "base64", "bash", "bat", "cat", "clip", "column", "cut", "egrep"),
        *("fgrep", "fold", "fzf", "gawk", "gojq", "grep", "gzip", "head", "jaq", "jq", "json"),
        *("less", "more", "most", "nl", "paste", "pbcopy", "perl", "python", "python3", "rg"),
        *("sed", "sh", "sha256sum", "sort", "strings", "tac", "tail", "tee", "tr", "uniq", "vim"),
        *("wc", "xargs", "xclip", "xxd", "yq", "zstd"),
    }
)
# How many beginnings of a word are tried for one that its place takes.
_MAX_TRIED = 8
_BETWEEN = ("|", "||", "&", "&&")
_OPERANDS = (Kind.NAME, Kind.NUMBER, Kind.STRING)
_OPENING = ("(", "{", "[", ":", "#", "@", "!", "-", "+", "~")
_CLOSING = (")", "}", "]", "[^]", "[|]", "[$]", "[*]")
_ATOMS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]", re.DOTALL)
_NO_PARENTHESES = re.compile(r"[^()\[\\]+")
_ARRAY = re.compile(r"\[+L[\w.$/*?]+;")
_DESCRIPTOR = re.compile(r"[\w$<>]*\([\w/$;\[]*\)[\w/$;\[]*")


def cut_word(line: str, word: Word, belong: Callable[[Word], bool]) -> tuple[Word, Word | None]:
    """Return the first word or operator of what stands there without blanks, and the rest.

    `belong`: says whether the signs in a word belong to it.
    """
    signs = find_signs(line, word)
    if not signs:
        return word, None
    if signs[0] == word.start:
        end = word.start + 1
    elif belong(word):
        return word, None
    else:
        starts = (end for end in reversed(signs[1:][-_MAX_TRIED:]))
        end = next((end for end in starts if belong(read_word(line, word.start, end))), signs[0])
    rest = read_word(line, end, word.end) if end < word.end else None
    return read_word(line, word.start, end), rest


def names_known(line: str, word: Word, commands: Collection[str]) -> bool:
    """Return whether a program or command that is known is named behind a sign of the word."""
    signs = find_signs(line, word)
    names = (line[at + 1 : end] for at, end in pairwise([*signs, word.end]))
    return any(name in PROGRAMS or name in commands for name in names)


def belongs(kind: str, text: str, *, is_regex: bool) -> bool:
    """Return whether the signs in a value of that kind are its own; `is_regex`: patterns may be."""
    if is_regex and kind.endswith("-pattern") and is_regular(text):
        return True
    check = _CHECKS.get(kind)
    return check is not None and check(text)


def is_expression(text: str) -> bool:
    """Return whether it is OGNL as far as brackets, texts and what joins its parts tell."""
    lexemes = list(split_lexemes(text))
    if any(lexeme.is_wrong for lexeme in lexemes) or any(find_unmatched(lexemes)):
        return False
    for before, sign, behind in zip([None, *lexemes], lexemes, [*lexemes[1:], None], strict=False):
        if sign.is_sign(*_BETWEEN) and not (
            before is not None
            and (before.kind in _OPERANDS or before.is_sign(*_CLOSING))
            and behind is not None
            and (behind.kind in _OPERANDS or behind.is_sign(*_OPENING))
        ):
            return False
    return bool(lexemes)


def is_regular(text: str) -> bool:
    """Return whether it is a regular expression that the server does not split (`a|` it does)."""
    bare = _NO_PARENTHESES.sub("", _ATOMS.sub("", text))
    while "()" in bare:
        bare = bare.replace("()", "")
    return not (bare or text.startswith("|") or text.endswith(("|", ";", "&")))


def _is_array(text: str) -> bool:
    return _ARRAY.fullmatch(text) is not None


def _is_descriptor(text: str) -> bool:
    return _DESCRIPTOR.fullmatch(text) is not None


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(EXPRESSIONS, is_expression),
    "class-pattern": _is_array,
    "class-name": _is_array,
    "method-descriptor": _is_descriptor,
}
