"""A fleet in sessions that stay open, as the shell has them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from arthas_cli.session.session import Session

from .test_streams import make_fleet

if TYPE_CHECKING:
    from .conftest import Shop


def test_jobs_run_one_after_the_other_in_the_sessions_that_are_given(shop: Shop) -> None:
    fleet = make_fleet(shop)
    sessions = {member.name: Session.open(member.client.server) for member in fleet.members}
    for line, most in (("pwd", 1), ("watch demo.MathGame run -n 2", 2), ("version", 1)):
        job = fleet.start(fleet.plan(line), sessions=sessions)
        hits = Counter(
            result.target for result in job if result.type in ("pwd", "watch", "version")
        )
        job.close()
        assert hits == dict.fromkeys(("web-1", "web-2", "web-3"), most)
        assert job.outcome.error is None
    assert [len(fake.sessions) for fake in shop.fakes.values()] == [1, 1, 1]
    for session in sessions.values():
        session.close()
    assert shop.left == []


def test_an_interrupted_job_leaves_its_session_open(shop: Shop) -> None:
    fleet = make_fleet(shop)
    sessions = {member.name: Session.open(member.client.server) for member in fleet.members}
    job = fleet.start(fleet.plan("watch demo.MathGame run"), sessions=sessions)
    came: set[str] = set()
    while len(came) < 3:
        came.add(next(job).target)
    job.interrupt()
    for _ in job:
        pass
    assert [end.outcome.state for end in job.outcome.ends] == ["INTERRUPTED"] * 3
    assert [(len(fake.jobs), len(fake.sessions)) for fake in shop.fakes.values()] == [(0, 1)] * 3
    for session in sessions.values():
        session.close()
