from __future__ import annotations

import pytest

from arthas_cli.line.values import find_fault, find_unbalanced


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", "5"),
        ("int", "+5"),
        ("int", "-1"),
        ("int", "2147483647"),
        ("int:0-4", "0"),
        ("int:0-4", "4"),
        ("seconds", "3000000000"),
        ("duration", "60s"),
        ("duration", "2500ms"),
        ("duration", "20 ms"),
        ("duration", "0"),
        ("size", "512k"),
        ("size", "250MB"),
        ("size", "0"),
        ("boolean", "true"),
        ("boolean", "Off"),
        ("boolean", "1"),
        ("text", "anything"),
        ("a kind we never heard of", ""),
    ],
)
def test_what_the_server_takes_is_right(kind: str, value: str) -> None:
    assert find_fault(kind, value) is None


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("int", "abc", "'abc' is no whole number"),
        ("int", "1.5", "'1.5' is no whole number"),
        ("int", "", "'' is no whole number"),
        ("int", " 5", "' 5' is no whole number"),
        ("int", "٣", "'٣' is no whole number"),
        ("int", "2147483648", "'2147483648' is out of range"),
        ("int", "9" * 5000, f"'{'9' * 5000}' is out of range"),
        ("int:0-4", "5", "'5' is out of range"),
        ("int:0-4", "-1", "'-1' is out of range"),
        ("seconds", "5s", "'5s' is no whole number"),
        ("nanoseconds", "9223372036854775808", "'9223372036854775808' is out of range"),
        ("bytes", "10k", "'10k' is no whole number"),
        ("tt-index", "last", "'last' is no whole number"),
        ("duration", "60x", "'60x' is no duration"),
        ("size", "-1", "'-1' is no size"),
        ("boolean", "maybe", "'maybe' is neither true nor false"),
    ],
)
def test_what_the_server_would_not_take_is_named(kind: str, value: str, message: str) -> None:
    fault = find_fault(kind, value)
    assert fault is not None
    assert fault.message == message


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "params",
        "{params, target.f(1)[0]}",
        "'a(b'.length()",
        '"]" + #x',
        "`{`",
        '"a\\"(" + 1',
        "'\\''",
        "params[0].{? #this > 1}",
    ],
)
def test_an_expression_whose_halves_meet_is_balanced(expression: str) -> None:
    assert find_unbalanced(expression) is None


@pytest.mark.parametrize(
    ("expression", "message", "place"),
    [
        ("{params, target", "'{' is not closed", "{"),
        ("f(a[0)", "')' closes nothing that is open", ")"),
        ("params]", "']' closes nothing that is open", "]"),
        ("f('a", "the ' of the expression is not closed", "'"),
        ('"a\\"', 'the " of the expression is not closed', '"'),
        ("((a)", "'(' is not closed", "("),
    ],
)
def test_a_half_without_its_other_is_found(expression: str, message: str, place: str) -> None:
    fault = find_unbalanced(expression)
    assert fault is not None
    assert fault.place is not None
    start, end = fault.place
    assert (fault.message, expression[start:end]) == (message, place)
