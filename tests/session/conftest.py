"""A transport that answers from a list, the fake Arthas, and the results that stand in both."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, TypeAlias

import pytest
from support.fake import FakeArthas
from support.waiting import PATIENCE_S, wait_for

from arthas_cli.config.settings import Connection
from arthas_cli.line.plan import Plan
from arthas_cli.protocol import Answer, Request, Result
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.session.outcome import Job

Fields: TypeAlias = "dict[str, object]"
# An answer's fields, its bytes, an error that is raised, or what makes one of these.
Canned: TypeAlias = "Fields | bytes | BaseException | Callable[[], Canned]"
MakeScript: TypeAlias = "Callable[..., Script]"

JOB = 7
VERSION = Plan("version", "version", is_read=True)
WATCH = Plan("watch a b", "watch", is_stream=True, is_interruptible=True)
ENDLESS = Plan("endless", "endless", is_stream=True)

COMMAND: Fields = {"type": "command", "jobId": JOB, "command": "watch a b", "state": "SCHEDULED"}
ALLOW_INTERRUPT: Fields = {"type": "input_status", "jobId": 0, "inputStatus": "ALLOW_INTERRUPT"}
ALLOW_INPUT: Fields = {"type": "input_status", "jobId": 0, "inputStatus": "ALLOW_INPUT"}

OPENED: Fields = {"state": "SUCCEEDED", "sessionId": "s", "consumerId": "c"}
SCHEDULED: Fields = {"state": "SCHEDULED", "body": {"jobId": JOB, "jobStatus": "READY"}}
SUCCEEDED: Fields = {"state": "SUCCEEDED"}
BUSY: Fields = {"state": "REFUSED", "message": "Another job is running."}
NO_JOB: Fields = {"state": "FAILED", "message": "no foreground job is running"}
NO_SESSION: Fields = {"state": "FAILED", "message": "session not found: s"}
FAILED_NULL: Fields = {"state": "FAILED", "message": "Async exec command failed:null"}

_DEFAULTS: dict[str, Fields] = {
    "init_session": OPENED,
    "async_exec": SCHEDULED,
    "interrupt_job": SUCCEEDED,
    "close_session": SUCCEEDED,
}


def hit(number: int, job_id: int = JOB) -> Fields:
    return {"type": "watch", "jobId": job_id, "value": f"@Integer[{number}]"}


def status(code: int = 0, message: str | None = None, job_id: int = JOB) -> Fields:
    return {"type": "status", "jobId": job_id, "statusCode": code, "message": message}


def note(text: str) -> Fields:
    return {"type": "message", "jobId": 0, "message": text}


def pulled(*results: Fields) -> Fields:
    return {"state": "SUCCEEDED", "body": {"results": list(results)}}


def make_result(fields: Fields) -> Result:
    job_id = fields.get("jobId")
    assert job_id is None or isinstance(job_id, int)
    return Result(str(fields["type"]), job_id, json.loads(json.dumps(fields)), json.dumps(fields))


class Script:
    """A transport: each action is answered from its own list, in order.

    A pull for which nothing is planned waits until the test is over, and then finds no session;
    other actions are then answered well, but for `exec` and `session_info`.
    """

    url = "http://127.0.0.1:8563/api"

    def __init__(self, **answers: list[Canned]) -> None:
        self.requests: list[Request] = []
        self.timeouts: dict[str, float | None] = {}
        self.closing = threading.Event()
        self._answers = answers

    def send(
        self,
        request: Request,
        *,
        timeout_s: float | None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        if meanwhile is not None:
            meanwhile()
        self.requests.append(request)
        self.timeouts[request.action] = timeout_s
        planned = self._answers.get(request.action)
        if planned:
            return self._answer(request, planned.pop(0))
        if request.action == "pull_results":
            self.closing.wait(PATIENCE_S)
            return self._answer(request, NO_SESSION)
        return self._answer(request, _DEFAULTS[request.action])

    def _answer(self, request: Request, canned: Canned) -> Answer:
        while callable(canned):
            canned = canned()
        if isinstance(canned, BaseException):
            raise canned
        if isinstance(canned, dict):
            canned = json.dumps({"requestId": request.request_id, **canned}).encode()
        return Answer(request, canned)

    @property
    def actions(self) -> list[str]:
        """What was asked, without the pulls."""
        return [asked.action for asked in self.requests if asked.action != "pull_results"]

    @property
    def pulls(self) -> int:
        return sum(asked.action == "pull_results" for asked in self.requests)


@pytest.fixture
def make_script() -> Iterator[MakeScript]:
    """Makes transports that answer from lists, and lets go of the pulls that wait in them."""
    scripts: list[Script] = []

    def make(**answers: list[Canned]) -> Script:
        scripts.append(Script(**answers))
        return scripts[-1]

    yield make
    for script in scripts:
        script.closing.set()


class Clock:
    """Stands for the module `time` in what waits for a job: time passes where a test says so."""

    def __init__(self) -> None:
        self._now = time.monotonic()

    def monotonic(self) -> float:
        return self._now

    time = monotonic

    def sleep(self, seconds: float) -> None:
        """Lets time pass, for the code under test as for a test."""
        self._now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in ("delivery", "interrupt", "patience", "pull", "stream"):
        monkeypatch.setattr(f"arthas_cli.session.{module}.time", clock)
    return clock


@pytest.fixture
def no_thread_left() -> Iterator[None]:
    """Fails a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    wait_for(lambda: set(threading.enumerate()) <= before)


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    with FakeArthas() as fake:
        yield fake


def connect(url: str, *, may_tune: bool = False) -> Server:
    """Returns a server behind the real transport."""
    return Server(open_transport(Connection(url=url), {}), may_tune=may_tune)


def make_session(script: Script) -> Session:
    """Returns a session that was opened and welcomed before the script begins."""
    return Session(Server(script), "s", "c")


def list_types(job: Job) -> list[str]:
    """Runs the job to its end and returns the types of its results."""
    return [result.type for result in job]


def list_values(job: Job) -> list[object]:
    """Runs the job to its end and returns what its hits say."""
    return [result.data["value"] for result in job if result.type == "watch"]


def run_in_thread(action: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    return thread
