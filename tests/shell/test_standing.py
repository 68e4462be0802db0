"""`reset` while commands run, what `:info` says of enhanced classes, and the offer at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas, Target
from support.post import post

from arthas_cli.session.enhanced import Standing
from arthas_cli.shell.jobs.standing import describe_standing

from .conftest import CTRL_C, CTRL_D, ENTER, WATCH, open_shell
from .test_consent import NOT_SENT, list_sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import User

RUNS_ON = "these are still running, and a reset now would leave their classes enhanced:\n"
ENDED = "ended 1 command first\n"
STANDS = "enhanced demo.MathGame: slower until you run 'reset'\n"
INFO = f"{STANDS}         to reset only these: reset demo.MathGame\n"


@pytest.fixture
def telling() -> Iterator[FakeArthas]:
    with FakeArthas(target=Target(tells_enhanced=True)) as fake:
        yield fake


def begin(fake: FakeArthas, line: str = WATCH) -> None:
    """Starts a command as a colleague does; nobody pulls, so it must not fill its queue."""
    fake.target.rate = 0.5
    session_id = post(fake.url, action="init_session")["sessionId"]
    post(fake.url, action="async_exec", sessionId=session_id, command=f"{line} -n 100000")
    fake.wait_for(lambda: fake.target.enhanced)


def list_running(fake: FakeArthas) -> list[str]:
    return [job.line for job in fake.jobs]


@pytest.mark.parametrize("answer", ["", "n", "never"])
def test_a_reset_under_a_command_is_asked_about_and_no_is_the_default(
    user: User, answer: str
) -> None:
    begin(user.fake)
    said = user.enter("reset")
    assert said.startswith(RUNS_ON)
    assert f"running  {WATCH} -n 100000\n" in said
    assert user.enter(answer) == NOT_SENT
    assert "reset" not in list_sent(user.fake)
    assert list_running(user.fake) == [f"{WATCH} -n 100000"]


def test_yes_ends_the_command_before_the_reset(user: User) -> None:
    begin(user.fake)
    user.enter("reset demo.*")
    assert user.enter("y").startswith(ENDED)
    assert list_running(user.fake) == []
    assert list_sent(user.fake)[-1] == "reset demo.*"


def test_a_command_of_our_own_is_marked_and_stopped_as_by_kill(user: User) -> None:
    user.enter(f"{WATCH} &")
    user.fake.wait_for(lambda: user.fake.target.enhanced)
    assert "  (of this shell)\n" in user.enter("reset")
    user.enter("y")
    user.see(ENDED)
    user.see(" · 0 lost · stopped after ")
    assert "failed" not in user.text


def test_without_a_way_to_see_jobs_our_own_are_still_known() -> None:
    target = Target(is_closed=True)
    with FakeArthas(target=target) as fake, open_shell(fake) as user:
        user.enter(f"{WATCH} &")
        assert user.enter("reset") == (
            f"arthas-shell: '[1] {WATCH}' is still running, and would keep its class enhanced\n"
            "hint: run 'kill 1' first\n"
        )
        assert "reset" not in list_sent(fake)
        user.enter("kill 1")
        user.see("stopped after")
        assert "it cannot be seen here whether commands are running" in user.enter("reset")
        assert "reset" in list_sent(fake)


def test_stop_ends_what_runs_before_it(telling: FakeArthas) -> None:
    with open_shell(telling) as user:
        begin(telling)
        assert RUNS_ON in user.enter("stop")
        assert ENDED in user.enter("y")


def test_every_round_of_a_repeated_reset_looks_anew(user: User) -> None:
    user.begin(":every --times 1000 100ms reset")
    user.fake.wait_for(lambda: list_sent(user.fake).count("reset") > 1)
    begin(user.fake)
    user.see("arthas-shell: a command runs on what 'reset' would take back: ")
    user.find_prompt()
    assert list_running(user.fake) == [f"{WATCH} -n 100000"]


def test_an_orphan_is_ended_when_it_is_confirmed(user: User) -> None:
    begin(user.fake)
    [job] = user.fake.jobs
    assert user.enter(f":orphans end {job.number}") == f"{job.number:5}  running  {job.line}\n"
    assert user.enter("n") == NOT_SENT
    assert list_running(user.fake) == [job.line]
    user.enter(f":orphans end {job.number}")
    assert user.enter("y") == (
        f"ended job {job.number}\nits classes stay enhanced until you run 'reset'\n"
    )
    assert list_running(user.fake) == []


def test_info_names_the_classes_that_we_enhanced_until_they_are_reset(
    telling: FakeArthas,
) -> None:
    telling.target.enhanced.add("java.util.HashMap")  # by somebody else
    with open_shell(telling) as user:
        assert "enhanced" not in user.enter(":info")
        user.enter(f"{WATCH} -n 1")
        assert INFO in user.enter(":info")
        user.enter("reset demo.MathGame")
        assert "enhanced" not in user.enter(":info")


@pytest.mark.parametrize(
    ("answer", "left"), [("y", set()), ("n", {"demo.MathGame"}), ("", {"demo.MathGame"})]
)
def test_the_end_of_the_shell_names_them_and_offers_a_reset(
    telling: FakeArthas, answer: str, left: set[str]
) -> None:
    telling.target.enhanced.add("java.util.HashMap")  # by somebody else
    with open_shell(telling) as user:
        user.enter(f"{WATCH} -n 1")
        user.begin("quit")
        user.see(STANDS)
        user.find_prompt()
        user.type(answer + ENTER)
        user.wait_for(user.has_ended.is_set)
    assert telling.target.enhanced == {"java.util.HashMap", *left}
    assert telling.sessions == []


def test_at_the_offer_a_line_that_was_begun_is_known_to_have_no_prompt_left(
    telling: FakeArthas,
) -> None:
    with open_shell(telling) as user:
        user.enter(f"{WATCH} -n 1")
        user.begin("quit")
        user.see(STANDS)
        user.find_prompt()
        assert user.shell is not None
        assert user.shell.runner.terminal.is_last
        user.type(ENTER)
        user.wait_for(user.has_ended.is_set)


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_the_offer_can_be_left_with_a_key(telling: FakeArthas, key: str) -> None:
    with open_shell(telling) as user:
        user.enter(f"{WATCH} -n 1")
        user.begin("quit")
        user.see(STANDS)
        user.find_prompt()
        user.type(key)
        user.wait_for(user.has_ended.is_set)
    assert "reset" not in " ".join(list_sent(telling))


def test_where_a_colleague_still_looks_nothing_is_offered(telling: FakeArthas) -> None:
    with open_shell(telling) as user:
        user.enter(f"{WATCH} -n 1")
        begin(telling)
        user.begin("quit")
        user.see("demo.MathGame: still in use by running commands, reset them after these end\n")
        user.wait_for(user.has_ended.is_set)


def test_what_the_server_does_not_tell_is_said_by_our_lines(user: User) -> None:
    user.enter(f"{WATCH} -n 1")
    assert user.enter(":info").endswith(
        f"enhanced unknown classes may be, because of {WATCH} -n 1\n"
        "         run 'reset' once no command is running on them\n"
    )


def test_of_many_classes_the_first_are_named() -> None:
    names = tuple(f"a.C{number}" for number in range(10))
    [said] = describe_standing(Standing(free=names))
    assert said.startswith("enhanced a.C0, a.C1, a.C2, a.C3, a.C4, a.C5, a.C6, a.C7 and 2 more: ")
    assert describe_standing(Standing()) == []
