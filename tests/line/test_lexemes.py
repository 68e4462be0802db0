"""An expression is split as OGNL does, and what is wrong in it is marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.line.ognl_lexer import Kind, Lexeme, find_unmatched, split_lexemes

ANY_TEXT = st.one_of(st.text(), st.text(alphabet="ab1.\"'`\\(){}[]:^#@ =<>§"))


def test_each_part_has_its_kind_its_text_and_its_place() -> None:
    assert [*split_lexemes("#a.b(1.5e3) >= 'it\\'s'")] == [
        Lexeme(Kind.SIGN, "#", 0, 1),
        Lexeme(Kind.NAME, "a", 1, 2),
        Lexeme(Kind.SIGN, ".", 2, 3),
        Lexeme(Kind.NAME, "b", 3, 4),
        Lexeme(Kind.SIGN, "(", 4, 5),
        Lexeme(Kind.NUMBER, "1.5e3", 5, 10),
        Lexeme(Kind.SIGN, ")", 10, 11),
        Lexeme(Kind.SIGN, ">=", 12, 14),
        Lexeme(Kind.STRING, "it\\'s", 15, 22),
    ]


@each_row(
    ("text", "wrong"),
    [
        ("a + 'b", Lexeme(Kind.STRING, "b", 4, 6, is_wrong=True)),
        ('a + "', Lexeme(Kind.STRING, "", 4, 5, is_wrong=True)),
        ("a § b", Lexeme(Kind.ODD, "§", 2, 3, is_wrong=True)),
        ("a; b", Lexeme(Kind.ODD, ";", 1, 2, is_wrong=True)),
        ("`ab", Lexeme(Kind.STRING, "ab", 0, 3, is_wrong=True)),
        ("\\u0040a", Lexeme(Kind.ODD, "\\", 0, 1, is_wrong=True)),
    ],
)
def test_what_ognl_would_not_read_is_a_part_that_is_marked(text: str, wrong: Lexeme) -> None:
    assert next(lexeme for lexeme in split_lexemes(text) if lexeme.is_wrong) == wrong


@each_row("text", ['""', "''", "`x`", "`\\n`", "'a(\"'", '"\\""', "`ab`", "[^]", "#this", "$"])
def test_a_part_that_is_whole_is_one_and_right(text: str) -> None:
    [lexeme] = split_lexemes(text)
    assert (lexeme.start, lexeme.end, lexeme.is_wrong) == (0, len(text), False)


@given(ANY_TEXT)
def test_nothing_but_blanks_stands_between_the_parts(text: str) -> None:
    at = 0
    for lexeme in split_lexemes(text):
        assert text[at : lexeme.start].strip(" \t\f\r\n") == ""
        assert at <= lexeme.start < lexeme.end
        at = lexeme.end
    assert text[at:].strip(" \t\f\r\n") == ""


@each_row(
    ("text", "closing", "opening"),
    [
        ("{a, b(c)[0]}", [], []),
        ("(a", [], [0]),
        ("a)", [1], []),
        ("(a]", [2], [0]),
        ("f(a[0)", [5], [1, 3]),
        (":[#this]", [], []),
        ("a[^].b[$]", [], []),
        ("'(' + `[`", [], []),
    ],
)
def test_a_bracket_without_its_other_half_is_found(
    text: str, closing: list[int], opening: list[int]
) -> None:
    found = find_unmatched(split_lexemes(text))
    assert [[lexeme.start for lexeme in each] for each in found] == [closing, opening]
