"""A line that is typed is judged as the guard would, as far as it is whole."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.catalogue.model import Risk, load_commands
from arthas_cli.guard.partial import judge_typed
from arthas_cli.guard.risk import judge_line

READS, OBSERVES, CHANGES, DANGEROUS = Risk


@each_row(
    ("line", "risk"),
    [
        ("sysprop", READS),
        ("sysprop a.b", READS),
        ("sysprop a.b x", CHANGES),
        ("sysprop a.b 'x", READS),
        ("options unsafe true", DANGEROUS),
        ("options unsafe false", CHANGES),
        ("watch", OBSERVES),
        ("watch a b x", OBSERVES),
        ("watch --lim", OBSERVES),
        ("watch --zz", OBSERVES),
        ("watch --zz ", DANGEROUS),
        ("watch -", OBSERVES),
        ("watch a b '{@System@exit(1)", OBSERVES),
        ("watch a b '{@System@exit(1)}'", DANGEROUS),
        ("watch a b '{@System@exit(1)}' ", DANGEROUS),
        ("watch a b '{@System@exit(1)}' '#cost>1", DANGEROUS),
        ("watch a b @System@exit(1)", DANGEROUS),
        ("watch a b @System@exit", OBSERVES),
        ("watch a b params.start", OBSERVES),
        ("watch a b params.start ", DANGEROUS),
        ("watch a b params.startTime ", OBSERVES),
        ("watch a b {params[0", OBSERVES),
        ("watch a b '{params[0}'", OBSERVES),
        ("watch a b '{params[0}' ", DANGEROUS),
        ("watch a b x y z", OBSERVES),
        ("watch a b x y z ", DANGEROUS),
        ('watch a b "', OBSERVES),
        ("watch a b x\\", OBSERVES),
        ("watch a b 'x|", OBSERVES),
        ("watch a b 'x'|", OBSERVES),
        ("watch a b 'x'| ", DANGEROUS),
        ("watch --exclude-class-pattern a.stop", OBSERVES),
        ("tt -i 1000", OBSERVES),
        ("tt -i 1000 -p", DANGEROUS),
        ("tt -i 1000 --play", DANGEROUS),
        ("tt -s '@a@b()'", DANGEROUS),
        ("ognl", CHANGES),
        ("ognl 1", CHANGES),
        ("ognl '#a=1'", DANGEROUS),
        ("profiler st", CHANGES),
        ("profiler status", READS),
        ("retransform -l", READS),
        ("vmtool --action force", CHANGES),
        ("vmtool --action=force", CHANGES),
        ("vmtool --action force ", DANGEROUS),
        ("vmtool --action forceGc", DANGEROUS),
        ("stop", DANGEROUS),
        ("deploy a", DANGEROUS),
        ("'watch", OBSERVES),
        ("", DANGEROUS),
    ],
)
def test_a_word_that_is_typed_does_no_more_than_is_known_of_it(line: str, risk: Risk) -> None:
    assert judge_typed(line, len(line)).risk == risk


def test_a_cursor_that_went_back_hides_no_danger() -> None:
    line = "watch a b '{@System@exit(1)}' -n 5"
    assert {judge_typed(line, cursor).risk for cursor in range(len(line))} == {DANGEROUS}


def test_a_long_expression_is_judged_once_the_cursor_has_left_it() -> None:
    line = f"watch a b '{'params, ' * 300}@a@b()'"
    assert judge_typed(line, len(line)).risk == OBSERVES
    assert judge_typed(f"{line} ", len(line) + 1).risk == DANGEROUS


WORDS = st.sampled_from(
    [
        "-n",
        "5",
        "--zz",
        "a.B",
        "'{@a@b()}'",
        "{params",
        "-p",
        "--action",
        "forceGc",
        "'x",
        "|",
        "x=",
    ]
)


@given(st.sampled_from(sorted(load_commands())), st.lists(WORDS), st.integers(0, 60))
def test_what_is_typed_is_never_graver_than_what_would_be_sent(
    name: str, words: list[str], cursor: int
) -> None:
    order = list(Risk)
    line = " ".join([name, *words])
    whole = judge_line(line)
    assert order.index(judge_typed(line, cursor).risk) <= order.index(whole.risk)


@given(st.sampled_from(sorted(load_commands())), st.lists(WORDS))
def test_a_whole_line_with_the_cursor_behind_it_is_judged_as_it_would_be_sent(
    name: str, words: list[str]
) -> None:
    line = " ".join([name, *(word for word in words if word != "'x"), ""])
    assert judge_typed(line, len(line)) == judge_line(line)


@given(st.text(), st.integers(-1, 50))
def test_no_text_makes_it_raise(text: str, cursor: int) -> None:
    judge_typed(text, cursor)


def test_a_usual_line_is_judged_in_less_than_a_millisecond() -> None:
    line = "watch demo.MathGame primeFactors '{params, returnObj}' '#cost > 100' -n 5 -x "
    judge_typed(line, 0)
    begun = time.process_time()
    for number in range(100):
        judge_typed(f"{line}{number}", len(line) + 1)
    assert (time.process_time() - begun) / 100 < 0.001
