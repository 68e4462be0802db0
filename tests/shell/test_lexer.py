"""Colours of a line while it is typed."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.document import Document
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.shell.prompt.lexer import LineLexer, colour_line
from arthas_cli.shell.prompt.ognl import colour_ognl

COMMANDS = load_commands()
OWN = ("quit", ":every")
WORDS = st.sampled_from(["watch", "-n", "--limits=5", "'{params[0]}'", "ognl", '"a', "| x", "\\"])
ANY_LINE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="watchognl -n'\"\\{}()[]#@=.5|;>&\n\t", max_size=60),
    st.lists(WORDS, max_size=8).map(" ".join),
)


def colour(line: str, cursor: int | None = None) -> list[tuple[str, str]]:
    at = len(line) if cursor is None else cursor
    return [
        (style.removeprefix("class:").removeprefix("line."), text)
        for style, text in colour_line(line, at, COMMANDS, OWN)
        if text.strip()
    ]


@given(ANY_LINE, st.integers(-1, 70))
def test_no_character_is_lost_whatever_is_typed(line: str, cursor: int) -> None:
    assert "".join(text for _, text in colour_line(line, cursor, COMMANDS, OWN)) == line


@given(ANY_LINE)
def test_no_character_of_an_expression_is_lost(text: str) -> None:
    assert "".join(part for _, part in colour_ognl(text)) == text


@each_row(
    ("line", "styles"),
    [
        (
            "watch -n 5 a.B run 'x'",
            [
                ("command", "watch"),
                ("option", "-n"),
                ("number", "5"),
                ("class", "a.B"),
                ("method", "run"),
                ("quote", "'"),
                ("ognl.name", "x"),
                ("quote", "'"),
            ],
        ),
        (
            "watch --limits=5",
            [("command", "watch"), ("option", "--limits"), ("operator", "="), ("number", "5")],
        ),
        ("sysprop 'a b'", [("command", "sysprop"), ("string", "'a b'")]),
        (
            "jvm | grep x > f",
            [
                ("command", "jvm"),
                ("operator", "|"),
                ("program", "grep"),
                ("", "x"),
                ("operator", ">"),
                ("file", "f"),
            ],
        ),
        (
            "jvm|grep x;pwd&",
            [
                ("command", "jvm"),
                ("operator", "|"),
                ("program", "grep"),
                ("", "x"),
                ("operator", ";"),
                ("command", "pwd"),
                ("operator", "&"),
            ],
        ),
        ("sc -E a|b", [("command", "sc"), ("option", "-E"), ("class", "a|b")]),
        ("quit", [("own", "quit")]),
        (":every 2s jvm", [("own", ":every"), ("number", "2s"), ("command", "jvm")]),
    ],
)
def test_each_word_has_the_colour_of_what_it_is(line: str, styles: list[tuple[str, str]]) -> None:
    assert colour(line) == styles


@each_row(
    ("line", "cursor", "wrong"),
    [
        ("wach a", 6, "wach"),
        ("watc", 4, ""),
        ("wach", 4, "wach"),
        ("watc a", 6, "watc"),
        ("watch --limi", 12, ""),
        ("watch --lzz", 11, "--lzz"),
        ("watch --clas", 12, ""),
        ("watch --zz a", 12, "--zz"),
        ("watch -n five a", 15, "five"),
        ("watch -n five", 13, ""),
        ("version now", 11, "now"),
        ("watch 'a b", 10, ""),
        ("watch 'a b", 2, "'a b"),
        ("ognl '(1' -x 2", 14, "("),
        ("ognl '(1'", 9, ""),
        ("ognl '1)'", 9, ")"),
        ("ognl 'a § b", 11, "§"),
        ('ognl "\\"a\\" + `b`"', 18, ""),
        ("quit", 4, ""),
        ("watch a b x|head ", 17, "x|head"),
        ("watch a b x|head", 16, ""),
        ("version & jvm", 13, "&jvm"),
        ("version;jvm", 11, ""),
        ("version;jvn now", 15, "jvn"),
    ],
)
def test_what_is_wrong_is_marked_but_not_what_may_become_right(
    line: str, cursor: int, wrong: str
) -> None:
    assert "".join(text for style, text in colour(line, cursor) if style == "wrong") == wrong


def test_the_parts_of_an_expression_have_their_colours() -> None:
    text = "params[0].size()>10&&#cost==1,@a.B@now(),target.x='y'"
    assert [(style.removeprefix("class:ognl."), part) for style, part in colour_ognl(text)] == [
        ("root", "params"),
        ("bracket", "["),
        ("number", "0"),
        ("bracket", "]"),
        ("operator", "."),
        ("call", "size"),
        ("bracket", "("),
        ("bracket", ")"),
        ("operator", ">"),
        ("number", "10"),
        ("operator", "&&"),
        ("variable", "#cost"),
        ("operator", "=="),
        ("number", "1"),
        ("operator", ","),
        ("static", "@a.B@"),
        ("call", "now"),
        ("bracket", "("),
        ("bracket", ")"),
        ("operator", ","),
        ("root", "target"),
        ("operator", "."),
        ("name", "x"),
        ("assign", "="),
        ("string", "'y'"),
    ]


def test_lines_of_a_text_are_coloured_as_one() -> None:
    lexer = LineLexer(lambda text, at: colour_line(text, at, COMMANDS), lambda: 3)
    get_line = lexer.lex_document(Document("ognl '1,\n2'"))
    pieces = [(part[0], part[1]) for part in get_line(1) if part[1]]
    assert pieces == [("class:ognl.number", "2"), ("class:line.quote", "'")]
    assert get_line(2) == []
    assert lexer.invalidation_hash() == 3


def test_a_long_expression_has_its_colours_near_the_cursor_alone() -> None:
    line = "ognl '" + "(1+2)," * 2000
    styled = [(style, text) for style, text in colour(line) if style == "ognl.number"]
    assert 600 < len(styled) < 700
    assert "".join(text for _, text in colour_line(line, 5, COMMANDS)) == line


def test_ten_thousand_characters_are_coloured_at_once() -> None:
    line = "watch a b '" + "{params, returnObj.size() + 12} " * 312 + "'"
    begun = time.process_time()
    for _ in range(10):
        colour_line(line, len(line), COMMANDS)
    assert (time.process_time() - begun) / 10 < 0.05


@each_row(
    ("line", "wrong"),
    [
        ("watch a.B m params 'a &&& b'", "&&&"),
        ("watch a.B m params 'a=1'", "="),
        ("trace a.B m a===1 ", "==="),
        ("trace a.B m 'a == 12345678901'", "12345678901"),
        ("trace a.B m 'a == 1' ", ""),
        ("trace a.B m a===1", ""),
        ("trace a.B m 'a &&& b", ""),
        ("trace a.B m 'a &&& \\'b' ", ""),
    ],
)
def test_what_is_no_ognl_is_marked_once_the_expression_is_whole(line: str, wrong: str) -> None:
    assert "".join(text for style, text in colour(line) if style == "wrong") == wrong
