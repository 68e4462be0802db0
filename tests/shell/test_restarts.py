"""A JVM that was restarted behind the same address: no line goes to it unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import User

GONE = "arthas-shell: the session is gone: the JVM may be another one now"
OTHER = "arthas-shell: another JVM answers there now: nothing was sent"
AGAIN = "hint: type the line again if it is for this one"


def list_run(user: User) -> list[str]:
    """Returns the lines of jobs but for the shell's own: it tunes sessions and reads the help."""
    lines = user.fake.lines
    return [line for line in lines if not line.startswith(("ognl ", "help", "classloader"))]


def test_rounds_end_when_the_jvm_is_another_one(user: User) -> None:
    def count_rounds() -> int:
        return sum(seen.body.get("command") == "pwd" for seen in user.fake.requests)

    user.begin(":every 100ms pwd")
    user.wait_for(lambda: count_rounds() > 1)
    user.fake.restart("shop.Main")
    sent = count_rounds()
    user.see(GONE)
    assert count_rounds() <= sent + 1  # one may have passed the question just before


def test_an_agreed_stop_does_not_end_the_arthas_of_another_jvm(user: User) -> None:
    user.enter("version")
    user.fake.restart("shop.Main")
    user.enter("stop")
    assert GONE in user.enter("y")
    user.enter("stop")
    assert OTHER in user.enter("y")
    assert list_run(user) == ["version"]


@pytest.mark.parametrize("line", ["sysprop a b", "watch a b &", "sysprop a b ; pwd"])
def test_a_line_for_the_jvm_before_does_not_reach_the_next_one(user: User, line: str) -> None:
    user.enter("version")
    user.fake.restart("shop.Main")
    assert "arthas-shell: the session is gone" in user.enter(line)
    assert OTHER in user.enter(line)
    assert list_run(user) == ["version"]


def test_not_even_a_line_that_only_reads_reaches_another_jvm_unsaid(user: User) -> None:
    user.enter("version")
    user.fake.restart("shop.Main")
    said = user.enter("pwd")
    assert "· shop.Main ·" in said
    assert OTHER in said
    assert AGAIN in said
    assert list_run(user) == ["version"]
    assert OTHER not in user.enter("pwd")
    assert list_run(user) == ["version", "pwd"]


def test_a_session_that_the_same_jvm_forgot_is_opened_anew_for_a_line_that_reads(
    user: User,
) -> None:
    user.enter("version")
    user.fake.evict()
    assert "arthas-shell:" not in user.enter("pwd")
