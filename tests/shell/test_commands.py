"""A command of the shell's own is one module and one row: all else is made of the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from arthas_cli.shell.commands import COMMANDS
from arthas_cli.shell.context import ShellCommand, ShellContext

if TYPE_CHECKING:
    from .conftest import User

pytestmark = pytest.mark.usefixtures("greeting")


@pytest.fixture
def greeting(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Add the row `:hello` to the table, before a shell is opened."""

    def greet(context: ShellContext, line: str) -> None:
        context.say(f"hello {line.split()[1]}")

    row = ShellCommand("greet somebody", greet, ":hello NAME", values={"duke": "the mascot"})
    monkeypatch.setitem(COMMANDS, ":hello", row)
    request.getfixturevalue("user")


def complete(user: User, text: str) -> list[str]:
    event = CompleteEvent(completion_requested=True)
    assert user.shell is not None
    completer = user.shell.entry.completer
    return [one.text for one in completer.get_completions(Document(text), event)]


def test_it_runs(user: User) -> None:
    assert user.enter(":hello duke") == "hello duke\n"


def test_help_tells_of_it(user: User) -> None:
    assert user.enter("help :hello") == ":hello NAME: greet somebody\n"


def test_what_it_prints_can_be_piped(user: User) -> None:
    assert user.enter(":hello duke | tr a-z A-Z") == "HELLO DUKE\n"


def test_it_and_its_values_complete(user: User) -> None:
    assert complete(user, ":hel") == [":help", ":hello"]
    assert complete(user, ":hello ") == ["duke"]
