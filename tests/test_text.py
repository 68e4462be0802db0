from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

import arthas_cli
from arthas_cli.text import (
    PLAIN_SIGNS,
    count,
    find_nearest,
    fit_signs,
    one_line,
    sanitise,
    strip_ansi,
    suggest,
)

# All of Unicode, halves of surrogate pairs included, and often what is dangerous.
DANGEROUS = "\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\x9d\u202e\u2066\u200b\u2028\ufeff\ud800\U000e0041"
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(DANGEROUS)))


@given(TEXTS)
def test_no_sanitised_text_holds_what_a_terminal_obeys(text: str) -> None:
    kept = set(sanitise(text)) - {"\n", "\t"}
    assert {unicodedata.category(character) for character in kept}.isdisjoint(
        {"Cc", "Cs", "Zl", "Zp"}
    )
    assert kept.isdisjoint(
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


@given(TEXTS)
def test_sanitised_text_can_be_written_as_utf_8_and_stays_when_sanitised_again(text: str) -> None:
    sanitised = sanitise(text)
    sanitised.encode()
    assert sanitise(sanitised) == sanitised


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_letters_and_signs_of_any_language_stay_as_they_are(text: str) -> None:
    assert sanitise(text) == text


def test_a_cell_has_no_separator_of_lines_or_paragraphs() -> None:
    assert one_line("a\u2028b\u2029c\nd") == "a<U+2028>b<U+2029>c␊d"


@given(TEXTS)
def test_a_cell_has_no_line_feed_and_no_tab(text: str) -> None:
    assert set(one_line(text)).isdisjoint("\n\t")


@each_row(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("a\rb", "a␍b"),
        ("\x7f\x9b31m", "␡<U+009B>31m"),
        ("user\u202egnp.exe", "user<U+202E>gnp.exe"),
        ("\ud83d!", "<U+D83D>!"),
        ("a\u2028b\u2029", "a<U+2028>b<U+2029>"),
        ("[bold]x[/bold] :smile:", "[bold]x[/bold] :smile:"),
        ("👩‍💻 é 漢字", "👩‍💻 é 漢字"),
    ],
)
def test_what_is_dangerous_becomes_a_visible_mark(text: str, shown: str) -> None:
    assert sanitise(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[32msm CLASS\x1b[m",
        "\x1b]8;;http://x\x07sm CLASS\x1b]8;;\x07",
        "\x1b(Bsm CLASS\x1b[0;1m",
    ],
)
def test_colours_of_server_messages_are_removed(text: str) -> None:
    assert strip_ansi(text) == "sm CLASS"


@each_row(
    ("word", "nearest"),
    [
        ("wacth", "watch"),  # two letters exchanged
        ("wach", "watch"),  # one missing
        ("watcch", "watch"),  # one too many
        ("wotch", "watch"),  # one wrong
        ("wa", ""),  # too short to resemble anything
        ("mon", "monitor"),  # begins it
        ("touch", ""),  # two slips in a short word
        ("dashbord", "dashboard"),
        ("classloadrs", "classloader"),
        ("mb", ""),
        ("WATCH", "watch"),
    ],
)
def test_the_nearest_word_is_one_that_few_slips_lead_to(word: str, nearest: str) -> None:
    known = ["watch", "monitor", "mbean", "dashboard", "classloader"]
    assert find_nearest(word, known) == nearest
    assert suggest(word, known) == (f"did you mean '{nearest}'?" if nearest else "")


def test_a_beginning_of_several_words_proposes_none_of_them() -> None:
    assert find_nearest("class", ["classloader", "classpath"]) == ""


def test_every_sign_that_the_program_draws_has_a_plain_one() -> None:
    source = "".join(
        path.read_text("utf-8") for path in Path(arthas_cli.__file__).parent.rglob("*.py")
    )
    # Pictures of control characters stand for what must be told apart, and stay codes.
    signs = {sign for sign in source if not (sign.isascii() or "\u2400" <= sign <= "\u2421")}
    assert signs - PLAIN_SIGNS.keys() == set()


def test_only_signs_that_the_encoding_lacks_are_made_plain() -> None:
    said = "├─ 1 · 2 … 漢"
    assert fit_signs(said, "utf-8") == said
    assert fit_signs(said, "ascii") == "|- 1 - 2 ~ 漢"
    assert fit_signs(said, "latin-1") == "|- 1 · 2 ~ 漢"


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 results"), (1, "1 result"), (17390, "17,390 results")]
)
def test_a_count_agrees_with_its_noun_and_has_its_thousands_apart(number: int, text: str) -> None:
    assert count(number, "result") == text
