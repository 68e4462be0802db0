"""A raw client of the API in a few lines, so that a test need not trust the one under test."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit


def post(url: str, fields: object = None, /, *, timeout_s: float = 30.0, **more: object) -> Any:  # noqa: ANN401 - JSON of any shape, which the test picks apart
    """Posts one request and returns the answer as read by `json`.

    The fields may be given as one mapping, by name, or both: `post(url, action="exec", …)`.
    Bytes go out as they are.

    Raises:
        AssertionError: the answer is not HTTP 200.
        OSError: no connection; `http.client.HTTPException`: no HTTP.
    """
    body = fields if isinstance(fields, bytes) else json.dumps({**_as_dict(fields), **more})
    status, _, content = exchange(url, "POST", body, timeout_s=timeout_s)
    assert status == http.client.OK, (status, content[:200])
    return json.loads(content)


def exchange(
    url: str,
    method: str = "POST",
    body: bytes | str = b"",
    headers: dict[str, str] | None = None,
    *,
    timeout_s: float = 30.0,
) -> tuple[int, dict[str, str], bytes]:
    """Sends one HTTP request; returns status, headers (names in lower case) and body."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=timeout_s)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return response.status, names, response.read()
    finally:
        connection.close()


def _as_dict(fields: object) -> dict[str, object]:
    assert fields is None or isinstance(fields, dict), fields
    return fields or {}
