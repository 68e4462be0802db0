"""A stand-in for jq, which a machine need not have: the language itself, by a package."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_JQ = """\
#!{python}
import json, sys, jq
flags = [word for word in sys.argv[1:] if word.startswith("-")]
program = jq.compile(next(word for word in sys.argv[1:] if not word.startswith("-")))
values = jq.compile(".").input_text(sys.stdin.read())
found = [result for value in values for result in program.input_value(value)]
for value in found:
    print(value if "-r" in flags and isinstance(value, str) else json.dumps(value))
sys.exit("-e" in flags and not (found and found[-1]))
"""


def write_jq(folder: Path) -> None:
    """Writes the program `jq` into the folder; it knows `-r`, `-c` and `-e`."""
    program = folder / "jq"
    program.write_text(_JQ.format(python=sys.executable), "utf-8")
    program.chmod(0o755)
