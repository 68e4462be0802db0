"""Completion in the prompt: what is suggested, as prompt_toolkit wants it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion

from arthas_cli.completion.knowledge import Knowledge
from arthas_cli.completion.suggest import Suggester, Word
from arthas_cli.line.scan import scan_line
from arthas_cli.session.ask import hear
from arthas_cli.shell.terminal.soon import call_soon
from arthas_cli.transport import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from prompt_toolkit.application import Application
    from prompt_toolkit.document import Document

    from arthas_cli.catalogue.model import Command
    from arthas_cli.session.ask import Answer
    from arthas_cli.session.server import Server

_DEADLINE_S = 20.0


class _Known(Completion):
    """What is known now, to be looked for anew; what a paste offers is not."""


class ShellCompleter(Completer):
    """Completes lines; asks nobody on the way. `knowledge` is where the names come from."""

    def __init__(self, suggester: Suggester, knowledge: Knowledge) -> None:
        self.knowledge: Knowledge = knowledge
        self._suggester = suggester
        self._missing: Document | None = None
        self._is_awaited = False

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Yield what may stand at the cursor; while typing nothing for a word not yet begun.

        While names are being asked for it is nothing either, for Tab would put in what the options
        have in common; the menu opens once the names are there.
        """
        text = document.text_before_cursor
        on_request, self.knowledge.is_lacking = complete_event.completion_requested, False
        behind = document.text_after_cursor
        found = self._suggester.suggest(text, behind, on_request=on_request)
        self._missing = document if self.knowledge.waiting else None
        self._is_awaited = on_request and self.knowledge.is_lacking
        if not is_in_word(text) and (self._is_awaited or not on_request):
            return
        for one in found:
            yield _Known(
                one.text,
                start_position=one.start - len(text),
                display=one.shown,
                display_meta=one.note,
            )

    def use(self, line: str) -> None:
        """Count the words of a line that was entered: what is used most comes first."""
        typed = scan_line(line)
        if typed.fault is None:  # else it will not run
            self.knowledge.used.update(word.text for word in typed.words)

    def expire(self, line: str) -> None:
        """Forget what the command of a line that ran may have changed."""
        self.knowledge.expire(line.partition(" ")[0])

    def follow(self, app: Application[str]) -> None:
        """Reopen the menu when names it was waiting for arrive."""

        def look_again() -> None:
            buffer = app.current_buffer
            state = buffer.complete_state
            is_held = state is not None and (
                state.complete_index is not None
                or not all(isinstance(one, _Known) for one in state.completions)
            )
            if app.is_running and buffer.document == self._missing and not is_held:
                self._missing = None
                is_menu = self._is_awaited or state is not None
                if is_menu or is_in_word(buffer.document.text_before_cursor):
                    buffer.start_completion(select_first=False)

        self.knowledge.on_news = lambda: call_soon(app, look_again)


def _ask(server: Server, line: str) -> Answer:
    return hear(server, line, deadline_s=_DEADLINE_S)


def is_in_word(text: str) -> bool:
    """Return whether the text ends with a word that was begun."""
    return bool(text) and not text[-1].isspace()


def make_completer(  # noqa: PLR0913 - whom it asks, and what it knows
    find_server: Callable[[], Server],
    find_commands: Callable[[], Mapping[str, Command]],
    find_version: Callable[[], tuple[int, ...]],
    words: Mapping[str, Word],
    *,
    is_asking: bool,
    list_others: Callable[[], Iterable[Server]] = tuple,
) -> ShellCompleter:
    """Return the completer of a shell; `words` are the shell's own commands.

    `find_server` returns who is asked, `list_others` who has classes beside that one; without
    `is_asking` nobody is.
    """

    def ask(line: str) -> Answer:
        return _ask(find_server(), line)

    knowledge = Knowledge(
        ask,
        is_on=is_asking,
        find_version=find_version,
        list_others=lambda: [partial(_ask, server) for server in list_others()],
    )
    return ShellCompleter(
        Suggester(find_commands, words, knowledge, has_files=is_loopback(find_server().url)),
        knowledge,
    )
