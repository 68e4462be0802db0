"""Ctrl+R at the prompt: what is left without a choice leaves the line as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.filters import control_is_searchable, is_searching
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.search import SearchDirection, start_search, stop_search

if TYPE_CHECKING:
    from prompt_toolkit.document import Document
    from prompt_toolkit.key_binding import KeyPressEvent


def make_search_keys() -> KeyBindings:
    """Return the keys that begin and leave a search.

    prompt_toolkit takes a match that was gone on from into the line for good, and does not give
    the line back.
    """
    keys = KeyBindings()
    found: list[tuple[int, Document]] = []

    def begin(event: KeyPressEvent, direction: SearchDirection) -> None:
        buffer = event.current_buffer
        found[:] = [(buffer.working_index, buffer.document)]
        start_search(direction=direction)

    @keys.add("c-r", filter=control_is_searchable)
    def _back(event: KeyPressEvent) -> None:
        begin(event, SearchDirection.BACKWARD)

    @keys.add("c-s", filter=control_is_searchable)
    def _forward(event: KeyPressEvent) -> None:
        begin(event, SearchDirection.FORWARD)

    @keys.add("c-c", filter=is_searching)
    @keys.add("c-g", filter=is_searching)
    @keys.add("<sigint>", filter=is_searching)
    def _leave(event: KeyPressEvent) -> None:
        stop_search()
        for index, document in found:
            buffer = event.app.current_buffer
            buffer.go_to_history(index)
            buffer.document = document

    return keys
