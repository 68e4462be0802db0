"""The words of the shell's own; a test types them and reads what comes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.output import DummyOutput
from support.fake import FakeArthas, Target
from support.table import each_row

from arthas_cli.errors import LineError
from arthas_cli.session.orphans import ServerJob
from arthas_cli.shell.commands import COMMANDS
from arthas_cli.shell.commands.arguments import find_word, read_argument
from arthas_cli.shell.jobs.consent import describe_jobs

from .conftest import open_shell

if TYPE_CHECKING:
    from .conftest import User


@pytest.mark.parametrize("word", ["quit", "exit", "q"])
def test_these_words_leave(user: User, word: str) -> None:
    user.begin(word)
    user.wait_for(user.has_ended.is_set)
    assert user.fake.sessions == []


def read_history(user: User, line: str) -> list[tuple[str, str, str]]:
    """Returns what `history` lists: number, target and line; between the first two is a time."""
    rows = [row.split(maxsplit=3) for row in user.enter(line).splitlines()]
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d", row[1]) for row in rows)
    return [(row[0], row[2], row[3]) for row in rows]


def test_history_lists_the_lines_with_their_numbers(user: User) -> None:
    user.enter("version")
    user.enter("pwd")
    assert read_history(user, "history") == [
        ("1", "demo.MathGame", "version"),
        ("2", "demo.MathGame", "pwd"),
        ("3", "demo.MathGame", "history"),
    ]


def test_history_lists_the_last_lines_if_it_is_told_how_many(user: User) -> None:
    user.enter("version")
    assert read_history(user, "history 1") == [("2", "demo.MathGame", "history 1")]
    assert user.enter("history 0") == ""
    assert len(user.enter("history 99").splitlines()) == 4


def test_history_shows_what_a_terminal_would_obey_as_marks(user: User) -> None:
    user.find_prompt()
    user.type("\x1b[200~echo 'a\x1b[2J\nb'\x1b[201~")
    user.wait_for(lambda: user.line)
    user.enter("")
    assert read_history(user, "history")[0][2] == "echo 'a␛[2J␊b'"


def test_history_wants_a_number(user: User) -> None:
    assert user.enter("history all") == (
        "arthas-shell: 'all' is not a number\n  history all\n          ^^^\n"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "quit  now",
            (
                "'quit' takes no argument\nhint: run 'help quit' for its usage\n"
                "  quit  now\n        ^^^"
            ),
        ),
        (
            "cls a b",
            "'cls' takes no argument\nhint: run 'help cls' for its usage\n  cls a b\n      ^",
        ),
        (
            "history 1 22",
            (
                "'history' takes one argument\nhint: run 'help history' for its usage\n"
                "  history 1 22\n            ^^"
            ),
        ),
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
    heading = "\nShell commands; 'help NAME' describes one:\n"
    theirs, _, ours = user.enter("help").partition(heading)
    assert "watch" in theirs
    assert [line.split()[0] for line in ours.splitlines()] == [*COMMANDS, "Ctrl+C"]


@each_row("name", COMMANDS)
def test_help_of_every_word_of_ours_is_ours_and_says_more_than_the_list(
    user: User, name: str
) -> None:
    sent = len(user.fake.requests)
    summary, *more = user.enter(f"help {name}").splitlines()
    assert summary == f"{COMMANDS[name].usage or name}: {COMMANDS[name].summary}"
    assert more
    assert max(map(len, [summary, *more])) <= 80
    assert len(user.fake.requests) == sent


def test_help_finds_a_word_without_its_colon_and_goes_through_a_pipe(user: User) -> None:
    assert user.enter("help why").startswith(":why [COMMAND]: explain why a command shows nothing")
    assert user.enter("help history | grep '!!'").startswith("  !! runs the last line again")


def test_the_keys_are_listed_by_where_they_hold(user: User) -> None:
    text = user.enter(":keys")
    assert text.splitlines()[0] == "Keys at the prompt:"
    assert "  Ctrl+Z             put it into the background; 'fg' brings it back\n" in text
    assert max(map(len, text.splitlines())) <= 80
    assert user.enter("help keys").startswith(":keys: show what the keys do\n")


def test_help_of_a_command_is_the_server_s_own(user: User) -> None:
    text = user.enter("help watch")
    assert "--sizeLimit" in text
    assert "Shell commands;" not in text


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


def test_a_server_that_does_not_tell_its_jobs_is_said_to() -> None:
    with FakeArthas(target=Target(is_closed=True)) as fake, open_shell(fake) as user:
        said = user.enter(":orphans")
        assert said == "this server does not list its jobs; 'reset' does not end them\n"
        assert user.enter(":orphans end 7") == "there is no job 7 to end\n"
        assert user.enter(":orphans end").startswith(
            "arthas-shell: wrong arguments for ':orphans'\n"
        )


def test_our_own_help_lists_the_words_and_tells_more_of_one(user: User) -> None:
    assert [line.split()[0] for line in user.enter(":help").splitlines()[1:-1]] == [*COMMANDS]
    assert user.enter(":help save").splitlines()[0] == ":save FILE: save the last answer to a file"
    assert user.enter(":help :json") == (
        ":json: print the last answer as JSON\n  only the last 1,000 results of a long answer"
        " are kept\n"
    )


def test_help_for_what_is_no_word_of_ours_says_what_it_may_be(user: User) -> None:
    assert user.enter(":help :formt") == (
        "arthas-shell: unknown shell command ':formt'\nhint: did you mean ':format'?\n"
        "  :help :formt\n        ^^^^^^\n"
    )
    assert "hint: run 'help watch' to ask the server" in user.enter(":help watch")


def test_no_word_is_asked_of_the_server(user: User) -> None:
    sent = len(user.fake.requests)
    for line in (":help", ":help set", ":set", ":set format tree", "history", ":json", ":why"):
        user.enter(line)
    assert len(user.fake.requests) == sent


def test_settings_are_shown_and_set_for_this_shell(user: User) -> None:
    assert user.enter(":set") == (
        "format       text     how results are shown, like :format: text, tree, records, json\n"
        "editing      emacs    key bindings at the prompt: emacs, vi\n"
        "index        off      names of the target, used for completion: on, off, refresh\n"
        "background   collect  show results of jobs with 'fg' or at once: collect, print\n"
        "suggestions  on       grey suggestions from history: on, off\n"
    )
    assert user.enter(":set format json") == ""
    assert user.enter("version").startswith('{"jobId":')
    assert user.enter(":set suggestions off") == ""
    assert user.enter(":set suggestions").split()[:2] == ["suggestions", "off"]
    assert user.enter(":set suggestions on") == ""
    assert user.enter(":set editing vi") == ""
    assert user.enter(":set editing").split()[:2] == ["editing", "vi"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            ":set colour red",
            (
                "there is no setting 'colour'\nhint: use one of format, editing, index, background,"
                " suggestions"
            ),
        ),
        (":set editing ed", "invalid value for 'editing'\nhint: use one of emacs, vi"),
        (":set editing vi 2", "give one value"),
    ],
)
def test_a_setting_that_does_not_exist_or_fit_is_refused(user: User, line: str, said: str) -> None:
    assert user.enter(line).startswith(f"arthas-shell: {said}\n")


def test_reconnecting_ends_the_session_and_opens_another(user: User) -> None:
    [before] = user.fake.sessions
    assert user.enter(":reconnect").startswith("Arthas 4.1.5 · pid ")
    user.wait_for(lambda: len(user.fake.sessions) == 1)
    assert user.fake.sessions[0].id != before.id
    assert user.enter("version") == "4.1.5\n"
