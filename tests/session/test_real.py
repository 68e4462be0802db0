"""The same against a real Arthas: what a stream leaves there, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.post import post

from arthas_cli.line.plan import Plan
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream

from .conftest import VERSION, connect, list_types, run_in_thread

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target
    from arthas_cli.session.server import Server

    from .conftest import Clock

LOADER = "--classLoaderClass com.taobao.arthas.agent.ArthasClassloader"
SESSIONS = "@com.taobao.arthas.core.server.ArthasBootstrap@getInstance().getSessionManager()"
JOBS = f"ognl -x 2 {LOADER} '{SESSIONS}.getJobController().jobs().{{#this.line()}}'"
LINE = "watch demo.MathGame primeFactors '{params,returnObj}' -x 2"


@pytest.fixture
def server(arthas: Target) -> Server:
    return connect(arthas.url)


def watch(server: Server, limit: int) -> Stream:
    plan = Plan(f"{LINE} -n {limit}", "watch", is_stream=True, is_interruptible=True, limit=limit)
    return Stream(Session.open(server), plan, owns_session=True)


def list_jobs(url: str) -> str:
    """Returns what runs on the server, the question itself left out."""
    answer = post(url, action="exec", command=JOBS)
    lines = str(answer["body"]["results"][0]["value"]).splitlines()
    return "\n".join(line for line in lines if "getJobController" not in line)


def is_open(server: Server, session: Session) -> bool:
    answer = post(server.url, action="session_info", sessionId=session.id)
    return bool(answer["state"] == "SUCCEEDED")


def test_a_one_shot_is_answered(server: Server) -> None:
    job = OneShot(server, VERSION)
    assert [result.data["version"] for result in job] == ["4.1.5"]
    assert (job.outcome.status, job.outcome.lost, job.outcome.error) == (0, 0, None)


def test_an_interrupted_watch_leaves_nothing_behind(server: Server) -> None:
    session = Session.open(server)
    stream = Stream(session, Plan(LINE, "watch", is_stream=True, limit=100), owns_session=True)
    assert next(stream).type == "enhancer"
    assert next(stream).type == "watch"
    assert "watch demo.MathGame" in list_jobs(server.url)
    run_in_thread(stream.interrupt)
    list(stream)
    stream.close()
    outcome = stream.outcome
    assert (outcome.state, outcome.status, outcome.lost) == ("INTERRUPTED", 0, 0)
    assert outcome.error is None
    assert "watch" not in list_jobs(server.url)
    assert not is_open(server, session)


def test_a_limit_ends_a_watch(server: Server) -> None:
    stream = watch(server, 2)
    types = list_types(stream)
    stream.close()
    assert types.count("watch") == 2
    assert (stream.outcome.state, stream.outcome.status) == ("SUCCEEDED", 0)
    assert (stream.outcome.lost, stream.outcome.error) == (0, None)


def test_a_deadline_ends_a_watch(server: Server, clock: Clock) -> None:
    plan = Plan(LINE, "watch", is_stream=True, is_interruptible=True)
    stream = Stream(Session.open(server), plan, deadline_s=60, owns_session=True)
    next(stream)
    clock.sleep(60)
    list(stream)
    stream.close()
    assert stream.outcome.state == "INTERRUPTED"
    assert str(stream.outcome.error) == "the deadline of 60 s passed"
    assert "watch" not in list_jobs(server.url)


def test_what_a_wide_pattern_lost_is_counted_exactly(server: Server) -> None:
    plan = Plan("sm java.util.* -n 100000", "sm", is_read=True)
    shown = 0
    promised = 0
    job = OneShot(server, plan)
    for result in job:
        shown += result.type == "sm"
        if result.type == "row_affect":
            rows = result.data["rowCount"]
            assert isinstance(rows, int)
            promised = rows
    job.close()
    assert promised > 500
    assert (job.outcome.status, job.outcome.lost) == (0, promised - shown)


def test_an_unknown_command_is_known_as_such_from_a_stream_too(server: Server) -> None:
    with Session.open(server) as session:
        stream = Stream(session, Plan("nosuch a", "nosuch"))
        assert list_types(stream) == []
        assert stream.outcome.state == "FAILED"
        assert str(stream.outcome.error) == "the server has no command 'nosuch'"


def test_many_commands_run_in_one_session_one_after_the_other(server: Server) -> None:
    with Session.open(server) as session:
        for number in range(10):
            stream = Stream(session, Plan(f"echo {number}", "echo"))
            assert [result.data["content"] for result in stream] == [str(number)]
            assert (stream.outcome.lost, stream.outcome.error) == (0, None)


def test_a_closed_session_is_gone(server: Server) -> None:
    with Session.open(server) as session:
        assert is_open(server, session)
    assert not is_open(server, session)
