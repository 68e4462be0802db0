"""`make bench`: prints what was measured; judges nothing."""

from __future__ import annotations

import sys

from bench import bench_complete, bench_start, bench_tables

for module in (bench_start, bench_complete, bench_tables):
    sys.stdout.write("\n".join(module.run()) + "\n\n")
    sys.stdout.flush()
