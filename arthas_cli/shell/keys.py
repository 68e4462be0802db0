"""What the keys do while a command runs; what means nothing here is kept for the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyPressEvent

    from arthas_cli.shell.live import LiveView

# How Enter stands in what is typed ahead; a line break that was pasted is none.
ENTER = "\r"


def find_open_line(typed: str) -> str:
    """Returns what is typed behind the last Enter."""
    return typed.rpartition(ENTER)[2]


def make_running_keys(view: LiveView) -> KeyBindings:
    """Returns the keys of a running command."""
    keys = KeyBindings()
    _add_job_keys(keys, view)
    _add_typing_keys(keys, view)
    return keys


def _add_job_keys(keys: KeyBindings, view: LiveView) -> None:
    can_be_left = Condition(lambda: view.can_be_left)
    is_free = Condition(lambda: view.can_stop and not find_open_line(view.typed))

    @keys.add("c-c")
    @keys.add("<sigint>")
    def _interrupt(event: KeyPressEvent) -> None:
        del event
        view.typed = find_open_line(view.typed)  # the lines that wait are not run
        view.stop()

    @keys.add("q", filter=is_free)
    def _stop(event: KeyPressEvent) -> None:
        del event
        view.stop()

    @keys.add(" ", filter=is_free)
    def _pause(event: KeyPressEvent) -> None:
        del event
        view.pause()

    @keys.add("c-z", filter=can_be_left)
    def _put_behind(event: KeyPressEvent) -> None:
        del event
        view.put_behind()


def _add_typing_keys(keys: KeyBindings, view: LiveView) -> None:
    @keys.add("c-h")
    def _erase(event: KeyPressEvent) -> None:
        del event
        if find_open_line(view.typed):
            view.typed = view.typed[:-1]

    @keys.add("enter")
    def _enter(event: KeyPressEvent) -> None:
        del event
        view.typed += ENTER

    @keys.add(Keys.BracketedPaste)
    def _paste(event: KeyPressEvent) -> None:
        view.typed += event.data.replace("\r\n", "\n").replace("\r", "\n")

    @keys.add(Keys.Any)
    def _keep(event: KeyPressEvent) -> None:
        if event.data.isprintable():
            view.typed += event.data
