"""The terminal between two applications: what it does with keys, and what a program gets."""

from __future__ import annotations

import os
import termios
from typing import TYPE_CHECKING, Any

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.key_binding.key_processor import KeyPress

from arthas_cli.shell.terminal.keyboard import Keyboard, put_first, take_typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prompt_toolkit.input import Input

SHOWS = termios.ECHO | termios.ICANON | termios.ISIG


@pytest.fixture
def source() -> Iterator[Vt100Input]:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, encoding="utf-8") as stream, os.fdopen(ours, "wb"):
        yield Vt100Input(stream)


def read_modes(source: Input) -> list[Any]:
    return termios.tcgetattr(source.fileno())


def read_flags(source: Input) -> int:
    """Returns whether keys are shown, wait for Enter, and are signals."""
    return int(read_modes(source)[3]) & SHOWS


def test_while_it_is_held_keys_are_not_shown_and_ctrl_c_alone_is_a_signal(
    source: Vt100Input,
) -> None:
    keyboard, before = Keyboard(source), read_modes(source)
    with keyboard.hold():
        assert read_flags(source) == termios.ISIG
        assert not read_modes(source)[0] & termios.ICRNL
        characters = read_modes(source)[6]
        assert characters[termios.VINTR] == before[6][termios.VINTR]
        assert {characters[termios.VSUSP], characters[termios.VQUIT]} == {b"\0"}
    assert read_modes(source) == before


def test_an_application_leaves_it_as_it_was_between_two(source: Vt100Input) -> None:
    keyboard = Keyboard(source)
    with keyboard.hold():
        with keyboard.raw_mode():
            assert read_flags(source) == 0
            with keyboard.cooked_mode():
                assert read_flags(source) == 0
        assert read_flags(source) == termios.ISIG


def test_a_program_gets_it_as_it_was_found(source: Vt100Input) -> None:
    keyboard, before = Keyboard(source), read_modes(source)
    with keyboard.hold(), keyboard.raw_mode():
        with keyboard.lend():
            assert read_modes(source) == before
        assert read_flags(source) == 0


def test_what_was_typed_is_taken_in_order_and_put_back_before_what_came_since() -> None:
    with create_pipe_input() as source:
        source.send_text("bc")
        put_first(source, [KeyPress("a")])
        typed = take_typed(source)
        source.send_text("d")
        put_first(source, typed.keys)
        assert [key.data for key in take_typed(source).keys] == ["a", "b", "c", "d"]
        assert take_typed(source).keys == []


def test_ctrl_c_drops_what_was_typed_before_it() -> None:
    with create_pipe_input() as source:
        source.send_text("ab\r\x03c\x1b[1;1R")
        keys, is_stopped = take_typed(source)
        assert ([key.data for key in keys], is_stopped) == (["c"], True)


def test_all_that_was_typed_is_taken_however_much_it_is() -> None:
    with create_pipe_input() as source:
        source.send_text("x" * 3000 + "y\r")
        assert len(take_typed(source).keys) == 3002
        assert take_typed(source).keys == []
