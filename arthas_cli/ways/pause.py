"""How long a way that did not open is left alone: streams try again all the time."""

from __future__ import annotations

import time

from arthas_cli.errors import Tunnel

# Behind a try in vain; and behind a login that was refused, of which some hosts count a few.
_PAUSE_S, _SHUT_OUT_S = 1.0, 60.0


class Pause:
    """What the last try came to. Whoever uses it has the lock of its way."""

    def __init__(self) -> None:
        self._failure: Tunnel | None = None
        self._ends = 0.0

    def check(self) -> None:
        """Raise the last failure again where it is too early for another try."""
        if self._failure is not None and time.monotonic() < self._ends:
            raise self._failure

    def note(self, error: BaseException, *, is_shut_out: bool) -> None:
        """Have the next try wait behind this one."""
        if isinstance(error, Tunnel):
            pause_s = _SHUT_OUT_S if is_shut_out else _PAUSE_S
            self._failure, self._ends = error, time.monotonic() + pause_s
