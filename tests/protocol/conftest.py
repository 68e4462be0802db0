"""What the protocol suite is run against, and a session on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from support.fake import FakeArthas
from support.post import post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.demo.target import Target

PULLS = 20


@dataclass(frozen=True)
class Server:
    """A server, fake or real."""

    url: str

    def ask(self, **fields: object) -> Any:  # noqa: ANN401 - JSON of any shape
        """Posts a request with these fields and returns the answer."""
        return post(self.url, fields)

    def open_session(self) -> OpenSession:
        """Opens a session and takes its welcome."""
        opened = self.ask(action="init_session")
        session = OpenSession(self, opened["sessionId"], opened["consumerId"])
        session.pull()
        return session


@dataclass(frozen=True)
class OpenSession:
    """A session with one consumer."""

    server: Server
    session_id: str
    consumer_id: str

    def ask(self, action: str, **fields: object) -> Any:  # noqa: ANN401 - JSON of any shape
        return self.server.ask(action=action, sessionId=self.session_id, **fields)

    def start(self, command: str) -> int:
        """Starts a command and returns its job id."""
        answer = self.ask("async_exec", command=command)
        assert answer["state"] == "SCHEDULED", answer
        job_id = answer["body"]["jobId"]
        assert isinstance(job_id, int)
        return job_id

    def pull(self, consumer_id: str | None = None) -> list[dict[str, Any]]:
        """Pulls once."""
        answer = self.ask("pull_results", consumerId=consumer_id or self.consumer_id)
        assert answer["state"] == "SUCCEEDED", answer
        results = answer["body"]["results"]
        assert isinstance(results, list)
        return results

    def pull_to_the_end(self, consumer_id: str | None = None) -> list[dict[str, Any]]:
        """Pulls until input is allowed again."""
        results: list[dict[str, Any]] = []
        for _ in range(PULLS):
            results += self.pull(consumer_id)
            if any(result.get("inputStatus") == "ALLOW_INPUT" for result in results):
                return results
        raise AssertionError(results)

    def run_unpulled(self, command: str) -> None:
        """Runs a command to its end, seen by a second consumer, while the first does not pull."""
        second = self.ask("join_session")["consumerId"]
        self.pull_to_the_end(second)
        self.start(command)
        self.pull_to_the_end(second)


@pytest.fixture(scope="session")
def fake_url() -> Iterator[str]:
    """The address of a fake that the whole suite shares, as it shares the real server."""
    with FakeArthas() as fake:
        yield fake.url


@pytest.fixture(scope="session")
def real_url(arthas: Target) -> str:
    return arthas.url


@pytest.fixture(params=["fake", "real"])
def server(request: pytest.FixtureRequest) -> Server:
    """Either server; a test that takes it runs twice."""
    return Server(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def session(server: Server) -> Iterator[OpenSession]:
    """A session, closed afterwards if the test has not done it."""
    opened = server.open_session()
    yield opened
    opened.ask("close_session")
