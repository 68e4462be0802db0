"""Where text of running commands waits until the terminal's own thread writes it.

The terminal belongs to the application that runs just now: the prompt, or the live view of a
command. Any thread may hand in text; it appears above what that application draws.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.input.typeahead import store_typeahead
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys

from arthas_cli.columns import wrap
from arthas_cli.interrupts import HangupWatch, LeaveNow
from arthas_cli.shell.terminal.buffer import JobBuffer
from arthas_cli.shell.terminal.keyboard import is_lent
from arthas_cli.shell.terminal.pieces import Piece, Pieces
from arthas_cli.shell.terminal.soon import Soon, call_soon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SIGINT = KeyPress(Keys.SIGINT)
_FLUSH_S = 0.04
_REFRESH_S = 0.25
# A slow terminal takes what is written at its own pace; in between keys are looked at.
MAX_AT_ONCE = 16_384


class Terminal:
    """The one way of running commands to the terminal.

    `app`: the application that runs; None between two. `hangup`: the signals, which are for the
    application while one runs. `is_held`: nothing is written for now.
    `screen`: what a repeated sample looks like at present, drawn in place and not above.
    `is_last`: no prompt follows any more. `find_width` says how many columns the terminal has, None
    where there is none.

    Threads: any hands text in, by way of `Pieces`, `Soon` and `invalidate`, made for that. The rest
    is of the terminal's own thread; others read `app`, once each time.
    """

    def __init__(
        self, hangup: HangupWatch | None = None, find_width: Callable[[], int | None] = lambda: None
    ) -> None:
        self.app: Application[Any] | None = None
        self.hangup = hangup or HangupWatch()
        self.find_width = find_width
        self.is_held = False
        self.is_last = False
        self.screen = ""
        self._pieces = Pieces()
        self._writing = Soon(self._empty_above)
        self._redrawing = Soon(self._invalidate)

    @contextmanager
    def attached(self, app: Application[Any]) -> Iterator[None]:
        """Hand the terminal to an application while it lasts; `begin` is to be its `pre_run`.

        What the last one was to write and did not is written by the next.
        """
        self._attach(app)
        try:
            with self.hangup.handing_on(lambda: call_soon(app, self._obey)):
                yield
        finally:
            self._attach(None)
            if self.hangup.take_interrupt():  # it had ended already
                store_typeahead(app.input, [_SIGINT])

    def begin(self) -> None:
        """Let the application do at once what came before it ran."""
        self._obey()
        self.flush()

    @property
    def is_scheduled(self) -> bool:
        """Whether what waits is about to be written."""
        return self._writing.is_scheduled

    def _attach(self, app: Application[Any] | None) -> None:
        self.app, self.is_held = app, False
        self._writing.forget()
        self._redrawing.forget()

    def _obey(self) -> None:
        """Do what a signal says, in the terminal's own thread."""
        app = self.app
        if app is None or app.is_done:
            return
        if self.hangup.has_come:
            app.exit(exception=LeaveNow())
        elif self.hangup.take_interrupt() and not is_lent(app.input):
            app.key_processor.feed(_SIGINT)
            app.key_processor.process_keys()

    def put(
        self, text: str, speaker: str = "", buffer: JobBuffer | None = None, number: int = 0
    ) -> None:
        """Take whole lines, as of `Piece`."""
        self._pieces.put(Piece(text, speaker, buffer, number))
        self.flush()

    def show(self, screen: str) -> None:
        """Draw a sample in the place of the last one; empty: none any more."""
        self.screen = screen
        self._invalidate()

    def refresh(self) -> None:
        """Schedule a redraw of the application: a number in it is another one."""
        self._redrawing.schedule(self.app, _REFRESH_S)

    def flush(self, delay_s: float = _FLUSH_S) -> None:
        """Schedule the writing of what waits, in the terminal's own thread."""
        self._writing.schedule(self.app, delay_s)

    def empty(self) -> None:
        """Write all that has come to the terminal; for the terminal's own thread."""
        while self._write():
            """Goes on with what has come meanwhile."""

    def _write(self) -> bool:
        """Write as much as a terminal takes at once; return whether there is more."""
        text = self._pieces.take(MAX_AT_ONCE)
        if text and self.app is not None:
            self.app.output.write_raw(text)
            self.app.output.flush()
        return bool(self._pieces)

    def _empty_above(self) -> None:
        if not self.is_held and self.app is not None and self.app.is_running:
            run_in_terminal(self._write_on)

    def _write_on(self) -> None:
        try:
            if self._write():
                self.flush(0)
        except OSError as error:  # else prompt_toolkit tells of it and waits for Enter
            if self.app is not None and not self.app.is_done:
                self.app.exit(exception=error)

    def _invalidate(self) -> None:
        app = self.app
        if app is not None:
            app.invalidate()


class JobOutput:
    """A text stream that hands its text on in one piece at each flush, so that none is mixed.

    `buffer`: what becomes of the results of the command it is of. `number`: how many of them stand
    in what was written since the last flush.
    """

    encoding = "utf-8"

    def __init__(self, terminal: Terminal) -> None:
        self.speaker = ""
        self.buffer = JobBuffer(terminal.refresh)
        self.number = 0
        self._terminal = terminal
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        """Keep the text."""
        self._parts.append(text)
        return len(text)

    def tell(self, text: str) -> None:
        """Hand on what was written, and behind it a message of ours."""
        self.write(f"{wrap(text, self._terminal.find_width())}\n")
        self.flush()

    def flush(self) -> None:
        """Hand on what was written."""
        text = "".join(self._parts)
        self._parts.clear()
        number, self.number = self.number, 0
        if text:
            self._terminal.put(text, self.speaker, self.buffer, number)
