"""A command while it runs: its results above, one live line below, keys that stop it.

One thread waits for results and draws them into a buffer; the terminal belongs to the thread that
runs the application, which hands the buffer on. A slow terminal thus never delays a pull.
"""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.layout import ConditionalContainer, HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl

from arthas_cli.diagnostics import clean
from arthas_cli.errors import ArthasShellError
from arthas_cli.session.stream import Stream
from arthas_cli.shell.keys import ENTER, make_running_keys
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.formatted_text import AnyFormattedText

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job

_SHOW_AFTER_S = 0.4  # a command that answers sooner shows no live line
_FLUSH_S = 0.04
_REFRESH_S = 0.25
_SILENT_S = 10.0
_WHY_NOTHING = "nothing yet: is the class loaded, the method called, the condition ever true?"


class Outlet:
    """A text stream that any thread writes; what is written appears above the live line."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.app: Application[None] | None = None
        self.is_held = False
        self._parts: list[str] = []
        self._lock = threading.Lock()
        self.is_scheduled = False

    def write(self, text: str) -> int:
        """Keeps the text."""
        with self._lock:
            self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Has the terminal's own thread empty the outlet before long."""
        if self.app is not None and not self.is_scheduled:
            self.is_scheduled = True
            call_soon(self.app, self._empty_later)

    def empty(self) -> None:
        """Writes what has come to the terminal; for the terminal's own thread."""
        with self._lock:
            text = "".join(self._parts)
            self._parts.clear()
        if text and self.app is not None:
            self.app.output.write_raw(text)
            self.app.output.flush()

    def _empty_later(self) -> None:
        asyncio.get_running_loop().call_later(_FLUSH_S, self._empty_above)

    def _empty_above(self) -> None:
        self.is_scheduled = False
        if not self.is_held and self.app is not None and self.app.is_running:
            run_in_terminal(self.empty)


@dataclass
class Progress:
    """What the live line tells."""

    begun: float = field(default_factory=time.monotonic)
    hits: int = 0
    is_stopping: bool = False
    is_let_go: bool = False
    is_paused: bool = False

    def record(self, result: Result) -> None:
        """Counts the result, if it is one of those that the command is run for."""
        if result.type not in ("enhancer", "message", "row_affect"):
            self.hits += 1

    @property
    def elapsed_s(self) -> float:
        """Seconds since the command was sent."""
        return time.monotonic() - self.begun


class LiveView:
    """Runs one job on the terminal until it ends or is let go.

    `typed`: what waits for the next prompts, with an ENTER behind each line that is to be run.
    """

    def __init__(self, job: Job, plan: Plan, typed: str = "") -> None:
        self.progress = Progress()
        self.outlet = Outlet()
        self.typed = typed
        self._error: BaseException | None = None
        self._job = job
        self._plan = plan
        self._app: Application[None] = Application(
            layout=_make_layout(self._format, lambda: self.typed, self._is_long),
            key_bindings=make_running_keys(self),
            refresh_interval=_REFRESH_S,
            erase_when_done=True,
        )
        self.outlet.app = self._app

    def run(self, show: Callable[[Result], None], finish: Callable[[], None]) -> None:
        """Hands each result to `show` and then calls `finish`; both draw into `outlet`.

        Raises:
            EOFError: the terminal is gone.
            BaseException: whatever drawing raised.
        """
        worker = threading.Thread(
            target=self._consume, args=(show, finish), name="results", daemon=True
        )
        self._app.run(pre_run=worker.start)
        self.outlet.empty()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Asks the server to stop the job; the second time lets go of it at once."""
        if self.progress.is_stopping:
            self.progress.is_let_go = True
            self._leave()
            return
        self.progress.is_stopping = True
        threading.Thread(target=self._interrupt, name="interrupt", daemon=True).start()

    def pause(self) -> None:
        """Stops or starts drawing; pulling goes on."""
        self.outlet.is_held = self.progress.is_paused = not self.progress.is_paused
        self.outlet.flush()

    @property
    def can_stop(self) -> bool:
        """Says whether `q` means stop: a stream is nothing to type into."""
        return self._plan.is_stream

    @property
    def _is_long(self) -> Condition:
        return Condition(lambda: self.progress.elapsed_s > _SHOW_AFTER_S)

    def _format(self) -> FormattedText:
        return format_live_line(self.progress, self._plan, find_lost(self._job))

    def _interrupt(self) -> None:
        try:
            self._job.interrupt()
        except ArthasShellError as error:
            self.outlet.write(f"{clean(error.message)}\n")
            self.outlet.flush()

    def _consume(self, show: Callable[[Result], None], finish: Callable[[], None]) -> None:
        try:
            for result in self._job:
                self.progress.record(result)
                if self.progress.is_let_go:
                    return
                show(result)
            finish()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self._error = error
        finally:
            if not self.progress.is_let_go:
                call_soon(self._app, self._leave)

    def _leave(self) -> None:
        if self._app.is_running and not self._app.is_done:
            self._app.exit()


def call_soon(app: Application[None], callback: Callable[[], None]) -> None:
    """Has the terminal's own thread call it, unless the application has ended."""
    loop = app.loop
    if loop is not None:
        with suppress(RuntimeError):  # it ended this very moment
            loop.call_soon_threadsafe(callback, context=app.context)


def _make_layout(
    format_line: Callable[[], FormattedText], get_typed: Callable[[], str], is_long: Condition
) -> Layout:
    """Returns the live line and, under it, what is typed for the next prompts."""
    live = _make_row(format_line)
    typed = _make_row(lambda: get_typed().replace(ENTER, "\n"))
    has_typed = Condition(lambda: bool(get_typed()))
    rows = [ConditionalContainer(live, is_long), ConditionalContainer(typed, has_typed)]
    return Layout(HSplit(rows))


def _make_row(get_text: Callable[[], AnyFormattedText]) -> Window:
    """Returns as many lines as the text takes: a narrow terminal cuts nothing off."""
    return Window(FormattedTextControl(get_text), wrap_lines=True, dont_extend_height=True)


def find_lost(job: Job) -> int | None:
    """Returns how many results were lost so far, None where that cannot be known."""
    return job.account.settle(has_reached_end=False) if isinstance(job, Stream) else 0


def format_lost(lost: int | None) -> str:
    """Returns `3 lost`, or that it cannot be known."""
    return "maybe some lost" if lost is None else f"{lost} lost"


def format_live_line(progress: Progress, plan: Plan, lost: int | None = 0) -> FormattedText:
    """Returns the line under a running command."""
    seconds = progress.elapsed_s
    clock = f"{int(seconds // 60)}:{int(seconds % 60):02d}"
    if progress.is_stopping:
        how = "stopping …" if plan.is_interruptible else f"Arthas cannot stop '{plan.name}',"
        parts = [plan.name, clock, f"{how} Ctrl+C again lets go of it"]
    elif not plan.is_stream:
        stops = "Ctrl+C stops it" if plan.is_interruptible else "Arthas cannot stop it"
        parts = [plan.name, clock, stops]
    elif not progress.hits and seconds > _SILENT_S:
        parts = [clock, "Ctrl+C stops", _WHY_NOTHING]
    else:
        rate = progress.hits / seconds if seconds else 0.0
        results = [count(progress.hits, "result"), f"{rate:.1f}/s", format_lost(lost), clock]
        shown = "paused, space goes on" if progress.is_paused else "space pauses"
        parts = [*results, "Ctrl+C stops", shown]
    return FormattedText([("class:live", " · ".join(parts))])
