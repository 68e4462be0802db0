"""Asks the user something at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.history import DummyHistory

from arthas_cli.interrupts import Abandon
from arthas_cli.shell.keyboard import put_first, take_typed

if TYPE_CHECKING:
    from arthas_cli.shell.outlet import Outlet


def ask(question: str, outlet: Outlet, *, default: str = "", is_secret: bool = False) -> str | None:
    """Returns what was typed behind the question; None for Ctrl+C and Ctrl+D.

    What was typed before the question stood there is no answer to it and waits for the next
    prompt, but Ctrl+C, which is one; typed now it also drops the lines that wait.
    """
    session: PromptSession[str] = PromptSession(history=DummyHistory())
    keys, is_stopped = take_typed(session.input)
    try:
        if is_stopped:
            return None
        with outlet.attached(session.app):
            return session.prompt(
                question,
                default=default,
                is_password=is_secret,
                pre_run=outlet.begin,
                handle_sigint=False,
            )
    except Abandon:
        raise
    except KeyboardInterrupt:
        keys = []
    except EOFError:
        pass
    finally:
        put_first(session.input, keys)
    return None
