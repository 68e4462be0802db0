"""Costs that cannot be true: of a call that had begun before its command, Arthas tells the uptime.

It measures a call from where it saw the begin, and without one from the start of the machine
(docs/protocol.md, 5.5). No call that a command has seen whole took longer than the command runs; so
a cost above that is left out of what is drawn, and the call it tells of is none seen whole. The
server's own text of the result stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.jsontext import as_object
from arthas_cli.results import is_rest_of_call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.jsontext import Json
    from arthas_cli.line.costs import Costs
    from arthas_cli.protocol import Result

# The clock of the server may go that much faster.
_DRIFT = 1.01
# By type, where the rows stand that have each a cost.
_ROWS = {"monitor": "monitorDataList", "tt": "timeFragmentList"}
# What tells how many calls a cost is the sum of.
_CALLS = "total"


def read_result(result: Result, costs: Costs, elapsed_ms: float) -> Result:
    """Return the result without false costs, and marked where it tells the rest of a call.

    `elapsed_ms`: for how long the command has run, at least.
    """
    most_ms = elapsed_ms * _DRIFT
    match result.type:
        case "trace":
            return result._replace(is_rest=is_rest_of_call(result.data))
        case "stack":  # it tells no cost, but its condition may have been told one
            return result._replace(is_rest=not costs.is_older and costs.least_ms > most_ms)
        case "watch" | "line" | "tt" | "monitor" if not costs.is_older:
            return _read_costs(result, costs, most_ms)
    return result


def _read_costs(result: Result, costs: Costs, most_ms: float) -> Result:
    is_paired = result.type != "line" and not costs.untold
    if result.type in _ROWS:
        rows = result.data.get(_ROWS[result.type])
        listed = [as_object(row) for row in rows] if isinstance(rows, list) else []
        read = [_leave_out(row) if _is_false(row, most_ms) else row for row in listed]
        if read == listed:
            return result
        data: Mapping[str, Json] = {**result.data, _ROWS[result.type]: [dict(row) for row in read]}
    elif _is_false(result.data, most_ms) or (costs.untold and _is_at_exit(result)):
        data = _leave_out(result.data)
    else:
        return result
    return result._replace(data=data, is_rest=is_paired and result.type != "monitor")


def _is_false(row: Mapping[str, Json], most_ms: float) -> bool:
    cost, calls = row.get("cost"), row.get(_CALLS, 1)
    if not isinstance(cost, int | float) or not isinstance(calls, int | float):
        return False
    return cost > calls * most_ms


def _is_at_exit(result: Result) -> bool:
    return result.data.get("accessPoint") != "AtEnter"


def _leave_out(row: Mapping[str, Json]) -> Mapping[str, Json]:
    return {key: value for key, value in row.items() if key != "cost"}
