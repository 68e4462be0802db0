"""A session that two people use: who sees what, and what ends with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import faults
from support.post import post
from support.program import shell

from .conftest import CTRL_C, User, open_shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.fake import FakeArthas


@pytest.fixture(autouse=True)
def _slow(fake: FakeArthas) -> None:
    """One call of the method at once and then none while the tests last."""
    fake.target.rate = 0.001


@pytest.fixture
def guest(user: User) -> Iterator[User]:
    """Somebody who has joined the session of `user`, who has shared it."""
    user.enter("version")
    session_id = user.enter(":share").split("--join ")[1].split()[0]
    with open_shell(user.fake, options={"join": session_id}) as guest:
        guest.find_prompt()
        yield guest


def test_share_prints_the_line_that_a_colleague_types(user: User) -> None:
    session_id = user.fake.sessions[0].id
    url = user.fake.url.removesuffix("/api")
    assert user.enter(":share").splitlines() == [
        f"arthas-shell --url {url} --join {session_id}",
        (
            "anyone who joins sees this session and can run commands in it; background jobs are not"
            " shared"
        ),
    ]


def test_who_joins_is_told_where_he_is_and_what_ran_before(guest: User) -> None:
    guest.see("[shared] earlier\n")
    guest.see("> version\n4.1.5\n")
    assert len(guest.fake.sessions) == 1


def test_each_sees_what_the_other_starts_and_how_it_ends(user: User, guest: User) -> None:
    guest.run_endless()
    sent = "watch --timeout 3600 demo.MathGame primeFactors"
    user.see(f"[shared] {sent}\nstarted by another user\n")
    guest.type(CTRL_C)
    guest.see("stopped after")
    user.see("it has ended\n")


def test_what_one_starts_himself_is_shown_once(user: User, guest: User) -> None:
    user.enter("version")
    guest.see("[shared] version\nstarted by another user\n4.1.5\nit has ended\n")
    assert user.enter("pwd").count("/srv/app") == 1
    assert "[shared]" not in user.text


def test_a_command_is_refused_while_the_other_one_runs_his(user: User, guest: User) -> None:
    guest.run_endless()
    assert "Another job is running" in user.enter("version")
    assert len(user.fake.jobs) == 1
    guest.type(CTRL_C)
    guest.see("stopped after")


def test_a_guest_who_leaves_does_not_end_the_session(user: User, guest: User) -> None:
    guest.begin("quit")
    guest.wait_for(guest.has_ended.is_set)
    assert user.enter("version").endswith("4.1.5\n")
    assert len(user.fake.sessions) == 1


def test_a_guest_whose_terminal_goes_away_takes_his_command_along(user: User, guest: User) -> None:
    guest.run_endless()
    guest.hang_up()
    guest.wait_for(guest.has_ended.is_set)
    user.wait_for(lambda: user.fake.jobs == [])
    assert len(user.fake.sessions) == 1


def test_the_owner_who_leaves_ends_it_for_all_and_that_is_told(user: User, guest: User) -> None:
    user.begin("quit")
    guest.see("[shared]\nlost the shared session: the session is gone from the server\n")


def test_a_session_that_is_not_there_cannot_be_joined(fake: FakeArthas) -> None:
    with (
        pytest.raises(Exception, match="the session is gone"),
        open_shell(fake, options={"join": "nosuch"}) as guest,
    ):
        guest.wait_for(guest.has_ended.is_set)


def test_a_shared_command_is_not_put_into_the_background(guest: User) -> None:
    guest.run_endless()
    guest.type("\x1a" + CTRL_C)
    guest.see("stopped after")
    assert "still running" not in guest.text


def test_a_broken_answer_is_told_as_the_end_of_looking_on(user: User) -> None:
    user.fake.faults.next(faults.html, skip=1, action="pull_results")
    user.enter(":share")
    post(user.fake.url, action="async_exec", sessionId=user.fake.sessions[0].id, command="pwd")
    user.see("lost the shared session: that is not the Arthas API")


def test_a_single_command_shares_nothing() -> None:
    ended = shell("exec", "--join", "x", "version")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "--join is for the shell" in ended.stderr
