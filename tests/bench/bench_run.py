"""A script of 50 lines as a whole process: `run`, the official client, and a loop of curl."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.bench_start import measure

from arthas_cli.attach.distribution import CLIENT_JAR, find_distribution
from arthas_cli.demo.java import find_java
from arthas_cli.demo.target import start_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.demo.target import Target

_ROUNDS = 5
_KINDS = ("version", "sysprop java.version", "sc demo.*", "jvm")
_LINES = 50
_PROGRAM = str(Path(sys.executable).with_name("arthas-shell"))
_CURL = (
    'while read -r line; do curl -sf "$1" -d'
    ' "{\\"action\\":\\"exec\\",\\"command\\":\\"$line\\"}"; done < "$2"'
)


def list_commands(target: Target, file: str) -> dict[str, Sequence[str]]:
    """Returns what is timed by name; a client that is not there is left out."""
    client = str(find_distribution() / CLIENT_JAR)
    commands: dict[str, Sequence[str]] = {
        "run": (_PROGRAM, "run", "--url", target.url, file),
        "run --no-tune": (_PROGRAM, "run", "--url", target.url, "--no-tune", file),
        "arthas-client -f": (
            *(str(find_java()), "-jar", client, "127.0.0.1", str(target.telnet_port)),
            *("-f", file),
        ),
    }
    if shutil.which("curl"):
        commands["curl"] = ("sh", "-c", _CURL, "sh", target.url, file)
    return commands


def run() -> list[str]:
    """Measures all; returns the lines of a report."""
    with tempfile.TemporaryDirectory() as folder, start_target() as target:
        file = Path(folder) / "lines.txt"
        lines = (_KINDS[number % len(_KINDS)] for number in range(_LINES))
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        seconds = measure(list_commands(target, str(file)), _ROUNDS)
    rivals = [name for name in ("arthas-client -f", "curl") if name in seconds]
    head = "".join(f"{f'/ {name}':>20}" for name in rivals)
    report = [f"{f'{_LINES} lines, {_ROUNDS} rounds':20}{'median':>10}{head}"]
    for name, figures in seconds.items():
        ratios = (
            median(ours / theirs for ours, theirs in zip(figures, seconds[rival], strict=True))
            for rival in rivals
        )
        shown = "".join(f"{ratio:20.2f}" for ratio in ratios)
        report.append(f"{name:20}{median(figures) * 1000:7.0f} ms{shown}")
    return report
