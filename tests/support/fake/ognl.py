"""What `ognl` reaches inside Arthas: consumers, jobs, the list of enhanced classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from support.fake.commands import Call
    from support.fake.sessions import Job


def reach_inside(call: Call, expression: str) -> str:
    """Does what the expression does to Arthas itself, and returns the value as it is drawn."""
    if "classBytesCache" in expression:
        if not call.target.tells_enhanced:
            return "null"
        return _draw_list(["-", *sorted(call.target.enhanced)])
    if "#this.line()" in expression:
        return _draw_list(_draw_job(call, job) for job in call.jobs.values())
    number = _end_job(call, expression)
    number = _set_consumer(call, expression) if number is None else number
    return "null" if number is None else f"@Integer[{number}]"


def _draw_list(rows: Iterable[str]) -> str:
    lines = [f"    @String[{row}],\n" for row in rows if row]
    return f"@ArrayList[\n{''.join(lines)}]"


def _draw_job(call: Call, job: Job) -> str:
    if job.ended.is_set():
        return ""
    owners = (each.id for each in list(call.sessions.values()) if each.foreground is job)
    return f"{job.number}|{job.status}|{next(owners, '')}|{job.line}"


def _end_job(call: Call, expression: str) -> int | None:
    found = re.search(r"#this\.id\(\)==(\d+)\}.*#this\.(interrupt|terminate)\(\)", expression)
    job = call.jobs.get(int(found[1])) if found else None
    if found is None or job is None or job.ended.is_set():
        return None
    if found[2] == "interrupt":
        job.interrupt()
        return job.hits
    job.end(-10)
    return job.number


def _set_consumer(call: Call, expression: str) -> int | None:
    found = re.search(r'getSession\("([^"]+)"\).*getConsumerId\(\)=="([^"]+)"', expression)
    session = call.sessions.get(found[1]) if found else None
    consumer = (
        session.queue.consumers.get(found[2]) if found and session and session.queue else None
    )
    if consumer is None:
        return None
    batch = re.search(r"setResultBatchSizeLimit\((\d+)\)", expression)
    slots = re.search(r"LinkedBlockingQueue\((\d+)\)", expression)
    if batch:
        consumer.batch = int(batch[1])
    if slots:
        consumer.slots = int(slots[1])
    if not (batch or slots):
        return consumer.waiting
    return consumer.slots if slots else consumer.batch
