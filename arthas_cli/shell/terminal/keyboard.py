"""The keys of the terminal for the life of the shell: typed ahead or not, none is lost or changed.

prompt_toolkit gives the terminal back behind each application, and for each text that is written
above one. A key that came then would be shown where it does not belong, Enter would become another
key and Ctrl+D the end of the input. So the shell keeps the terminal, and gives it away only to
programs; and what nobody has taken yet stands in one queue, that of prompt_toolkit.
"""

from __future__ import annotations

import os
import select
import sys
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from prompt_toolkit.application import get_app_session
from prompt_toolkit.input.typeahead import get_typeahead, store_typeahead
from prompt_toolkit.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding.key_processor import KeyPress

STOPS = (Keys.ControlC, Keys.SIGINT)
_FLAGS_IN, _FLAGS_LOCAL, _CHARACTERS = 0, 3, 6  # in what termios.tcgetattr returns


class Keyboard:
    """An input of prompt_toolkit, of a terminal that is quiet between two applications.

    Quiet: keys are not shown and not changed, and stay where they are until somebody reads them.
    Ctrl+C alone is a signal then, for the shell may wait for a server that does not answer.
    `is_lent`: a program has the terminal.
    """

    def __init__(self, source: Input) -> None:
        self.is_lent = False
        self._source = source
        self._found: list[Any] | None = None
        self._quiet: list[Any] | None = None

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep the terminal quiet while it lasts, and give it back as it was found."""
        self._found = _read_modes(self._source)
        self._quiet = None if self._found is None else _hush(self._found, self._source.fileno())
        self._set(self._quiet)
        try:
            yield
        finally:
            self.give_back()
            self._found = self._quiet = None

    @contextmanager
    def lend(self) -> Iterator[None]:
        """Give the terminal as it was found to a program while it lasts."""
        before = _read_modes(self._source)
        self.is_lent = True
        self.give_back()
        try:
            yield
        finally:
            self.is_lent = False
            if self._found is not None:
                self._set(before)

    def give_back(self) -> None:
        """Make the terminal what it was when it was found, whatever runs."""
        self._set(self._found)

    def cooked_mode(self) -> AbstractContextManager[None]:
        """Change nothing: what is written above an application is no reason to give keys away."""
        return nullcontext() if self._found is not None else self._source.cooked_mode()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else an input has
        return getattr(self._source, name)

    def _set(self, modes: list[Any] | None) -> None:
        if modes is not None:
            import termios

            with suppress(OSError, ValueError, termios.error):  # the terminal may be gone
                termios.tcsetattr(self._source.fileno(), termios.TCSANOW, modes)


class TypedAhead(NamedTuple):
    """Keys that nobody has taken yet; `is_stopped`: they stood behind Ctrl+C."""

    keys: list[KeyPress]
    is_stopped: bool


def take_typed(source: Input) -> TypedAhead:
    """Take all keys that were typed up to now, in their order; Ctrl+C drops those before it."""
    typed = [*get_typeahead(source), *source.read_keys()]
    while _has_more(source):  # one read takes a kilobyte
        typed += source.read_keys()
    keys = [key for key in typed if key.key is not Keys.CPRResponse]
    stops = [at for at, key in enumerate(keys) if key.key in STOPS]
    return TypedAhead(keys[stops[-1] + 1 :] if stops else keys, bool(stops))


def _has_more(source: Input) -> bool:
    """Return whether a terminal or pipe has more to read; at its end it says so for ever."""
    if source.closed or sys.platform == "win32":
        return False
    try:
        return bool(select.select([source.fileno()], [], [], 0)[0])
    except (OSError, ValueError, NotImplementedError):  # the terminal may be gone
        return False


def put_first(source: Input, keys: Sequence[KeyPress]) -> None:
    """Feed these keys to the next application, before all others."""
    store_typeahead(source, [*keys, *get_typeahead(source)])


def take_stop(source: Input) -> bool:
    """Return whether Ctrl+C was typed ahead: it and what was typed before it are gone then."""
    keys, is_stopped = take_typed(source)
    put_first(source, keys)
    return is_stopped


def is_lent(source: Input) -> bool:
    """Return whether a program has the terminal, and Ctrl+C there is its own affair."""
    return isinstance(source, Keyboard) and source.is_lent


def lend_terminal() -> AbstractContextManager[None]:
    """Give the terminal of the shell to a program while it lasts."""
    source = get_app_session().input
    return source.lend() if isinstance(source, Keyboard) else nullcontext()


def _read_modes(source: Input) -> list[Any] | None:
    """Return how the terminal treats keys; None where it is no terminal of that kind."""
    try:
        import termios
    except ImportError:  # Windows
        return None
    with suppress(OSError, ValueError, NotImplementedError, termios.error):
        return termios.tcgetattr(source.fileno())
    return None


def _hush(found: list[Any], number: int) -> list[Any]:
    import termios

    modes = [*found[:_CHARACTERS], list(found[_CHARACTERS])]
    modes[_FLAGS_LOCAL] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    modes[_FLAGS_LOCAL] |= termios.ISIG
    modes[_FLAGS_IN] &= ~(
        termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF
    )
    nothing = bytes([os.fpathconf(number, "PC_VDISABLE")])
    modes[_CHARACTERS][termios.VQUIT] = modes[_CHARACTERS][termios.VSUSP] = nothing
    modes[_CHARACTERS][termios.VMIN], modes[_CHARACTERS][termios.VTIME] = 1, 0
    return modes
