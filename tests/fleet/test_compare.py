from __future__ import annotations

import io
import json
import random
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from arthas_cli.errors import NotRun
from arthas_cli.fleet.compare import Comparer, list_cells, list_differences, refuse_stream
from arthas_cli.line.plan import Plan
from arthas_cli.output import Paper
from arthas_cli.protocol import Result
from arthas_cli.views import Page
from arthas_cli.views.compared import render_differences

if TYPE_CHECKING:
    from arthas_cli.fleet.compare import Comparison


def make_result(data: dict[str, Any]) -> Result:
    return Result(data["type"], 1, data, json.dumps(data))


def compare(*answers: dict[str, Any] | list[dict[str, Any]], name: str = "web-") -> Comparison:
    """Compares the answers of web-1, web-2, …, which come in any order."""
    targets = [f"{name}{number}" for number in range(1, len(answers) + 1)]
    comparer = Comparer(targets)
    pairs = list(zip(targets, answers, strict=True))
    random.shuffle(pairs)
    for target, answer in pairs:
        for data in answer if isinstance(answer, list) else [answer]:
            comparer.add(target, make_result(data))
    return comparer.finish()


def draw(comparison: Comparison, width: int | None = 80) -> str:
    stream = io.StringIO()
    paper = Paper(stream, width=width)
    page = Page(width=width)
    paper.draw(render_differences(comparison.differences, comparison.targets, page))
    paper.flush()
    return stream.getvalue()


_SOME = count(1)


def sysprop(**props: str) -> dict[str, Any]:
    usual = {"user.dir": f"/srv/{next(_SOME)}", "java.version": "21.0.2"}
    return {"type": "sysprop", "props": usual | {k.replace("_", "."): v for k, v in props.items()}}


def test_two_jvms_are_columns_and_a_row_that_is_equal_is_only_counted() -> None:
    found = compare(sysprop(shop_cache="on", shop_x="1"), sysprop(shop_cache="off", shop_x="1"))
    assert draw(found) == "            web-1  web-2\nshop.cache  on     off\n"
    assert found.summarise() == "1 differs · 2 equal · always differ: user.dir"


def test_a_row_that_some_lack_and_one_that_is_empty_are_told_apart() -> None:
    found = compare(sysprop(shop_cache=""), sysprop(), sysprop(shop_cache="on"))
    assert draw(found) == (
        '            web-1  web-2      web-3\nshop.cache  ""     (missing)  on\n'
    )


def test_many_jvms_stand_beside_their_value_and_the_most_common_is_the_first() -> None:
    answers = [sysprop(shop_cache="off" if number == 7 else "on") for number in range(1, 13)]
    assert draw(compare(*answers)) == (
        "shop.cache\n  web-[1-6], web-[8-12]  on\n  web-7                  off\n"
    )


def test_of_many_names_that_do_not_fold_the_most_common_are_counted() -> None:
    names = [f"shop-7d9f8b6c5-{tail}" for tail in ("x2kqp", "abcde", "fghkl", "mnopq")]
    comparer = Comparer(names)
    for name in names:
        comparer.add(name, make_result(sysprop(flag="off" if name.endswith("fghkl") else "on")))
    assert draw(comparer.finish()) == (
        "flag\n  the other 3            on\n  shop-7d9f8b6c5-fghkl  off\n"
    ).replace("3            ", "3           ")


def test_of_a_list_and_a_search_path_only_what_is_not_equal_is_drawn() -> None:
    def jvm(*options: str, path: str) -> dict[str, Any]:
        facts = [
            {"name": "INPUT-ARGUMENTS", "value": ["-Xmx64m", "-Da=1", *options]},
            {"name": "CLASS-PATH", "value": path},
            {"name": "MACHINE-NAME", "value": f"{next(_SOME)}@vm"},
        ]
        return {"type": "jvm", "jvmInfo": {"RUNTIME": facts}}

    found = compare(jvm(path="a.jar:b.jar:c.jar"), jvm("-Db=2", path="a.jar:b2.jar:c.jar"))
    assert draw(found) == (
        "RUNTIME CLASS-PATH\n"
        "  web-1  b.jar\n"
        "         (2 equal)\n"
        "  web-2  b2.jar\n"
        "         (2 equal)\n"
        "RUNTIME INPUT-ARGUMENTS\n"
        "  web-1  (2 equal)\n"
        "  web-2  -Db=2\n"
        "         (2 equal)\n"
    )
    assert found.summarise() == "2 differ · 0 equal · always differ: MACHINE-NAME"


def test_of_a_column_that_always_differs_the_rows_are_counted_and_other_columns_compared() -> None:
    def memory(used: int, most: int) -> dict[str, Any]:
        pools = [{"type": "heap", "name": "eden", "used": used, "total": 9, "max": most}]
        return {"type": "memory", "memoryInfo": {"heap": pools}}

    found = compare(memory(1, 64), memory(2, 128))
    assert draw(found) == "               web-1  web-2\nheap eden max  64     128\n"
    assert found.summarise() == "1 differs · 0 equal · always differ: used"


def test_threads_are_compared_by_name_and_several_of_one_name_in_turn() -> None:
    def threads(*names: str) -> dict[str, Any]:
        rows = [
            {"id": next(_SOME), "name": name, "priority": 5, "cpu": next(_SOME)} for name in names
        ]
        return {"type": "thread", "threadStats": rows}

    found = compare(threads("main", "pool", "pool"), threads("arthas-x", "pool", "main"))
    assert draw(found) == "         web-1    web-2\npool #2  (there)  (missing)\n"
    assert found.summarise() == ("1 differs · 0 equal · always differ: arthas-x, id of 2, cpu of 2")


def test_the_same_result_twice_of_one_target_is_two_rows() -> None:
    run = {"type": "sm", "methodInfo": {"declaringClass": "a.B", "methodName": "run"}}
    once, twice = [run | {"jobId": 3}], [run | {"jobId": 4}, run | {"jobId": 4}]
    found = compare(once, twice, once)
    assert [(each.key, each.variants[0].names) for each in found.differences] == [
        (("a.B", "run", "", "#2"), "web-1, web-3")
    ]
    assert found.equal == 1


def test_a_class_is_compared_field_by_field_and_what_a_jvm_chose_is_told_apart() -> None:
    def sc(superclass: str, hash_: str) -> list[dict[str, Any]]:
        info = {
            "name": "demo.Shop",
            "superClass": [superclass],
            "classloader": [f"AppClassLoader@{hash_}"],
            "classLoaderHash": hash_,
            "fields": [{"name": "flag", "type": "boolean", "static": superclass == "demo.B"}],
        }
        return [
            {"type": "sc", "classInfo": info, "withField": False},
            {"type": "row_affect", "rowCount": 1},
        ]

    found = compare(sc("demo.A", "30946e09"), sc("demo.B", "4abbb61b"))
    assert draw(found) == (
        "                                        web-1   web-2\n"
        "demo.Shop classInfo.superClass          demo.A  demo.B\n"
        "demo.Shop classInfo.fields.flag.static  false   true\n"
    )
    assert found.summarise() == ("2 differ · 2 equal · always differ: classloader, classLoaderHash")


def test_texts_are_compared_line_by_line_with_the_most_common_one() -> None:
    def jad(line: str) -> dict[str, Any]:
        return {"type": "jad", "source": f"class A {{\n  int a;\n  int b;\n{line}\n}}\n"}

    assert draw(compare(jad("  int c;"), jad("  long c;"), jad("  int c;"))) == (
        "source\n"
        "  web-1, web-3\n"
        "    6 lines\n"
        "  web-2\n"
        "    @@ -3,3 +3,3 @@\n"
        "       int b;\n"
        "    -  int c;\n"
        "    +  long c;\n"
        "     }\n"
    )


def test_values_stand_below_names_that_are_long_and_nothing_is_wider_than_the_page() -> None:
    names = [f"shop-7d9f8b6c5-{tail}" for tail in ("lffbh", "fnchj", "cbdnm", "cmmdl", "gkcnc")]
    comparer = Comparer(names)
    for at, name in enumerate(names):
        comparer.add(name, make_result(sysprop(flag="on" if at < 3 else "off")))
    assert draw(comparer.finish()) == (
        "flag\n  the other 3\n    on\n  shop-7d9f8b6c5-cmmdl, shop-7d9f8b6c5-gkcnc\n    off\n"
    )
    assert max(map(len, draw(comparer.finish(), width=30).splitlines())) <= 30


def test_who_gave_no_whole_answer_is_left_out_and_named() -> None:
    comparer = Comparer(["a", "b", "c"])
    for name in "abc":
        comparer.add(name, make_result(sysprop(x=name)))
    found = comparer.finish(left_out={"c"})
    assert draw(found) == "   a  b\nx  a  b\n"
    assert found.summarise().endswith(" · not compared: c")
    assert comparer.finish({"b", "c"}).summarise() == "nothing to compare: only a answered"
    assert comparer.finish({"a", "b", "c"}).summarise() == "nothing to compare"


def test_the_document_has_each_value_as_the_server_gave_it_and_says_what_is_missing() -> None:
    answer = {"type": "options", "options": [{"level": 1, "name": "dump", "value": "true"}]}
    other = {"type": "options", "options": [{"level": 2, "name": "dump", "value": "true"}]}
    differences = list_differences(
        compare(answer, other, other, {"type": "options", "options": []})
    )
    assert differences == {
        "differences": [
            {
                "key": ["dump"],
                "field": None,
                "values": [
                    {"targets": ["web-1", "web-2", "web-3"], "missing": False},
                    {"targets": ["web-4"], "missing": True},
                ],
            },
            {
                "key": ["dump"],
                "field": "level",
                "values": [
                    {"targets": ["web-2", "web-3"], "missing": False, "value": 2},
                    {"targets": ["web-1"], "missing": False, "value": 1},
                ],
            },
        ],
        "alwaysDiffer": [],
    }


def test_as_a_table_each_target_is_a_column_and_what_always_differs_is_marked() -> None:
    assert list(list_cells(compare(sysprop(x="1"), sysprop())))[:2] == [
        ("key", "field", "always", "web-1", "web-2"),
        ("x", "value", "no", "1", ""),
    ]
    assert [row[:3] for row in list_cells(compare(sysprop(), sysprop()))][1:] == [
        ("user.dir", "value", "yes")
    ]


def test_a_class_loader_is_the_same_wherever_it_lies_in_memory() -> None:
    def loaders(hash_: str, parent: str) -> dict[str, Any]:
        row = {"name": f"AppLoader@{hash_}", "hash": hash_, "loadedCount": 3, "parent": parent}
        return {"type": "classloader", "classLoaders": [row]}

    found = compare(loaders("30946e09", "Ext"), loaders("4abbb61b", "Boot"))
    assert draw(found) == "                   web-1  web-2\nAppLoader@ parent  Ext    Boot\n"
    assert found.summarise() == "1 differs · 0 equal · always differ: hash"


def test_objects_are_told_apart_by_more_than_where_they_lie_in_memory() -> None:
    assert (
        compare(
            {"type": "ognl", "value": "@Pool[demo.Pool@1b2c3d4e]"},
            {"type": "ognl", "value": "@Pool[demo.Pool@5f6a7b8c]"},
        ).differences
        == ()
    )
    assert (
        compare(
            {"type": "ognl", "value": "@Pool[demo.Pool@1b2c3d4e]"},
            {"type": "ognl", "value": "@Pool[demo.Other@5f6a7b8c]"},
        ).usual
        == ()
    )


@pytest.mark.parametrize("value", [None, 1, "a", [], [{"name": ["x"]}], [{"name": "x"}] * 2, {}])
def test_a_result_of_any_shape_is_compared(value: Any) -> None:  # noqa: ANN401 - JSON of any shape
    found = compare({"type": "odd", "value": value}, {"type": "odd", "value": {"other": "a\nb"}})
    assert "value" in draw(found)
    assert draw(compare({"type": "odd", "value": value}, {"type": "odd", "value": value})) == ""


def test_values_that_are_nested_deep_are_compared() -> None:
    deep: Any = "end"
    for _ in range(500):
        deep = {"inner": deep}
    found = compare({"type": "odd", "value": deep}, {"type": "odd", "value": {}})
    assert found.differences


def test_what_a_target_says_cannot_reach_the_terminal_unseen() -> None:
    text = draw(compare(sysprop(x="\x1b[2J"), sysprop(x="a\nb\x1b[2J")))
    assert "\x1b" not in text
    assert all(
        "\x1b" not in cell
        for row in list_cells(compare(sysprop(x="\x1b"), sysprop()))
        for cell in row
    )


def test_what_streams_is_refused() -> None:
    with pytest.raises(NotRun, match="'watch' streams: it has no rows to compare"):
        refuse_stream(Plan("watch a b", "watch", is_stream=True))
    refuse_stream(Plan("sysprop", "sysprop"))
