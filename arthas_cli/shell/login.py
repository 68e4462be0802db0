"""Asks for a user and a password, once, where a server wants them and none were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.history import DummyHistory

from arthas_cli.interrupts import Abandon

if TYPE_CHECKING:
    from arthas_cli.settings import Credentials

_USER = "arthas"


def ask_credentials(before: Credentials | None) -> dict[str, object]:
    """Returns `username` and `password` as typed, the latter unseen; empty where none is given.

    `before`: what was refused, None where nothing was sent.
    """
    user = before.username if before else _USER
    session: PromptSession[str] = PromptSession(history=DummyHistory())
    try:
        username = session.prompt("user: ", default=user).strip()
        password = session.prompt("password: ", default="", is_password=True)
    except Abandon:
        raise
    except (KeyboardInterrupt, EOFError):
        return {}
    return {"username": username or user, "password": password} if password else {}
