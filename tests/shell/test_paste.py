"""What is pasted becomes harmless text, and a method of an IDE or a stack trace two words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.shell.prompt.frames import offer_frames
from arthas_cli.shell.prompt.paste import clean_paste, read_method, understand_paste
from arthas_cli.text import sanitise

COMMANDS = load_commands()
HIDDEN = "a.b.C$$Lambda$14/0x0000000800066840"


@each_row(
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
        (
            "    ┝━━ [11.73% min=0.006ms, max=0.03ms, total=0.04ms, count=2] a.b.C:m() #65",
            "a.b.C m",
        ),
        ("┕━━ [0.365697ms] a.b.C:m()", "a.b.C m"),
        ("    `---[96.88% 0.21ms ] a.b.C:<init>() #23 [throws Exception]", "a.b.C <init>"),
        ("    │   ├── [ 2.41% 0.008ms] a.b.C:m() #68 ◀ hottest", "a.b.C m"),
        ("    @a.b.C.m() (C.java:73)", "a.b.C m"),
        ("method=a.b.C.m location=AtExit", "a.b.C m"),
    ],
)
def test_a_method_becomes_a_class_and_a_method(pasted: str, understood: str) -> None:
    assert understand_paste("watch ", pasted, COMMANDS) == understood


@each_row(
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


@each_row(
    "before",
    ["watch ", "trace -E ", "watch -n 5 ", "jad ", "tt -t ", "jvm ; sm ", "stack "],
)
def test_it_is_understood_where_a_class_and_its_method_are_wanted(before: str) -> None:
    assert understand_paste(before, "a.b.C#m", COMMANDS) == "a.b.C m"


@each_row(
    "before",
    [
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


@each_row(
    ("pasted", "text"),
    [
        ("version\n", "version"),
        ("version\r\npwd\r\n", "version\npwd"),
        ("a\rb", "a\nb"),
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\x03b\x7f\x1b", "a␃b␡␛"),
        ("a\u202eb", "a<U+202E>b"),
        ("watch\u00a0a", "watch a"),
        ("thread\u3000-n\u20073", "thread -n 3"),
        ("ognl '\"张\u3000三\"'\u3000-x\u30002", "ognl '\"张\u3000三\"' -x 2"),
        ('echo "a\\"\u3000b"\u3000c', 'echo "a\\"\u3000b" c'),
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


@each_row(
    ("pasted", "commands"),
    [
        ("[arthas@17962]$ thread -n 3", "thread -n 3"),
        ("[arthas@2995 demo.MathGame] ❯ version", "version"),
        ("[arthas@2995 demo.MathGame] > version", "version"),
        ("shop-prod [db.shop arthas@2995 demo.MathGame read-only] ❯ jvm", "jvm"),
        ("$ version\n$ pwd", "version\npwd"),
        ("❯ version", "version"),
        ("[arthas@1]$ [arthas@1]$ version", "version"),
        ("[arthas@1]$ version\n4.1.5\n[arthas@1]$ pwd\n/srv\n[arthas@1]$ ", "version\npwd"),
        ("of before\n[arthas@1]$ version", "version"),
        ("[arthas@1 a.B] ❯ ognl '1\n             … 2'\n@Integer[1]", "ognl '1\n2'"),
        ("[arthas@1]$ watch a.B m \\\n  '{params}' \\\n  -n 5", "watch a.B m '{params}' -n 5"),
        ("watch a.B m\\\n-n 5", "watch a.B m -n 5"),
        ("ognl '1 \\\n2'", "ognl '1 \\\n2'"),
        ("version\npwd", "version\npwd"),
        ("echo $ x", "echo $ x"),
        ("version\n$ x", "version\n$ x"),
        ("sc *\\", "sc *\\"),
    ],
)
def test_of_a_session_the_commands_are_left_and_no_prompts(pasted: str, commands: str) -> None:
    assert understand_paste("", pasted, COMMANDS) == commands
    assert understand_paste("", commands, COMMANDS) == commands


def test_what_is_pasted_into_a_quote_stays_as_it_is() -> None:
    assert understand_paste("ognl '", "a \\\nb", COMMANDS) == "a \\\nb"


def test_a_command_behind_a_word_that_is_typed_goes_on_in_the_next_line() -> None:
    assert understand_paste("watch ", "a.B m \\\n -n 5", COMMANDS) == "a.B m -n 5"


TRACE = """Exception in thread "main" java.lang.IllegalStateException: no
\tat java.base/java.util.Objects.check(Objects.java:12)
\tat fx.Work.risky(Work.java:59)
\tat fx.Main.main(Main.java:35)
Caused by: java.io.IOException: gone
\tat fx.Work.risky(Work.java:59)
\t... 2 more"""


def test_the_frames_of_a_stack_trace_are_offered_where_a_method_is_wanted() -> None:
    choices = offer_frames("watch ", TRACE, COMMANDS)
    assert [(one.text, one.shown, one.note) for one in choices] == [
        ("fx.Work risky", "fx.Work.risky", "3 frames, 2 of the program"),
        ("fx.Main main", "fx.Main.main", "Main.java:35"),
        ("java.util.Objects check", "java.util.Objects.check", "Objects.java:12"),
    ]


def test_on_an_empty_line_commands_about_the_frames_of_the_program_are_offered() -> None:
    assert [one.text for one in offer_frames("", TRACE, COMMANDS)] == [
        "watch fx.Work risky",
        "trace fx.Work risky",
        "jad fx.Work risky",
        "watch fx.Main main",
        "trace fx.Main main",
        "jad fx.Main main",
    ]


@each_row(
    ("before", "pasted"),
    [
        ("ognl '", TRACE),
        ("echo ", TRACE),
        ("watch ", "at a.b.C.m(C.java:64)"),
        ("", "version\npwd"),
        ("", "watch a.B m\nat"),
        ("", "version\npwd\njvm\nat a.b.C.m(C.java:64)"),
        ("", ""),
    ],
)
def test_anything_else_has_no_frames_to_offer(before: str, pasted: str) -> None:
    assert offer_frames(before, pasted, COMMANDS) == []


@given(st.text(alphabet="$❯[]arths@1 \\\n'\"x", max_size=40))
def test_a_paste_gives_no_command_that_was_not_in_it(pasted: str) -> None:
    text = understand_paste("", clean_paste(pasted), COMMANDS)
    letters = iter(clean_paste(pasted))
    assert all(letter in letters for letter in text if letter not in " \n\\")


def test_a_long_paste_is_read_in_no_time() -> None:
    for text in (
        "[arthas@" * 9_000,
        " " * 60_000,
        " \\" * 30_000,
        "'\"" * 30_000,
        "at a.b.C.m(C)\n" * 5_000,
    ):
        understand_paste("", clean_paste(text), COMMANDS)
        offer_frames("", text, COMMANDS)
