"""What can go wrong between a client and the server, each a small function around the answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TypeAlias

from support.fake.wire import (
    CLOSED,
    HTML_TYPE,
    TOO_LARGE,
    UNAUTHORIZED,
    Reply,
    Seen,
    make_json_reply,
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, how to have it carried out, and how to wait without outliving the server."""

    request: Seen
    answer: Callable[[], Reply]
    wait: Callable[[float], object]


_HANG_S = 60.0

Fault: TypeAlias = Callable[[Exchange], Reply]


def server_error(_exchange: Exchange) -> Reply:
    """HTTP 500, nothing was done."""
    return Reply(b"Server error", HTTPStatus.INTERNAL_SERVER_ERROR, HTML_TYPE)


def swallow(exchange: Exchange) -> Reply:
    """HTTP 500, but it was done: what a pull took off the queue is lost (docs/protocol.md, 4.1)."""
    exchange.answer()
    return server_error(exchange)


def unauthorized(_exchange: Exchange) -> Reply:
    return UNAUTHORIZED


def too_large(_exchange: Exchange) -> Reply:
    return TOO_LARGE


def html(_exchange: Exchange) -> Reply:
    return Reply(b"<html><body>Welcome to nginx!</body></html>", content_type="text/html")


def redirect(location: str) -> Fault:
    return lambda _exchange: Reply(
        status=HTTPStatus.FOUND, content_type=None, headers={"location": location}
    )


def refused(message: str = "Another job is running.") -> Fault:
    return _refuse("REFUSED", message)


def failed(message: str) -> Fault:
    return _refuse("FAILED", message)


def _refuse(state: str, message: str) -> Fault:
    def answer(exchange: Exchange) -> Reply:
        asked = exchange.request.body
        echo = {name: asked.get(name) for name in ("requestId", "sessionId")}
        body = {"command": asked.get("command")}
        return make_json_reply({"body": body, "message": message, "state": state, **echo})

    return answer


# Two requests were parsed at the same time; nothing ran (docs/protocol.md, 1.3).
command_failed_null = failed("Exec command failed:null")
command_failed_in_a_tree = failed(
    'Exec command failed:Cannot assign field "color" because "this.root" is null'
)


def other_request(exchange: Exchange) -> Reply:
    """The answer, but to somebody else's request."""
    reply = exchange.answer()
    fields = json.loads(reply.body)
    return replace(make_json_reply({**fields, "requestId": "of-another-request"}))


def bare_keys(exchange: Exchange) -> Reply:
    """The first result has a map with the keys null and 12 written bare: not JSON (3.10)."""
    return _rewrite(
        lambda text: text.replace(b'"results":[{', b'"results":[{"odd":{null:"x",12:"y"},', 1)
    )(exchange)


def nested(depth: int) -> Fault:
    """The first result holds lists in lists."""
    bomb = b"[" * depth + b"]" * depth
    return _rewrite(
        lambda text: text.replace(b'"results":[{', b'"results":[{"odd":' + bomb + b",", 1)
    )


def truncated(exchange: Exchange) -> Reply:
    """JSON that stops half-way, with a length that agrees."""
    return _rewrite(lambda text: text[: len(text) // 2])(exchange)


def _rewrite(change: Callable[[bytes], bytes]) -> Fault:
    def answer(exchange: Exchange) -> Reply:
        reply = exchange.answer()
        return replace(reply, body=change(reply.body))

    return answer


def cut_before_headers(_exchange: Exchange) -> Reply:
    return CLOSED


def cut_in_headers(exchange: Exchange) -> Reply:
    reply = exchange.answer()
    return replace(reply, cut_after=len(reply.head) // 2)


def cut_in_body(exchange: Exchange) -> Reply:
    reply = exchange.answer()
    return replace(reply, cut_after=len(reply.head) + len(reply.body) // 2)


def without_length(exchange: Exchange) -> Reply:
    """No Content-Length: the body ends with the connection, as up to 3.4.6."""
    return replace(exchange.answer(), has_length=False)


def hang(exchange: Exchange) -> Reply:
    """Takes the request and does nothing, as a JVM that is stopped."""
    exchange.wait(_HANG_S)
    return CLOSED


def slow(seconds: float) -> Fault:
    """Carries the request out at once, but answers late."""

    def answer(exchange: Exchange) -> Reply:
        reply = exchange.answer()
        exchange.wait(seconds)
        return reply

    return answer


@dataclass
class _Planned:
    fault: Fault
    times: float
    skip: int
    action: str | None


class Faults:
    """Which requests go wrong, and how; the rest is answered well."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []
        self._lock = threading.Lock()

    def next(
        self, fault: Fault, *, times: float = 1, skip: int = 0, action: str | None = None
    ) -> None:
        """Has the next `times` requests (with this action) go wrong, after `skip` good ones.

        `times=math.inf` is for ever. Of several plans for a request the first made counts.
        """
        with self._lock:
            self._planned.append(_Planned(fault, times, skip, action))

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def take(self, seen: Seen) -> Fault | None:
        """Returns the fault that is due for a request, and counts it."""
        with self._lock:
            for plan in self._planned:
                if plan.action not in (None, seen.action) or plan.times <= 0:
                    continue
                if plan.skip > 0:
                    plan.skip -= 1
                    continue
                plan.times -= 1
                return plan.fault
        return None
