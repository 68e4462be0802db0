"""The shell's session: one at a time, opened when needed, never left behind."""

from __future__ import annotations

import pytest
from support.fake import FakeArthas, faults

from arthas_cli.config.settings import Connection
from arthas_cli.errors import NoServer, SessionLost
from arthas_cli.line.plan import Plan
from arthas_cli.session.server import Server
from arthas_cli.session.stream import Stream
from arthas_cli.shell.jobs.link import Link
from arthas_cli.transport import open_transport

WATCH = Plan("watch demo.MathGame run", "watch", is_stream=True, is_interruptible=True)


class Told:
    """A link to a fake server, and what it said."""

    def __init__(self, fake: FakeArthas) -> None:
        self.said: list[str] = []
        self.warned: list[str] = []
        server = Server(open_transport(Connection(fake.url), {}))
        self.link = Link(server, self.said.append, self.warned.append)


@pytest.fixture
def told(fake: FakeArthas) -> Told:
    return Told(fake)


def test_one_session_serves_every_command_and_its_server_is_named_once(
    fake: FakeArthas, told: Told
) -> None:
    assert told.link.open() is told.link.open()
    assert len(fake.sessions) == 1
    assert told.said == [f"Arthas 4.1.5 · pid 4242 · demo.MathGame · {fake.url[:-4]} · try 'help'"]
    told.link.close()


def test_a_dropped_session_is_ended_and_the_next_one_is_a_new_one(
    fake: FakeArthas, told: Told
) -> None:
    first = told.link.open()
    told.link.drop()
    assert told.link.open() is not first
    fake.wait_for(lambda: len(fake.sessions) == 1)
    assert len(told.said) == 1
    told.link.close()


def test_another_server_at_the_same_address_is_named(fake: FakeArthas, told: Told) -> None:
    told.link.open()
    told.link.drop()
    fake.target.main_class = "shop.Main --password=hunter2"
    with pytest.raises(SessionLost) as error:
        told.link.open()
    assert told.said[1].startswith("Arthas 4.1.5 · pid 4242 · shop.Main · ")
    assert error.value.message == "another JVM answers there now, up 3 min: nothing was sent"
    told.link.open()  # the user has been told
    told.link.close()


def test_another_pod_is_named_though_its_jvm_has_the_same_pid_and_start(
    fake: FakeArthas, told: Told
) -> None:
    places = iter(["uid-1", "uid-1", "uid-2", "uid-2"])
    told.link.find_place = lambda: next(places)
    for _ in range(2):
        told.link.open()
        told.link.drop()
    with pytest.raises(SessionLost, match="another JVM answers there now, up 3 min"):
        told.link.open()
    told.link.drop()
    told.link.open()  # the user has been told
    told.link.close()
    assert fake.sessions == []


def test_closing_ends_the_session_and_the_job_that_was_let_go(fake: FakeArthas, told: Told) -> None:
    job = Stream(told.link.open(), WATCH)
    next(job)
    told.link.drop(job)
    told.link.open()
    told.link.close()
    assert (fake.jobs, fake.sessions) == ([], [])
    assert told.warned == []


def test_closing_twice_or_before_anything_was_opened_is_no_error(told: Told) -> None:
    told.link.close()
    told.link.open()
    told.link.close()
    told.link.close()


def test_a_job_that_could_not_be_stopped_is_told_once(fake: FakeArthas, told: Told) -> None:
    job = Stream(told.link.open(), WATCH)
    next(job)
    fake.faults.next(faults.unauthorized, action="interrupt_job")
    told.link.drop(job)
    told.link.close()
    told.link.tell_troubles()
    assert told.warned == [
        ("could not stop a detached command: the server requires a valid user name and password")
    ]


def test_a_session_that_cannot_be_had_leaves_nothing_behind(fake: FakeArthas, told: Told) -> None:
    fake.faults.next(faults.cut_before_headers, action="pull_results")
    with pytest.raises(NoServer):
        told.link.open()
    told.link.close()
    assert fake.sessions == []
