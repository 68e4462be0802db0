from __future__ import annotations

from support.table import each_row

from arthas_cli.line.values import find_fault


@each_row(
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


@each_row(
    ("kind", "value", "message"),
    [
        ("int", "abc", "'abc' is not a whole number"),
        ("int", "1.5", "'1.5' is not a whole number"),
        ("int", "", "'' is not a whole number"),
        ("int", " 5", "' 5' is not a whole number"),
        ("int", "٣", "'٣' is not a whole number"),
        ("int", "2147483648", "'2147483648' is out of range"),
        ("int", "9" * 5000, f"'{'9' * 5000}' is out of range"),
        ("int:0-4", "5", "'5' is out of range"),
        ("int:0-4", "-1", "'-1' is out of range"),
        ("seconds", "5s", "'5s' is not a whole number"),
        ("nanoseconds", "9223372036854775808", "'9223372036854775808' is out of range"),
        ("bytes", "10k", "'10k' is not a whole number"),
        ("tt-index", "last", "'last' is not a whole number"),
        ("duration", "60x", "'60x' is not a duration"),
        ("size", "-1", "'-1' is not a size"),
        ("boolean", "maybe", "'maybe' is neither true nor false"),
    ],
)
def test_what_the_server_would_not_take_is_named(kind: str, value: str, message: str) -> None:
    fault = find_fault(kind, value)
    assert fault is not None
    assert fault.message == message
