"""Costs above the time for which a command has run are none."""

from __future__ import annotations

import json

from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.protocol import Result
from arthas_cli.session.costs import read_result

RUNS_MS = 1000


def read(line: str, **fields: object) -> tuple[bool, str]:
    """Returns whether a result of that line is a rest, and its fields as they are drawn."""
    plan = make_plan(parse_line(line, load_commands()))
    result = read_result(
        Result(plan.name, 1, json.loads(json.dumps(fields)), ""), plan.costs, RUNS_MS
    )
    return result.is_rest, json.dumps(result.data)


@each_row(
    ("line", "fields", "is_rest", "drawn"),
    [
        ("watch a b", {"cost": 990.5}, False, '{"cost": 990.5}'),
        ("watch a b", {"cost": 24480000.25, "value": "v"}, True, '{"value": "v"}'),
        ("watch a b --listenerId 3", {"cost": 5000.5}, False, '{"cost": 5000.5}'),
        ("watch a b", {"cost": None}, False, '{"cost": null}'),
        ("watch a b", {}, False, "{}"),
        ("line --class a", {"cost": 24480000.25}, False, "{}"),
    ],
)
def test_a_cost_above_the_time_of_the_command_is_left_out(
    line: str, fields: dict[str, object], *, is_rest: bool, drawn: str
) -> None:
    assert read(line, **fields) == (is_rest, drawn)


@each_row("options", ["-b -s", "-b -e", "-b -f", "-s -f", "-e -f"])
def test_where_an_exit_is_measured_twice_no_cost_is_told_and_each_hit_counts(options: str) -> None:
    assert read(f"watch a b {options}", accessPoint="AtExit", cost=0.5) == (
        False,
        '{"accessPoint": "AtExit"}',
    )
    assert read(f"watch a b {options}", accessPoint="AtEnter", cost=0.5)[1] == (
        '{"accessPoint": "AtEnter", "cost": 0.5}'
    )


@each_row("options", ["", "-b", "-s", "-e", "-f", "-s -e"])
def test_where_it_is_measured_once_its_cost_is_told(options: str) -> None:
    assert read(f"watch a b {options}", accessPoint="AtExit", cost=0.5)[1] == (
        '{"accessPoint": "AtExit", "cost": 0.5}'
    )


def test_a_recorded_call_that_had_begun_before_has_no_cost() -> None:
    rows = [{"index": 1000, "cost": 24480000.25}]
    assert read("tt -t a b", timeFragmentList=rows) == (
        True,
        '{"timeFragmentList": [{"index": 1000}]}',
    )


def test_calls_at_the_same_time_may_take_more_than_the_command_together() -> None:
    row = {"total": 3, "cost": 2900.0}
    assert read("monitor a b", monitorDataList=[row]) == (
        False,
        '{"monitorDataList": [{"total": 3, "cost": 2900.0}]}',
    )
    assert read("monitor a b", monitorDataList=[{**row, "cost": 24480000.25}, row]) == (
        False,
        '{"monitorDataList": [{"total": 3}, {"total": 3, "cost": 2900.0}]}',
    )


@each_row(
    ("condition", "is_rest"),
    [
        ("#cost>10000", True),
        ("10000 <= #cost", True),
        ("params[0]>5 and #cost gt 1e4", True),
        ("#cost>10000L", True),
        ("(#cost>10000) && (a || b)", True),
        ("#cost>900", False),
        ("#cost<10000", False),
        ("#cost>10000 || true", False),
        ("!(#cost>10000)", False),
        ("params[0]>10000", False),
        ("#cost>params[0]", False),
        ("#cost>", False),
    ],
)
def test_a_stack_is_of_a_rest_where_its_condition_demands_more_than_can_be(
    condition: str, *, is_rest: bool
) -> None:
    assert read(f"stack a b '{condition}'", cost=0.0)[0] is is_rest
