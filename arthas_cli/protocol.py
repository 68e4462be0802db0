"""The HTTP API as values: what is asked, what is answered; no input, no output.

`Transport` is the seam to the network: in tests it is a list of canned answers.
"""

from __future__ import annotations

import json
import os
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol, overload

from arthas_cli.errors import BadAnswer, NotArthas, TooLarge
from arthas_cli.jsontext import (
    Json,
    as_int,
    as_object,
    as_text,
    quote_bare_keys,
    read_prefix,
    read_strict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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


_WHOLE = slice(None)


class Result(NamedTuple):
    """One result: `data` is the server's object, `raw` the same as the server's own JSON text.

    `text`: what it was read from, all of an answer, of which it is the `part`. `is_rest`: it tells
    of a call that had begun before the command, so that its time is not known. `target`: the name
    of the JVM it came from, where there are many.
    """

    type: str
    job_id: int | None
    data: Mapping[str, Json]
    text: str
    part: slice = _WHOLE
    is_rest: bool = False
    target: str = ""

    @property
    def raw(self) -> str:
        """The server's own JSON text, a copy that few need and none need keep."""
        return self.text[self.part]


class ManyResults(Sequence[Result]):
    """The results of a long answer: each is read when it is asked for, and kept by nobody.

    Read, they take several times the memory of their text. `ends`: where each begins and ends.
    """

    def __init__(self, text: str, ends: array[int]) -> None:
        self._text = text
        self._ends = ends

    @overload
    def __getitem__(self, at: int) -> Result: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Result]: ...

    def __getitem__(self, at: int | slice) -> Result | Sequence[Result]:
        """Read one result, or several."""
        found = range(len(self))[at]
        if isinstance(found, range):
            return [self[each] for each in found]
        start, end = self._ends[2 * found : 2 * found + 2]
        return _read_result(read_prefix(self._text, start)[0], self._text, slice(start, end))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ends) // 2


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


# A quote inside a JSON string is escaped, so this matches a key alone; the first one of an
# answer is that of its body, for what stands before it there are strings and numbers.
_RESULTS = re.compile(r'"results"\s*+:\s*+\[')
_SPACE = re.compile(r"\s*+")
# More than one pull, or an `exec` of today's servers, can bring.
_MAX_READ_AT_ONCE = 1_000


def read_response(text: str) -> Response:
    """Read the text of an API answer.

    Raises:
        BadAnswer: not JSON, or cut off.
        NotArthas: JSON, but not from the Arthas API.
    """
    try:
        envelope, results = _split(text)
    except ValueError:
        try:
            envelope, results = _split(quote_bare_keys(text))
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


def _split(text: str) -> tuple[Json, Sequence[Result]]:
    """Read the envelope and, apart from it, each result with its own text.

    Raises:
        ValueError: not JSON.
    """
    found = _RESULTS.search(text)
    if found is None:
        return read_strict(text), ()
    results: list[Result] = []
    ends = array("q")
    at = _skip_space(text, found.end())
    while not text.startswith("]", at):
        if ends:
            if not text.startswith(",", at):
                raise ValueError(f"a comma is missing at character {at}")
            at = _skip_space(text, at + 1)
        value, end = read_prefix(text, at)
        if len(results) < _MAX_READ_AT_ONCE:
            results.append(_read_result(value, text, slice(at, end)))
        ends.extend((at, end))
        at = _skip_space(text, end)
    envelope = read_strict(text[: found.end()] + text[at:])
    is_long = len(results) == _MAX_READ_AT_ONCE
    return envelope, ManyResults(text, ends) if is_long else tuple(results)


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _read_result(value: Json, text: str, part: slice) -> Result:
    data = as_object(value)
    return Result(
        type=as_text(data.get("type")) or "",
        job_id=as_int(data.get("jobId")),
        data=data if isinstance(value, dict) else {"value": value},
        text=text,
        part=part,
    )
