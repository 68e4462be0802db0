"""One thing that `:why` has found, and how names are listed in it."""

from __future__ import annotations

from dataclasses import dataclass

_MAX_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, and commands that would work or tell more."""

    what: str
    commands: tuple[str, ...] = ()


def list_some(names: list[str]) -> str:
    """Return the first names, and how many more there are."""
    more = len(names) - _MAX_SHOWN
    shown = ", ".join(names[:_MAX_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown
