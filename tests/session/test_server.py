"""Every request goes out through the server, which remembers what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arthas_cli.errors import BadAnswer, ServerError
from arthas_cli.protocol import Action, State
from arthas_cli.session.server import Server

if TYPE_CHECKING:
    from support.fake import FakeArthas

    from .conftest import MakeScript

from support.fake import faults

from .conftest import SUCCEEDED, connect

WARNING = (
    "the server answered HTTP 500 twice; on Arthas 3.x eight such answers make it stop"
    " responding to everybody: do not repeat the command"
)


def test_a_request_says_what_was_asked_and_by_whom(make_script: MakeScript) -> None:
    script = make_script(exec=[SUCCEEDED])
    response = Server(script, user_id="ops").ask(
        Action.EXEC, command="version", exec_timeout_ms=5, timeout_s=3
    )
    (request,) = script.requests
    assert response.state == State.SUCCEEDED
    assert (request.command, request.exec_timeout_ms, request.user_id) == ("version", 5, "ops")
    assert script.timeouts == {"exec": 3}


def test_an_answer_may_be_left_unread(make_script: MakeScript) -> None:
    script = make_script(exec=[b"no JSON"])
    assert Server(script).send(Action.EXEC).content == b"no JSON"


def test_the_address_is_that_of_the_transport(make_script: MakeScript) -> None:
    assert Server(make_script()).url == "http://127.0.0.1:8563/api"


def test_the_answer_to_another_request_is_a_bad_answer(fake: FakeArthas) -> None:
    fake.faults.next(faults.other_request)
    with pytest.raises(BadAnswer, match="the answer belongs to another request"):
        connect(fake.url).ask(Action.EXEC, command="version")


def test_the_second_http_500_of_a_server_warns_once(make_script: MakeScript) -> None:
    warnings: list[str] = []
    server = Server(make_script(exec=[ServerError("500")] * 3), warn=warnings.append)
    seen = []
    for _ in range(3):
        with pytest.raises(ServerError):
            server.ask(Action.EXEC, command="version")
        seen.append(len(warnings))
    assert seen == [0, 1, 1]
    assert warnings == [WARNING]


def test_an_old_server_is_named_in_the_warning_and_a_newer_one_needs_none(
    make_script: MakeScript,
) -> None:
    warnings: list[str] = []
    for version in ((3, 6, 4), (4, 0, 0), (4, 1, 5)):
        server = Server(make_script(exec=[ServerError("500")] * 2), warn=warnings.append)
        server.version = version
        for _ in range(2):
            with pytest.raises(ServerError):
                server.ask(Action.EXEC, command="version")
    assert warnings == [WARNING.replace("3.x", "3.6.4")]


def test_nobody_need_listen_to_warnings(make_script: MakeScript) -> None:
    server = Server(make_script(exec=[ServerError("500")] * 2))
    for _ in range(2):
        with pytest.raises(ServerError):
            server.ask(Action.EXEC, command="version")
