from __future__ import annotations

import pytest

from arthas_cli.views.target_names import fold_names


@pytest.mark.parametrize(
    ("names", "folded"),
    [
        ("web1 web2 web3", "web[1-3]"),
        ("web-1:8563 web-2:8563 web-4:8563 shop", "web-[1-2,4]:8563,shop"),
        ("10.0.0.1:8563 10.0.0.2:8563", "10.0.0.[1-2]:8563"),
        ("127.0.0.1:8563 127.0.0.1:8564", "127.0.0.1:[8563-8564]"),
        ("web01 web02 web1", "web01,web02,web1"),
        ("a a b", "a,b"),
        ("1 2", "[1-2]"),
        ("web-1", "web-1"),
        ("", ""),
    ],
)
def test_names_that_differ_in_one_number_are_put_together(names: str, folded: str) -> None:
    assert fold_names(names.split()) == folded
