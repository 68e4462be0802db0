"""Under --read-only a property passes where the target has no method that it would call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.program import shell
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.guard.fields import Field, Owned, Subject, list_fields
from arthas_cli.guard.risk import judge, judge_line
from arthas_cli.line.parse import parse_line

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target

PAY = Subject("fx.Bills", "pay", is_regex=False)
ADD_TIME = Owned("params[1]", "addTime")


@pytest.fixture(scope="module")
def bills(fixture_jvm: Target) -> Target:
    assert shell("exec", "--url", fixture_jvm.url, "ognl '@fx.Bills@start()'").exit_code == 0
    return fixture_jvm


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("{params[1].addTime}", "@ArrayList[\n    @Long[7],\n]"),
        ("params[1].updateSum", "@Long[11]"),
        ("returnObj.sendFlag", "@Long[3]"),
    ],
)
def test_a_field_that_no_class_has_as_a_method_is_read(
    bills: Target, expression: str, value: str
) -> None:
    line = ("watch", "fx.Bills", "pay", expression, "params[1].addTime == 7", "-n", "1")
    document = shell("exec", "--url", bills.url, "--read-only", "--json", "--", *line).document
    assert document["error"] is None
    hits = [result for result in document["results"] if result["type"] == "watch"]
    assert hits[0]["value"] == value


@pytest.mark.parametrize(
    ("method", "expression"),
    [
        ("pay", "params[1].refundFee"),  # a method of fx.Bills$Odd, which inherits from it
        ("pay", "params[1].addTime.refundFee"),
        ("pay", "params[0].addTime"),
        ("any", "params[0].addTime"),  # may be of any class
        ("gone", "params[1].addTime"),
        ("pay", "params[1].addTime, @fx.Hot@sleep(1)"),
    ],
)
def test_what_can_not_be_told_stays_refused(bills: Target, method: str, expression: str) -> None:
    line = ("watch", "fx.Bills", method, expression, "-n", "1")
    ended = shell("exec", "--url", bills.url, "--read-only", "--", *line)
    assert ended.exit_code == 2
    assert "is refused by --read-only: the expression: " in ended.stderr


def test_nothing_is_told_where_heirs_are_not_listed(bills: Target) -> None:
    line = "watch fx.Bills pay params[1].addTime -n 1"
    shell("exec", "--url", bills.url, "options disable-sub-class true")
    try:
        ended = shell("exec", "--url", bills.url, "--read-only", line)
    finally:
        shell("exec", "--url", bills.url, "options disable-sub-class false")
    assert ended.exit_code == 2


@each_row(
    ("line", "names"),
    [
        ("watch a.B m {params[1].addTime,target.sendFlag}", {"addTime", "sendFlag"}),
        ("trace a.B m 'returnObj.refundFee>1?params[0].addTime:2'", {"refundFee", "addTime"}),
        ("tt -t a.B m params[0].addTime", {"addTime"}),
        ("watch a.B m params[0].user", set()),  # which needs no asking
        ("watch a.B m params[0].clear", set()),  # of the JDK, whatever the class
        ("watch a.B m params[0].class", set()),
        ("watch a.B m params.{params[0].addTime}", set()),  # of something else
        ("watch a.B m '#a.params[0].addTime'", set()),
        ("watch a.B m params[0][1].addTime", set()),
        ("watch a.B m params[0].user.addTime", set()),
        ("watch --lazy a.B m params[0].addTime", set()),
        ("trace -p x.* a.B m params[0].addTime", set()),
        ("tt -i 1000 -w params[0].addTime", set()),
        ("ognl params[0].addTime", set()),
    ],
)
def test_only_of_the_parts_of_a_call_the_class_can_be_asked(line: str, names: set[str]) -> None:
    fields = list_fields(parse_line(line, load_commands()))
    assert {field.owned.name for field in fields} == names


@pytest.mark.parametrize(
    "line",
    [
        "watch fx.Bills pay params[1].addTime",
        "watch --timeout 3600 fx.Bills pay '{params[1].addTime}' params[1].addTime>5",
    ],
)
def test_what_is_known_holds_for_every_line_about_the_same_methods(line: str) -> None:
    fields = frozenset([Field(PAY, ADD_TIME)])
    assert judge_line(line, fields).changes_nothing
    assert not judge_line(line).changes_nothing


@each_row(
    "line",
    [
        "watch fx.Bill* pay params[1].addTime",
        "watch -E fx.Bills pay params[1].addTime",
        "watch fx.Bills any params[1].addTime",
        "watch fx.Bills pay params[0].addTime",
        "watch fx.Bills pay params[1].refundFee",
        "watch fx.Bills pay params[1].addTime()",
        "watch fx.Bills pay params[1]['addTime']",
        "watch fx.Bills pay params[1].x.addTime",
        "watch fx.Bills pay {params[1].addTime,addTime}",
    ],
)
def test_and_for_no_other(line: str) -> None:
    parsed = parse_line(line, load_commands())
    assert not judge(parsed, frozenset([Field(PAY, ADD_TIME)])).changes_nothing
