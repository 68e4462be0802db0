from __future__ import annotations

from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.guard.meeting import may_meet
from arthas_cli.line.parse import parse_line


def meet(one: str, other: str) -> bool:
    first, second = (parse_line(line, load_commands()) for line in (one, other))
    assert may_meet(first, second) is may_meet(second, first)
    return may_meet(first, second)


@each_row(
    ("one", "other"),
    [
        ("watch a.B m", "trace a.B m"),
        ("watch a.B m", "stack a/B m"),
        ("watch a.B *", "tt -t a.B m"),
        ("watch *B m", "monitor a.B m"),
        ("watch -E a\\.(B|C) 'm|n'", "watch a.C n"),
        ("watch a.* m", "watch *.B m"),
        ("watch a.B", "watch a.B m"),
        ("watch -E 'a\\p{Lu}(' m", "watch a.B m"),
        ("trace a.B m", "trace a.B n"),
    ],
)
def test_commands_meet_in_a_method_and_traces_in_what_a_class_calls(one: str, other: str) -> None:
    assert meet(one, other)


@each_row(
    ("one", "other"),
    [
        ("watch a.B m", "watch a.B n"),
        ("watch a.B m", "trace a.B n"),
        ("watch a.B m", "watch a.C m"),
        ("trace a.B m", "trace a.C m"),
        ("watch a.* m", "watch b.C m"),
        ("watch -E 'a\\.B' m", "watch a.C m"),
        ("watch a.B m", "tt -l"),
        ("watch a.B m", "version"),
    ],
)
def test_other_methods_and_classes_are_apart(one: str, other: str) -> None:
    assert not meet(one, other)
