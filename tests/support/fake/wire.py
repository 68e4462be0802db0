"""HTTP as the real server speaks it: one request a connection, then it is closed (4.2, 4.3)."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

MAX_BODY = 10 * 1024 * 1024
JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"
CONSOLE = b"<!doctype html>\n<html><head><title>Arthas Console</title></head></html>\n"


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came: header names in lower case, the body read if it is JSON."""

    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:  # noqa: ANN401 - JSON of any shape, which the test picks apart
        """The JSON of the body; None if it is none."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None

    @property
    def action(self) -> str | None:
        """The action asked for, as it was written."""
        return self.body.get("action") if isinstance(self.body, dict) else None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; of its bytes only the first `cut_after` are sent, if that is given."""

    body: bytes = b""
    status: HTTPStatus = HTTPStatus.OK
    content_type: str | None = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    closes: bool = True
    has_length: bool = True
    cut_after: int | None = None

    @property
    def head(self) -> bytes:
        """The status line and the headers."""
        lines = [f"HTTP/1.1 {self.status.value} {self.status.phrase}"]
        if self.content_type is not None:
            lines.append(f"content-type: {self.content_type}")
        if self.closes:
            lines.append("connection: close")
        if self.has_length:
            lines.append(f"content-length: {len(self.body)}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()

    def encode(self) -> bytes:
        return (self.head + self.body)[: self.cut_after]


def make_json_reply(fields: Mapping[str, object]) -> Reply:
    """Writes an answer as the server does: no nulls, keys in alphabetical order, no spaces."""
    text = json.dumps(
        _without_nulls(fields), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return Reply(text.encode())


def _without_nulls(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


class Preflight:
    """Basic authentication; a cookie that was let in once was accepted again (4.3)."""

    def __init__(self, user: str, password: str) -> None:
        self._credentials = f"{user}:{password}"
        self._cookies: set[str] = set()

    def check(self, seen: Seen) -> Reply | None:
        """Returns None for who may enter, else the answer: 401, or silence if it is malformed."""
        cookie = seen.headers.get("cookie", "")
        if any(f"asession={known}" in cookie for known in self._cookies):
            return None
        scheme, _, encoded = seen.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return UNAUTHORIZED
        try:
            given = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return CLOSED
        if ":" not in given:
            return CLOSED
        return None if given == self._credentials else UNAUTHORIZED

    def make_cookie(self) -> str:
        cookie = secrets.token_urlsafe(24)
        self._cookies.add(cookie)
        return cookie


CLOSED = Reply(cut_after=0)
UNAUTHORIZED = Reply(
    status=HTTPStatus.UNAUTHORIZED,
    content_type="text/plain",
    headers={"www-authenticate": 'Basic realm="arthas webconsole"'},
    closes=False,
)
TOO_LARGE = Reply(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, content_type=None, closes=False)
NOT_FOUND = Reply(b"Not found", HTTPStatus.NOT_FOUND, HTML_TYPE)


def route(seen: Seen, answer: Callable[[bytes], Reply]) -> Reply:
    """Finds the answer by path and method; `answer` is the API's own."""
    path = seen.path.partition("?")[0]
    if path == "/":
        return Reply(CONSOLE, content_type="text/html")
    if path != "/api":
        return NOT_FOUND
    if seen.method != "POST":
        message = f"Unsupported http method: {seen.method}"
        return make_json_reply({"message": message, "state": "REFUSED"})
    return answer(seen.content)


class Wire(BaseHTTPRequestHandler):
    """Reads one request, hands it to `server.reply`, sends what that returns."""

    protocol_version = "HTTP/1.1"
    server: Any

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        is_request = bool(self.raw_requestline) and self.parse_request()
        self.close_connection = True  # whatever was asked for
        if not is_request:
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = int(headers.get("content-length", 0))
        if length > MAX_BODY:
            self._turn_away()
            return
        seen = Seen(self.command, self.path, headers, self.rfile.read(length))
        reply = self.server.reply(seen)
        encoded = reply.encode()
        self.wfile.write(encoded[: len(reply.head)] if self.command == "HEAD" else encoded)

    def _turn_away(self) -> None:
        """Answers 413 unread; reads on only so that closing does not reset the answer."""
        self.wfile.write(TOO_LARGE.encode())
        while self.rfile.read(65536):
            pass

    def log_message(self, *_: object) -> None:
        """Keeps quiet."""
