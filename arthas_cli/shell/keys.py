"""What the keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyPressEvent

    from arthas_cli.shell.live import LiveView


def make_running_keys(view: LiveView) -> KeyBindings:
    """Returns the keys of a running command; what means nothing here is kept for the prompt."""
    keys = KeyBindings()
    is_free = Condition(lambda: view.can_stop and not view.typed)

    @keys.add("c-c")
    @keys.add("<sigint>")
    @keys.add("q", filter=is_free)
    def _stop(event: KeyPressEvent) -> None:
        del event
        view.stop()

    @keys.add(" ", filter=is_free)
    def _pause(event: KeyPressEvent) -> None:
        del event
        view.pause()

    @keys.add("c-h")
    def _erase(event: KeyPressEvent) -> None:
        del event
        view.typed = view.typed[:-1]

    @keys.add(Keys.Any)
    def _keep(event: KeyPressEvent) -> None:
        if event.data.isprintable():
            view.typed += event.data

    return keys
