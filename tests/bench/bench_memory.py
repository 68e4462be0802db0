"""The most memory that `exec` of 100,000 rows ever has, over the answer itself.

Each is a process of its own beside one with a single row: what both need is no part of it. Each is
started by a small process, for a child's figure begins with what its parent had.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from support.large import MAKERS, write_answer
from support.raw_server import http, serve

_ROWS = 100_000
_FORMATS = ("text", "json", "jsonl", "csv")
_KIB_A_MIB = 1024
_MIB = 2**20
_PROGRAM = str(Path(sys.executable).with_name("arthas-shell"))
_LINES = {"sm": "sm *", "thread": "thread --all"}


def measure(answer: bytes, line: str, form: str) -> float:
    """Returns the MiB that `exec` takes at the most where this is what it is answered."""
    with serve(http(answer)) as server:
        done = subprocess.run(
            [sys.executable, "-S", __file__, "exec", "--url", server.url, "-o", form, line],
            capture_output=True,
            check=True,
            text=True,
        )
    return int(done.stdout) / _KIB_A_MIB


def run() -> list[str]:
    """Measures all; returns the lines of a report."""
    heads = "".join(f"{form:>12}" for form in _FORMATS)
    lines = [f"{'over the answer':16}{'rows':>10}{'answer':>12}{heads}"]
    for name, make in MAKERS.items():
        large, small = write_answer(make(_ROWS)), write_answer(make(1))
        figures = (
            measure(large, _LINES[name], form)
            - measure(small, _LINES[name], form)
            - len(large) / _MIB
            for form in _FORMATS
        )
        shown = "".join(f"{figure:8.1f} MiB" for figure in figures)
        lines.append(f"{name:16}{_ROWS:10}{len(large) / _MIB:8.1f} MiB{shown}")
    return lines


if __name__ == "__main__":
    subprocess.run([_PROGRAM, *sys.argv[1:]], stdout=subprocess.DEVNULL, check=True)
    sys.stdout.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
