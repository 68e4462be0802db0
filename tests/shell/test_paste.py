"""What is pasted becomes harmless text, and a method of an IDE or a stack trace two words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arthas_cli.catalogue.model import load_commands
from arthas_cli.shell.paste import clean_paste, read_method, understand_paste
from arthas_cli.text import sanitise

COMMANDS = load_commands()
HIDDEN = "a.b.C$$Lambda$14/0x0000000800066840"


@pytest.mark.parametrize(
    ("pasted", "understood"),
    [
        ("a.b.C#m", "a.b.C m"),
        ("a.b.C::m", "a.b.C m"),
        ("a.b.C#m(int, java.lang.String)", "a.b.C m"),
        ("  a.b.C#m\n", "a.b.C m"),
        ("a.b.C$D#m", "a.b.C$D m"),
        ("a.b.C.m(C.java:64)", "a.b.C m"),
        ("at a.b.C.m(C.java:64)", "a.b.C m"),
        ("\tat a.b.C.m(C.java:64)", "a.b.C m"),
        ("at a.b.C.m(C.java:64) ~[shop.jar:1.0]", "a.b.C m"),
        ("at a.b.C.m(C.java:64) [shop.jar!/:?]", "a.b.C m"),
        ("at a.b.C.m(Native Method)", "a.b.C m"),
        ("at a.b.C.m(Unknown Source)", "a.b.C m"),
        ("at app//a.b.C.m(C.java:64)", "a.b.C m"),
        ("java.base/java.lang.Thread.run(Thread.java:840)", "java.lang.Thread run"),
        ("at java.base@17.0.1/java.lang.Thread.run(Thread.java:840)", "java.lang.Thread run"),
        ("at app/shop@1.0/a.b.C.m(C.java:64)", "a.b.C m"),
        ("at a.b.C.<init>(C.java:5)", "a.b.C <init>"),
        ("at a.b.C.lambda$main$0(C.java:5)", "a.b.C lambda$main$0"),
        (f"at {HIDDEN}.run(Unknown Source)", f"{HIDDEN} run"),
        ("a.b.C.m(int)", "a.b.C m"),
        ("例.类#方法", "例.类 方法"),
    ],
)
def test_a_method_becomes_a_class_and_a_method(pasted: str, understood: str) -> None:
    assert understand_paste("watch ", pasted, COMMANDS) == understood


@pytest.mark.parametrize(
    "pasted",
    [
        "a.b.C",
        "a.b.C m",
        "#m",
        "a.b.C#",
        "at",
        "'{params}'",
        "a.b.C#m b",
        "at a.b.C.m(C",
        "m(x)",
        "",
    ],
)
def test_anything_else_stays_as_it_is(pasted: str) -> None:
    assert understand_paste("watch ", pasted, COMMANDS) == pasted


@pytest.mark.parametrize(
    "before",
    ["watch ", "trace -E ", "watch -n 5 ", "jad ", "tt -t ", "jvm ; sm ", "stack "],
)
def test_it_is_understood_where_a_class_and_its_method_are_wanted(before: str) -> None:
    assert understand_paste(before, "a.b.C#m", COMMANDS) == "a.b.C m"


@pytest.mark.parametrize(
    "before",
    [
        "",
        "watch",
        "sc ",
        "dump ",
        "watch a ",
        "watch -n ",
        "watch 'x ",
        "ognl ",
        "getstatic ",
        "wach ",
        "jvm | grep ",
    ],
)
def test_elsewhere_it_stays_as_it_is(before: str) -> None:
    assert understand_paste(before, "a.b.C#m", COMMANDS) == "a.b.C#m"


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("version\n", "version"),
        ("version\r\npwd\r\n", "version\npwd"),
        ("a\rb", "a\nb"),
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\x03b\x7f\x1b", "a␃b␡␛"),
        ("a\u202eb", "a<U+202E>b"),
        ("watch\u00a0a", "watch a"),
    ],
)
def test_breaks_are_one_kind_and_controls_can_be_seen(pasted: str, text: str) -> None:
    assert clean_paste(pasted) == text


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(pasted: str) -> None:
    text = clean_paste(pasted)
    assert sanitise(text) == text
    assert "\r" not in text


@given(st.text(max_size=30))
def test_reading_a_method_never_fails(text: str) -> None:
    named = read_method(text)
    assert named is None or all(name in text for name in named)


def test_a_long_text_is_looked_at_in_no_time() -> None:
    assert read_method("a." * 50_000) is None
    assert read_method("a/" * 50_000) is None
