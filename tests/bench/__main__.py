"""`make bench`: prints what was measured; judges nothing."""

from __future__ import annotations

import sys

from bench import (
    bench_complete,
    bench_fleet,
    bench_jobs,
    bench_memory,
    bench_run,
    bench_start,
    bench_streams,
    bench_tables,
    bench_typing,
)

for module in (
    bench_start,
    bench_run,
    bench_tables,
    bench_memory,
    bench_typing,
    bench_complete,
    bench_streams,
    bench_fleet,
    bench_jobs,
):
    sys.stdout.write("\n".join(module.run()) + "\n\n")
    sys.stdout.flush()
