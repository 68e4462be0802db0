"""Which conditions can never be true, as a real Arthas takes them."""

from __future__ import annotations

from support.table import each_row

from arthas_cli.line.truth import name_value


@each_row(
    ("text", "value"),
    [
        ("params[0].{? #this > 0}", "a list"),
        ("params.{#this.name}", "a list"),
        ("{1}", "a list"),
        ("#{1: 2}", "a map"),
        ("'true'", "a text"),
        ("#cost", "a number"),
        ("a - b", "a number"),
        ("-1", "a number"),
        ("params", "an array"),
        ("null", "null"),
        ("a > 1 && 2", "a number"),
        ("1 || 'x'", "a number"),
        ("a ? 1 : b ? 'x' : 2", "a number"),
        ("true, 1", "a number"),
        ("a == 1 && 'x' || b && 2 - 1", "a text"),
    ],
)
def test_what_can_be_no_boolean_is_named(text: str, value: str) -> None:
    assert name_value(text) == value


@each_row(
    "text",
    [
        *("true", "false", "isThrow", "params[0]", "a.{? b}[0]", "a.{? b}.size() > 0", "!1"),
        *("1 && a", "1 || a", "a ? 1 : b", "1, a", "a + b", "a & b", "-a", "a.cost", "cost"),
        *("a b", "", "a && b || 1", "#cost > 1", "params == null", "a - b > 1", "(1)(a)"),
    ],
)
def test_what_may_be_true_is_not(text: str) -> None:
    assert name_value(text) == ""
