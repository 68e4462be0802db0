"""Many commands at once: ten watches of ten methods, each in a session of its own, for a minute.

Nothing is mixed up when each has the calls of its own method, in order and without a gap; the
memory is flat when the second half takes no more than the first.
"""

from __future__ import annotations

import re
import resource
import threading
import time
from pathlib import Path
from statistics import median

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

_FIXTURE = Path(__file__).parent.parent / "fixture"
_LINE = "watch fx.Many m{} '{{method.name,params[0]}}' -n 1000000"
_HIT = re.compile(r"@String\[m(\d)\],\s+@Long\[(\d+)\]")
_RATE = 100
_MINUTE_S = 60.0
_KIB_A_MIB = 1024


class Watcher:
    """One watch of one method: what it got, how long it took to stop."""

    def __init__(self, server: Server, number: int) -> None:
        self.numbers: list[int] = []
        self.strange = 0
        self.stop_ms = 0.0
        self._number = number
        self._session = Session.open(server)
        plan = make_plan(parse_line(_LINE.format(number), load_commands()))
        self.stream = Stream(self._session, plan)
        self.thread = threading.Thread(target=self._run)

    def stop(self) -> None:
        """Interrupts it and waits for its end."""
        begun = time.perf_counter()
        self.stream.interrupt()
        self.thread.join()
        self.stop_ms = (time.perf_counter() - begun) * 1000
        self._session.close()

    def _run(self) -> None:
        for result in self.stream:
            if result.type != "watch":
                continue
            match = _HIT.search(str(result.data["value"]))
            if match is None or int(match[1]) != self._number:
                self.strange += 1
            else:
                self.numbers.append(int(match[2]))

    @property
    def gaps(self) -> int:
        """How many calls are missing between the first it got and the last."""
        return self.numbers[-1] - self.numbers[0] + 1 - len(self.numbers) if self.numbers else 0


def _read_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_A_MIB


def measure(url: str, count: int, seconds: float) -> list[str]:
    """Runs so many watches at once; returns the lines of a report."""
    server = Server(open_transport(Connection(url=url), {}), may_tune=True)
    watchers = [Watcher(server, number) for number in range(count)]
    post(url, action="exec", command=f"ognl '@fx.Many@setRate({float(_RATE)})'")
    for watcher in watchers:
        watcher.thread.start()
    time.sleep(seconds / 2)
    half = _read_memory()
    time.sleep(seconds / 2)
    grown = _read_memory() - half
    for watcher in watchers:
        watcher.stop()
    post(url, action="exec", command="ognl '@fx.Many@setRate(0.0)'")
    got = sum(len(watcher.numbers) for watcher in watchers)
    gaps = sum(watcher.gaps for watcher in watchers)
    said = [watcher.stream.outcome.lost for watcher in watchers]
    strange = sum(watcher.strange for watcher in watchers)
    is_sorted = all(watcher.numbers == sorted(watcher.numbers) for watcher in watchers)
    order = "in order" if is_sorted else "OUT OF ORDER"
    stops = [watcher.stop_ms for watcher in watchers]
    return [
        (
            f"{count} watches at {_RATE}/s each for {seconds:.0f} s: {got} hits, {gaps} missing,"
            f" said lost {said}, {strange} of another's, {order}"
        ),
        (
            f"  memory grew by {grown:.1f} MiB in the second half;"
            f" interrupt p50 {median(stops):.0f} ms, worst {max(stops):.0f} ms"
        ),
    ]


def run() -> list[str]:
    """Measures ten at once, then the three that are allowed by default."""
    with start_target(("-cp", str(_FIXTURE), "fx.Fixture")) as target:
        return [*measure(target.url, 10, _MINUTE_S), *measure(target.url, 3, _MINUTE_S / 6)]
