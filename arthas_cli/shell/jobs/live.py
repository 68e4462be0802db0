"""Looking on while a command runs: its results above, one live line below, keys that stop it.

The terminal belongs to the thread that runs the application here; results are taken and drawn by
the thread of the task, so that a slow terminal never delays a pull.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import ANSI, FormattedText
from prompt_toolkit.layout import ConditionalContainer, HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.utils import get_cwidth

from arthas_cli.fleet.job import FleetJob
from arthas_cli.formats import format_lost
from arthas_cli.session.stream import Stream
from arthas_cli.shell.jobs.keys import make_running_keys
from arthas_cli.shell.terminal.fit import cut_text
from arthas_cli.shell.terminal.keyboard import put_first, take_typed
from arthas_cli.shell.terminal.soon import call_soon
from arthas_cli.shell.terminal.typed_lines import TypedLines
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.formatted_text import AnyFormattedText

    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Job
    from arthas_cli.shell.jobs.task import Progress, Task
    from arthas_cli.shell.terminal.output import Terminal

_SHOW_AFTER_S = 0.4  # a command that answers sooner shows no live line
_REFRESH_S = 0.25
_SILENT_S = 10.0
_MANY = 100.0  # a second, where a tenth says nothing more
_HELD_UP = "waiting for another command to finish instrumenting"
_WHY_NOTHING = "no hits yet: is the class loaded, the method called, the condition ever true?"
_BETWEEN = " · "
_STOPS = re.compile("Ctrl\\+C|cannot interrupt")
_ASK_WHY = "then run ':why' to find out"


class LiveView:
    """Looks on at one task until it ends, is let go of, or is put into the background.

    `typed`: what waits for the next prompts. `can_be_left`: it may be put into the background.
    `is_stopped_by_q`: it was stopped with that key, with which `quit` begins.
    """

    def __init__(self, task: Task, terminal: Terminal, *, can_be_left: bool = True) -> None:
        self.task = task
        is_stream = isinstance(task.job, Stream)
        if isinstance(task.job, FleetJob):
            is_stream = task.job.is_stream
        self.can_be_left = can_be_left and is_stream
        self.typed = TypedLines()
        self.is_left_running = False
        self.is_stopped_by_q = False
        self._is_stopped = False
        self._terminal = terminal
        self._app: Application[None] = Application(
            layout=self._make_layout(),
            key_bindings=make_running_keys(self),
            refresh_interval=_REFRESH_S,
            erase_when_done=True,
        )

    def run(self) -> None:
        """Look on.

        Raises:
            EOFError: the terminal is gone.
            BaseException: whatever drawing raised.
        """
        terminal, task, keyboard = self._terminal, self.task, self._app.input
        try:
            with terminal.attached(self._app):
                # Typed before this was seen, so no key of it; but Ctrl+C is for what runs.
                keys, self._is_stopped = take_typed(keyboard)
                self.typed.add(keys)
                self._app.run(pre_run=self._begin, handle_sigint=False)
                terminal.empty()
        finally:
            put_first(keyboard, self.typed.keys)
            task.call_at_end(None)
        if task.error is not None:
            raise task.error

    def stop(self) -> None:
        """Ask the server to stop the job; the second time lets go of it at once."""
        if self.task.progress.is_stopping:
            self.task.detach()
            self._leave()
        else:
            self.task.stop()

    def pause(self) -> None:
        """Stop or start drawing; pulling goes on."""
        progress = self.task.progress
        self._terminal.is_held = progress.is_paused = not progress.is_paused
        self._terminal.flush()

    def put_behind(self) -> None:
        """Leave the job running in the background."""
        self.task.progress.is_paused = False
        self.is_left_running = True
        self._leave()

    @property
    def can_stop(self) -> bool:
        """Whether `q` means stop: a stream is nothing to type into."""
        return self.task.plan.is_stream

    def _begin(self) -> None:
        self._terminal.begin()
        if self._app.is_done:  # a signal
            return
        self.task.call_at_end(lambda: call_soon(self._app, self._leave))
        self.task.start()
        if self._is_stopped:
            self.stop()

    def _leave(self) -> None:
        if self._app.is_running and not self._app.is_done:
            self._app.exit()

    def _make_layout(self) -> Layout:
        """Return a sample drawn in place, the live line, and what is typed for next prompts."""
        task, terminal = self.task, self._terminal
        rows: list[tuple[Window, Callable[[], bool]]] = [
            (_make_row(lambda: ANSI(terminal.screen)), lambda: bool(terminal.screen)),
            (
                _make_row(lambda: _describe(task, self._app.output.get_size().columns)),
                lambda: task.progress.elapsed_s > _SHOW_AFTER_S,
            ),
            (_make_row(lambda: self.typed.text), lambda: bool(self.typed.keys)),
        ]
        return Layout(HSplit([ConditionalContainer(row, Condition(is_on)) for row, is_on in rows]))


def _make_row(get_text: Callable[[], AnyFormattedText]) -> Window:
    """Return as many lines as the text takes."""
    return Window(FormattedTextControl(get_text), wrap_lines=True, dont_extend_height=True)


def _describe(task: Task, width: int) -> FormattedText:
    is_held_up = isinstance(task.job, Stream) and task.job.is_held_up
    lost = find_lost(task.job)
    text = format_live_line(task.progress, task.plan, lost, is_held_up=is_held_up)
    if isinstance(task.job, FleetJob):
        text += f"{_BETWEEN}{task.job.ended} of {count(len(task.job.members), 'JVM')} ended"
    return FormattedText([("class:live", _fit(text, width))])


def _fit(text: str, width: int) -> str:
    """Return the line in at most `width` columns: the last part goes first, how to stop it last."""
    parts = text.split(_BETWEEN)
    stops = next((part for part in parts if _STOPS.search(part)), "")
    while len(parts) > 1 and get_cwidth(_BETWEEN.join(parts)) > width:
        del parts[-1 if parts[-1] != stops else -2]
    return cut_text(_BETWEEN.join(parts), width)


def find_lost(job: Job) -> int | None:
    """Return how many results were lost so far, None where that cannot be known."""
    return job.lost if isinstance(job, Stream | FleetJob) else 0


def format_live_line(
    progress: Progress, plan: Plan, lost: int | None = 0, *, is_held_up: bool = False
) -> str:
    """Return the line under a running command."""
    seconds = progress.elapsed_s
    clock = f"{int(seconds // 60)}:{int(seconds % 60):02d}"
    if progress.is_stopping:
        how = "stopping …" if plan.is_interruptible else f"Arthas cannot interrupt '{plan.name}',"
        parts = [plan.name, clock, f"{how} Ctrl+C again to detach"]
    elif is_held_up:
        parts = [plan.name, clock, _HELD_UP, "Ctrl+C stops"]
    elif not plan.is_stream:
        stops = "Ctrl+C stops" if plan.is_interruptible else "Arthas cannot interrupt it"
        parts = [plan.name, clock, stops]
    elif not progress.hits and seconds > _SILENT_S:
        parts = [clock, "Ctrl+C stops", *[_ASK_WHY] * plan.enhances, _WHY_NOTHING]
    else:
        rate = progress.hits / seconds if seconds else 0.0
        pace = f"{rate:.1f}/s" if rate < _MANY else f"{rate:,.0f}/s"
        results = [count(progress.hits, plan.noun), format_lost(lost), pace, clock]
        shown = "paused, space resumes" if progress.is_paused else "space pauses"
        parts = [*results, "Ctrl+C stops", shown]
    return _BETWEEN.join(parts)
