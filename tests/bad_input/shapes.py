"""Answers of a server to a one-shot that are HTTP, and no JSON, or JSON and no answer of Arthas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.raw_server import drip, http, silence

from .answers import (
    DEEP,
    END,
    FAILED,
    GOOD,
    LATE,
    NO_CODE,
    NO_STATE,
    OTHER,
    UNOPENED,
    lacks,
    no_json,
)
from .rows import Ends, Row

if TYPE_CHECKING:
    from support.raw_server import Connection, Script


def stop_half_way(connection: Connection) -> None:
    connection.socket.sendall(http(GOOD[:20], length=len(GOOD)))
    silence(connection)


def answer(results: str) -> bytes:
    return http(f'{{"state":"SUCCEEDED","body":{{"results":[{results}]}}}}'.encode())


def end(code: str) -> bytes:
    return answer(f'{{"type":"status","jobId":1,"statusCode":{code}}}')


def text(body: str) -> bytes:
    return http(body.encode())


JSON: list[Row[Script]] = [
    Row(
        "an open brace",
        http(b"{"),
        no_json("Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ),
    Row(
        "cut in a key",
        http(GOOD[:5]),
        no_json("Unterminated string starting at: line 1 column 2 (char 1)"),
    ),
    Row(
        "cut behind a colon", http(GOOD[:9]), no_json("Expecting value: line 1 column 10 (char 9)")
    ),
    Row(
        "cut in a text",
        http(GOOD[:14]),
        no_json("Unterminated string starting at: line 1 column 10 (char 9)"),
    ),
    Row(
        "cut before the results",
        http(GOOD[:41]),
        no_json("Expecting property name enclosed in double quotes: line 1 column 42 (char 41)"),
    ),
    Row(
        "cut in a result",
        http(GOOD[:50]),
        no_json("Unterminated string starting at: line 1 column 49 (char 48)"),
    ),
    Row("cut behind a result", http(GOOD[:-3]), no_json("a comma is missing at character 82")),
    Row(
        "cut before the last brace",
        http(GOOD[:-1]),
        no_json("Expecting ',' delimiter: line 1 column 43 (char 42)"),
    ),
    Row("more behind it", http(GOOD + b"{}"), no_json("more text follows at character 43")),
    Row("twice", http(GOOD + GOOD), no_json("more text follows at character 43")),
    Row(
        "single quotes",
        http(GOOD.replace(b'"', b"'")),
        no_json("Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ),
    Row(
        "a comma too many",
        http(GOOD.replace(b"]", b",]")),
        no_json("Expecting value: line 1 column 84 (char 83)"),
    ),
    Row(
        "two results without a comma",
        answer(END + END),
        no_json("a comma is missing at character 82"),
    ),
    Row(
        "a control character in a text",
        http(GOOD.replace(b"SUCC", b"\x1b[2J")),
        no_json("Invalid control character at: line 1 column 11 (char 10)"),
    ),
    Row(
        "an escape that is none",
        http(GOOD.replace(b"SUCC", b"\\x")),
        no_json("Invalid \\escape: line 1 column 11 (char 10)"),
    ),
    Row(
        "a NaN in a result", answer('{"type":"x","n":NaN},' + END), no_json("'NaN' is not a number")
    ),
    Row(
        "an Infinity in a result",
        answer('{"type":"x","n":-Infinity},' + END),
        no_json("'-Infinity' is not a number"),
    ),
    Row(
        "a NaN beside the results",
        text('{"state":"SUCCEEDED","n":NaN}'),
        no_json("'NaN' is not a number"),
    ),
    Row(
        "100,000 lists in lists", answer('{"a":' + "[" * 100_000 + "]" * 100_000 + "}," + END), DEEP
    ),
    Row("100,000 objects in objects", answer('{"a":' * 100_000 + "1" + "}" * 100_000), DEEP),
    Row("100,000 open brackets", http(b'{"state":' + b"[" * 100_000), DEEP),
    Row(
        "100,000 brackets beside the results",
        http(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        DEEP,
    ),
    Row(
        "no number",
        answer('{"type":"x","n":-},' + END),
        no_json("Expecting value: line 1 column 57 (char 56)"),
    ),
    Row(
        "a number with a zero before it",
        answer('{"type":"x","n":01},' + END),
        no_json("Expecting ',' delimiter: line 1 column 58 (char 57)"),
    ),
]

SHAPES: list[Row[Script]] = [
    Row("an empty object", http(b"{}"), NO_STATE),
    Row("other JSON", http(b'{"hello":"world"}'), NO_STATE),
    Row("a state that is a number", text('{"state":0}'), NO_STATE),
    Row("a state that is null", text('{"state":null}'), NO_STATE),
    Row("a state that is a list", text('{"state":["SUCCEEDED"]}'), NO_STATE),
    Row("a state in lower case", text('{"state":"succeeded"}'), lacks("succeeded")),
    Row("a state that nobody knows", text('{"state":"\\u001b[2JMAYBE"}'), lacks("MAYBE")),
    Row("two states", text('{"state":"SUCCEEDED","state":"FAILED"}'), FAILED),
    Row("no body", text('{"state":"SUCCEEDED"}'), lacks("SUCCEEDED")),
    Row("a body that is null", text('{"state":"SUCCEEDED","body":null}'), lacks("SUCCEEDED")),
    Row("a body that is a list", text('{"state":"SUCCEEDED","body":[]}'), lacks("SUCCEEDED")),
    Row(
        "a body that is a text", text('{"state":"SUCCEEDED","body":"results"}'), lacks("SUCCEEDED")
    ),
    Row("no results", text('{"state":"SUCCEEDED","body":{}}'), lacks("SUCCEEDED")),
    Row(
        "results that are null",
        text('{"state":"SUCCEEDED","body":{"results":null}}'),
        lacks("SUCCEEDED"),
    ),
    Row(
        "results that are an object",
        text('{"state":"SUCCEEDED","body":{"results":{}}}'),
        lacks("SUCCEEDED"),
    ),
    Row(
        "results that are a number",
        text('{"state":"SUCCEEDED","body":{"results":1}}'),
        lacks("SUCCEEDED"),
    ),
    Row(
        "results outside the body",
        text('{"state":"SUCCEEDED","results":[' + END + "]}"),
        lacks("SUCCEEDED"),
    ),
    Row(
        "results that are a list of lists",
        answer("[" + END + "]"),
        UNOPENED,
        (
            "result\n└─ value\n   └─ [0]\n      ├─ type: status\n      ├─ jobId: "
            "1\n      └─ statusCode: 0\n"
        ),
    ),
    Row(
        "a result that is null",
        answer("null," + END.replace("0", "1")),
        Ends(1, "failed", "'version' ended with status 1"),
        "result\n\u2514\u2500 value: null\n",
    ),
    Row("a failure without a word", text('{"state":"FAILED"}'), FAILED),
    Row("a failure whose message is a number", text('{"state":"FAILED","message":5}'), FAILED),
    Row(
        "a failure whose message has controls",
        text('{"state":"FAILED","message":"a\\u001b[2Jb\\u202e\\nc"}'),
        Ends(1, "failed", "ab<U+202E>"),
    ),
    Row(
        "a refusal without a word",
        text('{"state":"REFUSED"}'),
        Ends(1, "refused", "the server answered REFUSED"),
    ),
    Row(
        "an interruption by nobody",
        text('{"state":"INTERRUPTED","body":{"results":[]}}'),
        Ends(124, "deadline", "the deadline of 86400 s passed"),
    ),
    Row(
        "a job that is still to run",
        text('{"state":"SCHEDULED","body":{"jobId":1}}'),
        lacks("SCHEDULED"),
    ),
    Row("an answer to another request", http(GOOD.replace(b"}}", b'},"requestId":"x"}')), OTHER),
    Row("a status that is a text", end('"0"'), NO_CODE),
    Row("a status that is null", end("null"), NO_CODE),
    Row("a status that is true", end("true"), NO_CODE),
    Row("a status that is a list", end("[0]"), NO_CODE),
    Row("a status with a fraction", end("0.5"), NO_CODE),
    Row("a status of 5,000 digits", end("9" * 5000), NO_CODE),
    Row("a status without a code", answer('{"type":"status","jobId":1}'), NO_CODE),
    Row("a status that fails", end("-1"), Ends(1, "failed", "'version' ended with status -1")),
    Row(
        "a status whose message is a list",
        answer('{"type":"status","statusCode":3,"message":[]}'),
        Ends(1, "failed", "'version' ended with status 3"),
    ),
    Row(
        "a status in the wrong case",
        answer(END.replace("status", "Status", 1)),
        UNOPENED,
        "Status\n\u2514\u2500 statusCode: 0\n",
    ),
]

# Each with a deadline of 0.1 s and hardly any grace.
SLOW: list[Row[Script]] = [
    Row("silence", silence, LATE),
    Row("a status that drips", drip(http(GOOD), every_s=0.02), LATE),
    Row("a body that drips", drip(http(b"{" + b" " * 9000), every_s=0.01, size=99), LATE),
    Row("a body that stops half way", stop_half_way, LATE),
    Row("headers that drip", drip(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 999, every_s=0.01), LATE),
    Row(
        "one 100 after the other",
        drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 999, every_s=0.01, size=25),
        LATE,
    ),
]
