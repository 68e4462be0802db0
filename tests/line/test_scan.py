"""Words of a line that is not finished."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.errors import LineError
from arthas_cli.line.scan import find_open, find_signs, scan_line, split_lines
from arthas_cli.line.tokens import tokenize

ANY_LINE = st.text(alphabet="ab'\"\\ \t\n;|é你", max_size=30)


@given(ANY_LINE)
def test_a_whole_line_has_the_words_that_the_server_sees(line: str) -> None:
    try:
        tokens = tokenize(line)
    except LineError:
        return
    assert [(w.text, w.start, w.end) for w in scan_line(line).words] == [
        (token.text, token.start, token.end) for token in tokens
    ]
    assert not any(word.is_open for word in scan_line(line).words)


@given(ANY_LINE)
def test_the_parts_of_a_word_are_all_of_it_and_between_words_are_blanks_alone(line: str) -> None:
    rest = list(line)
    for word in scan_line(line).words:
        assert "".join(line[start:end] for start, end in word.parts) == line[word.start : word.end]
        rest[word.start : word.end] = " " * (word.end - word.start)
    assert not "".join(rest).strip(" \t\r\n")


@each_row(
    ("line", "at"),
    [
        ("watch 'a b", 6),
        ('ognl "a\\"', 5),
        ("ognl 'a'\"b", 8),
        ('"\\', 0),
        ("'a' ", None),
        ("a\\", None),
        ("", None),
    ],
)
def test_the_quote_that_is_open_is_found(line: str, at: int | None) -> None:
    assert find_open(line) == at


@each_row(
    ("text", "lines"),
    [
        ("version", ["version"]),
        ("version\n\n  pwd \n", ["version", "pwd"]),
        ("\n \n", []),
        ("ognl 'a\nb'\npwd", ["ognl 'a\nb'", "pwd"]),
        ("ognl 'a\nb", ["ognl 'a\nb"]),
        ("a \\\nb", ["a \\", "b"]),
        ("a\u2028b\u2029c\x85d", ["a\u2028b\u2029c\x85d"]),
    ],
)
def test_lines_are_split_at_breaks_outside_quotes(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@given(ANY_LINE, st.data())
def test_a_part_of_a_line_has_the_words_that_it_has_alone(line: str, data: st.DataObject) -> None:
    typed = scan_line(line)
    signs = {at for word in typed.words for at in find_signs(line, word)}
    places = sorted({0, len(line), *signs, *(at for word in typed.words for at in word.span)})
    start, end = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    assert typed.cut(start, end).words == scan_line(line[start:end]).words


def test_a_line_that_knows_its_words_is_not_scanned_again() -> None:
    typed = scan_line("thread -n 3")
    assert scan_line(typed) is typed
