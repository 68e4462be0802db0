"""The prompt itself, in a real terminal of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from support.fake import Command
from support.terminal import open_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.fake import Call, FakeArthas
    from support.terminal import Terminal

    from arthas_cli.demo.target import Target

pytestmark = pytest.mark.terminal

BACKSPACE, TAB = "\x7f", "\t"
ASKED = "sm -d demo.MathGame"


@pytest.fixture
def terminal(fake: FakeArthas, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal at the prompt of a shell on `fake`."""
    with open_terminal("--url", fake.url, home=tmp_path) as terminal:
        terminal.see("❯")
        yield terminal


def test_the_menu_shows_commands_with_what_they_do(terminal: Terminal) -> None:
    terminal.type("vers")
    terminal.see("Arthas version")


def test_enter_sends_what_was_typed_and_never_what_the_menu_offers(
    terminal: Terminal, fake: FakeArthas
) -> None:
    terminal.type("vers")
    terminal.see("Arthas version")
    terminal.enter("")
    terminal.see("there is no command 'vers'")
    assert "version" not in [request.body.get("command") for request in fake.requests]


def test_tab_takes_the_first_entry(terminal: Terminal) -> None:
    terminal.type("vers")
    terminal.see("Arthas version")
    terminal.type(TAB)
    terminal.see("❯ version")


def test_classes_and_methods_of_a_real_server_complete(fixture_jvm: Target, tmp_path: Path) -> None:
    with open_terminal("--url", fixture_jvm.url, home=tmp_path) as terminal:
        terminal.see("❯")
        terminal.type("watch fixtu")
        terminal.see("fx.Fixture$Node")  # comes when the server has told its classes
        terminal.type(TAB)
        terminal.see("watch fx.Fixture")
        terminal.type(" pri")
        terminal.see("(String) double")
        terminal.type(TAB)
        terminal.see("watch fx.Fixture price")


def test_tab_behind_a_class_waits_for_the_methods_of_a_slow_server(
    terminal: Terminal, fake: FakeArthas
) -> None:
    answer = threading.Event()

    def run(_call: Call) -> Iterator[dict[str, object]]:
        answer.wait(10)
        for name in ("primeFactors", "print"):
            about: dict[str, object] = {
                "declaringClass": "demo.MathGame",
                "methodName": name,
                "parameters": [],
            }
            yield {"type": "sm", "detail": True, "methodInfo": about}

    fake.register(Command("sm", run))
    terminal.type("watch demo.MathGame ")
    fake.wait_for(lambda: any(seen.body.get("command") == ASKED for seen in fake.requests))
    terminal.type(TAB + TAB + "x")
    terminal.see("❯ watch demo.MathGame x")
    terminal.type(BACKSPACE + TAB)
    terminal.wait_for(lambda: terminal.last_line.endswith("❯ watch demo.MathGame"))
    answer.set()
    terminal.see("primeFactors")
    assert "❯ watch demo.MathGame\n" in terminal.screen
