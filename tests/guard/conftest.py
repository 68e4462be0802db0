"""A transport that answers everything well and remembers what left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import arthas_cli.invocation
from arthas_cli.catalogue.model import load_commands
from arthas_cli.protocol import Action, Answer, Request

if TYPE_CHECKING:
    from collections.abc import Callable

JOB = 7
# A command that the server has and the catalogue has not.
EXTERNAL = "deploy"


class Recorder:
    """An Arthas that carries out everything at once; `lines` are the commands it was sent."""

    url = "http://127.0.0.1:8563/api"

    def __init__(self) -> None:
        self.requests: list[Request] = []

    @property
    def lines(self) -> list[str]:
        return [asked.command for asked in self.requests if asked.command is not None]

    def send(
        self,
        request: Request,
        *,
        timeout_s: float | None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        if meanwhile is not None:
            meanwhile()
        del timeout_s
        self.requests.append(request)
        answer = {"requestId": request.request_id, **self._answer(request)}
        return Answer(request, json.dumps(answer).encode())

    def _answer(self, request: Request) -> dict[str, object]:
        end = {"type": "status", "jobId": JOB, "statusCode": 0, "message": None}
        match request.action:
            case Action.INIT_SESSION | Action.JOIN_SESSION:
                return {"state": "SUCCEEDED", "sessionId": "s", "consumerId": "c"}
            case Action.ASYNC_EXEC:
                return {"state": "SCHEDULED", "body": {"jobId": JOB, "jobStatus": "READY"}}
            case Action.EXEC if (request.command or "").split(" ")[0] == "help":
                name = (request.command or "").partition(" ")[2]
                return {"state": "SUCCEEDED", "body": {"results": [make_help(name), end]}}
            case Action.EXEC | Action.PULL_RESULTS:
                return {"state": "SUCCEEDED", "body": {"results": [end]}}
            case _:
                return {"state": "SUCCEEDED"}


def make_help(name: str) -> dict[str, object]:
    """Returns what a server's help says that has all of the catalogue and one command more."""
    known = load_commands()
    if name not in (*known, EXTERNAL):
        commands = [{"name": each, "summary": ""} for each in (*known, EXTERNAL)]
        return {"type": "help", "jobId": JOB, "commands": commands}
    options = [
        {
            "longName": (option.long or "").lstrip("-") or None,
            "shortName": (option.short or "").lstrip("-") or None,
            "acceptValue": option.takes_value,
        }
        for option in (known[name].options if name in known else ())
    ]
    detail = {"name": name, "summary": "", "arguments": [], "options": options}
    return {"type": "help", "jobId": JOB, "detailCommand": detail}


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The server of every invocation while the test lasts."""
    recorder = Recorder()
    monkeypatch.setattr(arthas_cli.invocation, "open_transport", lambda *_: recorder)
    return recorder
