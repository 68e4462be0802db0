"""Many jobs as one: how it ended follows from how each did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pytest

from arthas_cli.client.client import Client
from arthas_cli.errors import ArthasShellError, CommandFailed, Incomplete, NoServer, Unauthorized
from arthas_cli.fleet.job import FleetJob
from arthas_cli.fleet.member import Member
from arthas_cli.protocol import Result
from arthas_cli.session.outcome import Outcome
from arthas_cli.session.server import Server

if TYPE_CHECKING:
    from collections.abc import Sequence


class Nowhere:
    """No server."""

    url = "http://127.0.0.1:1/api"


class Done:
    """A job that sends so many results and ends so."""

    def __init__(self, outcome: Outcome, number: int = 0) -> None:
        self.outcome = outcome
        self.is_closed = False
        self._left = number

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        if not self._left:
            raise StopIteration
        self._left -= 1
        return Result("echo", 1, {}, "{}")

    @property
    def has_ready(self) -> bool:
        return self._left > 0

    def interrupt(self) -> None:
        """Nothing runs."""

    def close(self) -> None:
        self.is_closed = True


def run(jobs: Sequence[Done | ArthasShellError]) -> FleetJob:
    """Returns the job on as many JVMs, run to its end."""

    def start(job: Done | ArthasShellError) -> Done:
        if isinstance(job, ArthasShellError):
            raise job
        return job

    client = Client(Server(Nowhere()))  # type: ignore[arg-type]  # it is sent nothing
    members = [Member(f"web-{at}", client) for at in range(1, len(jobs) + 1)]
    whole = FleetJob(members, [lambda job=job: start(job) for job in jobs], 2)  # type: ignore[misc]
    for _ in whole:
        pass
    return whole


def end(lost: int | None = 0, error: ArthasShellError | None = None, number: int = 0) -> Done:
    return Done(Outcome("SUCCEEDED", 0, None, lost, 5, error), number)


@pytest.mark.parametrize(
    ("losses", "lost"), [((0, 0), 0), ((2, 3), 5), ((2, None), None), ((None, None), None)]
)
def test_what_was_lost_is_the_sum_or_not_known(
    losses: Sequence[int | None], lost: int | None
) -> None:
    assert run([end(each) for each in losses]).outcome.lost == lost


def test_one_that_never_began_has_lost_nothing() -> None:
    assert run([end(3), NoServer("nothing listens")]).outcome.lost == 3


def test_the_error_is_that_of_the_worst_and_of_those_the_first() -> None:
    first, second = NoServer("one"), NoServer("two")
    errors = [Incomplete("lost"), CommandFailed("failed"), first, second]
    assert run([end(error=error) for error in errors]).outcome.error is first
    assert run([first, Unauthorized("no"), end()]).outcome.error is not first


def test_the_ends_come_in_the_order_of_the_members() -> None:
    outcome = run([end(1), NoServer("gone"), end(2)]).outcome
    assert [(each.name, each.outcome.lost) for each in outcome.ends] == [
        ("web-1", 1),
        ("web-2", None),
        ("web-3", 2),
    ]


def test_results_carry_the_name_of_their_member_and_are_told_before_its_end() -> None:
    client = Client(Server(Nowhere()))  # type: ignore[arg-type]  # it is sent nothing
    members = [Member("web-1", client), Member("web-2", client)]
    jobs = [end(number=200), end(number=3)]
    whole = FleetJob(members, [lambda: jobs[0], lambda: jobs[1]], 1)
    came: list[str] = []
    whole.tell_end = lambda each: came.append(f"end of {each.name}")
    came.extend(result.target for result in whole)
    assert came == [*["web-1"] * 200, "end of web-1", *["web-2"] * 3, "end of web-2"]
    assert [job.is_closed for job in jobs] == [True, True]
