"""One test for a whole table: for pytest an item costs more than most rows take to be checked."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def each_row(
    names: str | tuple[str, ...],
    rows: Iterable[object],
    *,
    ids: Iterable[str] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Has a test try every row, and fail with all that failed, each by its name.

    It is called as `pytest.mark.parametrize`. What else the test takes is made once for all rows,
    so that no row may leave anything there for the next.
    """
    keys = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    table = list(rows)
    named = _name_rows(table, ids)

    def decorate(check: Callable[..., None]) -> Callable[..., None]:
        parameters = inspect.signature(check).parameters
        assert set(keys) <= set(parameters), f"{check.__name__} does not take {keys}"
        assert table, f"{check.__name__} has no rows"

        @functools.wraps(check)
        def test(**fixtures: object) -> None:
            failed: dict[str, Exception] = {}
            for name, row in zip(named, table, strict=True):
                values = [row] if len(keys) == 1 else row
                assert isinstance(values, (list, tuple))
                try:
                    check(**dict(zip(keys, values, strict=True)), **fixtures)
                except Exception as error:  # noqa: BLE001 - told below, with those of the other rows
                    error.add_note(f"the row: {name}")
                    failed[name] = error
            if failed:
                told = "".join(f"\n  {name}" for name in failed)
                message = f"{len(failed)} of {len(table)} rows failed:{told}\n"
                raise ExceptionGroup(message, list(failed.values()))

        rest = [each for name, each in parameters.items() if name not in keys]
        test.__signature__ = inspect.Signature(rest)  # type: ignore[attr-defined]
        return test

    return decorate


def _name_rows(table: list[object], ids: Iterable[str] | None) -> list[str]:
    """Return a name for each row, no two the same."""
    names = [repr(row) for row in table] if ids is None else list(ids)
    assert len(names) == len(table), "a name for each row"
    return [name if names.count(name) == 1 else f"{at}: {name}" for at, name in enumerate(names)]
