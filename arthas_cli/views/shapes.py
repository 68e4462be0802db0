"""A result type that has several shapes: the first one that fits says how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from arthas_cli.views.table import TableView

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.views.lines import Block
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

    Simple: TypeAlias = "TableView | Callable[[Row, Page], Block]"
    View: TypeAlias = "Simple | Shapes"


@dataclass(frozen=True, slots=True, init=False)
class Shapes:
    """Views by the field that marks their shape, tried in order.

    `name` means that the field is there, `name=true` that it is true. Without `other` a result
    of none of the shapes is malformed.
    """

    shapes: tuple[tuple[str, bool, Simple], ...]
    other: Simple | None

    def __init__(self, *shapes: tuple[str, Simple], other: Simple | None = None) -> None:
        parts = tuple((name.removesuffix("=true"), "=" in name, view) for name, view in shapes)
        object.__setattr__(self, "shapes", parts)
        object.__setattr__(self, "other", other)

    def choose(self, data: Row) -> Simple | None:
        """Return the view that fits, None where none does."""
        for name, is_true, view in self.shapes:
            field = data.get(name)
            if field is True if is_true else field is not None:
                return view
        return self.other

    @property
    def marks(self) -> tuple[str, ...]:
        """The fields by which the shapes are told apart."""
        return tuple(f"{name}=true" if is_true else name for name, is_true, _ in self.shapes)


def choose_view(view: View, data: Row) -> Simple | None:
    """Return what draws this very result, None where no shape fits."""
    return view.choose(data) if isinstance(view, Shapes) else view


def find_table(view: View, data: Row) -> TableView | None:
    """Return the table that a result is, None if it is none."""
    found = choose_view(view, data)
    return found if isinstance(found, TableView) else None
