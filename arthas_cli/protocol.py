"""The HTTP API as values: what is asked, what is answered; no input, no output.

`Transport` is the seam to the network: in tests it is a list of canned answers.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from arthas_cli.errors import BadAnswer, NotArthas
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
    from collections.abc import Mapping


class Action(StrEnum):
    """What can be asked of `POST /api` (protocol, section 0)."""

    EXEC = "exec"
    ASYNC_EXEC = "async_exec"
    INTERRUPT_JOB = "interrupt_job"
    PULL# A quote inside a JSON string is escaped, so this matches a key alone; the first one of an
# answer is that of its body, for what stands before it there are strings and numbers.
_RESULTS = re.compile(r'"results"\s*+:\s*+\[')
_SPACE = re.compile(r"\s*+")


def read_response(text: str) -> Response:
    """Reads the text of an API answer.

    Raises:
        BadAnswer: not JSON, or cut off.
        NotArthas: JSON, but not of the Arthas API.
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
        raise NotArthas("the answer is JSON, but not of the Arthas API: it has no 'state'")
    return Response(
        state=state,
        message=as_text(fields.get("message")),
        request_id=as_text(fields.get("requestId")),
        session_id=as_text(fields.get("sessionId")),
        consumer_id=as_text(fields.get("consumerId")),
        body=as_object(fields.get("body")),
        results=results,
    )


def _split(text: str) -> tuple[Json, tuple[Result, ...]]:
    """Reads the envelope and, apart from it, each result with its own text.

    Raises:
        ValueError: not JSON.
    """
    found = _RESULTS.search(text)
    if found is None:
        return read_strict(text), ()
    results: list[Result] = []
    at = _skip_space(text, found.end())
    while not text.startswith("]", at):
        if results:
            if not text.startswith(",", at):
                raise ValueError(f"a comma is missing at character {at}")
            at = _skip_space(text, at + 1)
        value, end = read_prefix(text, at)
        results.append(_read_result(value, text[at:end]))
        at = _skip_space(text, end)
    return read_strict(text[: found.end()] + text[at:]), tuple(results)


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _read_result(value: Json, raw: str) -> Result:
    data = as_object(value)
    return Result(
        type=as_text(data.get("type")) or "",
        job_id=as_int(data.get("jobId")),
        data=data if isinstance(value, dict) else {"value": value},
        raw=raw,
    )
