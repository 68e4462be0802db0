"""Single results, rows and errors as programs read them: JSON and CSV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arthas_cli.diagnostics import clean

if TYPE_CHECKING:
    from arthas_cli.errors import ArthasShellError
    from arthas_cli.protocol import Result


def format_result(result: Result) -> str:
    """Return the server's own text of the result; where there are many its target is put first.

    A result that names a target itself, or is no object, is put apart: nobody speaks for another.
    """
    text = result.raw
    if not result.target:
        return text
    head = f'{{"target": {json.dumps(result.target)}'
    if not text.startswith("{") or "target" in result.data:
        return f'{head}, "type": {json.dumps(result.type)}, "value": {text}}}'
    rest = text[1:].lstrip()
    return f"{head}{rest}" if rest == "}" else f"{head}, {rest}"


def format_csv_row(cells: tuple[str, ...]) -> str:
    """Return the row; cells are quoted where they must be (RFC 4180)."""
    return ",".join(
        '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"\r\n') else cell
        for cell in cells
    )


def describe_error(error: ArthasShellError | None) -> dict[str, str | None] | None:
    """Return the error as the `error` field of a document."""
    if error is None:
        return None
    hint = clean(error.hint) if error.hint else None
    return {"kind": error.kind, "message": clean(error.message), "hint": hint}
