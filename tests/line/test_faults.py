"""What is no OGNL is named with its place and with what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.line.faults import find_expression_fault, find_unbalanced
from arthas_cli.line.values import CONDITION

EXPRESSION = "ognl-express"
VALID = Path(__file__).parent.parent / "data" / "ognl_valid.txt"


@each_row(
    ("text", "message", "hint", "place"),
    [
        ("params[0]==“x”", "'“' is not an OGNL quote", "use straight quotes, ' or \"", "“"),
        (
            "params[0]==\u2018x\u2019",
            "'\u2018' is not an OGNL quote",
            "use straight quotes, ' or \"",
            "\u2018",
        ),
        ("params[0]===1", "'===' is not an OGNL operator", "use '=='", "==="),
        ("params[0]!==1", "'!==' is not an OGNL operator", "use '!='", "!=="),
        ("params[0]<>1", "'<>' is not an OGNL operator", "use '!='", "<>"),
        ("params[0]=>1", "'=>' is not an OGNL operator", "use '>='", "=>"),
        ("params[0]=<1", "'=<' is not an OGNL operator", "use '<='", "=<"),
        ("a==1 &&& b==2", "'&&&' is not an OGNL operator", "use '&&'", "&&&"),
        ("a==1 ||| b", "'|||' is not an OGNL operator", "use '||'", "|||"),
        ("a==1 && ", "the expression ends after '&&'", "complete it, or remove '&&'", ""),
        ("a==1 &", "the expression ends after '&'", "complete it, or remove '&'", ""),
        (
            "params[0]==12345678901",
            "'12345678901' is too large for an int",
            "use '12345678901L'",
            "12345678901",
        ),
        (
            "params[0]==123456789012345678901234567890",
            "'123456789012345678901234567890' is too large for an int",
            "use '123456789012345678901234567890H'",
            "123456789012345678901234567890",
        ),
        (
            "params[0]==9223372036854775808L",
            "'9223372036854775808L' is too large for a long",
            "use '9223372036854775808H'",
            "9223372036854775808L",
        ),
        (
            "params[0]==0xFFFFFFFFFF",
            "'0xFFFFFFFFFF' is too large for an int",
            "use '0xFFFFFFFFFFL'",
            "0xFFFFFFFFFF",
        ),
        ("params[0] AND params[1]", "'AND' is not an OGNL operator", "use 'and' or '&&'", "AND"),
        ("a is null", "'is' is not an OGNL word", "use '== null'", "is null"),
        ("a is not null", "'is' is not an OGNL word", "use '!= null'", "is not null"),
        ('a like "x"', "'like' is not an OGNL operator", "use '.matches(\"…\")'", "like"),
        ("params[0]?.name", "'?.' is not an OGNL operator", "use 'a != null && a.b'", "?."),
        ("params[0] ?: 1", "'?:' is not an OGNL operator", "use 'a != null ? a : b'", "?:"),
        ("params[0] ?? 1", "'??' is not an OGNL operator", "use 'a != null ? a : b'", "??"),
        (
            "x -> y",
            "'->' is not an OGNL operator",
            "use '.{? #this > 1}' to select, '.{#this.name}' to take",
            "->",
        ),
        (
            "params.{x -> x.name}",
            "'->' is not an OGNL operator",
            "use '.{? #this > 1}' to select, '.{#this.name}' to take",
            "->",
        ),
        (
            "String::valueOf",
            "'::' is not an OGNL operator",
            "use '.{? #this > 1}' to select, '.{#this.name}' to take",
            "::",
        ),
        ("a; b", "';' has no meaning in OGNL", "use ',' between expressions", ";"),
        ("a // x", "OGNL has no comments", "leave it out", "//"),
        (
            '@java.lang.System.getProperty("x")',
            "a static method needs a second '@' in front",
            "use '@java.lang.System@getProperty(…)'",
            "@java.lang.System.getProperty(",
        ),
        (
            "@java.lang.System.out",
            "a static field needs a second '@' in front",
            "use '@java.lang.System@out'",
            "@java.lang.System.out",
        ),
        (
            'java.lang.System@getProperty("x")',
            "a class name needs an '@' in front",
            "use '@java.lang.System@getProperty'",
            "java.lang.System@getProperty",
        ),
        (
            "new java.util.Date",
            "'new' takes arguments",
            "use 'new java.util.Date()'",
            "new java.util.Date",
        ),
        (
            "new java.util.Date == a",
            "'new' takes arguments",
            "use 'new java.util.Date()'",
            "new java.util.Date",
        ),
        ("(String) params[0]", "OGNL has no casts", "leave out the type", "(String) params"),
        (
            "((String) params[0]).length()",
            "OGNL has no casts",
            "leave out the type",
            "(String) params",
        ),
        ("1_000", "'1_000' is not an OGNL number", "leave out '_'", "1_000"),
        ("08", "'08' begins with 0, so it is octal", "leave out the 0", "08"),
        (
            "#rootCause",
            "'#rootCause' is not a valid variable name in OGNL",
            "use another name",
            "#rootCause",
        ),
        ("bnot a", "'bnot' is not an OGNL operator", "use '~'", "bnot"),
        ('params[0].matches("\\d+")', "'\\d' is not an OGNL escape", "use '\\\\d'", "\\d"),
        ("\uff08params[0]\uff09", "'\uff08' has no meaning in OGNL", "use '('", "\uff08"),
        ("params[0]\uff0cparams[1]", "'\uff0c' has no meaning in OGNL", "use ','", "\uff0c"),
        ("a – 1", "'–' has no meaning in OGNL", "use '-'", "–"),
        ("a.", "the expression ends after '.'", "complete it, or remove '.'", ""),
        ("  ", "the expression is empty", "write one, or leave it out", ""),
        ('a ~= "x"', "'~=' is not an OGNL operator", "use '.matches(\"…\")'", "~="),
        ("a += 1", "'+=' is not an OGNL operator", "write '=' and '+' separately", "+="),
        (
            "a == 1 and",
            "the expression ends after 'and'",
            "complete it, or remove 'and'",
            "",
        ),
    ],
)
def test_what_was_meant_is_named(text: str, message: str, hint: str, place: str) -> None:
    fault = find_expression_fault(EXPRESSION, text)
    assert fault is not None
    assert fault.place is not None
    start, end = fault.place
    assert (fault.message, fault.hint, text[start:end]) == (message, hint, place)


@each_row(
    ("text", "hint"),
    [
        ("a b", "put an operator between the two, as '&&', '==' or ','"),
        ("(a) 'b'", "put an operator between the two, as '&&', '==' or ','"),
        ("a.in", "use ['in'] instead of '.in', which is a word of OGNL"),
        ("{a,b,}", ""),
        ("== 1", ""),
        ("a..b", ""),
    ],
)
def test_what_stands_in_the_wrong_place_is_refused(text: str, hint: str) -> None:
    fault = find_expression_fault(EXPRESSION, text)
    assert fault is not None
    assert fault.message.endswith("is not expected there")
    assert fault.hint == hint


@each_row(
    "text",
    [
        "params[0]=1",
        "#cost=200",
        "a && b=1",
        "!(a=1)",
        "(a=1)",
        "a > 1 && (b=1)",
        "(a=1) ? b : c",
        "a ? (b=1) : c",
        "#x=1, a=1",
        "{1}.{? #this=1}.size() > 0",
        "a=b==c",
    ],
)
def test_an_assignment_in_the_place_of_a_condition_is_refused(text: str) -> None:
    fault = find_expression_fault(CONDITION, text)
    assert fault is not None
    assert fault.place is not None
    start, end = fault.place
    assert (text[start:end], fault.hint) == ("=", "use '=='")


@pytest.mark.parametrize(
    "text", ["#a=params[0], #a>1", "(#a=params[0]) != null", "f(a=1)", "{a=1}.size() > 0"]
)
def test_an_assignment_beside_a_condition_is_not(text: str) -> None:
    assert find_expression_fault(CONDITION, text) is None


@pytest.mark.parametrize("text", [r'"\u4e2d" == 0xFFFFFFFF', r'"\u4e2d" === 1', r'a="\u4e2d"'])
def test_where_escapes_are_no_place_is_named(text: str) -> None:
    fault = find_expression_fault(CONDITION, text)
    assert fault is not None
    assert fault.place is None


def test_an_expression_may_assign_but_in_a_selection() -> None:
    assert find_expression_fault(EXPRESSION, "params[0]=1") is None
    assert find_expression_fault(EXPRESSION, "params.{? #this=1}") is not None


@each_row("text", VALID.read_text("utf-8").splitlines())
def test_what_is_ognl_is_not_refused(text: str) -> None:
    assert find_expression_fault(EXPRESSION, text) is None


@pytest.mark.parametrize("text", [r"\u0040a@b", "(" * 100, r'"\u0022'])
def test_what_cannot_be_told_is_not_refused(text: str) -> None:
    assert find_expression_fault(EXPRESSION, text) is None


def test_an_empty_condition_is_none_and_an_empty_expression_is_wrong() -> None:
    assert find_expression_fault(CONDITION, "") is None
    fault = find_expression_fault(EXPRESSION, "")
    assert fault is not None
    assert (fault.message, fault.hint) == ("the expression is empty", "write one, or leave it out")


@given(st.one_of(st.text(), st.text(alphabet="u4e2dab1.\"'`\\(){}[]:^#@ =<>§?,“\uff08_8L")))
def test_no_text_makes_it_raise(text: str) -> None:
    fault = find_expression_fault(CONDITION, text)
    if fault is not None and fault.place is not None:
        start, end = fault.place
        assert 0 <= start <= end <= len(text)


@each_row(
    "expression",
    [
        "",
        "params",
        "{params, target.f(1)[0]}",
        "'a(b'.length()",
        '"]" + #x',
        "`{`",
        '"a\\"(" + 1',
        "'\\''",
        "params[0].{? #this > 1}",
    ],
)
def test_an_expression_whose_halves_meet_is_balanced(expression: str) -> None:
    assert find_unbalanced(expression) is None


@each_row(
    ("expression", "message", "place"),
    [
        ("{params, target", "'{' is not closed", "{"),
        ("f(a[0)", "')' closes nothing that is open", ")"),
        ("params]", "']' closes nothing that is open", "]"),
        ("f('a", "the ' of the expression is not closed", "'"),
        ('"a\\"', 'the " of the expression is not closed', '"'),
        ("((a)", "'(' is not closed", "("),
    ],
)
def test_a_half_without_its_other_is_found(expression: str, message: str, place: str) -> None:
    fault = find_unbalanced(expression)
    assert fault is not None
    assert fault.place is not None
    start, end = fault.place
    assert (fault.message, expression[start:end]) == (message, place)
