"""A JVM that was restarted behind the same address: no line goes to it unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.terminal import open_terminal

from arthas_cli.config.settings import Connection
from arthas_cli.errors import NoServer
from arthas_cli.shell.jobs import watch
from arthas_cli.shell.jobs.watch import Watch
from arthas_cli.transport import open_transport

from .conftest import CTRL_D, open_shell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from arthas_cli.protocol import Answer, Request
    from arthas_cli.session.server import Server

    from .conftest import User

GONE = "arthas-shell: the session is gone: the JVM may be another one now"
OTHER = "arthas-shell: another JVM answers there now, up 3 min: nothing was sent"
AGAIN = "hint: type the line again to run it on this JVM"


@pytest.fixture(autouse=True)
def awake(still: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the shell look at once whether the server is there."""
    del still
    monkeypatch.setattr(watch, "FIRST_S", 0.0)


def list_run(user: User) -> list[str]:
    """Returns the lines of jobs but for the shell's own: it tunes sessions and asks."""
    own = ("ognl ", "help", "classloader", "jvm", "dashboard", "session")
    return [line for line in user.fake.lines if not line.startswith(own)]


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


def test_another_jvm_is_told_from_the_one_before_by_its_pid(user: User) -> None:
    user.enter("version")
    user.fake.target.pid = 31241
    user.fake.restart("shop.Main")
    said = user.enter("pwd")
    assert "another JVM answers there now, pid 31241 (was 4242), up 3 min: nothing" in said


def know_start(user: User) -> None:
    """Waits until the shell knows when the JVM was started."""
    user.wait_for(lambda: user.shell and user.shell.runner.link.start)


def test_a_restarted_container_is_another_jvm_though_pid_and_program_are_the_same(
    user: User,
) -> None:
    know_start(user)
    user.fake.restart()
    assert OTHER in user.enter("pwd")
    assert list_run(user) == []


def test_a_reconnect_says_that_it_is_another_jvm(user: User) -> None:
    know_start(user)
    user.fake.restart()
    assert "another JVM answers there now, up 3 min" in user.enter(":reconnect")


def test_a_line_without_a_jvm_says_how_to_come_back(user: User) -> None:
    user.fake.end()
    assert "hint: run ':reconnect' once a JVM with Arthas is back" in user.enter("pwd")


def test_a_job_that_went_with_its_jvm_says_how_to_start_it_again(user: User) -> None:
    user.enter("pwd")
    user.enter("watch demo.MathGame primeFactors &")
    user.fake.wait_for(lambda: user.fake.jobs)
    user.fake.restart()
    user.see("failed: the session is gone from the server · '!2' starts it again")


def test_a_reconnect_is_wanted_and_any_jvm_is_told_of(user: User) -> None:
    user.fake.restart("shop.Main")
    said = user.enter(":reconnect")
    assert "· shop.Main ·" in said
    assert "arthas-shell:" not in said


def test_prompt_and_toolbar_show_that_the_jvm_is_gone(tmp_path: Path) -> None:
    with (
        FakeArthas() as fake,
        open_terminal("--url", fake.url, home=tmp_path, answers=True) as terminal,
    ):
        terminal.see("[arthas@4242 demo.MathGame] ❯")
        fake.end()
        terminal.enter("version")
        terminal.see("[arthas@4242 demo.MathGame gone] ❯")
        terminal.see("no answer since ")
        terminal.enter(":reconnect")
        terminal.wait_for(lambda: terminal.screen.count("gone] ❯") > 1)
        assert "arthas@?" not in terminal.screen
        terminal.type(CTRL_D)
        assert terminal.end() == 0
        assert "enhanced" not in terminal.screen


def test_the_watch_says_that_a_jvm_has_gone_before_a_line_does(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "CALM_S", 0.05)
    monkeypatch.setattr(watch, "ANXIOUS_S", 0.05)
    assert user.shell is not None
    link = user.shell.runner.link
    looks = Watch(link, lambda: None, user.shell.say)
    looks.start()
    user.fake.wait_for(lambda: link.start)  # by that the next one is told
    user.fake.restart("shop.Main")
    user.see("another JVM answers there now, up 3 min; ':reconnect' opens a session on it")
    assert link.is_lost
    looks.stop()
    user.enter("pwd")
    assert not link.is_lost


def test_the_end_of_the_jvm_is_seen_at_once_and_without_a_request(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "CALM_S", 3600.0)
    with open_shell(fake) as user:
        user.find_prompt()
        know_start(user)
        assert user.shell is not None
        silence = user.shell.runner.link.server.silence
        fake.end()
        user.wait_for(lambda: silence.is_gone)


def test_a_jvm_that_is_back_is_told_of_though_the_session_was_dropped(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "ANXIOUS_S", 0.02)
    assert user.shell is not None
    know_start(user)
    link = user.shell.runner.link
    link.drop()
    # What a job gets in the meantime ends the silence before the watch looks again.
    looks = Watch(link, link.server.silence.end, user.shell.runner.terminal.put)
    monkeypatch.setattr(watch, "CALM_S", 0.02)
    monkeypatch.setattr(link.server, "_transport", Away(link.server, 3))
    user.fake.restart()
    looks.start()
    user.see("another JVM answers there now, up 3 min; ':reconnect' opens a session on it")
    looks.stop()


@pytest.mark.parametrize(("has_way", "waits"), [(False, [2.0] * 6), (True, [2, 4, 8, 16, 30, 30])])
def test_the_watch_looks_ever_more_rarely_where_each_look_opens_a_way(
    user: User, monkeypatch: pytest.MonkeyPatch, *, has_way: bool, waits: list[float]
) -> None:
    assert user.shell is not None
    looks = Watch(user.shell.runner.link, lambda: None, user.shell.say, has_way=has_way)
    waited: list[float] = []
    monkeypatch.setattr(looks._is_stopping, "wait", waited.append)  # noqa: SLF001 - no clock
    for _ in waits:
        looks._wait(is_calm=False)  # noqa: SLF001 - as its thread does
    looks._wait(is_calm=True)  # noqa: SLF001
    looks._wait(is_calm=False)  # noqa: SLF001
    assert waited == [*waits, 10.0, 2.0]


class Away:
    """The way to a server where nothing listens for so many requests."""

    def __init__(self, server: Server, times: int) -> None:
        self.url, self._times = server.url, times
        self._real = open_transport(Connection(url=server.url), {})

    def send(
        self,
        request: Request,
        *,
        timeout_s: float | None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        self._times -= 1
        if self._times >= 0:
            raise NoServer("nothing listens")
        return self._real.send(request, timeout_s=timeout_s, meanwhile=meanwhile)
