"""What OGNL does where an expression reads a property that is named like a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.program import shell

from arthas_cli.catalogue.model import Risk
from arthas_cli.guard.ognl import judge_expression

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target


@pytest.mark.parametrize(
    ("name", "read"),
    [("Method", "method"), ("Field", "method"), ("Getter", "getter"), ("Alone", "field")],
)
def test_a_plain_method_is_called_by_its_name_but_where_a_getter_goes_before_it(
    fixture_jvm: Target, name: str, read: str
) -> None:
    for access in ("update", "UPDATE") if name == "Method" else ("update",):
        expression = f"#a=new fx.Verbs${name}(), #a.{access}"
        line = ("ognl", expression)
        document = shell("exec", "--url", fixture_jvm.url, "--json", "--", *line).document
        assert document["results"][0]["value"] == f"@String[{read}]"


@pytest.mark.parametrize("name", ["Field", "Alone"])
def test_an_object_shown_whole_is_read_field_by_field(fixture_jvm: Target, name: str) -> None:
    line = ("ognl", "-x", "2", f"#a=new fx.Verbs${name}(), #a")
    document = shell("exec", "--url", fixture_jvm.url, "--json", "--", *line).document
    assert "update=@String[field]" in document["results"][0]["value"]


@pytest.mark.parametrize("name", ["addTime", "refundFee", "sendFlag"])
def test_the_refusal_of_what_may_be_a_field_names_both_ways_to_it(
    fixture_jvm: Target, name: str
) -> None:
    line = ("watch", "fx.Fixture", "price", f"params[0].{name}")
    ended = shell("exec", "--url", fixture_jvm.url, "--read-only", "--", *line)
    assert ended.exit_code == 2
    getter = f"get{name[0].upper()}{name[1:]}()"
    refusal = f"'{name}' may be a method, which OGNL would call; use the getter '{getter}'"
    assert ended.stderr.splitlines() == [
        f"arthas-shell: 'watch' is refused by --read-only: the expression: {refusal}",
        "hint: show the object that holds it whole, with '-x 2', to see its fields",
    ]


def test_so_the_field_is_refused_and_its_getter_is_not() -> None:
    finding = judge_expression("params[0].update")
    assert finding is not None
    assert finding.risk == Risk.DANGEROUS
    assert judge_expression("params[0].getUpdate()") is None
    assert judge_expression("params[0].isUpdate()") is None
