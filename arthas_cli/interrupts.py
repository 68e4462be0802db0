"""Ctrl+C, SIGTERM and SIGHUP, turned into the interrupt of the running job.

The first signal asks the server to stop a running stream, whose end is then awaited as ever, so no
result is lost to an exception that comes out of nowhere. Where nothing can be stopped, and at the
second signal, `LeaveNow` is raised.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from arthas_cli.errors import ArthasShellError, ExitCode, Interrupted, Terminated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
# After a signal the shell has so long to end what runs, and then so long while it is stuck. Two
# tries to close a session on a server that does not answer take two seconds.
_OVER = "over"
_ORDERLY_S = 2.5
_LAST_S = 2.1


def _do_nothing() -> None:
    """Do nothing."""


class LeaveNow(KeyboardInterrupt):
    """Leave now: what runs is not waited for."""


class Stoppable(Protocol):
    """What a first signal stops; its end is still awaited."""

    def interrupt(self) -> None:
        """Ask for its end; may raise ArthasShellError."""


class HangupWatch:
    """The signals of the shell, where Ctrl+C is mostly a key and an event loop may run.

    SIGTERM and SIGHUP raise `LeaveNow`, once, which ends the shell, and SIGINT KeyboardInterrupt.
    Only while they are handed on nothing is raised: out of a signal handler an exception comes
    wherever the main thread is, and an event loop drops those that come at the wrong place.

    `has_come`: the shell is to end. Whatever it is stuck in, it has ended a few seconds later:
    `end` is called to end what runs, then `give_back` for the terminal, then `leave`.

    Threads: signals come in the main thread, in the midst of anything, so the fields have no lock:
    who is interrupted would hold it. The thread that watches the time is told by `_news`.
    """

    def __init__(self, leave: Callable[[int], object] = os._exit) -> None:
        from queue import SimpleQueue  # only a shell has one

        self.has_come = False
        self.end: Callable[[], object] = _do_nothing
        self.give_back: Callable[[], object] = _do_nothing
        self._leave = leave
        self._is_interrupted = False
        self._is_held_back = False
        self._tell: Callable[[], object] | None = None
        self._news: SimpleQueue[str] = SimpleQueue()  # may be told by a handler

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Catch the signals while it lasts."""
        # Started here, for a handler must not: it may have interrupted the start of a thread.
        threading.Thread(target=self._end_in_time, name="end in time", daemon=True).start()
        try:
            with _catch(_SIGNALS, self._receive):
                yield
        finally:
            self._news.put(_OVER)

    @contextmanager
    def handing_on(self, tell: Callable[[], object] = _do_nothing) -> Iterator[None]:
        """Raise nothing while it lasts; `tell` is called by the handler, behind what it notes.

        Raises:
            LeaveNow: at the end, where the shell is to end.
        """
        self._tell = tell
        try:
            yield
        finally:
            self._tell = None
            if self.has_come:
                raise LeaveNow

    @contextmanager
    def holding_back(self) -> Iterator[None]:
        """Hold back SIGTERM and SIGHUP while it lasts, for what must not be cut in two.

        Raises:
            LeaveNow: at the end, where the shell is to end.
        """
        self._is_held_back = True
        try:
            yield
        finally:
            self._is_held_back = False
            if self.has_come:
                raise LeaveNow

    def take_interrupt(self) -> bool:
        """Return whether Ctrl+C came since it was asked last, and nothing was raised."""
        is_interrupted, self._is_interrupted = self._is_interrupted, False
        return is_interrupted

    def _receive(self, number: int, frame: FrameType | None) -> None:
        del frame
        error = KeyboardInterrupt if number == signal.SIGINT else LeaveNow
        if error is LeaveNow:
            if self.has_come:  # once: what is cleaned up now is not disturbed
                return
            self.has_come = True
            self._news.put("come")
            if self._is_held_back:
                return
        if self._tell is None:
            raise error
        self._is_interrupted = self._is_interrupted or error is KeyboardInterrupt
        self._tell()

    def _end_in_time(self) -> None:
        from queue import Empty  # only a shell waits for them

        if self._news.get() == _OVER:
            return
        with suppress(Empty):
            self._news.get(timeout=_ORDERLY_S)
            return
        ending = threading.Thread(target=self.end, name="end", daemon=True)
        ending.start()
        ending.join(_LAST_S)
        self.give_back()
        self._leave(ExitCode.TERMINATED)


class Interrupts:
    """The signals of this run; `job` is what they stop, None while nothing can be stopped."""

    def __init__(self) -> None:
        self.job: Stoppable | None = None
        self.error: Interrupted | None = None

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Catch the signals while it lasts."""
        with _catch(_SIGNALS, self._receive):
            yield

    def _receive(self, number: int, frame: FrameType | None) -> None:
        del frame
        is_first = self.error is None
        if number == signal.SIGINT:
            self.error = self.error or Interrupted("interrupted")
        else:
            self.error = Terminated("ended by a signal")
        if self.job is None or not is_first:
            raise LeaveNow
        threading.Thread(target=_interrupt, args=(self.job,), name="interrupt", daemon=True).start()


@contextmanager
def putting_off_the_end() -> Iterator[None]:
    """Have SIGTERM and SIGHUP change nothing while it lasts, for what cleans up in short time."""
    if threading.current_thread() is not threading.main_thread():  # which alone has the signals
        yield
        return
    with _catch([name for name in _SIGNALS if name != "SIGINT"], lambda *_: None):
        yield


@contextmanager
def _catch(
    names: Sequence[str], receive: Callable[[int, FrameType | None], None]
) -> Iterator[None]:
    found = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # One that is ignored stays so: `nohup` and a script's `&` mean it.
    wanted = [number for number in found if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, receive) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(job: Stoppable) -> None:
    with suppress(ArthasShellError):  # the stream notices a server that is gone by itself
        job.interrupt()
