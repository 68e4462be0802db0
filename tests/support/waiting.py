"""How long tests wait: for a condition, and never for a time that a busy machine may exceed."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# So long a test waits in vain before it fails; where all is well nothing waits so long, however
# much the machine has to do.
PATIENCE_S = 60.0
_LOOK_S = 0.005


def wait_for(
    condition: Callable[[], object], tell: Callable[[], object] = lambda: "nothing is known of it"
) -> None:
    """Waits until the condition holds.

    Raises:
        AssertionError: it does not come to be; says what there is to `tell`.
    """
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, f"waited in vain: {tell()}"
        time.sleep(_LOOK_S)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails where what is done in it takes longer.

    A bound is no measure: it lies far above what a busy machine needs, and below what it takes
    where that is waited for which must not be.
    """
    begun = time.monotonic()
    yield
    took_s = time.monotonic() - begun
    assert took_s < seconds, f"it took {took_s:.1f} s"
