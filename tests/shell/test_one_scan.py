"""A line is scanned and read once on its way from the prompt to the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.scans import Scans, count_scans

if TYPE_CHECKING:
    from .conftest import User

LINE = "watch demo.MathGame primeFactors '{params,returnObj}' -x 2 -n 3"


def enter(user: User, monkeypatch: pytest.MonkeyPatch, line: str, sent: str) -> Scans:
    """Enters the line; what the prompt scans while it is typed is not counted."""
    shell = user.shell
    assert shell is not None
    take, found = shell.take, Scans()

    def take_counted(typed: str) -> None:
        with count_scans(monkeypatch, sent) as seen:
            take(typed)
        found.__dict__.update(seen.__dict__)

    monkeypatch.setattr(shell, "take", take_counted)
    user.enter(line)
    assert found.has_sent
    return found


@pytest.mark.parametrize("line", [LINE, f":every --times 1 1s {LINE}", f"{LINE} | cat"])
def test_a_typed_line_is_scanned_once_and_read_once(
    user: User, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    seen = enter(user, monkeypatch, line, "watch")
    assert (seen.scanned, seen.read) == ([line], [LINE])


def test_several_commands_in_a_line_are_scanned_once(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = f"version;pwd|cat ; {LINE}|cat"
    assert enter(user, monkeypatch, line, "watch").scanned == [line]
