"""What a line does here behind its command."""

from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.errors import LineError
from arthas_cli.line.pipeline import Pipeline, Redirect, split_pipeline


def describe(line: str, **options: str) -> tuple[str, list[tuple[str, ...]]]:
    pipeline = split_pipeline(line, **options)
    return pipeline.command, [program.words for program in pipeline.programs]


@each_row(
    ("line", "command", "programs"),
    [
        ("thread | grep http", "thread", [("grep", "http")]),
        ("  thread  |  grep http | wc -l ", "  thread", [("grep", "http"), ("wc", "-l")]),
        ("thread |grep http", "thread", [("grep", "http")]),
        ("thread| grep http", "thread", [("grep", "http")]),
        ("sc -E 'a|b' | sort", "sc -E 'a|b'", [("sort",)]),
        ("sc -E a|b | sort", "sc -E a|b", [("sort",)]),
        ("thread | tee file", "thread", [("tee", "file")]),
    ],
)
def test_what_stands_behind_a_pipe_is_a_program(
    line: str, command: str, programs: list[tuple[str, ...]]
) -> None:
    assert describe(line) == (command, programs)


@each_row(
    ("words", "read"),
    [
        ("grep 'a b'", ("grep", "a b")),
        ('grep "it\'s"', ("grep", "it's")),
        ("jq '.a | .b'", ("jq", ".a | .b")),
        (r"grep a\ b", ("grep", "a b")),
        (r"grep \|x", ("grep", "|x")),
        (r"grep x\|", ("grep", "x|")),
        ("grep '|x'", ("grep", "|x")),
        ("grep -E a|b", ("grep", "-E", "a|b")),
        (r'sed "s/\\/x/"', ("sed", r"s/\/x/")),
        (r'grep "\d"', ("grep", r"\d")),
        ("grep ''", ("grep", "")),
        ("grep '>' '#x'", ("grep", ">", "#x")),
        ("awk '{print $1; next}'", ("awk", "{print $1; next}")),
        ("grep #x", ("grep", "#x")),
        ("grep <init>", ("grep", "<init>")),
    ],
)
def test_the_words_of_a_program_are_those_of_a_posix_shell(
    words: str, read: tuple[str, ...]
) -> None:
    assert describe(f"thread | {words}") == ("thread", [read])


@each_row("line", ["thread", "", "echo '|' x", "echo '>' x", "watch a b '#cost > 5'"])
def test_a_line_without_an_operator_is_a_command_as_it_stands(line: str) -> None:
    assert split_pipeline(line) == Pipeline(line, line)


@pytest.mark.parametrize(
    ("line", "redirect"),
    [
        ("jad A > A.java", Redirect("A.java", appends=False)),
        ("thread >> log", Redirect("log", appends=True)),
        ("thread | grep x > 'a file'", Redirect("a file", appends=False)),
        ("thread > ~/threads", Redirect("/home/me/threads", appends=False)),
        ("thread > '~/threads'", Redirect("~/threads", appends=False)),
    ],
)
def test_the_results_go_to_the_file_behind_a_redirect(
    monkeypatch: pytest.MonkeyPatch, line: str, redirect: Redirect
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert split_pipeline(line).redirect == redirect


def test_on_windows_a_backslash_belongs_to_the_path() -> None:
    pipeline = split_pipeline(r"thread > C:\logs\a.txt", escape="")
    assert pipeline.redirect == Redirect(r"C:\logs\a.txt", appends=False)


@each_row(
    ("line", "wants_json", "names"),
    [
        ("watch a b | jq .cost", True, ["jq"]),
        ("watch a b | /opt/bin/jq .cost", True, ["jq"]),
        ("watch a b | jq.exe .cost", True, ["jq"]),
        ("watch a b |json", True, []),
        ("watch a b | json", True, []),
        ("watch a b |json | cat", True, ["cat"]),
        ("watch a b | cat | jq .cost", False, ["cat", "jq"]),
        ("watch a b | cat | json", False, ["cat", "json"]),
        ("watch a b | json -a cost", False, ["json"]),
    ],
)
def test_jq_gets_json_and_so_does_what_stands_behind_the_word_json(
    line: str, *, wants_json: bool, names: list[str]
) -> None:
    pipeline = split_pipeline(line)
    assert pipeline.wants_json is wants_json
    assert [program.name for program in pipeline.programs] == names
    assert pipeline.is_local


@each_row(
    ("line", "message", "place"),
    [
        ("| grep x", "there is no command", (0, 1)),
        ("> file", "there is no command", (0, 1)),
        ("thread |", "nothing follows '|'", (7, 8)),
        ("thread | | wc", "nothing follows '|'", (7, 8)),
        ("thread || wc", "nothing follows '|'", (7, 8)),
        ("thread >", "nothing follows '>'", (7, 8)),
        ("thread | grep x >>", "nothing follows '>>'", (16, 18)),
        ("thread > a b", "the file comes last", (11, 12)),
        ("thread > a > b", "only one redirect is allowed", (11, 12)),
        ("thread > a | wc", "a redirect must come last", (11, 12)),
        ("thread >file", "'>file' is not a redirect", (7, 12)),
        ("thread | wc >>log", "'>>log' is not a redirect", (12, 17)),
        ("thread | wc 2>/dev/null", "'2>/dev/null' is not a redirect", (12, 23)),
        ("thread | wc <file", "'<file' is not a redirect", (12, 17)),
        ("thread&", "only the shell runs commands in the background", (6, 7)),
        ("thread | wc &", "only the shell runs commands in the background", (12, 13)),
        ("thread | wc ; pwd", "only one command can be run here", (12, 13)),
        ("thread | grep it's", "the quote is not closed", (16, 18)),
    ],
)
def test_what_is_missing_or_too_much_is_an_error_at_its_place(
    line: str, message: str, place: tuple[int, int]
) -> None:
    with pytest.raises(LineError) as error:
        split_pipeline(line)
    assert (error.value.message, error.value.span) == (message, place)


def test_the_name_of_a_program_has_a_place() -> None:
    (program,) = split_pipeline("thread | grep x").programs
    assert program.span == (9, 13)
