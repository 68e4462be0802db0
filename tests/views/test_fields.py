from __future__ import annotations

import pytest
from support.table import each_row
from views.cases import draw, make_result

from arthas_cli.views import Page


def show(data: dict[str, object], width: int | None = None) -> str:
    return draw([make_result(data)], Page(width=width))  # type: ignore[arg-type] # any JSON


def test_a_type_nobody_knows_is_a_labelled_tree() -> None:
    assert show({"type": "future", "jobId": 1, "rows": [{"a": 1}], "name": "x"}) == (
        "future\n├─ rows\n│  └─ [0]\n│     └─ a: 1\n└─ name: x\n"
    )


def test_fields_nobody_documented_are_shown_after_the_rest() -> None:
    assert show({"type": "pwd", "workingDir": "/srv", "volume": {"free": 3}, "mode": 7}) == (
        "/srv\nvolume\n└─ free: 3\nmode: 7\n"
    )


def test_fields_nobody_documented_are_found_inside_lists() -> None:
    text = show(
        {
            "type": "monitor",
            "monitorDataList": [{"methodName": "a", "p99": 1.5}, {"methodName": "b", "p99": 2}],
        }
    )
    assert text.endswith("monitorDataList[].p99: 1.5, 2\n")


@each_row(
    ("data", "note"),
    [
        ({"type": "version", "version": 4}, "'version' is a number, not text"),
        ({"type": "sc", "classNames": {}}, "'classNames' is an object, not a list"),
        ({"type": "jvm", "jvmInfo": [1]}, "'jvmInfo' is a list, not an object"),
        (
            {"type": "trace", "root": {"children": [{"cost": True}]}},
            "'root.children[].cost' is true or false, not a number",
        ),
        ({"type": "memory"}, "it has none of the fields that mark its shapes"),
    ],
)
def test_a_result_of_another_shape_is_a_tree_with_a_note(
    data: dict[str, object], note: str
) -> None:
    first, second, *_ = show(data).splitlines()
    assert first == f"an unexpected '{data['type']}' result: {note}"
    assert second.startswith(str(data["type"]))


def test_a_missing_field_is_normal() -> None:
    assert show({"type": "watch", "ts": "2026-11-24 04:36:10", "cost": 1}) == (
        "ts=2026-11-24 04:36:10; [cost=1ms] result=null\n"
    )


def test_what_is_nested_a_thousand_deep_is_drawn_with_short_lines() -> None:
    value: object = "end"
    for _ in range(5_000):
        value = {"in": [value]}
    lines = show({"type": "future", "value": value}, width=80).splitlines()
    assert lines[-1].endswith("[0]: end") or "end" in lines[-1]
    assert max(map(len, lines)) < 200


@pytest.mark.parametrize("type_", ["input_status", "command", "welcome"])
def test_what_is_meant_for_the_program_is_not_drawn(type_: str) -> None:
    assert show({"type": type_, "command": "version", "inputStatus": "ALLOW_INPUT"}) == ""


def test_a_plain_success_is_not_worth_a_line() -> None:
    assert show({"type": "status", "statusCode": 0}) == ""


def test_a_failure_without_words_says_its_status() -> None:
    assert show({"type": "status", "statusCode": 3}) == "failed with status 3\n"


def test_a_count_of_rows_that_nothing_listed_says_nothing() -> None:
    assert show({"type": "row_affect", "rowCount": 2}, width=80) == ""
