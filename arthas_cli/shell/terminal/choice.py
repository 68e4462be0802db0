"""Has the user choose one line of a few with the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Point
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent

_KEYS: dict[str, int] = {"up": -1, "k": -1, "c-p": -1, "down": 1, "j": 1, "c-n": 1}
_LEAVING = ("q", "escape", "c-c", "c-d")


def choose(title: str, lines: Sequence[str], how: str) -> int | None:
    """Return which line was chosen, None where the user leaves; nothing of it stays on the screen.

    `how`: says below the lines which keys there are. Where there are too many, they scroll.
    """
    at = 0

    def draw() -> StyleAndTextTuples:
        return [
            ("reverse" if number == at else "", line + "\n" * (number < len(lines) - 1))
            for number, line in enumerate(lines)
        ]

    def move(by: int) -> Callable[[KeyPressEvent], None]:
        def turn(_: KeyPressEvent) -> None:
            nonlocal at
            at = (at + by) % len(lines)

        return turn

    keys = KeyBindings()
    for key, by in _KEYS.items():
        keys.add(key)(move(by))
    keys.add("enter")(lambda event: event.app.exit(result=at))
    for key in _LEAVING:
        keys.add(key, eager=True)(lambda event: event.app.exit(result=None))
    rows = FormattedTextControl(draw, get_cursor_position=lambda: Point(0, at), focusable=True)
    layout = Layout(
        HSplit(
            [
                Window(FormattedTextControl([("bold", title)]), height=1),
                Window(rows, dont_extend_height=True, always_hide_cursor=True),
                Window(FormattedTextControl([("italic", how)]), height=1),
            ]
        )
    )
    app: Application[int | None] = Application(layout, key_bindings=keys, erase_when_done=True)
    return app.run()
