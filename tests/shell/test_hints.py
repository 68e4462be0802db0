"""The hint bar: syntax with the current argument lit, help of options, risk; always one line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.shell.prompt.hint import find_command, make_hint
from arthas_cli.shell.prompt.hint_bar import format_hint
from arthas_cli.shell.terminal.fit import cut_middle, cut_text

COMMANDS = load_commands()
OWN = {"quit": "leave", ":every": "repeat a command"}


def hint(line: str, width: int = 80, cursor: int | None = None) -> str:
    """Returns the bar, with the current argument between < and >."""
    at = len(line) if cursor is None else cursor
    made = make_hint(line, at, COMMANDS, OWN)
    return "".join(
        f"<{text}>" if style == "class:hint.now" else text
        for style, text in format_hint(made, width)
    )


@each_row(
    ("line", "begins", "risk"),
    [
        ("watch ", "watch <class-pattern> method-pattern [express] [condition]", "observes"),
        ("watch a.B", "watch <class-pattern> method-pattern [express] [condition]", "observes"),
        ("watch a.B ", "watch class-pattern <method-pattern> [express] [condition]", "observes"),
        ("watch a.B m '{par", "watch class-pattern method-pattern <[express]> [cond", "observes"),
        ("watch a -n", "watch <-n, --limits> <int>   a number · 100 unless given", "observes"),
        ("watch a -n ", "watch -n, --limits <<int>>   a number · 100 unless given", "observes"),
        ("watch a --re", "watch <-E, --regex>", "observes"),
        ("cat a b c", "cat <files…>", "reads"),
        ("jvm ; ognl 1", "ognl <express>", "changes"),
        ("jvm;ognl 1", "ognl <express>", "changes"),
        ("version\nsc a", "sc <class-pattern>", "reads"),
        (":every 2s sc a", "sc <class-pattern>", "reads"),
    ],
)
def test_the_part_of_the_syntax_that_the_cursor_is_at_is_lit(
    line: str, begins: str, risk: str
) -> None:
    bar = hint(line)
    assert bar.startswith(begins)
    assert bar.endswith(f" {risk} ")


def test_the_cursor_counts_and_not_the_end_of_the_line() -> None:
    assert hint("watch a.B m", cursor=7).startswith("watch <class-pattern> ")
    assert hint("jvm ; ognl 1", cursor=2).startswith("jvm   facts about the JVM")


def test_behind_the_last_argument_nothing_is_wrong_yet() -> None:
    assert hint("jvm ").startswith("jvm   facts about the JVM")


@each_row(
    ("line", "said"),
    [
        ("", "an Arthas or shell command; 'help' lists them"),
        ("s", "sc  sm  stack  session  sysprop  sysenv  stop"),
        ("q", "quit   leave"),
        ("quit", "quit   leave"),
        ("jvm & ", ""),
        (":every 2", ":every   repeat a command"),
        ("wach", "there is no command 'wach'; did you mean 'watch'?"),
        ("top", "there is no command 'top'; use 'dashboard' for an overview, or 'thread -n 5' fo…"),
        ("wach a", "there is no command 'wach'; did you mean 'watch'?"),
        ("jvm | gr", "a local program; it gets what would be shown"),
        ("jvm > f", "a local file"),
    ],
)
def test_outside_a_command_it_says_what_may_stand_there(line: str, said: str) -> None:
    assert hint(line) == said


@each_row(
    ("line", "said"),
    [
        ("version x", "one too many: 'version' takes nothing"),
        (
            "watch a b x|head",
            "put spaces around an operator; quote one that belongs to a word",
        ),
        ("watch a b c d e", "one too many: 'watch' takes 4 arguments"),
        ("watch --zz", "'watch' has no option '--zz'"),
        ("watch --lazi", "'watch' has no option '--lazi'; did you mean '--lazy'?"),
        ("watch a b 'x", "open quote: Enter continues the line"),
    ],
)
def test_what_is_wrong_is_said(line: str, said: str) -> None:
    assert said in hint(line, 120)


def test_options_that_begin_so_are_listed() -> None:
    assert hint("watch --ex").startswith("watch --exception --exclude-class-pattern --expand ")


def test_a_risk_that_is_not_the_usual_one_has_its_reason() -> None:
    for line in ("tt -i 1000 -p", "tt -i 1000 -p "):
        assert "'-p': calls the recorded method again in the target" in hint(line, 90)
        assert hint(line).endswith(" dangerous ")


def test_the_risk_is_what_the_guard_says_with_its_reason() -> None:
    line = "jvm ; watch A m '{@System@exit(1)}'"
    for typed in (line, f"{line} ", f"{line} -n 5"):
        bar = hint(typed, 120)
        assert "the expression: it calls the static method System@exit()" in bar
        assert bar.endswith(" dangerous ")
    assert hint(line.removesuffix("'"), 120).endswith(" observes ")
    assert hint("vmtool --action forceGc ").startswith("vmtool   '--action': acts on the target ")


def test_in_a_narrow_terminal_the_current_argument_stays() -> None:
    assert hint("watch a b 'x' ", 40) == "watch … [express] <[condition]>  observes "
    assert hint("watch a ", 20) == "… <method-pattern> …"
    assert hint("watch a ", 9) == "<meth…tern>"


@given(
    st.one_of(
        st.text(max_size=40), st.sampled_from(["watch a b c", "tt -i 1 -p ", "ognl '你好", "s"])
    ),
    st.integers(0, 50),
    st.integers(0, 120),
)
def test_it_fits_the_width_in_one_line_whatever_is_typed(
    line: str, cursor: int, width: int
) -> None:
    bar = "".join(text for _, text in format_hint(make_hint(line, cursor, COMMANDS, OWN), width))
    assert get_cwidth(bar) <= width
    assert "\n" not in bar
    assert "\x1b" not in bar


def test_a_text_that_is_cut_shows_it() -> None:
    assert cut_text("abcdef", 4) == "abc…"
    assert cut_text("你好吗", 5) == "你好…"
    assert cut_middle("abcdefgh", 5) == "ab…gh"


@each_row(
    ("line", "cursor", "name"),
    [
        ("watch a", 7, "watch"),
        ("jvm ; ognl 1", 11, "ognl"),
        ("jvm", 3, "jvm"),
        ("zz", 1, ""),
        ("", 0, ""),
    ],
)
def test_the_command_at_hand_is_that_of_the_cursor(line: str, cursor: int, name: str) -> None:
    assert find_command(line, cursor, COMMANDS) == name
