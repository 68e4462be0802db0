"""The jobs that somebody has left on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.fake import Target as FakeTarget
from support.post import post

from arthas_cli.config.settings import Connection
from arthas_cli.errors import ReadOnly
from arthas_cli.guard.policy import Policy
from arthas_cli.session.orphans import end_job, list_jobs
from arthas_cli.session.server import Server
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target

LINE = "dashboard -i 60000"


def connect(url: str) -> Server:
    return Server(open_transport(Connection(url=url), {}))


def test_a_job_of_anybody_is_listed_and_can_be_ended(arthas: Target) -> None:
    server = connect(arthas.url)
    session_id = post(arthas.url, action="init_session")["sessionId"]
    started = post(arthas.url, action="async_exec", sessionId=session_id, command=LINE)
    job_id = started["body"]["jobId"]
    jobs = list_jobs(server)
    assert jobs
    assert [(job.id, job.line) for job in jobs if job.session_id == session_id] == [(job_id, LINE)]
    assert end_job(server, job_id)
    assert not end_job(server, job_id)
    assert all(job.id != job_id for job in list_jobs(server) or ())
    post(arthas.url, action="close_session", sessionId=session_id)


def test_the_question_is_not_among_the_jobs(arthas: Target) -> None:
    assert all("ognl" not in job.line for job in list_jobs(connect(arthas.url)) or ())


def test_a_server_that_does_not_tell_is_known_as_such() -> None:
    with FakeArthas(target=FakeTarget(is_closed=True)) as fake:
        assert list_jobs(connect(fake.url)) is None
        assert not end_job(connect(fake.url), 1)


def test_under_read_only_it_is_said_why_no_jobs_are_told_and_what_to_do() -> None:
    with FakeArthas() as fake:
        transport = open_transport(Connection(url=fake.url), {})
        server = Server(transport, policy=Policy(is_read_only=True))
        for ask in (lambda: list_jobs(server), lambda: end_job(server, 1)):
            with pytest.raises(ReadOnly) as refused:
                ask()
            assert refused.value.message == (
                "'ognl' is refused by --read-only: it runs code in Arthas itself, and there is"
                " no other way to list or end a server's jobs"
            )
            assert refused.value.hint == "use ':orphans' in a shell without --read-only"
