"""`:raw` sends a line that nothing here has looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import User


def list_typed(user: User) -> list[str]:
    return [seen.body["command"] for seen in user.fake.requests if seen.action == "async_exec"]


@pytest.mark.parametrize("line", ["echo 'a b", "echo a ; echo b", "echo a | wc", "echo a b c"])
def test_a_raw_line_goes_out_as_it_is_if_it_is_meant(user: User, line: str) -> None:
    user.begin(f":raw {line}")
    user.see("'echo' is dangerous: ")
    user.enter("y")
    assert list_typed(user) == [line]


def test_a_raw_line_without_danger_is_not_asked_about(user: User) -> None:
    user.enter(":raw thread -n abc")
    assert list_typed(user) == ["thread -n abc"]


def test_without_a_line_there_is_nothing_to_send(user: User) -> None:
    assert user.enter(":raw") == (
        "arthas-shell: missing the line to send\nhint: use ':raw COMMAND'\n  :raw\n  ^^^^\n"
    )
    assert list_typed(user) == []
