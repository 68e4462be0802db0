"""What a real server does by chance when it trips over itself: asked again, by name, and counted.

Only an enhancing command meets it, and nothing has run (docs/protocol.md, 3.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")

NAME = "races"
# One for each that the test at hand has met; the summary of a run tells how many there were.
met: list[str] = []
_RACE = "someone else is enhancing"
_MOST = 10


def has_raced(results: Iterable[Mapping[str, Any]]) -> bool:
    """Says whether the results are those of a command that met the race, and counts it."""
    found = any(_RACE in str(result.get("message")) for result in results)
    if found:
        met.append(_RACE)
    return found


def run_again(run: Callable[[], T], is_good: Callable[[T], bool]) -> T:
    """Runs it until its answer is good, ten times at most; returns the last answer."""
    for _ in range(_MOST - 1):
        answer = run()
        if is_good(answer):
            return answer
    return run()
