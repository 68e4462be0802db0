"""Asks the user something at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.history import DummyHistory

from arthas_cli.columns import wrap
from arthas_cli.interrupts import LeaveNow
from arthas_cli.shell.terminal.keyboard import put_first, take_typed
from arthas_cli.shell.terminal.typed_lines import TypedLines, make_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.key_binding.key_processor import KeyPress

    from arthas_cli.shell.terminal.output import Terminal


_PART = "part of that was typed before the question; type all of it again"
_BEGUN = "that was the rest of a line you had begun"
_WAITS, _IS_GONE = "it waits at the prompt", "it is dropped, the shell ends"


def ask(
    question: str,
    terminal: Terminal,
    *,
    default: str = "",
    is_secret: bool = False,
    is_line: Callable[[str], bool] = lambda _: False,
) -> str | None:
    """Return what was typed behind the question; None for Ctrl+C and Ctrl+D.

    What was typed before the question stood there is no answer to it and waits for the next
    prompt, the rest of a line that was begun then included; but Ctrl+C is one, and typed now it
    also drops the lines that wait. What `is_line` for the prompt waits there too, and is no answer.
    Nothing of commands in the background is written meanwhile.
    """
    session: PromptSession[str] = PromptSession(history=DummyHistory())
    keys: list[KeyPress] = []
    try:
        while True:
            typed, is_stopped = take_typed(session.input)
            keys += typed
            if is_stopped:
                return None
            text = _read(session, terminal, question, default, is_secret=is_secret)
            if _is_begun(typed) and is_secret:
                keys.clear()  # it may be a part of the secret, and is shown nowhere
                question = _explain(question, _PART)
            elif _is_begun(typed):
                keys.append(make_text(text))
                what = _IS_GONE if terminal.is_last else _WAITS
                question = _explain(question, f"{_BEGUN}: {what}")
            elif is_line(text):
                keys.append(make_text(text))
                return None
            else:
                return text
    except LeaveNow:
        raise
    except KeyboardInterrupt:
        keys = []
    except EOFError:
        pass
    finally:
        put_first(session.input, keys)
    return None


def _read(
    session: PromptSession[str], terminal: Terminal, question: str, default: str, *, is_secret: bool
) -> str:
    """Return what is typed behind the question; raises KeyboardInterrupt, EOFError and LeaveNow."""
    with terminal.attached(session.app):
        terminal.is_held = True
        return session.prompt(
            wrap(question, session.output.get_size().columns),
            default=default,
            is_password=is_secret,
            pre_run=terminal.begin,
            handle_sigint=False,
        )


def _explain(question: str, why: str) -> str:
    """Return the question with why it is asked again above it, once."""
    return question if question.startswith(why) else f"{why}\n{question}"


def _is_begun(keys: list[KeyPress]) -> bool:
    """Return whether the keys leave a line that was not entered."""
    lines = TypedLines()
    lines.add(keys)
    return lines.is_open
