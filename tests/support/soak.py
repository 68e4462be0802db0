"""How often a test tries what depends on chance: some in `make test`, many in `make matrix`."""

from __future__ import annotations

import os

_IS_FULL = "SOAK" in os.environ


def pick(some: int, many: int) -> int:
    """Returns how many rounds, jobs or examples there are to be."""
    return many if _IS_FULL else some
