"""One command on many JVMs as a whole process; each answers after 100 ms, as a server does.

The runs are interleaved, so that a machine that slows down does so for all of them. The fakes
are a process of their own: two share the machine.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.bench_memory import measure as measure_memory
from bench.bench_start import measure
from support.many_fakes import start_fakes

from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ROUNDS = 5
_SIZES = (1, 50, 200)
_FAILING = 50
_DEADLINE_S = 2.0
_PROGRAM = str(Path(sys.executable).with_name("arthas-shell"))


def make_command(urls: Iterable[str], *options: str) -> Sequence[str]:
    """Returns what asks all of them for their version."""
    named = (word for url in urls for word in ("--on", url))
    return (_PROGRAM, "exec", *named, *options, "version")


def time_failing(command: Sequence[str]) -> tuple[float, int]:
    """Returns the seconds that a command takes that fails, and the lines it writes to stderr."""
    begun = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return time.perf_counter() - begun, done.stderr.count(b"\n")


def measure_failures(urls: Sequence[str]) -> list[str]:
    """Returns what one that never answers costs, and what is said of many that refuse."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(closing(socket.create_server(("127.0.0.1", 0))))]
        silent = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/api"
        command = make_command([*urls[: _FAILING - 1], silent], "-t", str(_DEADLINE_S))
        seconds, _ = time_failing(command)
        sockets += [
            stack.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
            for _ in range(_FAILING)
        ]
        ports = [each.getsockname()[1] for each in sockets[1:]]
    refused = [f"http://127.0.0.1:{port}/api" for port in ports]
    took, lines = time_failing(make_command(refused))
    return [
        f"{f'{_FAILING}, one silent, -t {_DEADLINE_S:g}':24}{seconds * 1000:7.0f} ms",
        f"{f'{_FAILING} that refuse':24}{took * 1000:7.0f} ms, {lines} lines on stderr",
    ]


def run() -> list[str]:
    """Measures all; returns the lines of a report."""
    with start_fakes(max(_SIZES)) as urls:
        seconds = measure({str(size): make_command(urls[:size]) for size in _SIZES}, _ROUNDS)
        used = {size: measure_memory(*make_command(urls[:size])) for size in _SIZES}
        failures = measure_failures(urls)
    one = median(seconds[str(_SIZES[0])])
    head = f"{'median':>10}{'/ one':>10}{'cpu':>10}{'memory':>12}"
    report = [f"{f'version on many, {_ROUNDS} rounds':24}{head}"]
    for size in _SIZES:
        took = median(seconds[str(size)])
        mib, cpu_s = used[size]
        report.append(
            f"{count(size, 'JVM'):24}{took * 1000:7.0f} ms{took / one:10.2f}"
            f"{cpu_s:8.2f} s{mib:8.1f} MiB"
        )
    return report + failures
