"""What an HTTP answer means, whichever library received it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    NoServer,
    NotArthas,
    ServerError,
    TooLong,
    Unauthorized,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.transport.wire import Reply

# As `http.HTTPStatus`, which takes longer to load than an answer to read.
_OK, _REDIRECTED, _BAD_REQUEST, _UNAUTHORIZED = 200, 300, 400, 401
_PROXY_AUTHENTICATION, _TOO_LARGE, _SERVER_ERROR = 407, 413, 500
_GATEWAY = (502, 503, 504)

# Status -> the error, its message and its hint (None: the error's own).
_MEANINGS: dict[int, tuple[type[ArthasShellError], str, str | None]] = {
    _UNAUTHORIZED: (
        Unauthorized,
        "the server requires a valid user name and password",
        None,
    ),
    _TOO_LARGE: (
        TooLong,
        "the command is too long for the server",
        None,
    ),
    _PROXY_AUTHENTICATION: (
        NoServer,
        "the proxy requires a user name and password (HTTP 407)",
        "put them into the proxy's address: http_proxy=http://USER:PASSWORD@HOST:PORT",
    ),
}
_MAX_SAID = 200


def check_answer(reply: Reply, hide: Callable[[str], str]) -> bytes:
    """Return the content of an API answer; every one is HTTP 200 (docs/protocol.md, 1.2).

    `hide` leaves out of what is said what nobody is to see.

    Raises:
        Unauthorized, TooLong, ServerError: HTTP 401, 413, 500.
        NotArthas: another status, or a body that is no JSON object.
        BadAnswer: no body at all, or a compressed one.
        NoServer: a gateway says that it reaches nobody.
    """
    if reply.status != _OK:
        said = " ".join(hide(reply.content.decode("utf-8", "replace")).split())
        location = reply.headers.get("location")
        raise _read_failure(reply.status, said, location and hide(location))
    refuse_compression(reply.headers)
    start = reply.content.lstrip()[:1]
    if not start:
        raise BadAnswer("the answer is empty")
    if start != b"{":
        raise NotArthas("that is not the Arthas API: it does not send JSON")
    return reply.content


def refuse_compression(headers: Mapping[str, str]) -> None:
    """Raise BadAnswer where the body is compressed: few bytes of that can fill any memory."""
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", ""):
        raise BadAnswer(f"the answer is compressed ('{coding[:40]}'), which was not asked for")


def _read_failure(status: int, said: str, location: str | None) -> ArthasShellError:
    if status in _MEANINGS:
        error, message, hint = _MEANINGS[status]
        return error(message, hint=hint)
    if status == _SERVER_ERROR:
        what = said[:_MAX_SAID] or "nothing more"
        return ServerError(f"the server could not write its answer (HTTP 500: {what})")
    if status in _GATEWAY:
        return NoServer(
            f"a gateway answered HTTP {status}: it cannot reach Arthas",
            hint="attach Arthas behind it, or give the right address with --url",
        )
    if _REDIRECTED <= status < _BAD_REQUEST:
        where = f" to {location[:_MAX_SAID]!r}" if location else ""
        return NotArthas(
            f"the server redirects{where} (HTTP {status})",
            hint="redirects are not followed; give the right address with --url",
        )
    return NotArthas(f"that is not the Arthas API (HTTP {status})")
