from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from views.cases import CASES, draw, make_result

from arthas_cli.views import Page

if TYPE_CHECKING:
    from arthas_cli.jsontext import Json


def call(name: str, cost: int, *children: Json, **more: Json) -> Json:
    return {
        "type": "method",
        "className": "shop.Order",
        "methodName": name,
        "cost": cost,
        "totalCost": cost,
        "times": 1,
        "lineNumber": -1,
        "children": list(children),
        **more,
    }


def trace(*calls: Json, page: Page | None = None) -> str:
    """Draws each call as a root of its own."""
    results = [
        make_result({"type": "trace", "root": {"type": "thread", "children": [one]}})
        for one in calls
    ]
    return draw(results, page)


def test_nanoseconds_are_shown_as_milliseconds_with_the_share_of_the_parent() -> None:
    text = trace(call("pay", 2_000_000, call("check", 500_000, lineNumber=7)))
    assert "[2.000000ms] shop.Order:pay()" in text
    assert "[25.00% 0.500000ms] shop.Order:check() #7" in text


def test_the_hottest_path_is_marked_from_root_to_leaf_without_colour() -> None:
    slow = call("slow", 90, call("slower", 80), call("quick", 1))
    lines = trace(call("all", 100, call("fast", 9), slow)).splitlines()[1:6]
    assert [line.lstrip("│ ")[:3] for line in lines] == ["┕━━", "├──", "┕━━", "┝━━", "└──"]
    assert lines[3].endswith("◀ hottest")


def test_noise_is_dimmed_and_not_hidden() -> None:
    root: Json = {
        "type": "thread",
        "children": [call("all", 1000, call("tiny", 1), call("big", 900))],
    }
    result = make_result({"type": "trace", "root": root})
    text = draw([result], Page(is_coloured=True), "standard")
    assert "\x1b[2mshop.Order:tiny()\x1b[0m" in text


def test_calls_that_were_merged_show_least_most_sum_and_count() -> None:
    merged = call("item", 5, times=3, minCost=1, maxCost=5, totalCost=9)
    assert (
        "[90.00% min=0.000001ms, max=0.000005ms, total=0.000009ms, count=3] shop.Order:item()"
        in trace(call("all", 10, merged))
    )


def test_several_roots_of_a_method_are_summed_up_at_the_end() -> None:
    text = trace(call("pay", 1_000_000), call("pay", 5_000_000), call("pay", 2_000_000))
    assert text.splitlines()[-1] == (
        "shop.Order:pay(): n=3 min=1.000000ms median=2.000000ms max=5.000000ms"
    )


def test_one_root_needs_no_sum() -> None:
    assert "n=1" not in trace(call("pay", 1))


def test_a_very_deep_tree_is_drawn_with_every_node_and_short_lines() -> None:
    node = call("end", 1)
    for _ in range(5_000):
        node = call("next", 1, node)
    text = trace(node)
    lines = text.splitlines()
    assert sum("shop.Order" in line for line in lines) == 5_001
    assert max(map(len, lines)) < 250
    assert "⋯4968 " in text.splitlines()[-2]


@pytest.mark.parametrize("name", ["trace-merged", "trace-deep"])
@pytest.mark.parametrize("width", [60, 80])
def test_no_line_of_a_tree_is_wider_than_the_terminal(name: str, width: int) -> None:
    lines = draw(CASES[name].results, Page(width=width)).splitlines()
    assert max(map(cell_len, lines)) <= width


def test_the_rest_of_a_call_that_had_begun_before_is_told_apart_and_not_summed_up() -> None:
    rest = call("check", 5_000_000, invoking=True, lineNumber=7)
    text = trace(rest, call("pay", 1_000_000), call("pay", 3_000_000))
    assert text.splitlines()[1:3] == [
        "the rest of a call that began before the trace: not counted, its time is unknown",
        "└── [5.000000ms] shop.Order:check() #7",
    ]
    assert text.splitlines()[-1].startswith("shop.Order:pay(): n=2 ")


def test_a_rest_with_nothing_in_it_is_told_apart_too() -> None:
    result = make_result({"type": "trace", "root": {"type": "thread"}})
    assert draw([result]).splitlines()[1].startswith("the rest of a call that began before")


def test_a_constructor_that_calls_that_of_its_class_above_first_is_seen_whole() -> None:
    above = call("<init>", 1, invoking=True, lineNumber=7)
    root: Json = {"type": "thread", "children": [above, call("<init>", 5)]}
    text = draw([make_result({"type": "trace", "root": root})])
    assert "the rest of a call" not in text


def test_a_hit_of_a_call_that_had_begun_before_is_headed_by_that() -> None:
    data: Json = {"type": "watch", "accessPoint": "AtExit", "ts": "12:00", "value": "@Integer[1]"}
    assert draw([make_result(data)._replace(is_rest=True)]).splitlines()[:2] == [
        "the rest of a call that began before the command: not counted, its time is unknown",
        "location=AtExit",
    ]
