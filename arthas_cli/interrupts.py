"""Ctrl+C, SIGTERM and SIGHUP, turned into the interrupt of the running job.

The first signal asks the server to stop a running stream, whose end is then awaited as ever, so no
result is lost to an exception that comes out of nowhere. Where nothing can be stopped, and at the
second signal, `Abandon` is raised.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from arthas_cli.errors import ArthasShellError, Interrupted, Terminated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Abandon(KeyboardInterrupt):
    """Leave now: what runs is not waited for."""


class Stoppable(Protocol):
    """What a first signal stops; its end is still awaited."""

    def interrupt(self) -> None:
        """Asks for its end; may raise ArthasShellError."""


class Hangup:
    """SIGTERM and SIGHUP where Ctrl+C is a key: `Abandon` is raised, which ends the shell."""

    def __init__(self) -> None:
        self.has_come = False

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Catches the signals while it lasts."""
        with _catch(_SIGNALS[1:], self._receive):
            yield

    def _receive(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if not self.has_come:  # once: what is cleaned up now is not disturbed
            self.has_come = True
            raise Abandon


class Interrupts:
    """The signals of this run; `job` is what they stop, None while nothing can be stopped."""

    def __init__(self) -> None:
        self.job: Stoppable | None = None
        self.error: Interrupted | None = None

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Catches the signals while it lasts."""
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
            raise Abandon
        threading.Thread(target=_interrupt, args=(self.job,), name="interrupt", daemon=True).start()


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
