"""What the keys do while a command runs; those of lines for the prompt are kept for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyPressEvent

    from arthas_cli.shell.terminal.typed_lines import TypedLines


class RunningView(Protocol):
    """What the keys act on: the view of a running command.

    `typed`: the lines typed for the prompt. `is_stopped_by_q`: set by the key that also begins
    `quit`.
    """

    typed: TypedLines
    is_stopped_by_q: bool

    @property
    def can_be_left(self) -> bool:
        """Whether the command may go into the background."""
        ...

    @property
    def can_stop(self) -> bool:
        """Whether a key may stop it."""
        ...

    def stop(self) -> None:
        """Interrupt the command, or let go of it."""
        ...

    def pause(self) -> None:
        """Pause the drawing, or go on with it."""
        ...

    def put_behind(self) -> None:
        """Put the command into the background."""
        ...


def make_running_keys(view: RunningView) -> KeyBindings:
    """Return the keys of a running command."""
    keys = KeyBindings()
    can_be_left = Condition(lambda: view.can_be_left)
    is_free = Condition(lambda: view.can_stop and not view.typed.is_open)

    @keys.add(Keys.Any)
    @keys.add("c-d")
    @keys.add("c-h")
    @keys.add("c-j")
    @keys.add("enter")
    @keys.add(Keys.BracketedPaste)
    def _keep(event: KeyPressEvent) -> None:
        view.typed.add(event.key_sequence)

    @keys.add("c-c")
    @keys.add("<sigint>")
    def _interrupt(event: KeyPressEvent) -> None:
        del event
        view.typed.drop_lines()  # they are not run
        view.stop()

    @keys.add("q", filter=is_free)
    def _stop(event: KeyPressEvent) -> None:
        del event
        view.is_stopped_by_q = True
        view.stop()

    @keys.add(" ", filter=is_free)
    def _pause(event: KeyPressEvent) -> None:
        del event
        view.pause()

    @keys.add("c-z", filter=can_be_left)
    def _put_behind(event: KeyPressEvent) -> None:
        del event
        view.put_behind()

    return keys
