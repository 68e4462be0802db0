"""A command while it runs: its results above, one live line below, keys that stop it.

One thread waits for results and draws them into a buffer; the terminal belongs to the thread that
runs the application, which hands the buffer on. A slow terminal thus never delays a pull.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.layout import ConditionalContainer, HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl

from arthas_cli.errors import ArthasShellError
from arthas_cli.shell.keys import make_running_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job

_SHOW_AFTER_S = 0.4  # a command that answers sooner shows no live line
_FLUSH_S = 0.04
_REFRESH_S = 0.25
_SILENT_S = 10.0
_WHY_NOTHING = "nothing yet: is the class loaded, the method called, the condition ever true?"


class Buffer:
    """A text stream that one thread writes and another empties."""

    encoding = "utf-8"

    def __init__(self, on_text: Callable[[], None]) -> None:
        self._parts: list[str] = []
        self._lock = threading.Lock()
        self._on_text = on_text

    def write(self, text: str) -> int:
        """Keeps the text."""
        with self._lock:
            self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Says that there is something to take."""
        self._on_text()

    def take(self) -> str:
        """Returns what was written since the last time."""
        with self._lock:
            text = "".join(self._parts)
            self._parts.clear()
        return text


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
    """Runs one job on the terminal until it ends or is let go; what was typed meanwhile is kept."""

    def __init__(self, job: Job, plan: Plan) -> None:
        self.progress = Progress()
        self.typed = ""
        self.error: BaseException | None = None
        self.buffer = Buffer(self._schedule)
        self._job = job
        self._plan = plan
        self._is_scheduled = False
        self._app: Application[None] = Application(
            layout=Layout(
                HSplit([ConditionalContainer(_make_line(self._format), Condition(self._is_long))])
            ),
            key_bindings=make_running_keys(self),
            refresh_interval=_REFRESH_S,
            erase_when_done=True,
        )

    def run(self, show: Callable[[Result], None], finish: Callable[[], None]) -> None:
        """Hands each result to `show` and then calls `finish`; both draw into `buffer`.

        Raises:
            BaseException: whatever drawing raised.
        """
        worker = threading.Thread(
            target=self._consume, args=(show, finish), name="results", daemon=True
        )
        self._app.run(pre_run=worker.start, handle_sigint=False)
        self._write_out()
        if self.error is not None:
            raise self.error

    def stop(self) -> None:
        """Asks the server to stop the job; the second time lets go of it at once."""
        if self.progress.is_stopping:
            self.progress.is_let_go = True
            self._app.exit()
            return
        self.progress.is_stopping = True
        threading.Thread(target=self._interrupt, name="interrupt", daemon=True).start()

    def pause(self) -> None:
        """Stops or starts drawing; pulling goes on."""
        self.progress.is_paused = not self.progress.is_paused
        self._schedule()

    @property
    def can_stop(self) -> bool:
        """Says whether `q` means stop: a stream is nothing to type into."""
        return self._plan.is_stream

    def _interrupt(self) -> None:
        try:
            self._job.interrupt()
        except ArthasShellError as error:
            self.buffer.write(f"{error.message}\n")
            self.buffer.flush()

    def _consume(self, show: Callable[[Result], None], finish: Callable[[], None]) -> None:
        try:
            for result in self._job:
                self.progress.record(result)
                show(result)
            finish()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self.error = error
        finally:
            loop = self._app.loop
            if loop is not None and not self.progress.is_let_go:
                loop.call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        if self._app.is_running and not self._app.is_done:
            self._app.exit()

    def _schedule(self) -> None:
        loop = self._app.loop
        if loop is None or self._is_scheduled or self.progress.is_let_go:
            return
        self._is_scheduled = True
        loop.call_soon_threadsafe(loop.call_later, _FLUSH_S, self._flush)

    def _flush(self) -> None:
        self._is_scheduled = False
        if not self.progress.is_paused and self._app.is_running:
            run_in_terminal(self._write_out)

    def _write_out(self) -> None:
        text = self.buffer.take()
        if text:
            self._app.output.write_raw(text)
            self._app.output.flush()

    def _is_long(self) -> bool:
        return self.progress.elapsed_s > _SHOW_AFTER_S

    def _format(self) -> FormattedText:
        return format_live_line(self.progress, self._plan)


def _make_line(text: Callable[[], Any]) -> Window:
    return Window(FormattedTextControl(text), height=1, wrap_lines=False)


def format_live_line(progress: Progress, plan: Plan) -> FormattedText:
    """Returns the line under a running command."""
    seconds = progress.elapsed_s
    clock = f"{int(seconds // 60)}:{int(seconds % 60):02d}"
    if progress.is_stopping:
        parts = [plan.name, clock, "stopping … Ctrl+C again lets go of it"]
    elif not plan.is_stream:
        stops = "Ctrl+C stops it" if plan.is_interruptible else "Arthas cannot stop it"
        parts = [plan.name, clock, stops]
    else:
        rate = progress.hits / seconds if seconds else 0.0
        shown = "paused, space goes on" if progress.is_paused else "space pauses"
        parts = [f"{progress.hits} results", f"{rate:.1f}/s", clock, "Ctrl+C or q stops", shown]
        if not progress.hits and seconds > _SILENT_S:
            parts = [clock, "Ctrl+C or q stops", _WHY_NOTHING]
    return FormattedText([("class:live", " · ".join(parts))])
