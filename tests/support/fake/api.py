"""The eight actions: a request's fields in, those of the answer out (docs/protocol.md, 1.1)."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, TypeAlias

from support.fake.commands import split_line
from support.fake.queues import Pack, Result
from support.fake.sessions import Job, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from support.fake.state import State

Fields: TypeAlias = "dict[str, object]"

EXEC_TIMEOUT_MS = 30_000
EXEC_LOOK_S = 0.1
FIRST_LOOK_S = 0.01
BUSY = "Another job is running."
NO_COMMAND = 'Cannot invoke "String.length()" because "s" is null'
TIME_EXPIRED = "The job is exceeded time limit, force interrupt"


class Failed(Exception):
    """The answer is FAILED with this message and, for a command that cannot start, a body."""

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.fields: Fields = {"state": "FAILED", "message": message, **fields}


class Silent(Exception):
    """There is no answer: the connection is closed."""


def answer(state: State, content: bytes) -> Fields:
    """Carries out one request.

    Raises:
        Silent: the server has stopped.
    """
    try:
        request = _read(content)
    except ValueError as error:
        message = f"Process request error: parse request failed: {error}"
        return {"state": "FAILED", "message": message}
    echo: Fields = {}
    if request.get("requestId") is not None:
        echo["requestId"] = str(request["requestId"])
    try:
        return {**_act(state, request), **echo}
    except Failed as failed:
        return {**failed.fields, **echo}


def _read(content: bytes) -> Mapping[str, object]:
    if not content:
        raise ValueError("request body is empty")
    request = json.loads(content)
    if not isinstance(request, dict):
        raise ValueError("expect {")  # noqa: TRY004 - reported like every unreadable request
    timeout = request.get("execTimeout")
    if timeout is not None:
        try:
            request["execTimeout"] = int(timeout)
        except ValueError:
            raise ValueError(f"parseInt error, {timeout}") from None
    return request


def _act(state: State, request: Mapping[str, object]) -> Fields:
    name = str(request.get("action") or "").strip()
    if not name:
        raise Failed("'action' is required")
    action = ACTIONS.get(name.lower())
    if action is None:
        raise Failed(f"unknown action: {name}")
    return action(state, request)


def _find_session(state: State, request: Mapping[str, object]) -> Session:
    name = request.get("sessionId")
    if not name:
        raise Failed("'sessionId' is required")
    session = state.sessions.get(str(name))
    if session is None:
        raise Failed(f"session not found: {name}")
    session.accessed_s = time.time()
    return session


def _make_job(
    state: State,
    session: Session,
    request: Mapping[str, object],
    emit: Callable[[Result], None],
    what: str,
) -> Job:
    """Makes the job of a line; each one that has a word takes a job id (docs/protocol.md, 1.2)."""
    line = request.get("command")
    echo: Fields = {"sessionId": session.id, "body": {} if line is None else {"command": line}}
    if line is None:
        raise Failed(f"{what} failed:{NO_COMMAND}", **echo)
    if line == "":
        raise Failed(f"{what} failed:Index 0 out of bounds for length 0", **echo)
    if session.foreground is not None:
        raise Failed(BUSY, **echo, state="REFUSED")
    number = state.take_job_number()
    words, _ = split_line(str(line))
    if not words:
        raise Failed(f"{what} failed:java.lang.IllegalArgumentException", **echo)
    command = state.commands.get(words[0])
    if command is None:
        why = f"java.lang.IllegalArgumentException: {words[0]}: command not found"
        raise Failed(f"{what} failed:{why}", **echo)
    return Job(number, str(line), command, emit)


def _start(state: State, session: Session, job: Job, *announcement: Result) -> None:
    if not session.take(job, *announcement):
        body = {"command": job.line}
        raise Failed(BUSY, sessionId=session.id, body=body, state="REFUSED")
    words, in_background = split_line(job.line)
    if words == ["stop"]:
        state.stop()
        raise Silent
    if in_background and announcement:
        session.let_go(job)  # exec never lets go: it waits for a job with `&` too (3.7)
    state.start(job, session)


def exec_(state: State, request: Mapping[str, object]) -> Fields:
    """Runs a command and waits for it, looking every 100 ms (3.3)."""
    is_one_time = not request.get("sessionId") and state.version_numbers >= (3, 4)
    if is_one_time:
        session = Session(state.target.pid, is_one_time=True)
    else:
        session = _find_session(state, request)
    pack = Pack()
    job = _make_job(state, session, request, pack.append, "Exec command")
    _start(state, session, job)
    timeout_ms = request.get("execTimeout")
    if not isinstance(timeout_ms, int) or timeout_ms <= 0:
        timeout_ms = EXEC_TIMEOUT_MS
    has_ended = _wait_for_end(job, timeout_ms / 1000)
    if not has_ended:
        job.interrupt()
    body: Fields = {
        "command": job.line,
        "jobId": job.number,
        "jobStatus": job.status,
        "results": job.list_sent(pack.results),
        "timeExpired": not has_ended,
        "timeout": None if has_ended else timeout_ms,
    }
    fields: Fields = {"sessionId": session.id, "body": body, "state": "SUCCEEDED"}
    if not has_ended:
        fields |= {"state": "INTERRUPTED", "message": TIME_EXPIRED}
    return fields


def _wait_for_end(job: Job, timeout_s: float) -> bool:
    until = time.monotonic() + timeout_s
    has_ended = job.ended.wait(min(FIRST_LOOK_S, timeout_s))
    while not has_ended and time.monotonic() < until:
        time.sleep(EXEC_LOOK_S)
        has_ended = job.ended.is_set()
    return has_ended


def async_exec(state: State, request: Mapping[str, object]) -> Fields:
    """Starts a command; its results go to the session's consumers (3.4)."""
    session = _find_session(state, request)
    line = request.get("command")
    try:
        job = _make_job(state, session, request, session.say, "Async exec command")
    except Failed as failed:
        if failed.fields["state"] == "FAILED":
            told = {"state": "FAILED", "message": failed.fields["message"]}
            session.say({"type": "command", "jobId": 0, "command": line, **told})
        raise
    command = {"type": "command", "jobId": job.number, "command": line, "state": "SCHEDULED"}
    if state.target.parse_races:
        state.target.parse_races -= 1
        session.take(job, command)
        job.status, state.jobs[job.number] = "RUNNING", job
        raise Failed("Async exec command failed:null")
    _start(state, session, job, command)
    body = {"command": line, "jobId": job.number, "jobStatus": "READY"}
    return {"sessionId": session.id, "body": body, "state": "SCHEDULED"}


def interrupt_job(state: State, request: Mapping[str, object]) -> Fields:
    """Interrupts the foreground job; a job without a handler runs on, the answer is good (3.4)."""
    session = _find_session(state, request)
    job = session.foreground
    if job is None:
        raise Failed("no foreground job is running")
    job.interrupt()
    return {"state": "SUCCEEDED", "body": {"jobId": job.number, "jobStatus": job.status}}


def pull_results(state: State, request: Mapping[str, object]) -> Fields:
    """Takes what there is, or waits for it (3.4)."""
    session = _find_session(state, request)
    name = request.get("consumerId")
    if not name:
        raise Failed("'consumerId' is required")
    consumer = session.queue.consumers.get(str(name)) if session.queue else None
    if consumer is None:
        raise Failed(f"consumer not found: {name}")
    body = {"results": consumer.pull()}
    return {"consumerId": name, "sessionId": session.id, "body": body, "state": "SUCCEEDED"}


def init_session(state: State, _request: Mapping[str, object]) -> Fields:
    """Makes a session with one consumer, which is welcomed (3.2)."""
    session, consumer = state.open_session()
    return {"consumerId": consumer.name, "sessionId": session.id, "state": "SUCCEEDED"}


def join_session(state: State, request: Mapping[str, object]) -> Fields:
    """Adds a consumer, which gets the session's last results again (3.2)."""
    session = _find_session(state, request)
    consumer = session.join(state.queue_slots, with_history=True)
    return {"consumerId": consumer.name, "sessionId": session.id, "state": "SUCCEEDED"}


def close_session(state: State, request: Mapping[str, object]) -> Fields:
    """Interrupts what runs and forgets the session; the answer has a state alone (3.2)."""
    session = _find_session(state, request)
    state.close_session(session)
    return {"state": "SUCCEEDED"}


def session_info(state: State, request: Mapping[str, object]) -> Fields:
    """Tells pid and times in epoch milliseconds (3.2)."""
    session = _find_session(state, request)
    body = {
        "pid": session.pid,
        "createTime": int(session.created_s * 1000),
        "lastAccessTime": int(session.accessed_s * 1000),
    }
    return {"sessionId": session.id, "body": body, "state": "SUCCEEDED"}


ACTIONS: Mapping[str, Callable[[State, Mapping[str, object]], Fields]] = {
    "exec": exec_,
    "async_exec": async_exec,
    "interrupt_job": interrupt_job,
    "pull_results": pull_results,
    "init_session": init_session,
    "join_session": join_session,
    "close_session": close_session,
    "session_info": session_info,
}
