"""What was found, as lines for people and as one JSON document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arthas_cli.diagnostics import clean
from arthas_cli.doctor.model import State
from arthas_cli.palette import PLAIN, make_code
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.doctor.model import Finding
    from arthas_cli.errors import ArthasShellError

_MARKS = {State.PASS: "✓", State.WARN: "!", State.FAIL: "✗", State.SKIPPED: "–"}
_WORDS = {State.PASS: "ok  ", State.WARN: "warn", State.FAIL: "FAIL", State.SKIPPED: "skip"}
_MEANINGS = {
    State.PASS: "good",
    State.WARN: "warning",
    State.FAIL: "failure",
    State.SKIPPED: "dim",
}


def format_step(
    name: str, finding: Finding, width: int, *, has_marks: bool, has_color: bool
) -> list[str]:
    """Return the line of a step, those of its notes and that of its cure.

    `width`: columns of the names. `has_marks`: the output can show other than ASCII.
    """
    mark = (_MARKS if has_marks else _WORDS)[finding.state]
    indent = " " * (len(mark) + width + 3)
    painted = f"{make_code(_MEANINGS[finding.state])}{mark}{PLAIN}" if has_color else mark
    lines = [f"{painted} {name:<{width}}  {_join(finding.found)}"]
    lines += [f"{indent}{_join(note)}" for note in finding.notes]
    if finding.cure:
        lines.append(f"{indent}{'→' if has_marks else '->'} {_join(finding.cure)}")
    return lines


def _join(text: str) -> str:
    return one_line(clean(text))


def make_document(
    findings: Sequence[tuple[str, Finding]],
    *,
    url: str | None,
    version: str,
    error: ArthasShellError | None,
) -> str:
    """Return the JSON document; `url` is None where the configuration names none."""
    document = {
        "steps": [
            {
                "name": name,
                "state": finding.state.value,
                "found": finding.found,
                "notes": list(finding.notes),
                "cure": finding.cure or None,
            }
            for name, finding in findings
        ],
        "url": url,
        "version": version or None,
        "error": error and {"kind": error.kind, "message": error.message, "hint": error.hint},
    }
    return json.dumps(document, ensure_ascii=False)
