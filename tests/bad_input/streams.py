"""Answers in the life of a stream that are none: to its session's opening, its start, a pull."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus

from support.fake.wire import HTML_TYPE, Reply

from .answers import (
    CUT,
    DEEP,
    FAILED,
    LOGIN,
    NO_JSON,
    NO_STATE,
    OTHER,
    SILENT,
    TOO_LONG,
    UNOPENED,
    gateway,
    http_status,
    lacks,
    no_json,
)
from .rows import Ends, Row, not_arthas


@dataclass(frozen=True, slots=True)
class Spoiled:
    """Every answer to an action but the first `skip` of them is this one."""

    action: str
    reply: Reply
    skip: int = 0


def spoil(action: str, body: str | bytes) -> Spoiled:
    """Returns the action, answered so; of pulls the first is well, that of the new session."""
    content = body.encode() if isinstance(body, str) else body
    return Spoiled(action, Reply(content), skip=int(action == "pull_results"))


def fail(action: str, code: int, body: bytes = b"") -> Spoiled:
    spoiled = spoil(action, body)
    return replace(spoiled, reply=Reply(body, HTTPStatus(code), HTML_TYPE))


def cut(action: str, after: int) -> Spoiled:
    """Returns the action, whose answer ends with the connection after so many bytes."""
    spoiled = spoil(action, '{"state":"SUCCEEDED"}')
    return replace(spoiled, reply=replace(spoiled.reply, cut_after=after))


def pulled(results: str) -> Spoiled:
    """Returns a pull that brings these results."""
    return spoil("pull_results", f'{{"state":"SUCCEEDED","body":{{"results":{results}}}}}')


def started(job: str) -> Spoiled:
    """Returns a start that names this job."""
    return spoil("async_exec", f'{{"state":"SCHEDULED","body":{{"jobId":{job}}}}}')


def opened(state: str) -> Spoiled:
    """Returns a session that is opened with this state, and what else stands before its name."""
    return spoil("init_session", f'{{"state":{state},"sessionId":"s","consumerId":"c"}}')


GONE = Ends(3, "session-lost", "the session is gone from the server")
PASSED = Ends(
    124,
    "deadline",
    "the deadline of 0.3 s passed; the end of the answer was lost, and maybe results before it",
)

SESSIONS: list[Row[Spoiled]] = [
    Row("401", fail("init_session", 401), LOGIN),
    Row("404", fail("init_session", 404), http_status(404)),
    Row("413", fail("init_session", 413), TOO_LONG),
    Row(
        "500",
        fail("init_session", 500),
        Ends(1, "server-error", "the server could not write its answer (HTTP 500: nothing more)"),
    ),
    Row("503", fail("init_session", 503), gateway(503)),
    Row("a redirect", fail("init_session", 302), not_arthas("the server redirects (HTTP 302)")),
    Row("a page", spoil("init_session", "<html>"), NO_JSON),
    Row("nothing", cut("init_session", 0), SILENT),
    Row("cut in the headers", cut("init_session", 30), CUT),
    Row("cut in the body", cut("init_session", 120), CUT),
    Row(
        "half of its JSON",
        spoil("init_session", '{"state":'),
        no_json("Expecting value: line 1 column 10 (char 9)"),
    ),
    Row("100,000 brackets", spoil("init_session", '{"a":' + "[" * 100_000), DEEP),
    Row("NaN", spoil("init_session", '{"state":NaN}'), no_json("'NaN' is not a number")),
    Row("no state", opened("null"), NO_STATE),
    Row("no session", spoil("init_session", '{"state":"SUCCEEDED"}'), UNOPENED),
    Row(
        "a session that is a number",
        spoil("init_session", '{"state":"SUCCEEDED","sessionId":5,"consumerId":"c"}'),
        UNOPENED,
    ),
    Row("no consumer", spoil("init_session", '{"state":"SUCCEEDED","sessionId":"s"}'), UNOPENED),
    Row(
        "a failure with controls",
        spoil("init_session", '{"state":"FAILED","message":"\\u001b[2J\\u0007no"}'),
        not_arthas("the server did not open a session: ␇no"),
    ),
    Row(
        "a session that is not there",
        opened('"SUCCEEDED"'),
        GONE,
    ),
    Row(
        "an answer to another request",
        opened('"SUCCEEDED","requestId":"x"'),
        OTHER,
    ),
]

STARTS: list[Row[Spoiled]] = [
    Row("401", fail("async_exec", 401), LOGIN),
    Row("404", fail("async_exec", 404), http_status(404)),
    Row("413", fail("async_exec", 413), TOO_LONG),
    Row(
        "500",
        fail("async_exec", 500, b"Server error"),
        Ends(1, "server-error", "the server could not write its answer (HTTP 500: Server error)"),
    ),
    Row("502", fail("async_exec", 502), gateway(502)),
    Row("a page", spoil("async_exec", "<html>"), NO_JSON),
    Row("nothing", cut("async_exec", 0), SILENT),
    Row("cut in the body", cut("async_exec", 120), CUT),
    Row(
        "half of its JSON",
        spoil("async_exec", '{"state":"SCHE'),
        no_json("Unterminated string starting at: line 1 column 10 (char 9)"),
    ),
    Row("no state", spoil("async_exec", '{"body":{"jobId":7}}'), NO_STATE),
    Row("no job", spoil("async_exec", '{"state":"SCHEDULED","body":{}}'), lacks("SCHEDULED")),
    Row(
        "a job that is a text",
        started('"7"'),
        lacks("SCHEDULED"),
    ),
    Row(
        "a job that is true",
        started("true"),
        lacks("SCHEDULED"),
    ),
    Row("job 0", started("0"), lacks("SCHEDULED")),
    Row(
        "job -1",
        started("-1"),
        lacks("SCHEDULED"),
    ),
    Row(
        "a job of 5,000 digits",
        started("9" * 5000),
        lacks("SCHEDULED"),
    ),
    Row(
        "the end before the start",
        spoil("async_exec", '{"state":"SUCCEEDED","body":{"jobId":7}}'),
        lacks("SUCCEEDED"),
    ),
    Row("a failure without a word", spoil("async_exec", '{"state":"FAILED"}'), FAILED),
    Row(
        "a refusal for ever",
        spoil("async_exec", '{"state":"REFUSED","message":"Another job is running."}'),
        Ends(1, "refused", "Another job is running."),
    ),
    Row(
        "an answer to another request",
        spoil("async_exec", '{"state":"SCHEDULED","requestId":"x","body":{"jobId":7}}'),
        OTHER,
    ),
    Row(
        "no such session",
        spoil("async_exec", '{"state":"FAILED","message":"session not found: s"}'),
        GONE,
    ),
    Row(
        "no such command",
        spoil("async_exec", '{"state":"FAILED","message":"x: watch: command not found"}'),
        Ends(2, "unknown-command", "the server has no command 'watch'"),
    ),
]

PULLS: list[Row[Spoiled]] = [
    Row("401", fail("pull_results", 401), LOGIN),
    Row("404", fail("pull_results", 404), http_status(404)),
    Row(
        "500",
        fail("pull_results", 500, b"Server error"),
        Ends(1, "server-error", "the server could not write its answer (HTTP 500: Server error)"),
    ),
    Row("502", fail("pull_results", 502), gateway(502)),
    Row("a page", spoil("pull_results", "<html>"), NO_JSON),
    Row("nothing", cut("pull_results", 0), SILENT),
    Row("cut in the headers", cut("pull_results", 30), CUT),
    Row("cut in the body", cut("pull_results", 120), CUT),
    Row(
        "half of its JSON",
        spoil("pull_results", '{"state":'),
        no_json("Expecting value: line 1 column 10 (char 9)"),
    ),
    Row(
        "half of its results",
        spoil("pull_results", '{"state":"SUCCEEDED","body":{"results":[{'),
        no_json("Expecting property name enclosed in double quotes: line 1 column 42 (char 41)"),
    ),
    Row(
        "a NaN among its results",
        pulled('[{"a":NaN}]'),
        no_json("'NaN' is not a number"),
    ),
    Row(
        "100,000 brackets among its results",
        spoil("pull_results", '{"state":"SUCCEEDED","body":{"results":[' + "[" * 100_000),
        DEEP,
    ),
    Row("no state", spoil("pull_results", '{"body":{"results":[]}}'), NO_STATE),
    Row("no body", spoil("pull_results", '{"state":"SUCCEEDED"}'), lacks("SUCCEEDED")),
    Row(
        "results that are null",
        pulled("null"),
        lacks("SUCCEEDED"),
    ),
    Row(
        "results that are an object",
        pulled("{}"),
        lacks("SUCCEEDED"),
    ),
    Row(
        "a state that nobody knows",
        spoil("pull_results", '{"state":"MAYBE","body":{"results":[]}}'),
        lacks("MAYBE"),
    ),
    Row("a failure without a word", spoil("pull_results", '{"state":"FAILED"}'), FAILED),
    Row(
        "no such session",
        spoil("pull_results", '{"state":"FAILED","message":"session not found: s"}'),
        GONE,
    ),
    Row(
        "no such consumer, ever again",
        spoil("pull_results", '{"state":"FAILED","message":"consumer not found: c"}'),
        GONE,
    ),
    Row(
        "an answer to another request",
        spoil("pull_results", '{"state":"SUCCEEDED","requestId":"x","body":{"results":[]}}'),
        OTHER,
    ),
]
# With a deadline of 0.3 s: these end by it alone.
ENDLESS: list[Row[Spoiled]] = [
    Row(
        "nothing, at once",
        pulled("[]"),
        PASSED,
    ),
    Row(
        "results of another job",
        pulled('[{"type":"watch","jobId":99}]'),
        PASSED,
    ),
]
