"""A table of rows as one test: none may fail unseen."""

from __future__ import annotations

import inspect

import pytest
from support.table import each_row


def fail_odd(number: int, name: str) -> None:
    assert number % 2 == 0, name


def test_every_row_is_tried_and_those_that_fail_are_named() -> None:
    test = each_row("number, name", [(1, "one"), (2, "two"), (3, "three")])(fail_odd)
    with pytest.RaisesGroup(AssertionError, AssertionError) as caught:
        test()
    assert caught.value.message == "2 of 3 rows failed:\n  (1, 'one')\n  (3, 'three')\n"
    assert [error.__notes__ for error in caught.value.exceptions] == [
        ["the row: (1, 'one')"],
        ["the row: (3, 'three')"],
    ]


def test_tables_of_tables_are_tried_whole() -> None:
    seen: list[tuple[int, str]] = []

    def take(number: int, name: str) -> None:
        seen.append((number, name))

    each_row("number", [1, 2])(each_row("name", ["a", "b"])(take))()
    assert seen == [(1, "a"), (1, "b"), (2, "a"), (2, "b")]


def test_pytest_is_asked_for_the_rest_of_what_the_test_takes() -> None:
    test = each_row("name", ["a"], ids=["first"])(fail_odd)
    assert list(inspect.signature(test).parameters) == ["number"]
    with pytest.raises(ExceptionGroup, match="1 of 1 rows failed:\n  first\n"):
        test(number=1)


def test_a_table_without_rows_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="fail_odd has no rows"):
        each_row("number, name", [])(fail_odd)
