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
    can_stop = Condition(lambda: view.can_stop)

    @keys.add("c-c")
    @keys.add("<sigint>")
    @keys.add("q", filter=can_stop)
    def _stop(event: KeyPressEvent) -> None:
        del event
        view.stop()

    @keys.add(" ", filter=can_stop)
    def _pause(event: KeyPressEvent) -> None:
        del event
        view.pause()

    @keys.add(Keys.Any)
    def _keep(event: KeyPressEvent) -> None:
        if event.data.isprintable():
            view.typed += event.data

    return keys
