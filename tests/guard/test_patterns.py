"""Which lines may enhance many classes, and the question that counts them."""

from __future__ import annotations

from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.guard.patterns import ClassPattern, find_wide_pattern
from arthas_cli.line.parse import parse_line


@each_row(
    ("line", "text", "question", "most"),
    [
        ("watch com.shop.* *", "com.shop.*", "sc -- com.shop.*", 50),
        ("trace *Service get -n 3", "*Service", "sc -- *Service", 50),
        ("stack com.Sho? get -m 200", "com.Sho?", "sc -- com.Sho?", 200),
        ("tt -t 'a b*' x", "a b*", "sc -- 'a b*'", 50),
        ("line --class com.* --line 3", "com.*", "sc -- com.*", 50),
        ("watch -- -x* y", "-x*", "sc -- -x*", 50),
    ],
)
def test_a_pattern_of_a_command_that_enhances_is_counted(
    line: str, text: str, question: str, most: int
) -> None:
    parsed = parse_line(line, load_commands())
    assert find_wide_pattern(parsed) == ClassPattern(text, question, most)


def test_a_regular_expression_is_counted_as_one() -> None:
    parsed = parse_line("monitor -E com.a|com.b x --maxMatch=7", load_commands())
    wanted = ClassPattern("com.a|com.b", "sc -E -- 'com.a|com.b'", 7, is_regex=True)
    assert find_wide_pattern(parsed) == wanted


@each_row(
    "line",
    [
        "watch com.shop.Order *",
        "sc com.*",
        "tt -l",
        "tt -i 1000 -w *",
        "watch -h",
        "watch",
        "reset com.*",
        "deploy com.*",
    ],
)
def test_what_hits_one_class_or_enhances_none_is_not(line: str) -> None:
    assert find_wide_pattern(parse_line(line, load_commands())) is None
