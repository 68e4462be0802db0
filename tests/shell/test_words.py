"""The words of the shell's own; a test types them and reads what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.output import DummyOutput

from arthas_cli.errors import LineError
from arthas_cli.session.orphans import ServerJob
from arthas_cli.shell.arguments import find_word, read_argument
from arthas_cli.shell.words import WORDS, describe_jobs

if TYPE_CHECKING:
    from .conftest import User


@pytest.mark.parametrize("word", ["quit", "exit", "q"])
def test_these_words_leave(user: User, word: str) -> None:
    user.begin(word)
    user.wait_for(user.has_ended.is_set)
    assert user.fake.sessions == []


def test_history_lists_the_lines_with_their_numbers(user: User) -> None:
    user.enter("version")
    user.enter("pwd")
    assert user.enter("history") == "    1  version\n    2  pwd\n    3  history\n"


def test_history_lists_the_last_lines_if_it_is_told_how_many(user: User) -> None:
    user.enter("version")
    assert user.enter("history 1") == "    2  history 1\n"
    assert user.enter("history 0") == ""
    assert len(user.enter("history 99").splitlines()) == 4


def test_history_shows_what_a_terminal_would_obey_as_marks(user: User) -> None:
    user.find_prompt()
    user.type("\x1b[200~echo 'a\x1b[2J\nb'\x1b[201~")
    user.wait_for(lambda: user.line)
    user.enter("")
    assert user.enter("history").splitlines()[0] == "    1  echo 'a␛[2J␊b'"


def test_history_wants_a_number(user: User) -> None:
    assert user.enter("history all") == (
        "arthas-shell: 'all' is no number\n  history all\n          ^^^\n"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("quit  now", "'quit' takes no argument\n  quit  now\n        ^^^"),
        ("cls a b", "'cls' takes no argument\n  cls a b\n      ^"),
        ("history 1 22", "'history' takes one argument\n  history 1 22\n            ^^"),
    ],
)
def test_a_surplus_argument_is_refused_with_its_place(user: User, line: str, said: str) -> None:
    assert user.enter(line) == f"arthas-shell: {said}\n"


def test_cls_clears_the_screen(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    cleared: list[bool] = []
    monkeypatch.setattr(DummyOutput, "erase_screen", lambda _: cleared.append(True))
    assert user.enter("cls") == ""
    assert cleared == [True]


def test_help_lists_the_commands_of_the_server_then_our_own_words(user: User) -> None:
    theirs, _, ours = user.enter("help").partition("\nWords of this shell:\n")
    assert "watch" in theirs
    assert [line.split()[0] for line in ours.splitlines()] == [*WORDS, "Ctrl+C"]


def test_help_of_a_command_is_the_server_s_own(user: User) -> None:
    text = user.enter("help watch")
    assert "--sizeLimit" in text
    assert "Words of this shell" not in text


def test_a_word_is_one_only_at_the_beginning_of_a_line(user: User) -> None:
    assert user.enter("echo quit") == "quit\n"
    assert user.enter("  cls  ") == ""


@pytest.mark.parametrize(("number", "span"), [(0, (0, 3)), (1, (5, 6)), (2, (7, 9))])
def test_the_place_of_a_word_is_found(number: int, span: tuple[int, int]) -> None:
    assert find_word("one  2 xx", number) == span


def test_an_argument_is_read_up_to_how_many_there_may_be() -> None:
    assert read_argument("history", most=1) == ""
    assert read_argument("history  7", most=1) == "7"
    with pytest.raises(LineError):
        read_argument("history 7 8", most=1)


def test_jobs_of_the_server_are_listed_with_those_of_this_shell_marked() -> None:
    jobs = [ServerJob(7, "RUNNING", "s", "watch a b"), ServerJob(12, "RUNNING", "x", "ognl \x1b")]
    assert describe_jobs(jobs, ["s"]) == [
        "    7  running  watch a b  (of this shell)",
        "   12  running  ognl ␛",
    ]
    assert describe_jobs([], []) == ["no job runs on the server"]


def test_a_server_that_does_not_tell_its_jobs_is_said_to(user: User) -> None:
    assert user.enter(":orphans").startswith("this server does not tell its jobs; 'reset'")
    assert user.enter(":orphans end 7") == "there is no job 7 to end\n"
    assert user.enter(":orphans end").startswith("arthas-shell: that is not understood\n")
