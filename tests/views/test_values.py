from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row
from views.cases import CASES, draw, make_result

from arthas_cli.views import Page
from arthas_cli.views.source import colour_java
from arthas_cli.views.values import colour_line

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "@String[",
                "]",
                "],",
                "@ArrayList[",
                "=",
                "null",
                "-1.5e3",
                "isEmpty=false;size=3",
                ":",
            ]
        ),
        st.text(max_size=5),
    )
).map("".join)


def text_of(line: object) -> str:
    assert isinstance(line, tuple)
    return "".join(part.text for part in line)


@given(PIECES)
def test_colouring_a_value_never_changes_its_text(text: str) -> None:
    assert text_of(colour_line(text)) == text


@given(st.one_of(PIECES, st.sampled_from(["class A { int b = 1; } // c", '"unclosed', "/* open"])))
def test_colouring_java_never_changes_its_text(source: str) -> None:
    assert "".join(part.text for part in colour_java(source)) == source


def test_each_kind_of_a_value_has_its_style() -> None:
    line = "    name=@String[a [b] c]:@Long[-1],"
    styles = [(part.text, str(part.style)) for part in colour_line(line) if part.style]
    assert styles == [
        ("    name", "blue"),
        ("@String[", "cyan"),
        ("a [b] c", "green"),
        ("]", "cyan"),
        ("@Long", "cyan"),
        ("[", "dim"),
        ("-1", "magenta"),
        ("]", "dim"),
        (",", "dim"),
    ]


LONG = "@ArrayList[\n" + "".join(f"    @Integer[{n}],\n" for n in range(100)) + "]"


def test_a_long_value_is_folded_on_a_terminal_and_the_rest_counted() -> None:
    text = draw([make_result({"type": "ognl", "value": LONG})], Page(width=80, is_live=True))
    assert len(text.splitlines()) == 41
    assert text.endswith("@Integer[38],\n… 62 more lines of this value\n")


def test_a_long_value_is_whole_where_nobody_watches() -> None:
    assert draw([make_result({"type": "ognl", "value": LONG})]) == LONG + "\n"


def test_a_well_formed_value_can_be_drawn_as_a_tree() -> None:
    value = (
        "@LinkedHashMap[\n    @String[a]:@ArrayList[\n        @Integer[1],\n        null,\n    ],\n"
        "    @String[b]:@Integer[2],\n]"
    )
    text = draw([make_result({"type": "ognl", "value": value})], Page(tree_values=True))
    assert text == (
        "@LinkedHashMap\n├─ @String[a]:@ArrayList\n│  ├─ @Integer[1]\n│  └─ null\n"
        "└─ @String[b]:@Integer[2]\n"
    )


@each_row("value", ["@A[\n    @B[\n]", "]", "@A[\nx]\n]", "@A[\n      b,\n]", "@A[\n\n]"])
def test_a_value_that_is_not_well_formed_stays_text(value: str) -> None:
    text = draw([make_result({"type": "ognl", "value": value})], Page(tree_values=True))
    assert text == value + "\n"


def test_the_raw_values_of_old_servers_are_a_tree_and_their_strings_are_no_drawn_text() -> None:
    text = draw(CASES["watch-raw"].results, Page(is_coloured=True), "standard")
    assert '├─ [0]: [1, "two", null]' in text.replace("\x1b[2m", "").replace("\x1b[0m", "").replace(
        "\x1b[34m", ""
    )
    assert "@String[raw]" in text


def test_a_value_of_depth_0_says_what_is_missing() -> None:
    assert "use -x 1 or more" in draw(CASES["watch-depth-0"].results)
