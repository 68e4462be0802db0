from __future__ import annotations

import pytest
from views.cases import draw, make_result

from arthas_cli.views import Page

NAMES = make_result({"type": "sc", "classNames": ["shop.A", "shop.B"]})
SOURCE = make_result({"type": "jad", "source": "class A {}"})
CYCLES = make_result(
    {
        "type": "dashboard",
        "gcInfos": [
            {"name": "zgc_major_cycles", "collectionCount": 3, "collectionTime": 959},
            {"name": "zgc_major_pauses", "collectionCount": 19, "collectionTime": 0},
        ],
    }
)
FACTS = make_result(
    {
        "type": "jvm",
        "jvmInfo": {"GC": [{"name": "Shenandoah Cycles", "desc": "count/time", "value": 1}]},
    }
)


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1 class"), (2, "2 classes"), (17390, "17,390 classes")]
)
def test_a_list_ends_with_how_many_there_are_of_what(number: int, said: str) -> None:
    rows = make_result({"type": "row_affect", "rowCount": number})
    assert draw([NAMES, rows], Page(width=80)) == f"shop.A\nshop.B\n{said}\n"


def test_into_a_pipe_goes_no_count() -> None:
    rows = make_result({"type": "row_affect", "rowCount": 2})
    assert draw([NAMES, rows]) == "shop.A\nshop.B\n"


def test_what_is_no_list_has_no_count() -> None:
    rows = make_result({"type": "row_affect", "rowCount": 1})
    assert draw([SOURCE, rows], Page(width=80)) == "\nclass A {}\n".lstrip()


def test_a_reset_without_classes_reads_like_no_failure() -> None:
    affect = make_result({"type": "reset", "affect": {"classCount": 0, "methodCount": 0}})
    assert draw([affect]) == "nothing to reset: no such class is enhanced\n"


def test_a_reset_counts_its_classes_and_no_methods() -> None:
    affect = {"classCount": 2, "methodCount": 0, "cost": 7}
    assert draw([make_result({"type": "reset", "affect": dict(affect)})]) == (
        "reset 2 classes in 7 ms\n"
    )


def test_the_sum_of_an_enhancement_does_not_go_into_a_pipe_with_the_hits() -> None:
    effect = {"classCount": 1, "methodCount": 1, "cost": 7, "listenerId": 3}
    enhancer = make_result({"type": "enhancer", "success": True, "effect": dict(effect)})
    assert draw([enhancer]) == ""
    assert draw([enhancer], Page(width=80)) == "affected 1 class, 1 method in 7 ms (listener 3)\n"


def test_cycles_that_run_beside_the_program_are_marked_as_no_pauses() -> None:
    text = draw([CYCLES])
    assert "zgc_major_cycles (concurrent)      3       959" in text
    assert "zgc_major_pauses                  19         0" in text
    assert draw([FACTS]) == "GC\n  Shenandoah Cycles (concurrent) [count/time]  1\n"
