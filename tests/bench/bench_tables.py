"""Large answers: rows per second, first rows, memory over the data; rich.Table beside them.

Each measurement is a process of its own, for the most memory a process ever had is all that the
system tells.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table
from support.large import make_methods

from arthas_cli.output import Paper
from arthas_cli.protocol import Result
from arthas_cli.views import Drawing, Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.jsontext import Json

_ROWS = 100_000
_RICH_ROWS = 10_000  # rich.Table takes more than linear time and 4 KiB a row
_NODES = (1_000, 49)
_KIB_A_MIB = 1024


@dataclass(frozen=True)
class Figures:
    """What one measurement gave; memory is what came on top of the data.

    Where other guests of the machine take its time, `cpu` is less than `seconds`.
    """

    rows: int
    seconds: float
    cpu: float
    first_ms: float
    mib: float


class _Watched:
    """A file that remembers when something was first written to it."""

    def __init__(self, file: TextIO) -> None:
        self.encoding = "utf-8"
        self.first: float | None = None
        self._file = file

    def write(self, text: str) -> int:
        if self.first is None:
            self.first = time.perf_counter()
        return self._file.write(text)

    def flush(self) -> None:
        self._file.flush()


def read_methods() -> list[Result]:
    """Returns what `sm` sends: one result for each method."""
    return [Result("sm", 1, data, "") for data in make_methods(_ROWS)]


def make_trace() -> list[Result]:
    """Returns one call tree of about 50,000 nodes."""

    def call(number: int, children: list[Json]) -> Json:
        cost = 14_522 + number
        return {
            "type": "method",
            "className": "com.shop.order.OrderService",
            "methodName": f"method{number}",
            "cost": cost,
            "minCost": cost,
            "maxCost": cost,
            "totalCost": cost,
            "times": 1,
            "lineNumber": 12,
            "invoking": True,
            "children": children,
        }

    branches, leaves = _NODES
    calls = [call(at, [call(leaf, []) for leaf in range(leaves)]) for at in range(branches)]
    root: Json = {"type": "thread", "threadName": "main", "children": [call(0, calls)]}
    return [Result("trace", 1, {"type": "trace", "jobId": 1, "root": root}, "")]


def draw_views(results: list[Result], stream: TextIO) -> None:
    """Draws results as the program does."""
    paper, drawing = Paper(stream, width=100), Drawing(Page(width=100))
    for result in results:
        for renderable in drawing.draw(result):
            paper.draw(renderable)
    paper.flush()


def draw_rich(results: list[Result], stream: TextIO) -> None:
    """Draws the same with rich.Table."""
    table = Table("class", "method", "descriptor")
    for result in results:
        method = result.data["methodInfo"]
        assert isinstance(method, dict)
        table.add_row(
            str(method["declaringClass"]), str(method["methodName"]), str(method["descriptor"])
        )
    Console(file=stream, width=100, markup=False, highlight=False).print(table)


def measure(
    make: Callable[[], list[Result]], draw: Callable[[list[Result], TextIO], None], rows: int
) -> Figures:
    """Draws into a file and measures it."""
    results = make()
    with tempfile.TemporaryFile("w", encoding="utf-8") as file:
        draw(results[:1] if len(results) > 1 else [], file)  # what is loaded once is loaded now
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryFile("w", encoding="utf-8") as file:
        watched = _Watched(file)
        start, start_cpu = time.perf_counter(), time.process_time()
        draw(results, watched)  # type: ignore[arg-type] # as much of a stream as is needed
        seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first = (watched.first or start) - start
    return Figures(rows, seconds, cpu, first * 1000, (after - before) / _KIB_A_MIB)


CASES: dict[str, Callable[[], Figures]] = {
    "sm, views": lambda: measure(read_methods, draw_views, _ROWS),
    "sm, rich.Table": lambda: measure(lambda: read_methods()[:_RICH_ROWS], draw_rich, _RICH_ROWS),
    "trace, views": lambda: measure(make_trace, draw_views, _NODES[0] * (_NODES[1] + 1) + 1),
}


def run() -> list[str]:
    """Measures all cases; returns the lines of a report."""
    titles = ("rows", "seconds", "of cpu", "rows/s", "first", "memory")
    lines = ["".join([f"{'large answers':16}", *(f"{title:>10}" for title in titles)])]
    for name in CASES:
        done = subprocess.run(
            [sys.executable, "-m", "bench.bench_tables", name],
            capture_output=True,
            check=True,
            text=True,
        )
        found = Figures(**json.loads(done.stdout))
        lines.append(
            f"{name:16}{found.rows:10}{found.seconds:10.2f}{found.cpu:10.2f}"
            f"{found.rows / found.seconds:10.0f}"
            f"{found.first_ms:7.1f} ms{found.mib:7.1f} MiB"
        )
    return lines


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(CASES[sys.argv[1]]())))
