"""The lenient reader: what servers really write is read, and not one digit is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.errors import BadAnswer
from arthas_cli.jsontext import (
    as_int,
    as_object,
    as_text,
    quote_bare_keys,
    read_prefix,
    read_strict,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet='{}[],:"\\nul1- é\n'),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='{,"\\ null:1-'), inner),
    max_leaves=20,
)


@given(value=JSON, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_json_passes_unchanged(value: object, indent: int | None, *, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert quote_bare_keys(text) == text


@given(JSON)
def test_json_reads_as_python_reads_it(value: object) -> None:
    assert read_strict(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("{null:1}", '{"null":1}'),
        ("{12:1,-3:2, 4.5 : 3}", '{"12":1,"-3":2, "4.5" : 3}'),
        ('{"a":{null:{null:[{7:1}]}}}', '{"a":{"null":{"null":[{"7":1}]}}}'),
        ('{"a":1,\n\tnull\r\n:2}', '{"a":1,\n\t"null"\r\n:2}'),
    ],
)
def test_null_and_numbers_that_stand_as_keys_are_put_in_quotes(text: str, quoted: str) -> None:
    assert quote_bare_keys(text) == quoted


@each_row(
    "text",
    [
        '{"a":"{null:1}"}',
        '{"a":"\\",null:1,\\"{12:3}"}',
        '["{1:2}",null,12,-3]',
        '{"a":null,"b":[null,null]}',
        '"\\\\"',
    ],
)
def test_what_only_looks_like_a_bare_key_is_left_alone(text: str) -> None:
    assert quote_bare_keys(text) == text


@pytest.mark.parametrize("text", ["{" * 100_000, "{,1" * 100_000, '"' + "\\" * 100_001])
def test_hostile_text_takes_no_more_than_linear_time(text: str) -> None:
    assert quote_bare_keys(text) == text


@pytest.mark.parametrize(
    "number", ["9007199254740993", "-170141183460469231731687303715884105728", "9" * 5000]
)
def test_a_whole_number_keeps_its_digits(number: str) -> None:
    assert str(read_strict(number)) == number


@each_row("number", ["1E+40", "0.10", "1e400", "-0.0", "1234567890.12345678901234"])
def test_a_float_keeps_its_text_and_is_a_number(number: str) -> None:
    value = read_strict(number)
    assert (str(value), repr(value)) == (number, number)
    assert value == float(number)


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_a_bad_answer(name: str) -> None:
    with pytest.raises(BadAnswer, match=f"^the answer is not JSON: '{name}' is not a number$"):
        read_strict(f'{{"a":{name}}}')


@pytest.mark.parametrize("bomb", ["[" * 200_000, '{"a":' * 200_000])
def test_a_nesting_bomb_is_a_bad_answer(bomb: str) -> None:
    with pytest.raises(BadAnswer, match=r"^the answer is nested too deep to be read$"):
        read_strict(bomb)


@each_row("text", ["", " ", "{", '{"a"', '{"a":1', "nul", "{null:1}", "{} {}", "1 2"])
def test_what_is_not_one_whole_json_text_is_no_json(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any: its words are Python's own
        read_strict(text)


def test_a_prefix_is_read_up_to_its_end() -> None:
    assert read_prefix('x{"a":1},{}', 1) == ({"a": 1}, 8)


def test_a_value_is_taken_only_as_what_it_is() -> None:
    assert (as_object({"a": 1}), as_object([1]), as_object(None)) == ({"a": 1}, {}, {})
    assert (as_text("a"), as_text(1), as_text(None)) == ("a", None, None)
    values: list[object] = [5, True, 5.0, "5", None]
    assert [as_int(value) for value in values] == [5, None, None, None, None]
