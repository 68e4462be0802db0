"""What releases of Arthas cannot do over HTTP, as far as it was seen (docs/protocol.md, 7.1)."""

from __future__ import annotations

from dataclasses import dataclass

Numbers = tuple[int, ...]
_LAST: Numbers = (1000,)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of the releases from `since` up to, but without, `until`.

    `is_serious`: it can do harm, or takes a command away.
    """

    text: str
    until: Numbers = _LAST
    since: Numbers = ()
    is_serious: bool = True


LIMITS: tuple[Limit, ...] = (
    Limit("eight HTTP 500 answers make it stop responding to everybody", (4, 0, 0)),
    Limit("on Java 9 and up 'stack', 'thread -n', 'thread ID' answer HTTP 500", (3, 6, 4)),
    Limit("'vmtool' runs, but shows no results", (3, 6, 4)),
    Limit("'memory' is missing", (3, 5, 6)),
    Limit("'jfr' is missing", (3, 6, 5)),
    Limit("a pattern can enhance any number of classes, there is no --maxMatch", (3, 6, 8)),
    Limit("the streams of a killed client keep running: there is no --timeout, use -n", (4, 1, 3)),
    Limit("'classloader -u' does not name the loaders", (4, 1, 0), (4, 0, 0)),
    Limit(
        "its queues cannot be enlarged: busy streams lose results, and say so",
        (4, 0, 1),
        (4, 0, 0),
    ),
    Limit("-x 0 shows the type of a value, not the value", since=(3, 6, 5), is_serious=False),
    Limit("'profiler --format md' writes no Markdown", (4, 1, 6), is_serious=False),
    Limit(
        "'heapAnalyze' and 'referenceAnalyze' of 'vmtool' answer in its own terminal only",
        since=(4, 1, 5),
        is_serious=False,
    ),
)


def list_limits(version: Numbers) -> tuple[list[str], list[str]]:
    """Return the limits of a release, the serious ones and the small ones."""
    found = [limit for limit in LIMITS if limit.since <= version < limit.until]
    return (
        [limit.text for limit in found if limit.is_serious],
        [limit.text for limit in found if not limit.is_serious],
    )
