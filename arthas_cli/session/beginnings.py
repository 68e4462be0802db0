"""How often a job is begun: once, again where the server tripped, again for calls seen in part.

`-n N` is to show N calls. The rest of a call that had begun before (`arthas_cli.session.costs`)
counts on the server and not here, so the command is begun again for as many calls. It may then meet
such rests once more, one for each thread that is in the method; so it asks for more than is wanted,
and is stopped as soon as that is there.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from arthas_cli.session.costs import read_result
from arthas_cli.text import count

if TYPE_CHECKING:
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.job_state import JobState

_RACE_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)
# How many more than wanted are asked for each time that it is begun again. With the first an
# untuned queue holds whatever comes.
_SPARES = (40, 1_000)
_UNTOLD = (
    "result includes a call that began before: its mean time is unknown",
    "results include calls that began before: their mean times are unknown",
)


class Beginnings:
    """The beginnings of one job. `plan`: as it is to be begun next."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._line = plan.line
        self._asked = plan.wanted.number if plan.wanted else None
        self._wanted = self._asked or 0
        self._received = 0
        self._whole = 0
        self._rests = 0
        self._untold = 0
        self._surplus = 0
        self._begun = 0.0
        self._races = 0
        self._times = 0
        self._has_told = False

    @property
    def has_met_race(self) -> bool:
        """Whether the server has tripped over itself."""
        return self._races > 0

    @property
    def is_met(self) -> bool:
        """Whether all that is wanted is there while more was asked for."""
        return self._times > 0 and self._whole >= self._wanted

    def begin(self) -> None:
        """Note that it is begun now."""
        self._begun = time.monotonic()

    def take(self, result: Result) -> Result | None:
        """Take note of a result; return it as it is to be shown, None where it is not.

        That it has enhanced again is no news, and what comes on top of what is wanted was only
        asked for here.
        """
        if result.type == "enhancer":
            is_old, self._has_told = self._has_told, True
            is_news = not is_old or result.data.get("success") is not True
            return result if is_news else None
        if result.type != self.plan.name:
            return result
        if self.is_met:
            self._surplus += 1
            return None
        elapsed_ms = (time.monotonic() - self._begun) * 1000
        read = read_result(result, self.plan.costs, elapsed_ms)
        self._received += 1
        self._rests += read.is_rest
        self._whole += not read.is_rest
        self._untold += read.data is not result.data and not read.is_rest
        return read

    def find_pause(self, job_state: JobState, *, has_ended_well: bool) -> float | None:
        """Return for how long to wait before it is begun again, None where it is over."""
        if job_state.is_race and self._races < len(_RACE_PAUSES_S):
            self._races += 1
            job_state.forget_start()
            return _RACE_PAUSES_S[self._races - 1]
        if not (has_ended_well and self._is_owing() and self._times < len(_SPARES)):
            return None
        self._ask_again(job_state)
        return 0.0

    def describe(self) -> str:
        """Return what of its results is no hit, and what was not shown; empty where nothing is."""
        parts = []
        if self._rests:
            one = "result is the rest of a call that began before"
            many = "results are the rest of calls that began before"
            said = count(self._rests, one, many)
            parts.append(f"{said}: not counted")
            if self._is_owing() and self._times == len(_SPARES):
                parts.append("such calls keep coming, so it was not started again")
        if self._untold:
            parts.append(self.plan.costs.untold or count(self._untold, *_UNTOLD))
        if self._surplus:
            more = count(self._surplus, "more call")
            parts.append(f"{more} came before it was stopped: not shown")
        return "; ".join(parts)

    def _is_owing(self) -> bool:
        """Return whether the server's count is full, and calls not seen whole are in it."""
        is_full = self._asked is not None and self._received >= self._asked
        return is_full and self._whole < self._wanted

    def _ask_again(self, job_state: JobState) -> None:
        self._wanted -= self._whole
        self._asked = self._wanted + _SPARES[self._times]
        self._times += 1
        self._received = self._whole = 0
        if self.plan.wanted is not None:
            line = self.plan.wanted.ask_for(self._line, self._asked)
            limit = None if self.plan.limit is None else self._asked
            self.plan = self.plan._replace(line=line, limit=limit)
        job_state.start_over(self.plan.limit)
