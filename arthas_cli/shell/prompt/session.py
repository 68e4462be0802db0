"""The prompt to type in: its colours, its bars, and what its keys do.

A key never asks the server, and only Enter runs a line. What the prompt has to know of the shell
comes in through `Surroundings`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.buffer import CompletionState
from prompt_toolkit.completion import Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import Always, Condition, has_focus, vi_navigation_mode
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import ColorDepth

from arthas_cli.line.own_words import RAW
from arthas_cli.line.scan import find_open, scan_line, split_lines
from arthas_cli.shell.prompt.autosuggest import make_suggestion_keys
from arthas_cli.shell.prompt.colours import STYLE
from arthas_cli.shell.prompt.editor import edit_text, find_editor
from arthas_cli.shell.prompt.frames import offer_frames
from arthas_cli.shell.prompt.hint import find_command, make_hint
from arthas_cli.shell.prompt.hint_bar import format_hint
from arthas_cli.shell.prompt.lexer import LineLexer, colour_line
from arthas_cli.shell.prompt.paste import clean_paste, understand_paste
from arthas_cli.shell.prompt.search import make_search_keys
from arthas_cli.shell.prompt.toolbar import format_toolbar
from arthas_cli.shell.terminal.typed_lines import make_lines, make_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prompt_toolkit.application import Application
    from prompt_toolkit.auto_suggest import AutoSuggest
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.key_binding.key_processor import KeyPress

    from arthas_cli.catalogue.model import Command
    from arthas_cli.shell.prompt.frames import Choice
    from arthas_cli.shell.prompt.toolbar import Status

_HELP, _KEYS = "help", ":keys"
_VI_WAIT_S = 0.3  # for what follows Escape, which alone changes the mode


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the prompt knows of the shell. None of it may ask the server.

    `own_words`: the words of the shell with their summaries. `turn_format` goes on to the next way
    to show results. `tell` writes a line above the prompt.
    """

    find_commands: Callable[[], Mapping[str, Command]]
    own_words: Mapping[str, str]
    find_status: Callable[[], Status]
    turn_format: Callable[[], None]
    tell: Callable[[str], None]
    variables: Mapping[str, str]
    suggest: AutoSuggest | None = None
    completer: Completer | None = None


def make_prompt_session(
    history: History,
    around: Surroundings,
    *,
    is_vi: bool = False,
    has_color: bool = True,
) -> PromptSession[str]:
    """Return the prompt; the lines it returns may have line breaks inside quotes."""

    def colour(line: str, cursor: int) -> list[tuple[str, str]]:
        return colour_line(line, cursor, around.find_commands(), around.own_words)

    session: PromptSession[str] = PromptSession(
        history=history,
        auto_suggest=around.suggest,
        completer=around.completer,
        style=STYLE,
        color_depth=None if has_color else ColorDepth.DEPTH_1_BIT,
        editing_mode=EditingMode.VI if is_vi else EditingMode.EMACS,
        lexer=LineLexer(colour, lambda: session.default_buffer.cursor_position),
        key_bindings=merge_key_bindings(
            [make_prompt_keys(around), make_suggestion_keys(), make_search_keys()]
        ),
        bottom_toolbar=lambda: format_bars(session, around),
        prompt_continuation=format_continuation,
    )
    # Up takes the lines that begin as what is typed. The session's own switch for it would also end
    # the completion while typing.
    session.default_buffer.enable_history_search = Always()
    window = session.layout.current_window
    draw = window.get_line_prefix
    # Asked for each row of a long line, several times a key: nothing stands before a wrapped one.
    window.get_line_prefix = lambda number, wraps: draw(number, wraps) if draw and not wraps else ""
    if is_vi:
        session.app.timeoutlen = _VI_WAIT_S
    return session


def format_continuation(width: int, number: int, wraps: int) -> FormattedText:
    """Return the dots that stand before a further line, as wide as the prompt."""
    del number, wraps
    return FormattedText([("class:continuation", "…".rjust(width - 1) + " ")])


def format_bars(session: PromptSession[str], around: Surroundings) -> FormattedText:
    """Return the hint bar and the toolbar for what is typed."""
    app, document = session.app, session.default_buffer.document
    width = app.output.get_size().columns
    commands = around.find_commands()
    hint = make_hint(document.text, document.cursor_position, commands, around.own_words)
    status = around.find_status()
    if app.editing_mode is EditingMode.VI:
        status = replace(status, mode=str(app.vi_state.input_mode.value).removeprefix("vi-"))
    return FormattedText([*format_hint(hint, width), ("", "\n"), *format_toolbar(status, width)])


def make_prompt_keys(around: Surroundings) -> KeyBindings:
    """Return the keys of the prompt that prompt_toolkit has not, or has otherwise."""
    keys = KeyBindings()
    asked: list[str] = []  # for help with F1, and since then nothing else was entered
    _add_line_keys(keys, around, asked.clear)
    _add_function_keys(keys, around)
    _add_help_keys(keys, around, asked)
    return keys


def _add_line_keys(
    keys: KeyBindings, around: Surroundings, tell_entered: Callable[[], None]
) -> None:
    is_typing = has_focus(DEFAULT_BUFFER)

    @keys.add("enter", filter=is_typing)
    def _enter(event: KeyPressEvent) -> None:
        tell_entered()
        enter_line(event.current_buffer, lambda keys: _type_ahead(event, keys))

    @keys.add("escape", "enter", filter=is_typing)
    def _break_line(event: KeyPressEvent) -> None:
        event.current_buffer.newline(copy_margin=False)

    @keys.add(Keys.BracketedPaste, filter=is_typing)
    def _paste(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        text = clean_paste(event.data)
        before, commands = buffer.document.text_before_cursor, around.find_commands()
        choices = offer_frames(before, text, commands)
        if choices:
            _offer(buffer, choices)
        else:
            buffer.insert_text(understand_paste(before, text, commands))


def _offer(buffer: Buffer, choices: list[Choice]) -> None:
    """Insert the first choice, and has the others be taken in its place."""
    first = choices[0].text
    offered = [
        Completion(one.text, -len(first), display=one.shown, display_meta=one.note)
        for one in choices
    ]
    buffer.insert_text(first, fire_event=False)  # else the completer would offer its own
    buffer.complete_state = CompletionState(buffer.document, offered)
    buffer.go_to_completion(0)


def enter_line(buffer: Buffer, type_ahead: Callable[[list[KeyPress]], None]) -> None:
    """Take a completion that is chosen, go on behind an open quote, or run the line.

    Of several lines the first is run, and the others are typed ahead for the next prompts.
    """
    text, cursor = scan_line(buffer.text), buffer.cursor_position
    if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
        buffer.complete_state = None
    elif find_open(text) is not None and text.partition(" ")[0] != RAW:
        if find_open(text[:cursor]) is None:
            buffer.cursor_position = len(text)
        buffer.newline(copy_margin=False)
    else:
        lines = split_lines(text)
        if len(lines) > 1:
            type_ahead(make_lines(lines[1:]))
            buffer.document = Document(lines[0])
        buffer.validate_and_handle()


def _type_ahead(event: KeyPressEvent, keys: list[KeyPress]) -> None:
    """Feed these keys to the next prompt, before those that were typed behind them."""
    event.key_processor.feed_multiple(keys, first=True)


def _add_function_keys(keys: KeyBindings, around: Surroundings) -> None:
    is_typing = has_focus(DEFAULT_BUFFER)

    @keys.add("c-z", filter=is_typing)
    def _ignore(event: KeyPressEvent) -> None:
        del event  # meant for a command that has just ended

    @keys.add("f2", filter=is_typing)
    def _turn_format(event: KeyPressEvent) -> None:
        around.turn_format()
        event.app.invalidate()

    @keys.add("f4", filter=is_typing)
    @keys.add("c-x", "c-e", filter=is_typing)
    def _edit(event: KeyPressEvent) -> None:
        event.app.create_background_task(_edit_line(event.app, around))


def _add_help_keys(keys: KeyBindings, around: Surroundings, asked: list[str]) -> None:
    is_typing = has_focus(DEFAULT_BUFFER)
    is_empty = Condition(lambda: not get_app().current_buffer.text)

    def show(event: KeyPressEvent, line: str) -> None:
        buffer = event.current_buffer
        _type_ahead(event, [make_text(buffer.text)] if buffer.text else [])
        buffer.document = Document(line)
        event.app.exit(result=line, style="class:accepted")

    @keys.add("f1", filter=is_typing)
    def _help(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        name = find_command(buffer.text, buffer.cursor_position, around.find_commands())
        is_again = bool(asked) and not buffer.text
        asked[:] = [] if is_again or buffer.text else [_HELP]
        show(event, _KEYS if is_again else f"{_HELP} {name}".rstrip())

    @keys.add("?", filter=is_typing & is_empty & ~vi_navigation_mode)
    def _keys(event: KeyPressEvent) -> None:
        show(event, _KEYS)


async def _edit_line(app: Application[str], around: Surroundings) -> None:
    """Open what is typed in the user's editor; what comes back is not run."""
    buffer, editor = app.current_buffer, find_editor(around.variables)
    if editor is None:
        await run_in_terminal(lambda: around.tell("found no editor; set EDITOR to one"))
        return
    text = buffer.text
    try:
        text = await run_in_terminal(
            lambda: edit_text(editor, text, lambda: app.is_done), in_executor=True
        )
    except OSError as error:
        what = f"'{editor[0]}' cannot edit: {error.strerror or error}"
        await run_in_terminal(lambda: around.tell(what))
        return
    buffer.document = Document(clean_paste(text))
