"""The line under the prompt."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth
from support.table import each_row

from arthas_cli.completion.index import ClassIndex
from arthas_cli.completion.knowledge import Knowledge
from arthas_cli.session.ask import Answer
from arthas_cli.shell.prompt.toolbar import Status, format_index, format_toolbar


def draw(status: Status, width: int = 80) -> str:
    return "".join(text for _, text in format_toolbar(status, width))


def test_it_says_where_one_is_and_what_the_keys_do() -> None:
    bar = draw(Status("Arthas 4.1.5 · 127.0.0.1:8563"))
    assert bar.startswith("Arthas 4.1.5 · 127.0.0.1:8563  ")
    assert bar.endswith("  F1 help  F2 format: text  F4 editor")
    assert len(bar) == 80


def test_what_is_nothing_is_not_there() -> None:
    status = Status(
        "Arthas",
        jobs=["[1] 12 new", "[2] ended, 3 new"],
        index="12,345 classes",
        display_format="tree",
        mode="insert",
    )
    begins = "insert · [1] 12 new · [2] ended, 3 new · Arthas · 12,345 classes"
    assert draw(status, 140).startswith(f"{begins}  ")
    assert draw(status, 140).endswith("F2 format: tree  F4 editor")


FULL = Status(
    "Arthas 4.1.5 · 127.0.0.1:8563",
    jobs=["[1] 12 new", "[2] ended, 3 new"],
    index="2,644 classes",
)

FACTS = "[1] 12 new · [2] ended, 3 new · Arthas 4.1.5 · 127.0.0.1:8563 · 2,644 classes"


@each_row(
    ("width", "bar"),
    [
        (
            103,
            f"{FACTS}  F1 help  F2 format: text",
        ),
        (
            90,
            f"{FACTS}      F1 help",
        ),
        (80, "[1] 12 new · [2] ended, 3 new · Arthas 4.1.5 · 127.0.0.1:8563            F1 help"),
        (70, "[1] 12 new · [2] ended, 3 new · Arthas 4.1.5 · 127.0.0.1:8563  F1 help"),
        (69, "[1] 12 new · [2] ended, 3 new · Arthas 4.1.5 · 127.0.0.1:8563"),
        (60, "[1] 12 new · [2] ended, 3 new"),
        (28, "[2] ended, 3 new"),
        (10, "[2] ended…"),
    ],
)
def test_in_a_narrow_terminal_what_is_least_useful_goes_as_a_whole(width: int, bar: str) -> None:
    assert draw(FULL, width) == bar


def test_beside_the_number_of_classes_the_last_key_goes() -> None:
    status = Status("Arthas 4.1.5 · 127.0.0.1:34205", index="2,644 classes")
    assert draw(status) == (
        "Arthas 4.1.5 · 127.0.0.1:34205 · 2,644 classes          F1 help  F2 format: text"
    )


def test_that_results_look_otherwise_than_usual_is_said_before_the_number_of_classes() -> None:
    status = Status("Arthas 4.1.5 · 127.0.0.1:34205", index="2,644 classes", display_format="json")
    assert draw(status, 60) == "Arthas 4.1.5 · 127.0.0.1:34205      F1 help  F2 format: json"


def test_that_the_server_does_not_answer_is_said_to_the_last() -> None:
    status = Status("Arthas", jobs=["[1] 12 new"], mode="insert", silent_since=0.0)
    assert re.fullmatch(r"no answer since \d\d:\d\d:\d\d", draw(status, 30))


@given(st.text(max_size=40), st.integers(0, 100))
def test_it_fits_the_width_and_obeys_nothing_in_a_name(target: str, width: int) -> None:
    bar = draw(Status(target), width)
    assert get_cwidth(bar) <= width
    assert not set(bar) & {"\x1b", "\n", "\r"}


def test_the_number_of_classes_that_are_known_stands_there_once_they_are() -> None:
    knowledge = Knowledge(lambda _line: Answer([]))
    assert format_index(knowledge) == ""
    knowledge.index = ClassIndex(f"a.B{number}" for number in range(1_200))
    assert format_index(knowledge) == "1,200 classes"
