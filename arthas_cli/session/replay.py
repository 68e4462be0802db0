"""What a consumer that joins a session is told again, and where in it the news begins.

The server tells who joins the last 50 results of the session once more, between an `input_status`
DISABLED and the current one (docs/protocol.md, 3.2); its queue may be too short for all of them,
and then drops the oldest. Results have no ids, so they are told apart by what they say.

It puts a result among the last 50, and then into the queue of each consumer; a join copies those
50, and then adds the consumer. Nothing keeps the two apart: a result that is handed out meanwhile
may come twice, as the last of the replay and the first behind it, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result

HISTORY_SIZE = 50
_MAX_REPLAYED = HISTORY_SIZE + 2  # with an `input_status` before and behind it
# Drawn from live objects whenever an answer is written, so they may differ (docs/protocol.md, 5.2).
_DRAWN = frozenset({"value", "params", "returnObj", "throwExp"})


@dataclass(frozen=True, slots=True)
class News:
    """What had not been told before; `is_whole`: for certain all of it.

    `later`: what came behind the replay, from its last `input_status` on. `repeatable`: what may
    stand there once more, the last that was told in each of the two ways; of a replay that was
    dropped in part it is the one told before.
    """

    results: Sequence[Result]
    is_whole: bool
    later: Sequence[Result] = ()
    repeatable: Sequence[Result] = ()


class Replay:
    """Collects what a new consumer is told until the news can be told from the rest.

    `told`: the last results that the consumer before it brought while the job at hand ran.
    `is_running`: that job was started before the consumer joined.
    """

    def __init__(self, told: Sequence[Result], *, is_running: bool = False) -> None:
        self._told = [_strip(result) for result in told]
        self._last_told = [*told][-1:]
        self._is_running = is_running
        self._held: list[Result] = []

    def has_end(self, job_id: int) -> bool:
        """Return whether the end of the job is among what has come so far."""
        return any(each.type == "status" and each.job_id == job_id for each in self._held)

    def take(self, results: Sequence[Result], job_id: int, *, is_last: bool) -> News | None:
        """Take the results of one pull; return the news once all of the replay has come.

        `is_last`: nothing was left in the queue.
        """
        self._held += results
        end = next((at for at, result in enumerate(self._held) if _is_end(result)), None)
        if end is None and not is_last and len(self._held) < _MAX_REPLAYED:
            return None
        past = [result for result in self._held[:end] if result.type != "input_status"]
        if self._told:
            news = _find_news(self._told, past)
        else:
            news = _find_beginning(past, job_id, has_end=end is not None)
        had_ended = any(each.type == "status" and each.job_id == job_id for each in past)
        return News(
            news.results,
            news.is_whole and (had_ended or not self._is_running),
            [] if end is None else self._held[end:],
            [*self._last_told, *past[-1:]],
        )


def is_same(one: Result, other: Result) -> bool:
    """Return whether both are the same result, as far as what they say can tell."""
    return _strip(one) == _strip(other)


def _is_end(result: Result) -> bool:
    return result.type == "input_status" and result.data.get("inputStatus") != "DISABLED"


def _find_news(told: Sequence[Json], past: Sequence[Result]) -> News:
    """Return what follows the last result that was told.

    Where several could be that one, the last of them counts: better a gap that is owned up to
    than a result twice. It may have been dropped from the queue; then one told before it counts.
    """
    stripped = [_strip(result) for result in past]
    for known in range(len(told), 0, -1):
        overlaps = {
            at: _count_overlap(told[:known], stripped[: at + 1]) for at in range(len(stripped))
        }
        possible = [at for at, count in overlaps.items() if count]
        if possible:
            complete = [at for at in possible if overlaps[at] == min(at + 1, known)]
            last = (complete or possible)[-1]
            is_sure = len(possible) == 1 or len(complete) == 1
            return News(past[last + 1 :], is_whole=is_sure and known == len(told))
    return News(past, is_whole=False)


def _count_overlap(told: Sequence[Json], past: Sequence[Json]) -> int:
    """Count the results at the end of both that are the same."""
    count = 0
    while count < min(len(told), len(past)) and told[-1 - count] == past[-1 - count]:
        count += 1
    return count


def _find_beginning(past: Sequence[Result], job_id: int, *, has_end: bool) -> News:
    """Return what was told of a job of which nothing is known; its `command` comes first."""
    own = [at for at, result in enumerate(past) if result.job_id == job_id]
    if not own:
        return News((), is_whole=has_end)
    return News(past[own[0] :], is_whole=past[own[0]].type == "command")


def _strip(result: Result) -> Json:
    return _leave_out(dict(result.data))


def _leave_out(value: Json) -> Json:
    match value:
        case dict():
            return {name: _leave_out(item) for name, item in value.items() if name not in _DRAWN}
        case list():
            return [_leave_out(item) for item in value]
    return value
