"""A key at the prompt until its echo is written, beside a bare prompt of prompt_toolkit."""

from __future__ import annotations

import io
import threading
import time
from statistics import median, quantiles
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from arthas_cli.catalogue.model import load_commands
from arthas_cli.shell.prompt.session import Surroundings, make_prompt_session
from arthas_cli.shell.prompt.toolbar import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.input import PipeInput

_KEYS = 60
_LINE = "watch demo.MathGame primeFactors '" + "{params, returnObj.size() + 12} " * 320
_LENGTHS = (50, 1000, 10_000)
_CTRL_C = "\x03"


def make_ours() -> PromptSession[str]:
    """Returns the prompt of the shell, with nothing behind it."""
    around = Surroundings(
        find_commands=load_commands,
        own_words={},
        find_status=lambda: Status("Arthas"),
        turn_format=lambda: None,
        tell=lambda _: None,
        variables={},
    )
    return make_prompt_session(InMemoryHistory(), around)


class _Stopwatch:
    """Types one key after the other, each once the one before has been drawn."""

    def __init__(self, session: PromptSession[str], keyboard: PipeInput) -> None:
        self.seconds: list[float] = []
        self._drawn = threading.Event()
        self._keyboard = keyboard
        session.app.after_render += lambda _: self._drawn.set()

    def type_keys(self) -> None:
        self._drawn.wait()
        for _ in range(_KEYS):
            self._drawn.clear()
            begun = time.perf_counter()
            self._keyboard.send_text("x")
            self._drawn.wait()
            self.seconds.append(time.perf_counter() - begun)
        self._keyboard.send_text(_CTRL_C)


def measure(make_session: Callable[[], PromptSession[str]], length: int) -> list[float]:
    """Returns the seconds from each key to its echo behind a line of that length."""
    with create_pipe_input() as keyboard:
        output = Vt100_Output(io.StringIO(), lambda: Size(24, 80), term="xterm-256color")
        with create_app_session(keyboard, output):
            session = make_session()
        watch = _Stopwatch(session, keyboard)
        thread = threading.Thread(target=watch.type_keys)
        thread.start()
        try:
            session.prompt("> ", default=_LINE[:length], handle_sigint=False)
        except KeyboardInterrupt:
            thread.join()
    return watch.seconds[5:]


def run() -> list[str]:
    """Measures all; returns the lines of a report."""
    lines = [f"{f'key to echo, {_KEYS} keys':28}{'median':>10}{'p99':>10}{'/ bare':>10}"]
    for length in _LENGTHS:
        ours, bare = measure(make_ours, length), measure(PromptSession, length)
        p99 = quantiles(ours, n=100)[98]
        ratio = median(ours) / median(bare)
        shown = f"{median(ours) * 1000:7.1f} ms{p99 * 1000:7.1f} ms{ratio:10.2f}"
        lines.append(f"{f'a line of {length:,} characters':28}{shown}")
    return lines
