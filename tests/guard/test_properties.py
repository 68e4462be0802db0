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


def test_so_the_field_is_refused_and_its_getter_is_not() -> None:
    finding = judge_expression("params[0].update")
    assert finding is not None
    assert finding.risk == Risk.DANGEROUS
    assert judge_expression("params[0].getUpdate()") is None
    assert judge_expression("params[0].isUpdate()") is None
