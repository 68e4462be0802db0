"""Which typed lines hold a secret, so that nothing keeps them or shows them again.

A secret is known by the name that it is given with, and by a literal value: `"password":"x"`,
`-Dtoken=x`, `getPassword()=="x"`. A line that only speaks of one, as `sc *Token` or
`params[0].password==null`, holds none; nor does a value without a name, which nobody can tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.line.scan import find_signs, read_word, scan_line, split_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Raised when more is taken for a secret, so that what was kept before is looked at once more.
RULE = 2
# Commands whose arguments are secrets, and how fingers miss their name.
_SECRET_COMMANDS = frozenset({"auth", "atuh", "auht", "uath", "aut", "auh", "ath", "uth"})
# Commands that set what they name.
_SETTING_COMMANDS = frozenset({"sysprop", "vmoption", ":set"})
_NAME_AND_VALUE = 2
_QUOTES = re.compile(r"""["'\\]""")
# Most lines have none of these, and are not looked at more closely.
_SUSPECT = (
    *("pass", "pwd", "secret", "token", "credential", "jwt", "cookie", "authorization", "key"),
    *("://", "bearer"),
)
_SUSPECT_COMMAND = re.compile(rf"\b(?:{'|'.join(sorted(_SECRET_COMMANDS))})\b")
_SHORT = (
    r"(?-i:(?<![A-Za-z])(?:pass|pwd|Pass|Pwd)(?![a-z])|(?<=[a-z])(?:Pass|Pwd)(?![a-z])"
    r"|(?<![A-Z])(?:PASS|PWD)(?![A-Z]))"
)
_NAME = re.compile(
    rf"(?:passw(?:or)?ds?|passphrase|passcode|{_SHORT}|secrets?|token|credentials?|jwt|cookies?"
    r"|authorization|(?:api|access|private)[-_.]?key)",
    re.IGNORECASE,
)
# A name is looked at with so much of what is before and behind it; more names than anybody writes
# are taken for a secret.
_NEAR, _MAX_NAMES = 120, 200
_PATH = r"[\w.$#@()\[\]-]*"
# What is no literal, so no secret: it is only looked at on the server.
_VALUE = r"(?!\s*(?:null|true|false|params|returnObj|target|throwExp)\b)\s*[^\s,;)}\]&|]"
_TEXT = r"\s*[\"'][^\"']"
_COMPARED = r"\s*(?:==|!=|\s(?:eq|neq)\s)"
_LIKENESS = r"\.(?:equals\w*|compareTo\w*|startsWith|endsWith|contains|matches)\("
_KEY_END = r"(?:[-_.]?(?:value|string|text|hash|key))?\d*"
# What may stand before and behind a name where a secret is given with it.
_GIVEN = tuple(
    (re.compile(rf"(?:{before})$"), re.compile(behind, re.IGNORECASE))
    for before, behind in (
        # password=x, "password":x; but no `? token : x`, no `a.TokenFilter:12`, no `a.Token::get`
        ("", rf"{_KEY_END}\s*=(?![=~>]){_VALUE}"),
        (
            rf"(?<!\?)(?<!\? )(?<![\w.$#@()\[\]-]){_PATH}",
            rf"{_KEY_END}\s*:(?!:|\d+(?:\s|$)){_VALUE}",
        ),
        (r"(?<!\?)(?<!\? )[\"']?[\w.$ -]*", rf"{_KEY_END}[\"']\s*(?::(?!:)|=>?(?![=~])){_VALUE}"),
        # put("password", "x"), but not get("token", "")
        (r"\(\s*[\"'][\w.$ -]*", rf"{_KEY_END}[\"']\s*,{_TEXT}"),
        # password=="x", get("password").equals("x"), and the other way round
        ("", rf"{_KEY_END}[\"'()\]]*(?:{_COMPARED}|{_LIKENESS}){_TEXT}"),
        (rf"[^\"'][\"'](?:{_COMPARED}|{_LIKENESS})\s*{_PATH}", rf"{_KEY_END}(?!\w)"),
        # setPassword("x"), but not getToken("x")
        (r"(?<!\w)(?!get|find|has|list)\w*", rf"\w*\((?:[^()]*,)?{_TEXT}"),
        # --password x
        (r"(?:^|\s)--?[\w.-]*", rf"{_KEY_END}[\s=]\s*[^\s-]"),
    )
)
# http://user:password@host; bearer …
_BARE = re.compile(r"://[^\s/:@\"']*:[^\s/@\"']+@|\bbearer\s+(?=\S{0,40}\d)\S{8}", re.IGNORECASE)


def holds_secret(line: str, secrets: Iterable[str] = ()) -> bool:
    """Return whether the line must not be kept: one of `secrets`, or what looks like one, is in it.

    A line that was pasted may be several, and several commands may stand in it.
    """
    bare = _QUOTES.sub("", line)
    for secret in filter(None, secrets):
        plain = _QUOTES.sub("", secret)
        if secret in line or (plain and plain in bare):
            return True
    lowered = bare.lower()
    if not (any(part in lowered for part in _SUSPECT) or _SUSPECT_COMMAND.search(lowered)):
        return False
    return any(_gives_secret(words) for text in split_lines(line) for words in _split(text))


def hide_secret(line: str) -> str:
    """Return the line as it may be shown again: of one with a secret its first word alone."""
    return f"{line.split(maxsplit=1)[0]} …" if holds_secret(line) else line


def _split(line: str) -> Iterator[list[str]]:
    """Yield the words of each command and program, without their quotes."""
    words: list[str] = []
    for word in scan_line(line).words:
        start = word.start
        for sign in find_signs(line, word):
            if sign > start:
                words.append(read_word(line, start, sign).text)
            yield words
            words, start = [], sign + 1
        if start < word.end:
            words.append(read_word(line, start, word.end).text)
    yield words


def _gives_secret(words: list[str]) -> bool:
    if not words:
        return False
    # `:raw auth x`, `:every 2s auth x`
    names = words if words[0].startswith(":") else words[:1]
    if any(word.lower() in _SECRET_COMMANDS for word in names):
        return True
    for at, name in enumerate(names):
        given = [word for word in words[at + 1 :] if not word.startswith("-")]
        is_setting = name in _SETTING_COMMANDS and len(given) >= _NAME_AND_VALUE
        if is_setting and _NAME.search(given[0]):
            return True
    text = " ".join(words).replace("\\", "")
    return _BARE.search(text) is not None or _gives_named(text)


def _gives_named(text: str) -> bool:
    """Return whether a value is given with a name that speaks of a secret."""
    for number, name in enumerate(_NAME.finditer(text)):
        before = text[max(0, name.start() - _NEAR) : name.start()]
        behind = text[name.end() : name.end() + _NEAR]
        if number >= _MAX_NAMES or any(
            one.search(before) and other.match(behind) for one, other in _GIVEN
        ):
            return True
    return False
