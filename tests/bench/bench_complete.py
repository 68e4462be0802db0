"""From a key press to its completions with 100,000 classes, beside FuzzyWordCompleter.

The names are made of those of a real JDK. Lines are typed letter by letter, and each letter is
timed. The rival gets the same names and the last word of the same lines; it is so slow that it
gets fewer of them. Processor time is given too: where other guests of the machine take its time,
it is what the work cost.
"""

from __future__ import annotations

import time
from statistics import median, quantiles
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, FuzzyWordCompleter
from prompt_toolkit.document import Document
from support.classnames import make_names

from arthas_cli.catalogue.model import load_commands
from arthas_cli.completion.index import ClassIndex
from arthas_cli.completion.knowledge import Knowledge
from arthas_cli.completion.suggest import Suggester
from arthas_cli.session.ask import Answer
from arthas_cli.shell.prompt.completer import ShellCompleter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prompt_toolkit.completion import Completer

_CLASSES = 100_000
_KEY = CompleteEvent(text_inserted=True)
_LINES = (
    "watch usi",
    "watch UserSvcImpl",
    "watch com.shop.util.concurrent.Abs",
    "sc zipentryimpl",
    "sc com.acme.bank.pcs",
    "trace tokenmapperimpl",
    "jad zzz",
    "sm SeSeFac",
    "stack eventxq",
    "watch org.springframework.se",
    "watch XMLSchFac",
    "sc $proxy1",
    "sc ejx",
    "sc com.u",
)
_RIVAL_LINES = 2


def measure(completer: Completer, lines: Sequence[str]) -> tuple[list[float], list[float]]:
    """Types the lines; returns for each key the milliseconds, and those of the processor."""
    wall: list[float] = []
    cpu: list[float] = []
    for line in lines:
        for end in range(1, len(line) + 1):
            document = Document(line[:end])
            start, start_cpu = time.perf_counter(), time.process_time()
            list(completer.get_completions(document, _KEY))
            cpu.append((time.process_time() - start_cpu) * 1000)
            wall.append((time.perf_counter() - start) * 1000)
    return wall, cpu


def make_ours(names: Sequence[str]) -> ShellCompleter:
    """Returns the completer of the shell, with those classes and nobody to ask."""
    knowledge = Knowledge(lambda _: Answer([]), is_on=False)
    knowledge.index = ClassIndex(names)
    completer = ShellCompleter(Suggester(load_commands, {}, knowledge), knowledge)
    list(completer.get_completions(Document("sc warm"), _KEY))  # what is loaded once
    return completer


def _format(name: str, figures: tuple[list[float], list[float]]) -> str:
    wall = figures[0]
    p99, p99_cpu = (quantiles(one, n=100)[98] for one in figures)
    return (
        f"{name:28}{len(wall):6}{median(wall):9.2f} ms{p99:9.2f} ms{max(wall):9.2f} ms"
        f"{p99_cpu:9.2f} ms"
    )


def run() -> list[str]:
    """Measures both; returns the lines of a report."""
    names = make_names(_CLASSES)
    start = time.process_time()
    ours = make_ours(names)
    built = time.process_time() - start
    titles = ("median", "p99", "worst", "p99 of cpu")
    head = f"{'key to completions':28}{'keys':>6}" + "".join(f"{title:>12}" for title in titles)
    rival_lines = [line.rpartition(" ")[2] for line in _LINES[:_RIVAL_LINES]]
    return [
        head,
        _format(f"shell, {len(names):,} classes", measure(ours, _LINES * 3)),
        _format("FuzzyWordCompleter", measure(FuzzyWordCompleter(names), rival_lines)),
        f"the index was made in {built:.2f} s of cpu",
    ]
