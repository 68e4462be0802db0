"""Asks for a user and a password, once, where a server wants them and none were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.shell.terminal.question import ask

if TYPE_CHECKING:
    from arthas_cli.config.credentials import Credentials
    from arthas_cli.shell.terminal.output import Terminal

_USER = "arthas"


def ask_credentials(before: Credentials | None, terminal: Terminal) -> dict[str, object]:
    """Return `username` and `password` as typed, the latter unseen; empty where none is given.

    `before`: what was refused, None where nothing was sent.
    """
    user = before.username if before else _USER
    username = ask("user: ", terminal, default=user)
    password = None if username is None else ask("password: ", terminal, is_secret=True)
    if username is None or not password:
        return {}
    return {"username": username.strip() or user, "password": password}
