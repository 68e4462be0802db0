"""What a user does, against a real server of each version; the last test stops it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.inside import count_jobs, forget_consumers, is_open
from support.waiting import wait_for, within

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import CommandFailed, NoServer, ServerError, UnknownCommand
from arthas_cli.guard.patterns import make_reset_line
from arthas_cli.jsontext import as_object
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.protocol import Action
from arthas_cli.session.doubts import end_jobs, find_doubts
from arthas_cli.session.enhanced import Standing, find_standing
from arthas_cli.session.orphans import list_jobs
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.protocol import Result

    from .conftest import Live

WATCH = "watch fx.Hot hit '{params[0]}'"
# From here on `stack` and `thread -n` can be written on Java 17 and newer.
WRITES_STACKS = (3, 6, 4)
HAS_TIMEOUT = (4, 1, 3)


@pytest.fixture(params=[False, True], ids=["plain", "tuned"])
def session(request: pytest.FixtureRequest, live: Live) -> Iterator[Session]:
    """A session, tuned and not, of which nothing is left afterwards."""
    with Session.open(live.connect(may_tune=request.param)) as session:
        assert session.consumer.is_tuned == request.param
        yield session
    assert not is_open(live.url, session.id)
    wait_for(lambda: count_jobs(live.url) == 0, lambda: list_jobs(live.connect()))


def start(session: Session, line: str) -> Stream:
    return Stream(session, make_plan(parse_line(line, load_commands())))


def read_numbers(results: list[Result]) -> list[int]:
    """Returns the numbers of the calls that were watched."""
    values = [str(result.data["value"]) for result in results if result.type == "watch"]
    return [int(match[0]) for match in map(re.compile(r"\d+").search, values) if match]


def test_version(live: Live) -> None:
    ran = live.run("version")
    assert ran.ended_well
    assert [result.data["version"] for result in ran.results] == [live.version]


def test_the_welcome_names_the_version(live: Live) -> None:
    with Session.open(live.connect()) as session:
        assert session.welcome.version == live.version
        assert session.welcome.pid.isdigit()


def test_sc(live: Live) -> None:
    ran = live.run("sc fx.*")
    assert ran.ended_well
    names = [name for result in ran.pick("sc") for name in _as_list(result.data["classNames"])]
    assert {"fx.Fixture", "fx.Hot"} <= set(names)


def test_what_a_wide_sm_lost_is_counted_exactly(live: Live) -> None:
    ran = live.run("sm java.util.* -n 100000")
    assert ran.outcome.status == 0
    rows = ran.pick("row_affect")[0].data["rowCount"]
    assert ran.outcome.lost is not None
    assert len(ran.pick("sm")) + ran.outcome.lost == rows
    assert int(str(rows)) > 500


def test_thread(live: Live) -> None:
    ran = live.run("thread")
    assert ran.ended_well
    threads = ran.pick("thread")[0].data["threadStats"]
    assert "hot" in str(threads)


def test_jad(live: Live) -> None:
    ran = live.run("jad fx.Hot")
    assert ran.ended_well
    assert "class Hot" in str(ran.pick("jad")[0].data["source"])


def test_a_class_that_is_not_there(live: Live) -> None:
    ran = live.run("sc nosuch.Thing")
    assert ran.ended_well
    assert ran.pick("row_affect")[0].data["rowCount"] == 0


def test_a_watch_of_a_class_that_is_not_there_fails(live: Live) -> None:
    ran = live.run("watch nosuch.Thing run -n 1")
    assert ran.outcome.status == -1
    assert isinstance(ran.outcome.error, CommandFailed)


def test_a_command_that_is_not_there(live: Live) -> None:
    assert isinstance(live.run("nosuch").outcome.error, UnknownCommand)


def test_a_watch_ends_at_its_limit_and_is_accounted_for(session: Session) -> None:
    stream = start(session, f"{WATCH} -n 60")
    numbers = read_numbers(list(stream))
    assert (stream.outcome.state, stream.outcome.status) == ("SUCCEEDED", 0)
    assert (stream.outcome.lost, stream.outcome.error) == (0, None)
    assert numbers == list(range(numbers[0], numbers[0] + 60))


def test_an_endless_watch_is_interrupted(session: Session) -> None:
    stream = start(session, f"{WATCH} -n 1000000")
    results = [next(stream) for _ in range(20)]
    with within(20):
        stream.interrupt()
        results += stream
    assert (stream.outcome.state, stream.outcome.status) == ("INTERRUPTED", 0)
    assert (stream.outcome.lost, stream.outcome.error) == (0, None)
    numbers = read_numbers(results)
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_a_stream_is_bounded_on_the_server_where_the_version_can(
    live: Live, session: Session
) -> None:
    plan = make_plan(parse_line(f"{WATCH} -n 3", load_commands()))
    assert plan.bound is not None
    line = plan.bound.add_to(plan.line, session.welcome.version_numbers, 60)
    assert ("--timeout" in line) == (live.numbers >= HAS_TIMEOUT)
    stream = Stream(session, plan)
    assert len(read_numbers(list(stream))) == 3
    assert stream.outcome.status == 0


def test_a_consumer_that_was_forgotten_is_replaced(
    live: Live, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(start(session, f"{WATCH} -n 3"))
    forget_consumers(live.url, session.id)
    monkeypatch.setattr("arthas_cli.session.consumer._STALE_S", 0.0)
    stream = start(session, f"{WATCH} -n 30")
    assert len(read_numbers(list(stream))) == 30
    assert (stream.outcome.status, stream.outcome.lost) == (0, 0)


STREAMS = [
    ("trace fx.Hot hit -n 3", "trace", 3),
    ("monitor -c 1 fx.Hot hit -n 1", "monitor", 1),
    ("tt -t fx.Hot hit -n 3", "tt", 3),
    ("dashboard -i 200 -n 2", "dashboard", 2),
]


@pytest.mark.parametrize(("line", "kind", "count"), STREAMS, ids=[row[1] for row in STREAMS])
def test_a_stream_ends_by_itself(live: Live, line: str, kind: str, count: int) -> None:
    ran = live.run(line)
    assert ran.ended_well
    assert len(ran.pick(kind)) == count


@pytest.mark.parametrize("line", ["stack fx.Hot hit -n 2", "thread -n 2"])
def test_stacks_are_shown_or_it_is_said_that_they_cannot_be_written(live: Live, line: str) -> None:
    ran = live.run(line)
    if live.numbers >= WRITES_STACKS:
        assert ran.ended_well
        assert ran.results
    else:
        assert isinstance(ran.outcome.error, ServerError)
    wait_for(lambda: count_jobs(live.url) == 0)


def test_what_stays_enhanced_is_known_and_a_reset_waits_for_what_runs_there(live: Live) -> None:
    server = live.connect()
    with Session.open(server) as session:
        assert [each.type for each in start(session, f"{WATCH} -n 1")][-1] == "watch"
    assert find_standing(server) == Standing(free=("fx.Hot",))
    with Session.open(live.connect()) as session:
        job = start(session, f"{WATCH} -n 100000")
        while next(job).type != "watch":
            continue
        assert find_standing(server) == Standing(busy=("fx.Hot",))
        assert find_doubts(server, "reset fx.Fixture").jobs == ()
        doubts = find_doubts(server, "reset -E fx[.]Ho.*")
        assert [each.session_id for each in doubts.jobs] == [session.id]
        end_jobs(server, doubts.jobs)
        list(job)
        assert job.outcome.status == 0
    assert find_standing(server) == Standing(free=("fx.Hot",))
    [reset] = live.run(make_reset_line(("fx.Hot", "fx.Twice"))).pick("reset")
    assert as_object(reset.data["affect"])["classCount"] == 1
    assert find_standing(server) == Standing()


def test_stop_is_known_to_have_worked(live: Live) -> None:
    ran = live.run("stop")
    assert (ran.outcome.lost, ran.outcome.error) == (0, None)
    wait_for(lambda: is_gone(live))  # 3.6.4 answers before it is


def is_gone(live: Live) -> bool:
    try:
        live.connect().ask(Action.SESSION_INFO)
    except NoServer:
        return True
    return False


def _as_list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value
