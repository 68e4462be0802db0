"""Tells what is known of a class apart by the class loaders that have loaded it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_NAMED = 2


class Note(NamedTuple):
    """What is known of a name; `loader`: the hash of the class loader it holds for, or empty."""

    text: str
    loader: str = ""


def tell_apart(
    names: Mapping[str, tuple[Note, ...]], loader: str = ""
) -> dict[str, tuple[str, ...]]:
    """Return the names with their notes as text.

    With a `loader`, those of its class alone; else where the class is loaded by several, each note
    says by which.
    """
    loaders = {note.loader for notes in names.values() for note in notes if note.loader}
    if loader and loaders:
        names = {
            name: kept
            for name, notes in names.items()
            if (kept := tuple(note for note in notes if note.loader in ("", loader)))
        }
    is_ambiguous = len(loaders) > 1 and not loader
    return {name: _format(notes, with_loaders=is_ambiguous) for name, notes in names.items()}


def _format(notes: tuple[Note, ...], *, with_loaders: bool) -> tuple[str, ...]:
    found: dict[str, list[str]] = {}
    for note in notes:
        found.setdefault(note.text, []).append(note.loader)
    if not with_loaders:
        return tuple(text for text in found if text)
    notes_with = (f"{text} {_name(loaders)}".strip() for text, loaders in found.items())
    return tuple(note for note in notes_with if note)


def _name(loaders: list[str]) -> str:
    """Return `@3d4eac69 @4e0e2f2a`; of many loaders the first ones."""
    named = [f"@{loader}" for loader in loaders if loader]
    more = [f"+{len(named) - _MAX_NAMED}"] if len(named) > _MAX_NAMED else []
    return " ".join(named[:_MAX_NAMED] + more)
