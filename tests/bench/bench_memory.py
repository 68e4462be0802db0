"""What 100,000 rows take, over a Python that has parsed the answer and holds it.

Each is a process of its own, started by a small one, for a child's figures begin with what its
parent had. `session`: the third line of a `run`, which goes by one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from support.fake import Command, FakeArthas
from support.large import MAKERS, write_answer
from support.raw_server import http, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROWS = 100_000
_FORMATS = ("text", "json", "jsonl")
_KIB_A_MIB = 1024
_MIB = 2**20
_PROGRAM = str(Path(sys.executable).with_name("arthas-shell"))
_LINES = {"sm": "sm *", "thread": "thread --all"}
_HOLD = "import json, sys; held = json.loads(open(sys.argv[1], 'rb').read())"
_START = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss, used.ru_utime + used.ru_stime)
"""


class Figures(NamedTuple):
    """The most memory that a process had, and what it took of the processor."""

    mib: float
    cpu_s: float


def measure(*command: str) -> Figures:
    """Runs a command to its end; nobody reads what it writes."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", _START, *command], capture_output=True, check=True, text=True
    )
    kib, cpu_s = done.stdout.split()
    return Figures(int(kib) / _KIB_A_MIB, float(cpu_s))


def _list_figures(name: str, folder: Path) -> Iterator[tuple[str, Figures]]:
    """Yields what holding the answer takes, and what each way to show it does."""
    results = MAKERS[name](_ROWS)
    answer = write_answer(results)
    file = folder / "answer.json"
    file.write_bytes(answer)
    yield f"{len(answer) / _MIB:.1f} MiB", measure(sys.executable, "-c", _HOLD, str(file))
    for form in _FORMATS:
        with serve(http(answer)) as server:
            options = ("--url", server.url, "-o", form)
            yield f"exec {form}", measure(_PROGRAM, "exec", *options, _LINES[name])
    if len(results) > 1:
        return  # a session hands on what comes in one piece
    lines = folder / "lines.txt"
    lines.write_text(f"version\nversion\n{_LINES[name]}\n", encoding="utf-8")
    for form in _FORMATS:
        with FakeArthas() as fake:
            fake.register(Command(name, lambda _: results))
            options = ("--url", fake.url, "-o", form)
            yield f"session {form}", measure(_PROGRAM, "run", *options, str(lines))


def run() -> list[str]:
    """Measures all; returns the lines of a report."""
    report = [f"{f'{_ROWS} rows':24}{'memory':>12}{'over it':>12}{'cpu':>10}{'over it':>10}"]
    for name in MAKERS:
        with tempfile.TemporaryDirectory() as folder:
            (what, held), *shown = _list_figures(name, Path(folder))
        report.append(f"{f'{name}, {what} held':24}{held.mib:8.1f} MiB{'':12}{held.cpu_s:8.2f} s")
        report += [
            f"{f'{name}, {how}':24}{figures.mib:8.1f} MiB{figures.mib - held.mib:8.1f} MiB"
            f"{figures.cpu_s:8.2f} s{figures.cpu_s - held.cpu_s:8.2f} s"
            for how, figures in shown
        ]
    return report
