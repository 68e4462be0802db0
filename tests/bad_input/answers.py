"""Answers of a server to a one-shot that are none, as HTTP, as JSON, or as an answer of Arthas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.raw_server import http, reset

from .rows import (
    Ends,
    Row,
    bad_answer,
    not_arthas,
)

if TYPE_CHECKING:
    from support.raw_server import Script

END = '{"type":"status","jobId":1,"statusCode":0}'
GOOD = ('{"state":"SUCCEEDED","body":{"results":[' + END + "]}}").encode()
CHUNKED = ("transfer-encoding: chunked",)
HTML = "text/html"


def status(line: str, body: bytes = b"", *headers: str) -> bytes:
    return http(body, status=line, content_type=HTML, headers=headers)


def chunked(body: bytes) -> bytes:
    return http(body, headers=CHUNKED, length=None)


def http_status(code: int) -> Ends:
    return not_arthas(f"that is not the Arthas API (HTTP {code})")


def gateway(code: int) -> Ends:
    return Ends(3, "unreachable", f"a gateway answered HTTP {code}: it cannot reach Arthas")


def no_json(what: str) -> Ends:
    return bad_answer(f"the answer is not JSON: {what}")


def lacks(state: str) -> Ends:
    return bad_answer(f"the answer says '{state}' and lacks what belongs to it")


LOGIN = Ends(4, "unauthorized", "the server requires a valid user name and password")
TOO_LONG = Ends(2, "too-long", "the command is too long for the server")
LATE = Ends(124, "deadline", "the deadline of 0.1 s passed; HOST did not answer")
FAILED = Ends(1, "failed", "the server answered FAILED")
UNOPENED = not_arthas("the server did not open a session: SUCCEEDED")
NO_HTTP = not_arthas("that port does not speak HTTP")
NO_JSON = not_arthas("that is not the Arthas API: it does not send JSON")
NO_STATE = not_arthas("the answer is JSON, but not from the Arthas API: it has no 'state'")
SILENT = bad_answer("the server closed the connection without an answer")
CUT = bad_answer("the answer was cut off")
LONG = bad_answer("the answer is longer than 512 MiB, or has no end")
EMPTY = bad_answer("the answer is empty")
DEEP = bad_answer("the answer is nested too deep to be read")
NO_CODE = bad_answer("the 'statusCode' at the end of the answer is not a number")
OTHER = bad_answer("the answer belongs to another request")

STATUSES: list[Row[Script]] = [
    Row("204", status("204 No Content"), http_status(204)),
    Row("206", status("206 Partial Content", GOOD), http_status(206)),
    Row(
        "301 to controls",
        status("301 Moved", b"", "location: http://a/\x1b[2J"),
        not_arthas("the server redirects to 'http://a/\\x1b[2J' (HTTP 301)"),
    ),
    Row(
        "302",
        status("302 Found", b"", "location: https://login/"),
        not_arthas("the server redirects to 'https://login/' (HTTP 302)"),
    ),
    Row("304", status("304 Not Modified"), not_arthas("the server redirects (HTTP 304)")),
    Row(
        "307 to nowhere",
        status("307 Temporary Redirect"),
        not_arthas("the server redirects (HTTP 307)"),
    ),
    Row(
        "308 to 10,000 characters",
        status("308 Moved", b"", "location: " + "x" * 10_000),
        not_arthas("the server redirects to '" + "x" * 200 + "' (HTTP 308)"),
    ),
    Row("400", status("400 Bad Request"), http_status(400)),
    Row("401", status("401 Unauthorized"), LOGIN),
    Row("403", status("403 Forbidden"), http_status(403)),
    Row("404", status("404 Not Found", b"Not Found"), http_status(404)),
    Row("405", status("405 Method Not Allowed"), http_status(405)),
    Row(
        "407",
        status("407 Proxy Authentication Required"),
        Ends(3, "unreachable", "the proxy requires a user name and password (HTTP 407)"),
    ),
    Row("408", status("408 Request Timeout"), http_status(408)),
    Row("413", status("413 Request Entity Too Large"), TOO_LONG),
    Row("418", status("418 I'm a teapot"), http_status(418)),
    Row("429", status("429 Too Many Requests"), http_status(429)),
    Row(
        "500",
        status("500 Internal Server Error", b"Server error"),
        Ends(1, "server-error", "the server could not write its answer (HTTP 500: Server error)"),
    ),
    Row(
        "500 with nothing",
        status("500 Internal Server Error"),
        Ends(1, "server-error", "the server could not write its answer (HTTP 500: nothing more)"),
    ),
    Row(
        "500 with a page",
        status("500 Oops", b"<html>\n<body>\x1b[2J\xff</body>"),
        Ends(
            1,
            "server-error",
            ("the server could not write its answer (HTTP 500: <html> <body>�</body>)"),
        ),
    ),
    Row(
        "500 with a megabyte",
        status("500 Oops", b"x" * 1_000_000),
        Ends(
            1, "server-error", "the server could not write its answer (HTTP 500: " + "x" * 200 + ")"
        ),
    ),
    Row("501", status("501 Not Implemented"), http_status(501)),
    Row("502", status("502 Bad Gateway"), gateway(502)),
    Row("503", status("503 Service Unavailable"), gateway(503)),
    Row("504", status("504 Gateway Timeout"), gateway(504)),
    Row("599", status("599 What"), http_status(599)),
    Row("999", status("999 What"), http_status(999)),
    Row("100 and then nothing", b"HTTP/1.1 100 Continue\r\n\r\n", SILENT),
]

HEADS: list[Row[Script]] = [
    Row("nothing", b"", SILENT),
    Row("a reset", reset, CUT),
    Row("telnet", b"\xff\xfb\x03\xff\xfd\x1f  ,---.  Welcome to arthas\r\n", NO_HTTP),
    Row("ssh", b"SSH-2.0-OpenSSH_9.6\r\n", NO_HTTP),
    Row("TLS", b"\x15\x03\x01\x00\x02\x02\x16", NO_HTTP),
    Row("redis", b"-ERR unknown command 'POST'\r\n", NO_HTTP),
    Row("one byte of HTTP", b"H", CUT),
    Row("HTTP/2", b"HTTP/2 200 OK\r\n\r\n" + GOOD, NO_HTTP),
    Row("HTTP/0.9", GOOD, NO_HTTP),
    Row("no status", b"HTTP/1.1 \r\n\r\n", NO_HTTP),
    Row("a status that is a word", b"HTTP/1.1 OK 200\r\n\r\n", NO_HTTP),
    Row("a status of four digits", b"HTTP/1.1 2000 OK\r\n\r\n", NO_HTTP),
    Row("a status of -20", b"HTTP/1.1 -20 OK\r\n\r\n", NO_HTTP),
    Row("a status cut off", b"HTTP/1.1 200", CUT),
    Row("headers cut off", b"HTTP/1.1 200 OK\r\ncontent-type: appl", CUT),
    Row("headers without an end", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000, NO_HTTP),
    Row("a header of 100,000 bytes", b"HTTP/1.1 200 OK\r\na: " + b"b" * 100_000, NO_HTTP),
    Row(
        "a length that is a word", http(GOOD, headers=("content-length: x",), length=None), NO_HTTP
    ),
    Row("a length of -1", http(GOOD, headers=("content-length: -1",), length=None), NO_HTTP),
    Row(
        "a length of 5,000 digits",
        http(GOOD, headers=("content-length: " + "9" * 5000,), length=None),
        NO_HTTP,
    ),
    Row(
        "a length in hexadecimal",
        http(GOOD, headers=("content-length: 0x10",), length=None),
        NO_HTTP,
    ),
]

BODIES: list[Row[Script]] = [
    Row("no body", http(), EMPTY),
    Row("blanks", http(b" \r\n\t"), EMPTY),
    Row("a length of one too many", http(GOOD, length=len(GOOD) + 1), CUT),
    Row("a length of far too many", http(GOOD, length=10**15), LONG),
    Row(
        "a length of one too few",
        http(GOOD, length=len(GOOD) - 1),
        no_json("Expecting ',' delimiter: line 1 column 43 (char 42)"),
    ),
    Row("no body, but a length", http(length=10), CUT),
    Row("a chunk that is cut off", chunked(b"ff\r\n" + GOOD[:9]), CUT),
    Row("a chunk without a length", chunked(b"\r\n" + GOOD), NO_HTTP),
    Row("a chunk with a length that is not a number", chunked(b"zz\r\n" + GOOD), NO_HTTP),
    Row("a chunk of a negative length", chunked(b"-5\r\n" + GOOD), NO_HTTP),
    Row("a chunk of a length without end", chunked(b"f" * 5000 + b"\r\n" + GOOD), LONG),
    Row("no chunk but the last", chunked(b"0\r\n\r\n"), EMPTY),
    Row("chunks without the last", chunked(b"5\r\n" + GOOD[:5] + b"\r\n"), CUT),
    Row("a page", http(b"<html>\x1b[2J</html>", content_type=HTML), NO_JSON),
    Row(
        "a compressed body",
        http(b"\x1f\x8b\x08\x00", headers=("content-encoding: gzip",)),
        Ends(3, "bad-answer", "the answer is compressed ('gzip'), which was not asked for"),
    ),
    Row("UTF-16", http(GOOD.decode().encode("utf-16")), NO_JSON),
    Row("a list", http(b"[1]"), NO_JSON),
    Row("a text", http(b'"SUCCEEDED"'), NO_JSON),
    Row("null", http(b"null"), NO_JSON),
    Row("NaN", http(b"NaN"), NO_JSON),
    Row("a NUL", http(b"\0"), NO_JSON),
]
