"""An expression is read as OGNL reads it.

What `tests/data` has as valid and as no OGNL was tried on 3.1.19 (Arthas 3.4.6, 3.6.4) and on 3.3.5
(4.1.5), and so were 600,000 expressions made at random: there was none on which both differed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.program import shell
from support.table import each_row

from arthas_cli.line.cursor import Unclear, Unreadable
from arthas_cli.line.nodes import Node, Part
from arthas_cli.line.ognl import parse_expression

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target

DATA = Path(__file__).parent.parent / "data"
VALID = (DATA / "ognl_valid.txt").read_text("utf-8").splitlines()
INVALID = (DATA / "ognl_invalid.txt").read_text("utf-8").splitlines()
LOADER = "com.taobao.arthas.agent.ArthasClassloader"


@each_row("text", VALID)
def test_what_ognl_takes_is_read(text: str) -> None:
    parse_expression(text)


@each_row("text", INVALID)
def test_what_ognl_refuses_is_not_read(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_expression(text)
    assert not isinstance(caught.value, Unclear)


def test_the_ognl_of_a_real_arthas_takes_what_the_file_has_as_valid(arthas: Target) -> None:
    texts = [text.replace("\\", r"\\").replace('"', r"\"") for text in VALID]
    listed = ", ".join(f'"{text}"' for text in texts)
    expression = f"{{{listed}}}.{{#e = #this, @ognl.Ognl@parseExpression(#e)}}.size()"
    words = ("ognl", "--classLoaderClass", LOADER, expression)
    document = shell("exec", "--url", arthas.url, "--json", "--", *words).document
    assert document["results"][0]["value"] == f"@Integer[{len(VALID)}]"


@pytest.mark.parametrize("text", [r"\u0040a@b", "(" * 100 + "a" + ")" * 100, "1" * 500])
def test_what_hides_itself_or_is_too_deep_is_told_from_what_is_no_ognl(text: str) -> None:
    with pytest.raises(Unclear):
        parse_expression(text)


@given(st.one_of(st.text(), st.text(alphabet="ab1.\"'`\\(){}[]:^#@ =<>§?,")))
def test_no_text_makes_anything_else_of_it(text: str) -> None:
    try:
        parse_expression(text)
    except Unreadable as error:
        place = error.place
        assert place is None or 0 <= place[0] <= place[1] <= len(text)


def test_operators_stay_in_a_row_as_they_are_written() -> None:
    assert parse_expression("a+1 > b") == Node(
        Part.ROW,
        (1, 2),
        ("+", ">"),
        (
            Node(Part.PROPERTY, (0, 1), ("a",)),
            Node(Part.NUMBER, (2, 3), ("1",)),
            Node(Part.PROPERTY, (6, 7), ("b",)),
        ),
    )


@each_row(
    ("text", "message", "place"),
    [
        ("a === b", "'=' is not expected there", "="),
        ("a b", "'b' is not expected there", "b"),
        ("a &&", "it ends too early", ""),
        ("a == 12345678901", "'12345678901' is too large for an int", "12345678901"),
        ("0xFFFFFFFFFFFFFFFFFL", "'0xFFFFFFFFFFFFFFFFFL' is too large for a long", None),
        (r'a.matches("\d+")', r"'\d' stands for nothing", r"\d"),
        ("a.in", "'in' is not expected there", "in"),
    ],
)
def test_what_is_wrong_has_its_place(text: str, message: str, place: str | None) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_expression(text)
    assert caught.value.place is not None
    start, end = caught.value.place
    assert (str(caught.value), text[start:end]) == (message, text if place is None else place)
