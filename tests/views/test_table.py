from __future__ import annotations

import io
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from support.table import each_row
from views.cases import CASES, WIDTHS, draw, make_result

from arthas_cli.formats import make_text_writer
from arthas_cli.output import Paper
from arthas_cli.views import Drawing, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result


def make_properties(**values: str) -> Result:
    return make_result({"type": "sysprop", "props": dict(values)})


def make_method(number: int) -> Result:
    method = {
        "declaringClass": "com.shop.order.OrderService",
        "methodName": f"method{number}",
        "descriptor": "(Ljava/lang/String;)V",
    }
    return make_result({"type": "sm", "detail": False, "methodInfo": dict(method)})


def test_a_header_stands_once_over_the_results_of_a_command() -> None:
    text = draw([make_method(1), make_method(2)])
    assert text == (
        "CLASS                        METHOD   SIGNATURE\n"
        "com.shop.order.OrderService  method1  (java.lang.String): void\n"
        "com.shop.order.OrderService  method2  (java.lang.String): void\n"
    )


def test_packages_are_shortened_before_anything_is_wrapped() -> None:
    text = draw([make_method(1)], Page(width=55))
    assert text == (
        "CLASS                   METHOD  SIGNATURE\n"
        "c.s.order.OrderService  method1 (j.lang.String): void\n"
    )


def test_cells_are_wrapped_before_the_table_turns_into_records() -> None:
    text = draw([make_properties(greeting="hello to all of you out there")], Page(width=30))
    assert text == ("KEY      VALUE\ngreeting hello to all of you\n         out there\n")


def test_a_table_too_wide_for_the_terminal_becomes_records() -> None:
    text = draw(CASES["monitor"].results[:1], Page(width=30))
    assert text == (
        "TIMESTAMP   2026-11-24\n            17:21:12.944\nCLASS       demo.MathGame\n"
        "METHOD      primeFactors\nTOTAL       2\nSUCCESS     1\nFAIL        1\n"
        "AVG-RT(ms)  1.76\nFAIL-RATE   50.00%\n"
    )


def test_records_can_be_asked_for() -> None:
    page = Page(width=100, as_records=True)
    assert draw([make_properties(a="1", b="2")], page) == (
        "KEY    a\nVALUE  1\n\nKEY    b\nVALUE  2\n"
    )


def test_wide_characters_keep_the_columns_in_line() -> None:
    text = draw([make_properties(**{"漢字": "1", "plain": "2", "🚀": "3"})])
    assert text == "KEY    VALUE\nplain  2\n漢字   1\n🚀     3\n"


def test_properties_stand_in_the_order_of_their_names() -> None:
    text = draw([make_properties(b="1", C="2", a="3")])
    assert text == "KEY  VALUE\na    3\nb    1\nC    2\n"


def test_a_cell_stays_on_its_line() -> None:
    assert draw([make_properties(a="1\n2\t3")]) == "KEY  VALUE\na    1␊2␉3\n"


@each_row("width", [width for width in WIDTHS if width])
@each_row(
    "name", ["thread", "memory", "classloader-list", "options", "sm", "tt", "dump", "perfcounter"]
)
def test_no_line_of_a_table_is_wider_than_the_terminal(name: str, width: int) -> None:
    lines = draw(CASES[name].results, Page(width=width)).splitlines()
    assert max(map(cell_len, lines[1:])) <= width


def test_the_first_rows_of_a_large_answer_come_before_the_last_are_read() -> None:
    rows: list[Json] = [{"id": number, "name": "n"} for number in range(20_000)]
    result = make_result({"type": "thread", "threadStats": rows})
    read: list[int] = []

    class Watched(io.StringIO):
        def write(self, text: str) -> int:
            read.append(len(text))
            return len(text)

    paper = Paper(Watched())
    tracemalloc.start()
    for renderable in Drawing(Page()).draw(result):
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        paper.draw(renderable)
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert max(read) < 20_000
    assert peak - before < 2**20


@pytest.mark.parametrize("width", [100, None])
def test_results_of_one_row_each_stand_in_straight_columns(width: int | None) -> None:
    def results() -> Iterator[Result]:
        for name in ("A", "com.shop.order.OrderService"):
            method = {"declaringClass": name, "methodName": "m", "descriptor": "()V"}
            yield make_result({"type": "sm", "methodInfo": dict(method)})

    assert draw(results(), Page(width=width)) == (
        "CLASS                        METHOD  SIGNATURE\n"
        "A                            m       (): void\n"
        "com.shop.order.OrderService  m       (): void\n"
    )


def test_rows_are_held_back_until_nothing_more_has_come_as_yet() -> None:
    stream = io.StringIO()
    form = make_text_writer(Paper(stream))
    sample = next(result for result in CASES["tt"].results if "timeFragmentList" in result.data)
    form.show(sample)
    assert stream.getvalue() == ""
    form.flush()
    lines = stream.getvalue().count("\n")
    assert lines > 1
    form.show(sample)
    form.flush()
    assert stream.getvalue().count("METHOD") == 1
    assert stream.getvalue().count("\n") == 2 * lines - 1


def test_rows_that_come_in_a_burst_are_held_back_until_all_have_come() -> None:
    stream = io.StringIO()
    form = make_text_writer(Paper(stream))
    form.show(make_method(1))
    form.flush()
    assert stream.getvalue() == ""
    form.show(make_method(2))
    form.show(make_result({"type": "row_affect", "rowCount": 2}))
    form.flush()
    assert stream.getvalue().count("\n") == 3


def test_of_a_long_burst_only_the_first_rows_are_held_back() -> None:
    stream = io.StringIO()
    form = make_text_writer(Paper(stream))
    for number in range(250):
        form.show(make_method(number))
        form.flush()
        assert (stream.getvalue() == "") is (number < 199)
    assert stream.getvalue().count("\n") == 251


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "com.shop.order.OrderService  method1  (java.lang.String): void"),
        ({"methodName": None}, "com.shop.order.OrderService           (java.lang.String): void"),
        ({"methodName": "漢字"}, "com.shop.order.OrderService  漢字     (java.lang.String): void"),
        ({"methodName": "a\nb"}, "com.shop.order.OrderService  a␊b      (java.lang.String): void"),
        ({"methodName": "\x1b"}, "com.shop.order.OrderService  ␛        (java.lang.String): void"),
        ({"descriptor": ""}, "com.shop.order.OrderService  method1"),
        ({"descriptor": None}, "com.shop.order.OrderService  method1"),
        (
            {"declaringClass": "%s"},
            "%s                           method1  (java.lang.String): void",
        ),
        (
            {"methodName": "veryLongName"},
            "com.shop.order.OrderService  veryLongName  (java.lang.String): void",
        ),
    ],
)
def test_what_is_odd_in_a_row_far_down_is_drawn_as_in_the_first(
    changes: dict[str, Json], line: str
) -> None:
    row: dict[str, Json] = {
        "declaringClass": "com.shop.order.OrderService",
        "methodName": "method1",
        "descriptor": "(Ljava/lang/String;)V",
    }
    plain = make_result({"type": "sm", "methodInfo": dict(row)})
    odd = make_result({"type": "sm", "methodInfo": {**row, **changes}})
    assert draw([*[plain] * 300, odd]).splitlines()[-1] == line
    del row["methodName"]
    last = draw([*[plain] * 300, make_result({"type": "sm", "methodInfo": dict(row)})])
    assert last.endswith("com.shop.order.OrderService           (java.lang.String): void\n")


def test_a_result_of_another_shape_in_the_midst_of_many_is_seen() -> None:
    odd = make_result({"type": "sm", "methodInfo": {"methodName": 5}})
    more = make_result({"type": "sm", "methodInfo": {"methodName": "m", "cost": 1}})
    methods = [make_method(1)] * 300
    lines = draw([*methods, odd, *methods, more, make_method(2)]).splitlines()
    assert lines[301] == (
        "an unexpected 'sm' result: 'methodInfo.methodName' is a number, not text"
    )
    assert lines[-2:] == [
        "methodInfo.cost: 1",
        "com.shop.order.OrderService  method2  (java.lang.String): void",
    ]


def test_a_name_is_not_broken_beside_wide_prose() -> None:
    option = {"name": "support-default-method", "summary": "a b " * 10, "description": "c d " * 30}
    text = draw([make_result({"type": "options", "options": [dict(option)]})], Page(width=100))
    assert "support-default-method" in text
    assert text.startswith("LEVEL ")


def test_nothing_in_a_table_is_said_so() -> None:
    assert draw(CASES["options-none"].results) == "(none)\n"
