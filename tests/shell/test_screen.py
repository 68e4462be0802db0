"""A terminal that lacks signs of ours gets plain ones, and codes for what else it lacks."""

from __future__ import annotations

import io

from arthas_cli.shell.terminal.screen import FittedStream, make_screen


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_what_is_drawn_on_a_terminal_without_unicode_is_plain() -> None:
    raw = io.BytesIO()
    stream = FittedStream(io.TextIOWrapper(raw, encoding="ascii"))
    stream.write("❯ 2 results · 0 lost … 顾")
    stream.flush()
    assert raw.getvalue() == b"> 2 results - 0 lost ~ \\u987e"


def test_any_other_terminal_is_drawn_on_as_it_is() -> None:
    assert make_screen(Terminal(io.BytesIO(), encoding="utf-8")) is None
    assert make_screen(io.StringIO()) is None
