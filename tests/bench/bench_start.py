"""One `exec "version"` as a whole process, beside curl and the official client.

The runs are interleaved, so that a machine that slows down does so for all of them; what counts
is the median of the ratios of neighbouring runs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from arthas_cli.attach.distribution import CLIENT_JAR, find_distribution
from arthas_cli.demo.java import find_java
from arthas_cli.demo.target import start_target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arthas_cli.demo.target import Target

_ROUNDS = 21
_PROGRAM = str(Path(sys.executable).with_name("arthas-shell"))
_BODY = '{"action":"exec","command":"version"}'


def list_commands(target: Target) -> dict[str, Sequence[str]]:
    """Returns what is timed by name; a client that is not there is left out."""
    ours = (_PROGRAM, "exec", "--url", target.url)
    commands: dict[str, Sequence[str]] = {
        "exec, text": (*ours, "version"),
        "exec, JSON": (*ours, "--json", "version"),
        "python alone": (sys.executable, "-c", "import click"),
    }
    curl = shutil.which("curl")
    if curl:
        commands["curl"] = (curl, "-sf", target.url, "-d", _BODY)
    client = str(find_distribution() / CLIENT_JAR)
    commands["arthas-client"] = (
        *(str(find_java()), "-jar", client, "127.0.0.1", str(target.telnet_port)),
        *("-c", "version"),
    )
    return commands


def measure(commands: Mapping[str, Sequence[str]], rounds: int = _ROUNDS) -> dict[str, list[float]]:
    """Returns the seconds of each round by name; the first round is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
            seconds[name].append(time.perf_counter() - start)
    return {name: figures[1:] for name, figures in seconds.items()}


def run() -> list[str]:
    """Measures all; returns the lines of a report."""
    with start_target() as target:
        seconds = measure(list_commands(target))
    rivals = [name for name in ("curl", "arthas-client") if name in seconds]
    head = "".join(f"{f'/ {name}':>17}" for name in rivals)
    lines = [f"{f'exec, {_ROUNDS} rounds':16}{'median':>10}{head}"]
    for name, figures in seconds.items():
        ratios = (
            median(ours / theirs for ours, theirs in zip(figures, seconds[rival], strict=True))
            for rival in rivals
        )
        shown = "".join(f"{ratio:17.2f}" for ratio in ratios)
        lines.append(f"{name:16}{median(figures) * 1000:7.0f} ms{shown}")
    return lines
