#!/usr/bin/env bash
# ClusterShell: a `RangeSet` of half a million numbers is a set of half a million strings.
#
# One would guess: "1-500000" is kept as its two ends, as Python's `range` keeps it, so that to make it
# and to ask for its `len` cost nothing, however far it reaches; printed, it is "1-500000" again.
# What happens: each number is made as a string and put into a `set` while the text is read, some 90
# bytes apiece. So a slip of the keyboard in a range of hosts takes memory by the million before a
# program that wants to refuse it can even count it.
# Seen with ClusterShell 1.10.1 on CPython 3.11, Linux.
# Source: ClusterShell/RangeSet.py, `RangeSet(set)`, `_parse` and `add_range`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'ClusterShell==1.10.1'
cat >"$folder/try.py" <<'PYTHON'
import time, tracemalloc
from importlib.metadata import version

from ClusterShell.RangeSet import RangeSet

LAST, MIB = 500_000, 1 << 20


def measure(make):
    begin = time.process_time()
    numbers = make()
    spent = time.process_time() - begin
    count = len(numbers)
    del numbers
    tracemalloc.start()
    numbers = make()  # once more: tracing slows it down
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return count, spent, held / MIB, numbers


print("ClusterShell", version("ClusterShell"))
count, spent, plain, _ = measure(lambda: range(1, LAST + 1))
print(f"range(1, {LAST + 1}): {count} numbers, {spent:.2f} s, {plain:.1f} MiB")
count, spent, held, numbers = measure(lambda: RangeSet(f"1-{LAST}"))
print(f'RangeSet("1-{LAST}"): {count} numbers, {spent:.2f} s, {held:.1f} MiB, prints as {numbers}')
assert count == LAST and str(numbers) == f"1-{LAST}"
assert {type(number) for number in set.__iter__(numbers)} == {str}
assert plain < 0.1 and held > 30
PYTHON
"$folder/venv/bin/python" "$folder/try.py"
