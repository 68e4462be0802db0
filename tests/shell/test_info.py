"""Where one is, and what this shell has changed or holds on the server."""

from __future__ import annotations

import pytest
from support.fake import Command, FakeArthas, Target

from arthas_cli.config.settings import Connection
from arthas_cli.session.server import Server
from arthas_cli.shell.commands.info import format_time
from arthas_cli.transport import open_transport

from .conftest import User, open_shell


def test_a_tuned_session_is_named_as_such(user: User) -> None:
    session_id = user.fake.sessions[0].id
    assert user.enter(":info").splitlines() == [
        f"server   Arthas 4.1.5 at {user.fake.url}",
        "target   pid 4242 demo.MathGame, started 2026-11-24 17:20:56",
        f"session  {session_id}",
        "access   asks before dangerous commands",
        "queue    5,000 results, fetched 1 at a time: tuned, for this session only",
        "bound    abandoned streams end on the server after 1 h",
        "jobs     0 commands in the background",
    ]


def test_a_jvm_that_is_another_one_is_not_told_as_the_one_before(user: User) -> None:
    user.enter(":info")
    user.fake.restart("shop.Main")
    assert "another JVM answers there now" in user.enter(":info")
    assert "shop.Main, started " in user.enter(":info")


def test_a_session_that_is_gone_is_told_as_the_one_that_takes_its_place(user: User) -> None:
    gone = user.fake.sessions[0].id
    user.fake.evict()
    assert gone not in user.enter(":info")


def test_a_start_is_not_kept_for_a_jvm_that_does_not_tell_its_own(user: User) -> None:
    user.enter(":info")
    user.fake.restart("shop.Main")
    user.fake.register(Command("jvm", lambda _: []))
    user.enter(":info")
    assert "target   pid 4242 shop.Main\n" in user.enter(":info")


def test_a_server_that_does_not_let_itself_be_tuned_is_named() -> None:
    with FakeArthas(target=Target(is_closed=True)) as fake, open_shell(fake) as user:
        said = "50 results, fetched 20 at a time: not tuned (this server does not allow tuning)\n"
        assert said in user.enter(":info")


def test_no_tune_leaves_the_session_as_it_is(fake: FakeArthas) -> None:
    with open_shell(fake, options={"no_tune": True}) as user:
        assert "not tuned (--no-tune)" in user.enter(":info")
    assert all("ognl" not in str(seen.body.get("command")) for seen in fake.requests)


@pytest.mark.parametrize(("seconds", "text"), [(3600, "1 h"), (1800, "30 min"), (90, "90 s")])
def test_a_time_is_said_in_the_largest_unit_that_fits(seconds: int, text: str) -> None:
    transport = open_transport(Connection(), {})
    assert format_time(Server(transport, job_timeout_s=seconds)) == text
