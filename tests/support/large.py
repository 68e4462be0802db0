"""Answers of many rows, as a server writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.jsontext import Json

    Results = list[dict[str, Json]]


def make_methods(count: int) -> Results:
    """Returns what `sm` sends: one result for each method."""
    methods: list[dict[str, Json]] = [
        {
            "constructor": False,
            "declaringClass": f"com.shop.order.OrderService{number % 977}",
            "descriptor": "(Ljava/lang/String;I)V",
            "methodName": f"method{number}",
        }
        for number in range(count)
    ]
    return [{"type": "sm", "jobId": 1, "detail": False, "methodInfo": each} for each in methods]


def make_threads(count: int) -> Results:
    """Returns what `thread --all` sends: one result with all rows in it."""
    rows: list[Json] = [
        {
            "cpu": 0.0,
            "daemon": True,
            "deltaTime": 0,
            "group": "main",
            "id": number,
            "interrupted": False,
            "name": f"http-nio-8080-exec-{number}",
            "priority": 5,
            "state": "WAITING",
            "time": number % 5_000,
        }
        for number in range(count)
    ]
    return [{"type": "thread", "jobId": 1, "all": True, "threadStats": rows}]


MAKERS: dict[str, Callable[[int], Results]] = {"sm": make_methods, "thread": make_threads}


def write_answer(results: Results) -> bytes:
    """Returns the answer to an `exec` that has ended well."""
    status = {"type": "status", "jobId": 1, "statusCode": 0}
    body = {"jobId": 1, "jobStatus": "TERMINATED", "results": [*results, status]}
    answer = {"body": body, "state": "SUCCEEDED"}
    return json.dumps(answer, separators=(",", ":")).encode()
