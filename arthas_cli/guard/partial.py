"""Judges a line that is still typed, as the guard would judge it, as far as it is whole.

A word that the cursor is in may yet become another one: what is not known of it, or not readable,
says nothing as long as it is typed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import LineError
from arthas_cli.guard.risk import Basis, find_gravest, judge_line, list_verdicts
from arthas_cli.line.parse import parse_line
from arthas_cli.line.scan import scan_line

if TYPE_CHECKING:
    from arthas_cli.guard.risk import Verdict

# An expression that ends with one of these is whole, even if nothing stands behind it yet.
_ENDS = ("'", '"', ")", "]", "}")
# A longer word is judged once the cursor has left it: no key waits for it.
_LONGEST = 1_000
_HARMLESS = "x"


@lru_cache(maxsize=16)
def judge_typed(text: str, cursor: int) -> Verdict:
    """Return the verdict on one command with a cursor in it; never raises.

    A word whose quote is open, which is the last one, does not count yet.
    """
    words = list(scan_line(text).words)
    if words and words[-1].is_open:
        last = words.pop()
        text = text[: last.start] or last.text
    typed = next((each for each in words[1:] if each.start <= cursor <= each.end), None)
    if typed is not None and typed.end - typed.start > _LONGEST:
        text = text[: typed.start] + _HARMLESS + text[typed.end :]
        typed = None
    try:
        verdicts = list_verdicts(parse_line(text, load_commands()))
    except LineError as error:
        is_typed = typed is not None and typed.start <= error.span[0] < typed.end
        return judge_line(text[: typed.start] if typed and is_typed else text)
    if typed is None:
        return find_gravest(verdicts)
    counted = [Basis.KNOWN]
    if text[: typed.end].endswith(_ENDS):
        counted.append(Basis.EXPRESSION)
    start = typed.start
    return find_gravest(each for each in verdicts if each.word != start or each.basis in counted)
