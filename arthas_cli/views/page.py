"""What a view is told of the place it draws on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """Where and how results are drawn.

    Attributes:
        width: columns of the terminal; None: no terminal, nothing is wrapped or cut.
        height: lines of the place a repeated sample is redrawn in; None: as many as it takes.
        is_live: a person watches; what is long is folded, with the number of folded lines.
        is_coloured: styles will be seen, so that working them out is worth the time.
        tree_values: the text of values as a tree, where it is well-formed.
        as_records: tables as records, one field a line.
        max_value_lines: from this many lines on a value is folded when live.
    """

    width: int | None = None
    height: int | None = None
    is_live: bool = False
    is_coloured: bool = False
    tree_values: bool = False
    as_records: bool = False
    max_value_lines: int = 60
