"""A line is scanned and read once on its way from the prompt to the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.scans import Scans, count_scans

from arthas_cli.catalogue.model import load_commands
from arthas_cli.completion.knowledge import Knowledge
from arthas_cli.completion.suggest import Suggester
from arthas_cli.session.ask import Answer
from arthas_cli.shell.commands import COMMANDS
from arthas_cli.shell.prompt.autosuggest import may_suggest
from arthas_cli.shell.prompt.hint import make_hint
from arthas_cli.shell.prompt.lexer import colour_line

if TYPE_CHECKING:
    from .conftest import User

LINE = "watch demo.MathGame primeFactors '{params,returnObj}' -x 2 -n 3"


def enter(user: User, monkeypatch: pytest.MonkeyPatch, line: str, sent: str) -> Scans:
    """Enters the line; what the prompt scans while it is typed is not counted."""
    shell = user.shell
    assert shell is not None
    take, found = shell.take, Scans()

    def take_counted(typed: str) -> None:
        with count_scans(monkeypatch, sent) as seen:
            take(typed)
        found.__dict__.update(seen.__dict__)

    monkeypatch.setattr(shell, "take", take_counted)
    user.enter(line)
    assert found.has_sent
    return found


@pytest.mark.parametrize("line", [LINE, f":every --times 1 1s {LINE}", f"{LINE} | cat"])
def test_a_typed_line_is_scanned_once_and_read_once(
    user: User, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    seen = enter(user, monkeypatch, line, "watch")
    assert (seen.scanned, seen.read) == ([line], [LINE])


def test_several_commands_in_a_line_are_scanned_once(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = f"version;pwd|cat ; {LINE}|cat"
    assert enter(user, monkeypatch, line, "watch").scanned == [line]


@pytest.mark.parametrize(
    ("line", "readings"),
    [(LINE, 2), (f"{LINE} ", 3), ("trace -E demo", 2), (f":every 2s {LINE}", 2)],
)
def test_at_each_key_the_text_is_scanned_once_for_colours_hints_and_completion(
    monkeypatch: pytest.MonkeyPatch, line: str, readings: int
) -> None:
    """Read it is once with the words of the shell and once without, and for a word to come."""
    commands = load_commands()
    own_words = {name: command.summary for name, command in COMMANDS.items()}
    suggester = Suggester(lambda: commands, {}, Knowledge(lambda _: Answer([]), is_on=False))
    with count_scans(monkeypatch, "watch") as seen:
        for _ in range(2):  # drawn again, nothing has changed
            colour_line(line, len(line), commands, own_words)
            make_hint(line, len(line), commands, own_words)
            suggester.suggest(line)
            may_suggest(line, frozenset())
    assert (seen.scanned.count(line), seen.sorted.count(line)) == (1, readings)
