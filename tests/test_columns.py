"""Our own messages keep their words whole at the end of a line."""

from __future__ import annotations

import io
import os
import pty
import termios

from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.columns import measure_terminal, width_of, wrap


@each_row(
    ("text", "width", "wrapped"),
    [
        ("2 results, 0 lost", 15, "2 results, 0\nlost"),
        ("2 results, 0 lost", 17, "2 results, 0 lost"),
        ("2 results, 0 lost", None, "2 results, 0 lost"),
        ("  so it is", 7, "  so it\n  is"),
        ("  F1     helps you much", 19, "  F1     helps you\n         much"),
        ("a long label here  text of it", 20, "a long label here\ntext of it"),
        ("see /a/path/that/is/long now", 10, "see /a/path/that/is/long\nnow"),
        ("one\ntwo three", 5, "one\ntwo\nthree"),
        ("\x1b[2mone two\x1b[0m", 7, "\x1b[2mone two\x1b[0m"),
        ("类 类 类", 5, "类 类\n类"),
        ("", 5, ""),
    ],
)
def test_a_line_is_broken_at_blanks_and_goes_on_below_its_text(
    text: str, width: int | None, wrapped: str
) -> None:
    assert wrap(text, width) == wrapped


@given(st.text(alphabet="ab \n·类", max_size=60), st.integers(1, 30))
def test_no_word_is_lost_or_broken(text: str, width: int) -> None:
    wrapped = wrap(text, width)
    assert wrapped.split() == text.split()
    words = [width_of(word) for word in text.split()]
    if max(words, default=0) * 2 <= width:
        assert all(width_of(line.strip()) <= width for line in wrapped.split("\n"))


def test_only_a_terminal_has_columns() -> None:
    assert measure_terminal(io.StringIO()) is None
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb"), os.fdopen(theirs, "w") as stream:
        assert measure_terminal(stream) is None  # one that does not know its size
        termios.tcsetwinsize(theirs, (24, 61))
        assert measure_terminal(stream) == 61
