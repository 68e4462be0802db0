"""Streams: what is lost at exact rates, how late results are, how soon an interrupt ends a job.

Beside our engine, tuned and not, run what others do: one pull a second, as Arthas' own
documentation has it, and pulls without a pause by requests. A bare socket that pulls and reads
nothing shows what the machine allows. The method that is watched numbers its calls and gives the
time (`tests/fixture/fx/Hot.java`).
"""

from __future__ import annotations

import json
import re
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from support.post import post

from arthas_cli.catalogue.model import load_commands
from arthas_cli.config.settings import Connection
from arthas_cli.demo.target import start_target
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.line.plan import Plan

_FIXTURE = Path(__file__).parent.parent / "fixture"
_HIT = re.compile(r"@Long\[(\d+)\],\s+@Long\[(\d+)\]")
_RAW_HIT = re.compile(r"@Long\[(\d+)\],\\n\s+@Long\[\d+\]")
_WATCH = "watch fx.Hot hit {{params[0],params[1]}} -n {}"
_SLOW_RATES = (2, 12, 50)
# Rate (0: as fast as the JVM can) and hits, by who is asked to keep up.
_LOSS = (
    (100, 300),
    (1_000, 1_500),
    (4_000, 4_000),
    (10_000, 10_000),
    (20_000, 20_000),
    (0, 50_000),
)
_FAST_ENOUGH = 1_500  # pulling once a second is hopeless above, and takes long
_PAUSE_S = 1.0
_ALL = "all"
_INTERRUPTS = 20


@dataclass(frozen=True)
class Run:
    """One watch: hits by number, and how late each was, in milliseconds; what was said lost."""

    wanted: int
    numbers: list[int]
    delays_ms: list[float]
    said: int | None = None

    @property
    def lost(self) -> int:
        """How many of the wanted hits did not come."""
        return self.wanted - len(self.numbers)


def _read(value: object, run: Run) -> None:
    match = _HIT.search(str(value))
    if match:
        run.numbers.append(int(match[1]))
        run.delays_ms.append(time.time() * 1000 - int(match[2]) / 1000)


def run_ours(url: str, hits: int, *, is_tuned: bool) -> Run:
    """Watches with our engine."""
    server = Server(open_transport(Connection(url=url), {}), may_tune=is_tuned)
    plan = make_plan(parse_line(_WATCH.format(hits), load_commands()))
    run = Run(hits, [], [])
    with Session.open(server) as session:
        stream = Stream(session, plan)
        for result in stream:
            if result.type == "watch":
                _read(result.data["value"], run)
    return Run(hits, run.numbers, run.delays_ms, stream.outcome.lost)


def run_theirs(url: str, hits: int, *, pause_s: float) -> Run:
    """Watches as scripts do: a session, then a pull every now and then, by requests."""
    run = Run(hits, [], [])
    with requests.Session() as http:

        def pull(fields: dict[str, str]) -> bytes:
            content = http.post(url, json=fields, timeout=30).content
            for result in json.loads(content)["body"]["results"]:
                if result["type"] == "watch":
                    _read(result["value"], run)
            time.sleep(pause_s)
            return content

        _watch_by(url, hits, pull)
    return run


def run_bare(url: str, hits: int) -> Run:
    """Watches by a socket that does nothing but pull; what came is read at the end."""
    parts = urlsplit(url)
    contents: list[bytes] = []

    def pull(fields: dict[str, str]) -> bytes:
        body = json.dumps(fields).encode()
        head = f"POST {parts.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection((parts.hostname, parts.port)) as line:
            line.sendall(head.encode() + body)
            contents.append(b"".join(iter(lambda: line.recv(1 << 18), b"")))
        return contents[-1]

    _watch_by(url, hits, pull)
    run = Run(hits, [], [])
    for match in _RAW_HIT.finditer(b"".join(contents).decode()):
        run.numbers.append(int(match[1]))
    return run


def _watch_by(url: str, hits: int, pull: Callable[[dict[str, str]], bytes]) -> None:
    """Opens a session, watches and pulls to the end."""
    opened = post(url, action="init_session")
    session, consumer = str(opened["sessionId"]), str(opened["consumerId"])
    fields = {"action": "pull_results", "sessionId": session, "consumerId": consumer}
    has_tripped = True
    while has_tripped:  # again where the server tripped over itself while enhancing
        post(url, action="async_exec", command=_WATCH.format(hits), sessionId=session)
        content = b""
        while b'"statusCode"' not in content:
            content = pull(fields)
        has_tripped = b"someone else is enhancing" in content
    post(url, action="close_session", sessionId=session)


def set_rate(url: str, rate: float) -> None:
    """Has the method called so often a second; below 0: as often as the JVM can."""
    post(url, action="exec", command=f"ognl '@fx.Hot@setRate({float(rate)})'")


@contextmanager
def calling(url: str, rate: float) -> Iterator[None]:
    """Has the method called while it lasts."""
    set_rate(url, rate or -1)
    try:
        yield
    finally:
        set_rate(url, 0)


WAYS: dict[str, Callable[[str, int], Run]] = {
    "a pull a second": lambda url, hits: run_theirs(url, hits, pause_s=_PAUSE_S),
    "bare socket, tight": run_bare,
    "requests, tight": lambda url, hits: run_theirs(url, hits, pause_s=0),
    "ours, --no-tune": lambda url, hits: run_ours(url, hits, is_tuned=False),
    "ours, tuned": lambda url, hits: run_ours(url, hits, is_tuned=True),
}


def measure_loss(url: str) -> Iterator[str]:
    """Yields how many of the wanted hits each way lost; behind a slash, what we said was lost."""
    yield f"{'lost, of':22}" + "".join(f"{name:>22}" for name in WAYS)
    for rate, hits in _LOSS:
        line = f"{f'{hits} at {rate or _ALL}/s':22}"
        for name, watch in WAYS.items():
            if rate in range(1, _FAST_ENOUGH) or name != "a pull a second":
                with calling(url, rate):
                    run = watch(url, hits)
                said = f" / {run.said}" if name.startswith("ours") else ""
                line += f"{f'{run.lost}{said}':>22}"
            else:
                line += f"{'–':>22}"
        yield line


def measure_delay(url: str) -> Iterator[str]:
    """Yields how late hits are at low rates: the median and the worst of a hundred."""
    yield f"{'late, ms (p50 / p99)':22}" + "".join(f"{name:>22}" for name in WAYS)
    for rate in _SLOW_RATES:
        line = f"{f'{rate}/s':22}"
        for watch in WAYS.values():
            with calling(url, rate):
                delays = watch(url, 10 * min(rate, 10)).delays_ms
            late = f"{median(delays):.1f} / {quantiles(delays, n=100)[-1]:.0f}" if delays else "–"
            line += f"{late:>22}"
        yield line


def measure_interrupt(url: str) -> Iterator[str]:
    """Yields how long from the interrupt to the last hit, its answer, and the end as we see it.

    The hits tell their time, so the last one shows until when the job ran on the server.
    """
    server = Server(open_transport(Connection(url=url), {}), may_tune=True)
    plan = make_plan(parse_line(_WATCH.format(1_000_000), load_commands()))
    columns = ("last hit on the server", "answered", "end seen here")
    yield f"{'interrupt, ms':22}" + "".join(f"{name:>26}" for name in columns)
    for rate in (1, 1_000, 20_000):
        with calling(url, rate), Session.open(server) as session:
            times = [_interrupt(session, plan) for _ in range(_INTERRUPTS)]
        line = f"{f'{rate}/s (p50 / worst)':22}"
        for each in zip(*times, strict=True):
            line += f"{f'{median(each):.0f} / {max(each):.0f}':>26}"
        yield line


def _interrupt(session: Session, plan: Plan) -> tuple[float, float, float]:
    """Interrupts at the first hit; returns milliseconds since, of three moments."""
    stream = Stream(session, plan)
    while next(stream).type != "watch":
        pass
    begun, clock = time.perf_counter(), time.time() * 1000
    stream.interrupt()
    answered = time.perf_counter()
    last = clock
    for result in stream:
        match = _HIT.search(str(result.data.get("value")))
        last = max(last, int(match[2]) / 1000) if match else last
    return last - clock, (answered - begun) * 1000, (time.perf_counter() - begun) * 1000


def run() -> list[str]:
    """Measures all; returns the lines of a report."""
    with start_target(("-cp", str(_FIXTURE), "fx.Fixture")) as target:
        lines = [*measure_loss(target.url), "", *measure_delay(target.url), ""]
        return lines + list(measure_interrupt(target.url))
