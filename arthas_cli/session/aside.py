"""A request that is made aside: who waits for it can leave it, as one cannot leave a socket."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from arthas_cli.errors import TimedOut

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_WAKE_S = 0.05


def run_aside(action: Callable[[], T], is_wanted: Callable[[], bool]) -> T:
    """Return what `action` returns, or raises what it raises, as long as it `is_wanted`.

    Raises:
        TimedOut: it is wanted no more; it goes on by itself.
    """
    done = threading.Event()
    returned: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            returned.append(action())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            raised.append(error)
        finally:
            done.set()

    threading.Thread(target=run, name="aside", daemon=True).start()
    while not done.wait(_WAKE_S):
        if not is_wanted():
            raise TimedOut("the server does not answer", hint="")
    if raised:
        raise raised[0]
    return returned[0]
