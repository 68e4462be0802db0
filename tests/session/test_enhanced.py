"""What stays enhanced of what our commands enhanced, by the list that the server keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas, Target
from support.post import post

from arthas_cli.catalogue.model import load_commands
from arthas_cli.config.settings import Connection
from arthas_cli.guard.patterns import make_reset_line
from arthas_cli.guard.policy import Policy
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.line.tokens import tokenize
from arthas_cli.session.enhanced import Standing, find_standing, forget
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = {
    "demo.MathGame": ("run",),
    "demo.Order": ("run",),
    "demo.Order$Item": ("run",),
    "demo.Slow": ("run",),
}


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    target = Target(methods=dict(METHODS), rate=None, tells_enhanced=True)
    with FakeArthas(target=target) as fake:
        yield fake


@pytest.fixture
def server(fake: FakeArthas) -> Server:
    return Server(open_transport(Connection(url=fake.url), {}))


def run(server: Server, line: str) -> None:
    plan = make_plan(parse_line(line, load_commands()))
    job = Stream(Session.open(server), plan, owns_session=True)
    list(job)
    job.close()


def test_the_classes_that_we_enhanced_are_named_and_no_others(
    fake: FakeArthas, server: Server
) -> None:
    fake.target.enhanced.add("demo.Slow")  # by somebody else
    run(server, "watch demo.Order* run -n 1")
    assert find_standing(server) == Standing(free=("demo.Order", "demo.Order$Item"))


def test_nothing_is_asked_where_nothing_was_enhanced(fake: FakeArthas, server: Server) -> None:
    assert find_standing(server) == Standing()
    assert fake.requests == []


def test_after_a_reset_of_anybody_they_are_not_named(fake: FakeArthas, server: Server) -> None:
    run(server, "watch demo.Order* run -n 1")
    post(fake.url, action="exec", command="reset demo.Order")
    assert find_standing(server) == Standing(free=("demo.Order$Item",))
    post(fake.url, action="exec", command="reset")
    assert find_standing(server) == Standing()


def test_those_on_which_somebody_runs_a_command_are_apart(fake: FakeArthas, server: Server) -> None:
    run(server, "watch demo.Order* run -n 1")
    fake.target.rate = 0.5  # nobody pulls: a queue that runs full would end the command
    session_id = post(fake.url, action="init_session")["sessionId"]
    line = "trace demo.Order run -n 100000"
    post(fake.url, action="async_exec", sessionId=session_id, command=line)
    assert find_standing(server) == Standing(free=("demo.Order$Item",), busy=("demo.Order",))


def test_what_a_line_leaves_out_is_not_ours(fake: FakeArthas, server: Server) -> None:
    fake.target.enhanced.add("demo.Order$Item")  # by somebody else
    run(server, "watch demo.O* run -n 1 --exclude-class-pattern demo.Order$*")
    assert find_standing(server) == Standing(free=("demo.Order",))


@pytest.mark.parametrize("how", ["closed", "read-only", "production"])
def test_where_the_server_does_not_tell_the_lines_are_named(fake: FakeArthas, how: str) -> None:
    fake.target.is_closed = how == "closed"
    production = "shop" if how == "production" else None
    policy = Policy(is_read_only=how == "read-only", production=production)
    server = Server(open_transport(Connection(url=fake.url), {}), policy=policy)
    for line in ("watch demo.Order* run -n 1", "trace demo.Slow run -n 1", "watch no.Such run"):
        run(server, line)
    assert find_standing(server).lines == ("watch demo.Order* run -n 1", "trace demo.Slow run -n 1")
    forget(server, "reset demo.Sl*")
    assert find_standing(server).lines == ("watch demo.Order* run -n 1",)
    forget(server, "reset")
    assert find_standing(server) == Standing()


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["a.B"], "reset a.B"),
        (["a.B$C", "a.Ö"], r"reset -E 'a\.B\$C|a\.Ö'"),
    ],
)
def test_a_reset_of_exactly_these_classes(names: list[str], line: str) -> None:
    assert make_reset_line(names) == line
    assert len(tokenize(line)) == (2 if len(names) == 1 else 3)
