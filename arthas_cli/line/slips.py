"""What people write in the place of OGNL, and what they mean: a table."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from arthas_cli.line.values import Fault


class _Slip(NamedTuple):
    """A way to be wrong: what stands around the place, what to say of it, and what to do.

    In both texts `{0}` is all that was found and `{1}` its first group; `{narrow}` in a hint is the
    narrow sign for a wide one.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str


def _slip(pattern: str, message: str, hint: str) -> _Slip:
    return _Slip(re.compile(pattern), message, hint)


_NO_OPERATOR = "'{0}' is not an OGNL operator"
_NO_QUOTE = "'{0}' is not an OGNL quote"
_STRAIGHT = "use straight quotes, ' or \""
_SLIPS = (
    _slip(r"[\u201C-\u201F\u2033\u00AB\u00BB]", _NO_QUOTE, _STRAIGHT),
    _slip(r"[\u2018-\u201B\u2032\u2039\u203A\u00B4]", _NO_QUOTE, _STRAIGHT),
    _slip("===+", _NO_OPERATOR, "use '=='"),
    _slip("!==+|<>|\u2260|=!=|=/=", _NO_OPERATOR, "use '!='"),
    _slip("=>|\u2265", _NO_OPERATOR, "use '>='"),
    _slip("=<|\u2264", _NO_OPERATOR, "use '<='"),
    _slip("&&&+", _NO_OPERATOR, "use '&&'"),
    _slip(r"\|\|\|+", _NO_OPERATOR, "use '||'"),
    _slip("~=|=~", _NO_OPERATOR, "use '.matches(\"…\")'"),
    _slip(r"([-+*/%])=", _NO_OPERATOR, "write '=' and '{1}' separately"),
    _slip(r"->|::", _NO_OPERATOR, "use '.{{? #this > 1}}' to select, '.{{#this.name}}' to take"),
    _slip(r"\?\.", _NO_OPERATOR, "use 'a != null && a.b'"),
    _slip(r"\?\?|\?:", _NO_OPERATOR, "use 'a != null ? a : b'"),
    _slip(r"//|/\*", "OGNL has no comments", "leave it out"),
    _slip(";", "';' has no meaning in OGNL", "use ',' between expressions"),
    _slip(r"\bis\s+not\s+null\b", "'is' is not an OGNL word", "use '!= null'"),
    _slip(r"\bis\s+null\b", "'is' is not an OGNL word", "use '== null'"),
    _slip(
        r"\b(?:LIKE|like|MATCHES|matches)\b(?!\s*\()",
        "'{0}' is not an OGNL operator",
        "use '.matches(\"…\")'",
    ),
    _slip(r"\bAND\b", _NO_OPERATOR, "use 'and' or '&&'"),
    _slip(r"\bOR\b", _NO_OPERATOR, "use 'or' or '||'"),
    _slip(r"\bNOT\b", _NO_OPERATOR, "use 'not' or '!'"),
    _slip(r"\bIN\b", _NO_OPERATOR, "use 'in'"),
    _slip(r"\bbnot\b", _NO_OPERATOR, "use '~'"),
    _slip(
        r"#(?:this|root)\w+",
        "'{0}' is not a valid variable name in OGNL",
        "use another name",
    ),
    _slip(
        r"@([\w$.]+)\.([\w$]+)\s*\(",
        "a static method needs a second '@' in front",
        "use '@{1}@{2}(…)'",
    ),
    _slip(
        r"@([\w$.]+)\.([\w$]+)\s*(?=$|[^\w\s$.@(])",
        "a static field needs a second '@' in front",
        "use '@{1}@{2}'",
    ),
    _slip(
        r"(?<![\w$.@])([\w$.]+)@([\w$]+)", "a class name needs an '@' in front", "use '@{1}@{2}'"
    ),
    _slip(r"\bnew\s+([\w$.]+)(?![\w$.])(?!\s*[(\[])", "'new' takes arguments", "use 'new {1}()'"),
    _slip(r"\d+(?:_\d+)+", "'{0}' is not an OGNL number", "leave out '_'"),
    _slip(r"\b0\d*[89]\d*[lLhH]?\b", "'{0}' begins with 0, so it is octal", "leave out the 0"),
    _slip(
        r"\(\s*(?:[\w$]+\.)*[A-Z][\w$]*\s*\)\s*[\w$\"'(#@]+",
        "OGNL has no casts",
        "leave out the type",
    ),
    _slip(r"\\([^\\]|$)", "'{0}' is not an OGNL escape", "use '\\\\{1}'"),
    _slip(r"[\uFF01-\uFF5E]", "'{0}' has no meaning in OGNL", "use '{narrow}'"),
    _slip(r"[\u2010-\u2015\u2212]", "'{0}' has no meaning in OGNL", "use '-'"),
    _slip(
        r"[\u00A0\u2000-\u200B\u202F\u3000\uFEFF]",
        "the space there is not a plain one",
        "use a plain space",
    ),
)


def find_slip(text: str, start: int) -> Fault | None:
    """Return what was meant where the reading of an expression stopped, None if not known."""
    for slip in _SLIPS:
        for match in slip.pattern.finditer(text):
            is_before = match.start() <= start
            if is_before and (start < match.end() or not text[match.end() : start].strip()):
                found = (match.group(), *match.groups())
                narrow = unicodedata.normalize("NFKC", match.group())
                hint = slip.hint.format(*found, narrow=narrow)
                return Fault(slip.message.format(*found), hint, match.span())
    return None
