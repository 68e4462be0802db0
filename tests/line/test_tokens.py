"""The tokenizer, by what a server made of the same lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.errors import LineError
from arthas_cli.line.scan import scan_sent
from arthas_cli.line.tokens import find_operator, find_part, quote_word, tokenize


def split(line: str) -> list[str]:
    return [token.text for token in tokenize(line)]


@each_row(
    ("line", "words"),
    [
        ("", []),
        (" \t ", []),
        ("thread -n\t3 ", ["thread", "-n", "3"]),
        ("echo a\u00a0b\u3000c\x0bd", ["echo", "a\u00a0b\u3000c\x0bd"]),
        ("echo a\u2028b\u2029c\x85d", ["echo", "a\u2028b\u2029c\x85d"]),
        ("echo 'a b' \"c d\"", ["echo", "a b", "c d"]),
        ("echo 'a'\"b\"c\\ d", ["echo", "abc d"]),
        ("echo ''", ["echo", ""]),
        ("echo 'a\\'", ["echo", "a\\"]),
        ('echo "a\\"b"', ["echo", 'a"b']),
        ('echo "a\\nb"', ["echo", "a\\nb"]),
        ('echo "a\\\\" b', ["echo", "a\\\\", "b"]),
        ('echo "a\\\\\\"b"', ["echo", 'a\\\\"b']),
        ("echo a\\\"b\\\\c\\'d", ["echo", "a\"b\\c'd"]),
        ("echo 'a\r\nb' \"c\nd\"", ["echo", "a\r\nb", "c\nd"]),
        ("sc 日本.语*", ["sc", "日本.语*"]),
    ],
)
def test_a_line_is_split_as_the_server_splits_it(line: str, words: list[str]) -> None:
    assert split(line) == words


def test_a_token_knows_its_place_with_its_quotes() -> None:
    tokens = tokenize("  watch 'a b'\\ c")
    assert [token[:3] for token in tokens] == [("watch", 2, 7), ("a b c", 8, 16)]


@each_row(
    ("line", "message", "place"),
    [
        ("echo 'a b", "the quote is not closed", "'a b"),
        ('echo x"a', "the quote is not closed", '"a'),
        ('echo "a\\"', "the quote is not closed", '"a\\"'),
        ('echo "a\\', "the quote is not closed", '"a\\'),
        ("echo a\\", "nothing follows the backslash", "\\"),
        ("version\n", "the line breaks outside quotes", "\n"),
        ("version\r\n", "the line breaks outside quotes", "\r"),
        ("sc a\nsc b", "the line breaks outside quotes", "\n"),
        ("sc a \\\n b", "the line breaks outside quotes", "\n"),
    ],
)
def test_an_unbalanced_line_is_an_error_at_its_place(line: str, message: str, place: str) -> None:
    with pytest.raises(LineError) as error:
        tokenize(line)
    start, end = error.value.span
    assert (error.value.message, line[start:end]) == (message, place)


@each_row(
    ("line", "operator"),
    [
        ("thread | grep http", "|"),
        ("thread |grep http", "|grep"),
        ("thread| grep http", "thread|"),
        ("echo '|'", "|"),
        ("echo \\|", "|"),
        ("echo '|a b'", "|a b"),
        ("sc a > f", ">"),
        ("sc a >> f", ">>"),
        ('echo ">"', ">"),
        ("watch a b &", "&"),
        ("watch a b '&'", "&"),
    ],
)
def test_what_the_server_takes_for_an_operator_is_found(line: str, operator: str) -> None:
    found = find_operator(tokenize(line))
    assert found is not None
    assert found.text == operator


@each_row(
    "line", ["thread", "sc -E a|b", "thread|grep x", "echo a>b >c", "echo & a", "echo 'a &' a&"]
)
def test_what_the_server_takes_for_a_word_is_no_operator(line: str) -> None:
    assert find_operator(tokenize(line)) is None


@given(st.lists(st.text()))
def test_quoted_words_come_back_whole(words: list[str]) -> None:
    assert split(" ".join(map(quote_word, words))) == words


@each_row("word", [">x", ">", "a|b", "a;b", "a&", "a b", "it's", "\\", ""])
def test_a_word_that_could_be_taken_for_more_is_quoted(word: str) -> None:
    assert quote_word(word)[0] == "'"


@each_row("word", ["version", "demo.MathGame", "-n", "{params,returnObj}", "#cost>1"])
def test_a_plain_word_needs_no_quotes(word: str) -> None:
    assert quote_word(word) == word


@given(st.text(alphabet="a \t'\"\\|\n"))
def test_every_line_is_split_or_refused_within_its_bounds(line: str) -> None:
    try:
        spans = [token.span for token in tokenize(line)]
    except LineError as error:
        spans = [error.span]
    ends = [0]
    for start, end in spans:
        assert ends[-1] <= start < end <= len(line)
        ends.append(end)


@pytest.mark.parametrize(
    ("line", "part", "place"),
    [
        ("sc 'a b'", "a b", "a b"),
        ("sc -n=5", "5", "5"),
        ("sc 'a'b", "ab", "'a'b"),
        ("sc ''", "", "''"),
    ],
)
def test_a_part_of_a_word_is_found_where_it_stands_plainly_else_it_is_the_word(
    line: str, part: str, place: str
) -> None:
    start, end = find_part(line, tokenize(line)[1], part)
    assert line[start:end] == place


@each_row(
    ("line", "words"),
    [
        ("echo 'a b", ["echo", "a b"]),
        ('echo "a\\', ["echo", "a\\"]),
        ("echo a\\", ["echo", "a"]),
        ("echo a\nb", ["echo", "a\nb"]),
        ("version\n", ["version\n"]),
        ("echo 'a'\\ b", ["echo", "a b"]),
    ],
)
def test_what_is_not_checked_is_split_as_the_server_does_it(line: str, words: list[str]) -> None:
    tokens = scan_sent(line).words
    assert [token.text for token in tokens] == words
    assert tokens[-1].end == len(line)


@given(st.text(alphabet="a \t'\"\\|\n"))
def test_what_is_not_checked_is_split_alike_where_nothing_is_wrong_with_it(line: str) -> None:
    lenient = scan_sent(line).words
    try:
        assert tokenize(line) == lenient
    except LineError:
        assert all(token.start < token.end <= len(line) for token in lenient)
