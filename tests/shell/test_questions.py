"""What the shell asks by itself: by a session of its own and by an `exec` each, with one result."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest
from support.fake import Call, Command, FakeArthas, faults

from arthas_cli.session.tuning import is_own_line
from arthas_cli.shell.jobs.repeat import Rounds

from .conftest import CTRL_C, open_shell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from .conftest import User

WAYS = ("session", "one by one")
EVERY = ":every --times 4 100ms"


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, still: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """How it is asked. A session is used however busy this machine is."""
    del still
    if request.param == WAYS[0]:
        for limit in ("_NEAR_S", "_OPEN_S"):
            monkeypatch.setattr(f"arthas_cli.session.series.{limit}", 60.0)
    return str(request.param)


def count_asked(fake: FakeArthas, action: str, line: str) -> int:
    """Returns how often a line was sent by that action."""
    asked = [seen.body.get("command") for seen in fake.requests if seen.action == action]
    return asked.count(line)


def read(shown: str) -> str:
    return re.sub(r"\d+\.\d+ s", "N s", shown)


def hang(fake: FakeArthas, name: str) -> Callable[[], None]:
    """Has all but the first run of a command not end before what is returned is called."""
    released = threading.Event()

    def run(_call: Call) -> Iterator[Mapping[str, object]]:
        if fake.lines.count(name) > 1:
            released.wait(10)
        yield {"type": name, "memoryInfo": {}}

    fake.register(Command(name, run))
    return released.set


ROUNDS = {
    "pwd": "/srv/app\n",
    "thread 999999": "failed: thread do not exist! id: 999999\n",
    "sc no.such.Class": "no loaded class matches 'no.such.Class'\n",
    "version -h": "",
}


@pytest.mark.parametrize("line", ROUNDS)
def test_rounds_show_the_same_on_both_ways(way: str, fake: FakeArthas, line: str) -> None:
    with open_shell(fake) as user:
        shown = read(user.enter(f"{EVERY} {line}"))
    for number in range(1, 5):
        assert f"every 0.1s · {line} · round {number}\n{ROUNDS[line]}" in shown
    assert shown.endswith("4 rounds · 0 lost · ended by itself after N s\n")
    by_session = 3 if way == WAYS[0] else 0
    assert count_asked(fake, "async_exec", line) == by_session
    assert count_asked(fake, "exec", line) == 4 - by_session
    assert (fake.sessions, fake.jobs) == ([], [])


TROUBLES = {
    "refused": (faults.refused(), "async_exec", 1),
    "start cut": (faults.cut_before_headers, "async_exec", 1),
    "pull cut": (faults.cut_in_body, "pull_results", 4),
    "session gone": (faults.failed("session not found: x"), "async_exec", 1),
    "consumer gone": (faults.failed("consumer not found: x"), "pull_results", 4),
    "no session": (faults.failed("no"), "init_session", 0),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_session_shows_in_nothing(
    fake: FakeArthas, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("_NEAR_S", "_OPEN_S"):
        monkeypatch.setattr(f"arthas_cli.session.series.{limit}", 60.0)
    with open_shell(fake) as user:
        user.find_prompt()  # its own session is open
        fault, action, skip = TROUBLES[trouble]
        fake.faults.next(fault, action=action, skip=skip)
        shown = read(user.enter(f"{EVERY} pwd"))
    assert shown.count("/srv/app\n") == 4
    assert shown.endswith("4 rounds · 0 lost · ended by itself after N s\n")
    assert "arthas-shell:" not in shown
    assert (fake.sessions, fake.jobs) == ([], [])


@pytest.mark.usefixtures("way")
def test_the_reason_is_found_the_same_on_both_ways(user: User) -> None:
    user.fake.register(Command("options", lambda _: [{"type": "options", "options": []}]))
    for _ in range(2):
        said = user.enter(":why watch demo.MathGame primeFactor")
        assert said.startswith(
            "no method matches 'primeFactor': \nmethods with a similar name:\n"
            "    watch demo.MathGame primeFactors\n"
        )


@pytest.mark.parametrize("tune", ["", "tune = true"])
def test_no_question_goes_by_a_tuned_session_in_production_unless_that_is_allowed(
    fake: FakeArthas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tune: str
) -> None:
    for limit in ("_NEAR_S", "_OPEN_S"):
        monkeypatch.setattr(f"arthas_cli.session.series.{limit}", 60.0)
    config = tmp_path / "config.toml"
    config.write_text(f"[profiles.p]\nurl = '{fake.url}'\nproduction = true\n{tune}\n")
    with open_shell(fake, options={"profile": "p", "config": str(config)}) as user:
        for line in (":why watch demo.MathGame primeFactor", f"{EVERY} pwd"):
            user.enter(line)
        user.begin("sysprop \t")  # asks for the names
        user.wait_for(lambda: any(seen.body.get("command") == "sysprop" for seen in fake.requests))
        user.type(CTRL_C)
    executed = [seen.body["command"] for seen in fake.requests if seen.action == "exec"]
    opened = [seen.action for seen in fake.requests].count("init_session")
    is_tuned = bool(tune)
    assert (opened > 1) is is_tuned  # one is that of the typed lines
    assert any(map(is_own_line, executed)) is is_tuned
    assert (count_asked(fake, "async_exec", "pwd") > 0) is is_tuned
    assert (fake.sessions, fake.jobs) == ([], [])


@pytest.mark.usefixtures("way")
def test_ctrl_c_behind_a_round_that_takes_long_ends_the_rounds(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_stopping = threading.Event()
    interrupt = Rounds.interrupt

    def stop(rounds: Rounds) -> None:
        interrupt(rounds)
        is_stopping.set()

    monkeypatch.setattr(Rounds, "interrupt", stop)
    release = hang(user.fake, "memory")
    user.begin(":every 100ms memory")
    user.wait_for(lambda: user.fake.lines.count("memory") == 2)
    user.type(CTRL_C)
    user.wait_for(is_stopping.is_set)
    release()
    user.see("1 round · 0 lost · stopped after ")
    assert user.enter("pwd") == "/srv/app\n"


@pytest.mark.usefixtures("way")
def test_a_round_that_is_let_go_holds_up_nothing_and_leaves_nothing(fake: FakeArthas) -> None:
    with open_shell(fake) as user:
        release = hang(fake, "memory")
        user.begin(":every 100ms memory")
        user.wait_for(lambda: fake.lines.count("memory") == 2)
        user.type(CTRL_C)
        user.type(CTRL_C)
        user.find_prompt()
        user.begin("quit")
        user.has_ended.wait(10)
        release()
    fake.wait_for(lambda: (fake.sessions, fake.jobs) == ([], []))
    assert fake.lines.count("memory") == 2


@pytest.mark.parametrize("options", [{"read_only": True}, {"no_tune": True}])
def test_no_second_session_is_opened_where_none_may_be_tuned(
    fake: FakeArthas, options: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.series._NEAR_S", 60.0)
    with open_shell(fake, options=options) as user:
        assert user.enter(f"{EVERY} pwd").count("/srv/app\n") == 4
        assert len(fake.sessions) == 1
    assert count_asked(fake, "exec", "pwd") == 4
    assert not any(map(is_own_line, fake.lines))
