"""A `reset` under commands that run leaves their classes enhanced: they are found and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas, Target
from support.post import post

from arthas_cli.config.settings import Connection
from arthas_cli.errors import NotRun, TimedOut, Unconfirmed
from arthas_cli.guard.policy import Policy
from arthas_cli.session import doubts as module
from arthas_cli.session.doubts import Doubts, end_jobs, find_doubts
from arthas_cli.session.orphans import ServerJob
from arthas_cli.session.server import Server
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    from collections.abc import Iterator

WATCH = "watch --timeout 3600 demo.MathGame primeFactors -n 100000"
BLIND = (
    "it cannot be seen here whether commands are running; if one is, its class stays enhanced"
    " until you run 'jad CLASS' after that command has ended"
)
SLOW = 0.5  # nobody pulls: a queue that runs full would end the command
METHODS = {"demo.MathGame": ("run", "primeFactors"), "demo.Other": ("run",)}


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    with FakeArthas(target=Target(methods=dict(METHODS), rate=SLOW)) as fake:
        yield fake


def connect(fake: FakeArthas, policy: Policy | None = None) -> Server:
    return Server(open_transport(Connection(url=fake.url), {}), policy=policy or Policy())


def begin(fake: FakeArthas, line: str) -> str:
    """Starts a command in a session of somebody else's; returns the session."""
    session_id = str(post(fake.url, action="init_session")["sessionId"])
    post(fake.url, action="async_exec", sessionId=session_id, command=line)
    fake.wait_for(lambda: fake.target.enhanced or not line.startswith("watch"))
    return session_id


def list_met(fake: FakeArthas, line: str) -> list[str]:
    return [job.line for job in find_doubts(connect(fake), line).jobs]


@pytest.mark.parametrize(
    "line",
    [
        "reset",
        "reset demo.MathGame",
        "reset demo/Math*",
        "reset -E demo[.].*",
        "reset -E demo.(?<",  # Python cannot read it; Java might
        "'reset'",
        "stop",
        "shutdown",
    ],
)
def test_a_command_that_runs_on_what_is_reset_is_found(fake: FakeArthas, line: str) -> None:
    begin(fake, WATCH)
    assert list_met(fake, line) == [WATCH]


@pytest.mark.parametrize(
    "line", ["reset demo.Other", "reset demo", "reset -h", "version", "sysprop a reset", "stop -h"]
)
def test_what_resets_nothing_of_it_finds_none(fake: FakeArthas, line: str) -> None:
    begin(fake, WATCH)
    assert find_doubts(connect(fake), line) == Doubts(ends_all=False)


def test_a_command_that_enhances_nothing_does_not_count(fake: FakeArthas) -> None:
    begin(fake, "dashboard -i 60000")
    assert list_met(fake, "reset") == []


def test_a_command_with_a_wide_pattern_is_found_by_the_classes_it_hits(fake: FakeArthas) -> None:
    begin(fake, "watch demo.* run -n 100000")
    assert list_met(fake, "reset demo.Other") == ["watch demo.* run -n 100000"]


@pytest.mark.parametrize("how", ["closed", "production"])
def test_where_jobs_cannot_be_seen_it_is_said_what_may_follow(fake: FakeArthas, how: str) -> None:
    fake.target.is_closed = how == "closed"
    server = connect(fake, Policy(production="shop" if how == "production" else None))
    assert find_doubts(server, "reset") == Doubts(warning=BLIND)
    assert "enhanced in the JVM" in find_doubts(server, "stop").warning


def test_a_production_profile_that_may_be_tuned_is_looked_at(fake: FakeArthas) -> None:
    begin(fake, WATCH)
    transport = open_transport(Connection(url=fake.url), {})
    server = Server(transport, policy=Policy(production="shop"), may_tune=True)
    assert [job.line for job in find_doubts(server, "reset").jobs] == [WATCH]


def test_a_server_that_does_not_answer_gets_no_reset(fake: FakeArthas) -> None:
    begin(fake, "ognl @java.lang.Thread@sleep(60000)")
    with pytest.raises(TimedOut):
        find_doubts(connect(fake), "reset", 0.2)


def test_the_jobs_are_ended_and_waited_for(fake: FakeArthas) -> None:
    begin(fake, WATCH)
    begin(fake, "trace demo.Other run -n 100000")
    server = connect(fake)
    said = end_jobs(server, find_doubts(server, "reset").jobs)
    assert said == "ended 2 commands first"
    assert list_met(fake, "reset") == []


def test_a_job_that_goes_on_is_said(fake: FakeArthas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_END_S", 0.2)
    session_id = begin(fake, WATCH)
    server = connect(fake)
    with pytest.raises(NotRun, match=r"^1 'watch .*' does not end$"):
        end_jobs(server, find_doubts(server, "reset").jobs, [session_id])


def test_they_are_named_unless_they_were_confirmed() -> None:
    jobs = tuple(ServerJob(number, "RUNNING", "s", "watch a b\n") for number in range(1, 8))
    Doubts(jobs).require(["reset"])
    Doubts(jobs, ends_all=True).require([])
    Doubts().require([])
    with pytest.raises(Unconfirmed) as refused:
        Doubts(jobs).require(["shop"])
    assert refused.value.message == (
        "commands run on what 'reset' would take back: 1 'watch a b␊', 2 'watch a b␊',"
        " 3 'watch a b␊', 4 'watch a b␊', 5 'watch a b␊', 2 more"
    )
    assert refused.value.hint == (
        "wait until that has ended, or use --yes reset to end it first: under a running command a"
        " class stays enhanced for good"
    )
