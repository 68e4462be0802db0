from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.errors import LineError
from arthas_cli.line.sequence import Part, split_sequence


@each_row(
    ("line", "parts"),
    [
        ("", []),
        ("  ", []),
        ("version", [Part("version")]),
        ("version ; pwd", [Part("version"), Part("pwd")]),
        ("version ;  pwd  ; ", [Part("version"), Part("pwd")]),
        ("watch a b '{params; 1}' ; pwd", [Part("watch a b '{params; 1}'"), Part("pwd")]),
        ("echo ';'", [Part("echo ';'")]),
        ("watch a b &", [Part("watch a b", is_behind=True)]),
        ("watch a b & ; pwd", [Part("watch a b", is_behind=True), Part("pwd")]),
        ("echo '&'", [Part("echo '&'")]),
        ("echo 'a & b'", [Part("echo 'a & b'")]),
    ],
)
def test_a_line_is_split_at_its_separators(line: str, parts: list[Part]) -> None:
    assert split_sequence(line) == parts


@pytest.mark.parametrize(
    ("line", "span"), [("; pwd", (0, 1)), ("pwd ; ; pwd", (6, 7)), ("&", (0, 1)), ("a ; &", (4, 5))]
)
def test_nothing_where_a_command_should_stand_is_an_error_at_its_place(
    line: str, span: tuple[int, int]
) -> None:
    with pytest.raises(LineError) as error:
        split_sequence(line)
    assert (error.value.message, error.value.span) == ("there is no command", span)
