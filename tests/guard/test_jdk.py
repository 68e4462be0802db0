"""The names of the JDK's own methods, those of the Java at hand."""

from __future__ import annotations

import re

import pytest
from support.jdk import GETTER, list_jdk_methods
from support.table import each_row

from arthas_cli.guard.ognl import judge_expression

_ACTING = re.compile(
    r"(poll|take|pop|next|remove|read|drain|getAnd|getNext|arrive|prestart|mkdirs?|.*And(Get|Jump)"
    r"|.*ThenReset)(?![a-z])"
)
_LOOKING = {"nextClearBit", "readLock", "readOnly"}


@pytest.fixture(scope="module")
def methods() -> list[tuple[str, str]]:
    """Each public method without arguments: `void` or `value`, and its name."""
    return list_jdk_methods()


def find_passed(names: set[str]) -> set[str]:
    """Returns the names that the guard lets through in one of the ways OGNL would call them."""
    passed = set()
    for name in names:
        for read in (name, name.upper(), name.removeprefix("get")):
            texts = (read, f"x.{read}", f'x["{read}"]', f"#x.{read}.y", f"x.{{#this.{read}}}")
            passed |= {text for text in texts if judge_expression(text) is None}
    return passed


def test_no_name_of_a_method_that_returns_nothing_passes(methods: list[tuple[str, str]]) -> None:
    names = {name for kind, name in methods if kind == "void" and not GETTER.match(name)}
    assert len(names) > 300
    assert {"clear", "countDown", "run", "trimToSize"} <= names
    assert find_passed(names) == set()


def test_no_name_of_a_method_that_acts_and_returns_a_value_passes(
    methods: list[tuple[str, str]],
) -> None:
    names = {name for kind, name in methods if kind == "value" and _ACTING.match(name)} - _LOOKING
    assert {"poll", "removeFirst", "readLine", "getAndIncrement", "mkdirs", "getThenReset"} <= names
    assert find_passed(names) == set()


FIELDS = """
id orderId name status state code type key value count size length index total amount price
message cause level version date time timestamp created updated userId user owner parent child
children items elements entries keys header headers body path url uri host port method args
params result data content config properties options flags enabled active visible locked closed
started running finished failed success error exception retries timeout duration elapsed max min
sum average limit offset position page pageSize queue pool cache session request response reader
ready address phone email city country title text label color width height x y order customer
item payment balance readOnly nextgen popular taken dropdown removed lastUpdate firstName lastName
endTime endDate storeId listSize copyright marker finder signature
"""


@each_row("name", FIELDS.split())
def test_the_name_of_a_plain_field_passes(name: str) -> None:
    assert judge_expression(f"params[0].{name}") is None
    assert judge_expression(f'params[0]["{name}"]') is None


def test_what_may_be_a_field_after_all_names_its_getter() -> None:
    finding = judge_expression("params[0].done")
    assert finding is not None
    assert (
        finding.reason
        == "'done' may be a method, which OGNL would call; use the getter 'getDone()'"
    )
    assert judge_expression("params[0].getDone()") is None
    finding = judge_expression("params[0].connection")
    assert finding is not None
    assert finding.reason == "'connection' may be a method, which OGNL would call"
