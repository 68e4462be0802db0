"""`exec -- WORD…`: each word stays one token; and a line is one argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.program import shell

from .conftest import list_lines

if TYPE_CHECKING:
    from support.fake import FakeArthas

    from .conftest import Run


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["version"], "version"),
        (["echo", "a  b"], "echo 'a  b'"),
        (["echo", "it's"], "echo 'it'\"'\"'s'"),
        (["echo", 'say "hi"'], "echo 'say \"hi\"'"),
        (["echo", "back\\slash"], "echo 'back\\slash'"),
        (["echo", ""], "echo ''"),
        (["sm", "x&", "y>z"], "sm 'x&' y>z"),
        (["sm", "-E", "a|b;", ">x"], "sm -E 'a|b;' '>x'"),
        (["thread", "-n", "1"], "thread -n 1"),
        (["echo", "-"], "echo -"),
        (["echo", "--", "--json"], "echo -- --json"),
    ],
)
def test_each_word_behind_two_dashes_stays_one_token(
    run: Run, fake: FakeArthas, words: list[str], line: str
) -> None:
    run("exec", "--", *words)
    assert list_lines(fake) == [line]


def test_a_quoted_word_comes_out_as_it_went_in(run: Run) -> None:
    assert run("exec", "--", "echo", 'it\'s "a\\b"  c').stdout == 'it\'s "a\\b"  c\n'


@pytest.mark.parametrize(
    ("words", "operator"),
    [
        (["thread", "|", "grep", "main"], "|"),
        (["thread", ">", "file"], ">"),
        (["thread", ">>", "file"], ">>"),
        (["thread", "&"], "&"),
        (["echo", "|x"], "|x"),
    ],
)
def test_a_word_that_the_server_takes_for_an_operator_is_refused(
    run: Run, fake: FakeArthas, words: list[str], operator: str
) -> None:
    ended = run("exec", "--", *words)
    assert (ended.exit_code, ended.stdout, fake.requests) == (2, "", [])
    assert ended.stderr == (
        f"arthas-shell: the server would treat '{operator}' as an operator, even in quotes\n"
        "hint: put the pipe or redirect outside\n"
    )


def test_an_ampersand_that_is_not_last_is_a_word(run: Run, fake: FakeArthas) -> None:
    run("exec", "--", "sm", "&", "x")
    assert list_lines(fake) == ["sm '&' x"]


def test_a_dash_behind_two_dashes_is_a_word_and_not_stdin(run: Run, fake: FakeArthas) -> None:
    ended = run("exec", "--", "-", stdin="version")
    assert (ended.exit_code, list_lines(fake)) == (2, ["help -"])


def test_several_words_without_two_dashes_are_a_line_without_its_quotes() -> None:
    ended = shell("exec", "thread", "1")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "arthas-shell: the command must be one argument\n"
        'hint: quote it, "thread 1", or put -- before it\n'
    )


def test_an_option_of_arthas_outside_the_quotes_is_explained() -> None:
    ended = shell("exec", "thread", "-n", "3")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "arthas-shell: there is no option '-n'\n"
        "hint: put the options of an Arthas command inside the quotes: arthas-shell exec 'thread"
        " -n 3'\n"
    )


def test_exec_without_a_line_says_how_it_is_used() -> None:
    ended = shell("exec")
    assert ended.exit_code == 2
    assert ended.stderr == (
        "arthas-shell: missing argument 'LINE | - | -- WORD...'\n"
        "hint: see 'arthas-shell exec --help'\n"
    )
