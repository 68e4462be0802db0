"""Streams of many JVMs on a terminal: narrow, coloured."""

from __future__ import annotations

import io

from arthas_cli.fleet.merged import Merged
from arthas_cli.output import Paper
from arthas_cli.protocol import Result
from arthas_cli.views import Page


def draw(names: tuple[str, ...], width: int | None, *, has_color: bool = False) -> list[str]:
    """Returns the lines of an echo of each."""
    stream = io.StringIO()
    paper = Paper(stream, width=width, color="standard" if has_color else None)
    form = Merged(paper, Page(width=width, is_coloured=has_color), names)
    for name in names:
        form.show(
            Result("echo", 1, {"type": "echo", "content": "one two three"}, "{}", target=name)
        )
    paper.flush()
    return stream.getvalue().splitlines()


def test_names_are_as_wide_as_the_longest() -> None:
    assert draw(("db", "web-1"), None) == ["db    │ one two three", "web-1 │ one two three"]


def test_a_long_name_keeps_its_end_and_leaves_two_thirds_of_the_page() -> None:
    names = ("web-7d9c5b6c4-x2x1z", "web-7d9c5b6c4-k8s4q")
    assert draw(names, 30) == ["…6c4-x2x1z │ one two three", "…6c4-k8s4q │ one two three"]


def test_each_name_has_a_colour_of_its_own() -> None:
    first, second = draw(("a", "b"), 40, has_color=True)
    assert (first, second) == (
        "\x1b[36ma\x1b[0m │ one two three",
        "\x1b[32mb\x1b[0m │ one two three",
    )
