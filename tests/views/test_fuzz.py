"""No answer, however broken, ends in an exception or in a control character."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from support.soak import pick
from views.cases import CASES, draw, make_result, write_csv

from arthas_cli.jsontext import as_object
from arthas_cli.views import VIEWS, Page

if TYPE_CHECKING:
    from arthas_cli.jsontext import Json

RECORDED: list[Json] = [dict(result.data) for case in CASES.values() for result in case.results]
ODD: st.SearchStrategy[Json] = st.sampled_from(
    [
        None,
        True,
        -1,
        -(2**63),
        10**400,
        1e308,
        float("inf"),
        "",
        "\x1b[31m\u202e\ud800",
        "x" * 300,
        [],
        [None, 1, "a", [], {}],
        {},
        {"type": 5, "\x1b": [{}]},
        {"cause": {"cause": None}, "children": [3]},
    ]
)
PAGES = st.sampled_from(
    [
        Page(),
        Page(width=20, is_live=True, is_coloured=True),
        Page(width=100, height=10, tree_values=True),
        Page(width=60, as_records=True),
    ]
)
HOSTILE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def mutate(value: Json, data: st.DataObject) -> Json:
    """Replaces, drops or adds something at one place of a JSON value."""
    if isinstance(value, dict) and value:
        key = data.draw(st.sampled_from(sorted(value)))
        match data.draw(st.sampled_from(["deeper", "deeper", "replace", "drop", "add"])):
            case "deeper":
                return {**value, key: mutate(value[key], data)}
            case "replace":
                return {**value, key: data.draw(ODD)}
            case "drop":
                return {name: inner for name, inner in value.items() if name != key}
            case _:
                return {**value, "surprise": data.draw(ODD)}
    if isinstance(value, list) and value:
        at = data.draw(st.integers(0, len(value) - 1))
        return [*value[:at], mutate(value[at], data), *value[at + 1 :]]
    return data.draw(ODD)


@settings(max_examples=pick(60, 300))
@given(st.sampled_from(RECORDED), PAGES, st.data())
def test_every_view_survives_a_mutated_result(
    recorded: Json, page: Page, data: st.DataObject
) -> None:
    mutated = recorded
    for _ in range(data.draw(st.integers(1, 3))):
        mutated = as_object(mutate(mutated, data)) or {"type": "empty"}  # type: ignore[assignment] # read-only view
    result = make_result(dict(as_object(mutated)))
    text = draw([result, result], page)
    assert not HOSTILE.search(text)
    write_csv([result])


@settings(max_examples=pick(40, 150))
@given(
    st.sampled_from(sorted(VIEWS)),
    st.dictionaries(st.text(max_size=8), st.one_of(ODD, st.text(max_size=20)), max_size=4),
    PAGES,
)
def test_every_view_survives_fields_it_never_heard_of(
    type_: str, fields: dict[str, Json], page: Page
) -> None:
    assert not HOSTILE.search(draw([make_result({**fields, "type": type_})], page))
