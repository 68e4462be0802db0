"""Lines made from what a server says of its commands: they pass our checks, and the server's."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from support.lines import make_lines
from support.post import exchange

from arthas_cli.catalogue.model import load_commands
from arthas_cli.catalogue.served import merge_command, read_command, read_names
from arthas_cli.client.check import check_line
from arthas_cli.client.questions import ask_help
from arthas_cli.jsontext import quote_bare_keys, read_strict

from .conftest import VERSIONS, start_live

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.catalogue.model import Command
    from arthas_cli.session.server import Server

    from .conftest import Live

# What they do is done to the target, or to everybody: of these the server is only asked for help.
NOT_RUN = ("heapdump", "mc", "redefine", "retransform", "stop", "keymap", "cls", "tee", "history")
PARSE_ERROR = -10
CANNOT_INJECT = "Cannot inject value"
AT_ONCE = 8
# Of so many lines at once the server may refuse some whose commands it parses at the same time
# (docs/protocol.md, 1.3): what is refused is asked again by itself.
MAX_AGAIN = 20


@pytest.fixture(scope="module", params=VERSIONS)
def live(request: pytest.FixtureRequest) -> Iterator[Live]:
    """A server of its own: what some of the commands leave behind is no business of others."""
    with start_live(request.param) as live:
        yield live


@pytest.fixture(scope="module")
def commands(live: Live) -> dict[str, Command]:
    """The commands of the server as it describes them, with what the catalogue knows."""
    server = live.connect()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        fetched = pool.map(lambda name: fetch(server, name), read_names(ask_help(server)))
        return {command.name: command for command in fetched}


def fetch(server: Server, name: str) -> Command:
    served = read_command(ask_help(server, name).get("detailCommand"))
    assert served is not None
    return merge_command(load_commands().get(name), served)


def test_every_correct_line_is_accepted_by_the_server(
    live: Live, commands: dict[str, Command]
) -> None:
    lines = [line for command in commands.values() for line in make_lines(command)]
    assert len(lines) > 200
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda line: send(live, line), lines)
        again = [line for line, answer in zip(lines, answers, strict=True) if answer]
    assert [answer for line in again if (answer := send(live, line))] == []
    assert len(again) <= MAX_AGAIN, again


def send(live: Live, line: str) -> str:
    """Checks the line as `exec` does and sends it; returns why the server refused it, if so."""
    check_line(line, live.connect())
    asks_help = line.partition(" ")[0] in NOT_RUN
    answer = ask(live, f"{line} -h" if asks_help else line)
    results = (answer.get("body") or {}).get("results") or [{}]
    if asks_help:
        return "" if results[0].get("type") == "help" else f"{line}: {answer}"
    message = str(results[-1].get("message") or answer.get("message") or "")
    is_parsed = results[-1].get("statusCode") != PARSE_ERROR and answer["state"] != "FAILED"
    return "" if is_parsed and CANNOT_INJECT not in message else f"{line}: {message}"


def ask(live: Live, line: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Returns the server's answer; one that it cannot write says that the line was taken."""
    body = json.dumps({"action": "exec", "command": line, "execTimeout": 1000})
    status, _, content = exchange(live.url, "POST", body)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return {"state": "SUCCEEDED"}
    return read_strict(quote_bare_keys(content.decode()))
