"""Real servers of several versions, one after the other: the newest and 3.6.4, or all of them.

`make matrix` names the versions in ARTHAS_VERSIONS.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.inside import set_rate

from arthas_cli.catalogue.model import load_commands
from arthas_cli.config.settings import Connection
from arthas_cli.demo.target import start_target
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job, Outcome

VERSIONS = os.environ.get("ARTHAS_VERSIONS", "4.1.5 3.6.4").split()
FIXTURE = Path(__file__).parent.parent / "fixture"
# Slow enough that an untuned queue of 50 outlives a second in which nobody gets to run.
RATE = 40.0


@dataclass(frozen=True)
class Live:
    """A server of one version; the method `fx.Hot.hit` is called there 40 times a second."""

    version: str
    url: str

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(number) for number in self.version.split("."))

    def connect(self, *, may_tune: bool = False) -> Server:
        return Server(open_transport(Connection(url=self.url), {}), may_tune=may_tune)

    def run(self, line: str) -> Ran:
        """Runs the line as `exec` does."""
        plan = make_plan(parse_line(line, load_commands()))
        server = self.connect()
        job: Job = OneShot(server, plan)
        if plan.is_stream:
            job = Stream(Session.open(server), plan, owns_session=True)
        try:
            return Ran(list(job), job.outcome)
        finally:
            job.close()


@dataclass(frozen=True)
class Ran:
    """What a command showed, and how it ended."""

    results: list[Result]
    outcome: Outcome

    def pick(self, kind: str) -> list[Result]:
        return [result for result in self.results if result.type == kind]

    @property
    def ended_well(self) -> bool:
        """Says whether it worked, and for certain nothing was lost."""
        outcome = self.outcome
        return (outcome.status, outcome.lost, outcome.error) == (0, 0, None)


@contextmanager
def start_live(version: str) -> Iterator[Live]:
    """Starts a JVM with a server of that version in it."""
    with start_target(("-cp", str(FIXTURE), "fx.Fixture"), version=version) as target:
        set_rate(target.url, RATE)
        yield Live(version, target.url)


@pytest.fixture(scope="session", params=VERSIONS)
def live(request: pytest.FixtureRequest) -> Iterator[Live]:
    with start_live(request.param) as live:
        yield live
