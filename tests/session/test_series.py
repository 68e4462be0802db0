"""One session for one-shots that several threads ask: nobody waits, nothing is left behind."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from support.fake import Call, Command, FakeArthas, faults
from support.waiting import PATIENCE_S, wait_for, within

from arthas_cli.errors import ArthasShellError
from arthas_cli.line.plan import Plan
from arthas_cli.session.series import Series
from arthas_cli.session.tuning import is_own_line

from .conftest import VERSION, connect, run_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from support.fake.wire import Reply

PWD = Plan("pwd", "pwd", is_read=True)


@pytest.fixture(autouse=True)
def _is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake is near and opens a session in time, however busy this machine is."""
    for limit in ("_NEAR_S", "_OPEN_S"):
        monkeypatch.setattr(f"arthas_cli.session.series.{limit}", 60.0)


@pytest.fixture
def series(fake: FakeArthas) -> Iterator[Series]:
    """A series whose session is open."""
    series = Series(connect(fake.url, may_tune=True), is_long=True, waits=False)
    ask(series)
    ask(series)
    yield series
    series.close()


def ask(series: Series, plan: Plan = VERSION) -> list[str]:
    _, results = series.execute(series._server, plan, None)  # noqa: SLF001 - the one it is for
    return [result.type for result in results if result.type in ("version", "row", "status")]


def list_executed(fake: FakeArthas) -> list[str]:
    """Returns the lines that went by an `exec`, but for ours."""
    bodies = (seen.body for seen in fake.requests if seen.action == "exec")
    return [body["command"] for body in bodies if not is_own_line(body["command"])]


def hold_pull(fake: FakeArthas) -> tuple[threading.Event, threading.Event]:
    """Has the next pull be answered no sooner than the second event is set; the first: it came."""
    has_come, released = threading.Event(), threading.Event()

    def answer_late(exchange: faults.Exchange) -> Reply:
        has_come.set()
        released.wait(PATIENCE_S)
        return exchange.answer()

    fake.faults.next(answer_late, action="pull_results")
    return has_come, released


def test_who_asks_while_another_is_being_answered_is_not_held_up(
    series: Series, fake: FakeArthas
) -> None:
    has_come, released = hold_pull(fake)
    first = run_in_thread(lambda: ask(series, PWD))
    has_come.wait(PATIENCE_S)
    assert ask(series) == ["version", "status"]
    assert list_executed(fake) == ["version", "version"]
    released.set()
    first.join(PATIENCE_S)
    assert (fake.lines.count("pwd"), len(fake.sessions)) == (1, 1)


def test_who_is_asking_when_it_is_closed_gets_an_error_and_sends_nothing_more(
    series: Series, fake: FakeArthas
) -> None:
    has_come, released = hold_pull(fake)
    errors: list[ArthasShellError] = []

    def fail() -> None:
        with pytest.raises(ArthasShellError) as error:
            ask(series, PWD)
        errors.append(error.value)

    asking = run_in_thread(fail)
    has_come.wait(PATIENCE_S)
    series.close()
    assert fake.sessions == []
    released.set()
    asking.join(PATIENCE_S)
    assert len(errors) == 1
    assert list_executed(fake) == ["version"]
    assert ask(series) == ["version", "status"]
    assert list_executed(fake) == ["version", "version"]


def test_a_session_that_is_only_just_being_opened_when_it_is_closed_is_closed(
    fake: FakeArthas,
) -> None:
    is_opening, is_closing = threading.Event(), threading.Event()

    def answer_late(exchange: faults.Exchange) -> Reply:
        is_opening.set()
        is_closing.wait(PATIENCE_S)
        return exchange.answer()

    fake.faults.next(answer_late, action="init_session")
    series = Series(connect(fake.url, may_tune=True), is_long=True, waits=False)
    ask(series)
    is_opening.wait(PATIENCE_S)
    closing = run_in_thread(series.close)
    is_closing.set()
    closing.join(PATIENCE_S)
    assert fake.sessions == []
    assert [seen.action for seen in fake.requests].count("close_session") == 1


def test_what_was_broken_off_by_a_signal_is_not_taken_for_the_next_answer(
    series: Series, fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("arthas_cli.session.series._pull", interrupt)
        with pytest.raises(KeyboardInterrupt):
            ask(series)
    assert ask(series) == ["version", "status"]
    assert ask(series) == ["version", "status"]
    assert len(fake.sessions) == 1
    assert [seen.action for seen in fake.requests].count("init_session") == 2


def test_an_answer_that_is_long_does_not_count_as_trouble(series: Series, fake: FakeArthas) -> None:
    for name in ("memory", "sysprop", "sysenv", "vmoption", "logger"):
        fake.register(Command(name, lambda _: [{"type": "row"}] * 30))
        for _ in range(2):
            assert ask(series, Plan(name, name, is_read=True)).count("row") == 30
        assert (fake.lines.count(name), list_executed(fake).count(name)) == (3, 2)
        ask(series)
    ask(series)
    assert len(fake.sessions) == 1


def test_the_list_of_all_classes_is_asked_for_once(series: Series, fake: FakeArthas) -> None:
    fake.register(Command("classloader", lambda _: [{"type": "row"}] * 30))
    line = "classloader -a"
    assert ask(series, Plan(line, "classloader", is_read=True)).count("row") == 30
    assert fake.lines.count(line) == 1


def test_after_a_long_rest_the_session_is_replaced_while_one_goes_by_an_exec(
    series: Series, fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("arthas_cli.session.consumer._STALE_S", -1.0)
        assert ask(series) == ["version", "status"]
    assert list_executed(fake) == ["version", "version"]
    ask(series)
    assert list_executed(fake) == ["version", "version"]
    actions = [seen.action for seen in fake.requests]
    assert (actions.count("init_session"), actions.count("close_session")) == (2, 1)


def list_rows(fake: FakeArthas, number: int) -> threading.Event:
    """Has `sm` send many rows, and then as many when the event is set."""
    released = threading.Event()

    def send(_call: Call) -> Iterator[Mapping[str, object]]:
        for _ in range(number):
            yield {"type": "row"}
        released.wait(PATIENCE_S)
        for _ in range(number):
            yield {"type": "row"}

    fake.register(Command("sm", send))
    return released


SM = Plan("sm a.*", "sm", is_read=True)


def test_a_long_list_that_is_given_up_does_not_hold_up_the_server(
    series: Series, fake: FakeArthas
) -> None:
    released = list_rows(fake, 200)
    asking = run_in_thread(lambda: ask(series, SM))
    wait_for(lambda: list_executed(fake).count(SM.line) == 1)
    assert len(fake.sessions) == 1
    released.set()
    asking.join(PATIENCE_S)
    wait_for(lambda: fake.sessions == [])
    with within(15):  # the rows that are left would take 20 s
        assert ask(series) == ["version", "status"]


def test_a_session_in_which_a_long_list_goes_on_is_left_to_the_server(
    series: Series, fake: FakeArthas
) -> None:
    released = list_rows(fake, 200)
    asking = run_in_thread(lambda: ask(series, SM))
    wait_for(lambda: list_executed(fake).count(SM.line) == 1)
    series.close()
    assert len(fake.sessions) == 1
    released.set()
    asking.join(PATIENCE_S)
    wait_for(lambda: fake.jobs == [])
