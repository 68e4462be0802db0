"""Whether the server answers, as its requests have found."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas, faults

from arthas_cli.config.settings import Connection
from arthas_cli.errors import ArthasShellError, TimedOut
from arthas_cli.protocol import Action
from arthas_cli.session.server import Server
from arthas_cli.session.silence import Silence
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    from support.fake.faults import Fault


@pytest.mark.parametrize("fault", [faults.server_error, faults.unauthorized, faults.html])
def test_whoever_answers_is_not_silent_whatever_is_said(fault: Fault) -> None:
    with FakeArthas() as fake:
        server = Server(open_transport(Connection(fake.url), {}))
        fake.faults.next(fault)
        with pytest.raises(ArthasShellError):
            server.ask(Action.INIT_SESSION)
        assert server.silence.since is None


def test_a_server_that_ends_is_gone_until_one_answers_there() -> None:
    with FakeArthas() as fake:
        server = Server(open_transport(Connection(fake.url), {}))
        server.ask(Action.SESSION_INFO, session_id="x")
        assert server.silence.since is None
    for _ in range(2):
        with pytest.raises(ArthasShellError):
            server.ask(Action.SESSION_INFO, session_id="x")
    since = server.silence.since
    assert (since is not None, server.silence.is_gone) == (True, True)
    server.silence.end()
    assert (server.silence.since, server.silence.is_gone) == (None, False)


def test_a_server_that_is_late_is_silent_and_not_gone() -> None:
    silence = Silence()
    silence.note(TimedOut("late"))
    assert (silence.since is not None, silence.is_gone) == (True, False)


def test_of_several_that_wait_one_is_to_say_so_until_there_is_an_answer() -> None:
    silence = Silence()
    assert [silence.tell_once(), silence.tell_once()] == [True, False]
    silence.end()
    assert silence.tell_once()


def test_an_answer_that_was_under_way_when_another_request_failed_ends_no_silence() -> None:
    silence = Silence()
    asked_at = time.monotonic()
    silence.note(TimedOut("late"))
    assert silence.tell_once()
    silence.end(asked_at)
    assert (silence.since is not None, silence.tell_once()) == (True, False)
    silence.end(time.monotonic())
    assert (silence.since, silence.tell_once()) == (None, True)
