"""The HTTP API as values: what is asked, what is answered; no input, no output.

`Transport` is the seam to the network: in tests it is a list of canned answers.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from arthas_cli.errors import BadAnswer, NotArthas, TooLarge
from arthas_cli.jsontext import as_int, as_object, as_text, quote_bare_keys
from arthas_cli.resulttext import Result, split_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from arthas_cli.jsontext import Json

__all__ = [
    "Action",
    "Answer",
    "Request",
    "Response",
    "Result",
    "State",
    "Transport",
    "make_request_id",
    "read_response",
]


class Action(StrEnum):
    """What can be asked of `POST /api` (docs/protocol.md, 1.1)."""

    EXEC = "exec"
    ASYNC_EXEC = "async_exec"
    INTERRUPT_JOB = "interrupt_job"
    PULL_RESULTS = "pull_results"
    INIT_SESSION = "init_session"
    JOIN_SESSION = "join_session"
    CLOSE_SESSION = "close_session"
    SESSION_INFO = "session_info"


class State(StrEnum):
    """How the server took a request. SUCCEEDED says only that it was carried out."""

    SCHEDULED = "SCHEDULED"
    SUCCEEDED = "SUCCEEDED"
    INTERRUPTED = "INTERRUPTED"
    FAILED = "FAILED"
    REFUSED = "REFUSED"


def make_request_id() -> str:
    """Return an id that the server echoes, so that a mixed-up answer is noticed."""
    return os.urandom(8).hex()


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `exec_timeout_ms` is for EXEC alone: how long the server lets the job run."""

    action: Action
    command: str | None = None
    session_id: str | None = None
    consumer_id: str | None = None
    exec_timeout_ms: int | None = None
    user_id: str | None = None
    request_id: str = field(default_factory=make_request_id)

    def encode(self) -> bytes:
        """Return the JSON body, UTF-8; fields that are None are left out."""
        fields = {
            "action": self.action.value,
            "requestId": self.request_id,
            "command": self.command,
            "sessionId": self.session_id,
            "consumerId": self.consumer_id,
            "execTimeout": self.exec_timeout_ms,
            "userId": self.user_id,
        }
        return json.dumps({k: v for k, v in fields.items() if v is not None}).encode()


_PARSE_RACES = (
    "exec command failed:null",
    'exec command failed:cannot assign field "color" because "this.root" is null',
)


class Response(NamedTuple):
    """One answer of the API; what the server left out is None."""

    state: str
    message: str | None
    request_id: str | None
    session_id: str | None
    consumer_id: str | None
    body: Mapping[str, Json]
    results: Sequence[Result]

    @property
    def job_id(self) -> int | None:
        """The job that the request started or reached."""
        return as_int(self.body.get("jobId"))

    @property
    def has_results(self) -> bool:
        """Whether it has a list of results, be it empty."""
        return isinstance(self.body.get("results"), list)

    @property
    def job_status(self) -> str | None:
        """READY, RUNNING, TERMINATED …; None where the answer has none."""
        return as_text(self.body.get("jobStatus"))

    @property
    def is_parse_race(self) -> bool:
        """Whether two parses met in the server, so that nothing ran (docs/protocol.md, 1.3)."""
        return (self.message or "").lower().endswith(_PARSE_RACES)


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes that came back, unread, so that a pull loop need not read them.

    `hide` leaves out of the server's message what nobody is to see.
    """

    request: Request
    content: bytes
    hide: Callable[[str], str] = str

    def read(self) -> Response:
        """Read the answer.

        Raises:
            BadAnswer: not JSON, cut off, or the answer to another request.
            NotArthas: JSON, but not from the Arthas API.
            TooLarge: it takes more memory than there is.
        """
        request_id, hide = self.request.request_id, self.hide
        try:
            text = self.content.decode("utf-8", "replace")
            del self  # nobody else may hold the bytes, and reading takes much memory
            response = read_response(text)
        except MemoryError:
            raise TooLarge from None
        if response.request_id not in (None, request_id):
            raise BadAnswer("the answer belongs to another request")
        return response._replace(message=response.message and hide(response.message))


class Transport(Protocol):
    """Carries one request to the server and its answer back."""

    @property
    def url(self) -> str:
        """The address of the API, without credentials."""

    def send(
        self,
        request: Request,
        *,
        timeout_s: float | None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        """Send the request; wait `timeout_s` seconds for its answer (None: for ever).

        `meanwhile` is what to do once the request is on its way: time that is waited anyway. It is
        not done where the request cannot be sent.

        Raises:
            NoServer: and its kinds: no connection, no HTTP, not an Arthas API.
            Unauthorized: HTTP 401.
            TooLong: HTTP 413.
            ServerError: HTTP 500.
        """


def read_response(text: str) -> Response:
    """Read the text of an API answer.

    Raises:
        BadAnswer: not JSON, or cut off.
        NotArthas: JSON, but not from the Arthas API.
    """
    try:
        envelope, results = split_answer(text)
    except ValueError:
        try:
            envelope, results = split_answer(quote_bare_keys(text))
        except ValueError as error:
            raise BadAnswer(f"the answer is not JSON: {error}") from None
    fields = as_object(envelope)
    state = as_text(fields.get("state"))
    if state is None:
        raise NotArthas("the answer is JSON, but not from the Arthas API: it has no 'state'")
    return Response(
        state=state,
        message=as_text(fields.get("message")),
        request_id=as_text(fields.get("requestId")),
        session_id=as_text(fields.get("sessionId")),
        consumer_id=as_text(fields.get("consumerId")),
        body=as_object(fields.get("body")),
        results=results,
    )
