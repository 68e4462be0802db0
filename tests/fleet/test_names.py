"""The names of many JVMs in few words."""

from __future__ import annotations

import pytest

from arthas_cli.fleet.names import fold_briefly, fold_names, quote_names


@pytest.mark.parametrize(
    ("names", "folded"),
    [
        ([], ""),
        (["db"], "db"),
        (["web-1", "web-2", "web-3"], "web-[1-3]"),
        (["web-1:8563", "web-2:8563"], "web-[1-2]:8563"),
        (["10.0.0.7:8563", "10.0.0.8:8563"], "10.0.0.[7-8]:8563"),
        (["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"], "127.0.0.1:[1-3]"),
        (["web-1", "web-2", "db", "web-4"], "web-[1-2], db, web-4"),
        (["web-9", "web-10"], "web-[9-10]"),
        (["web-01", "web-02"], "web-[01-02]"),
        (["web-09", "web-10"], "web-09, web-10"),
        (["web-2", "web-1"], "web-2, web-1"),
        (["a", "b"], "a, b"),
    ],
)
def test_numbers_in_a_row_are_a_range(names: list[str], folded: str) -> None:
    assert fold_names(names) == folded


def test_what_is_too_long_for_a_message_is_counted() -> None:
    names = [f"{letter}-pod" for letter in "abcdefghijkl"]
    assert fold_briefly(names) == (
        "a-pod, b-pod, c-pod, d-pod, e-pod, f-pod, g-pod, h-pod and 4 more"
    )


def test_names_in_a_sentence_are_quoted() -> None:
    assert quote_names(["a", "b", "c"]) == "'a', 'b' and 'c'"
