"""Operators with and without blanks around them, and the signs that belong to a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.errors import LineError
from arthas_cli.line.pipeline import split_pipeline
from arthas_cli.line.scan import find_signs, scan_line
from arthas_cli.line.sequence import Part, split_sequence
from arthas_cli.line.tokens import quote_word, tokenize

COMMANDS = st.sampled_from(
    [
        "version",
        "thread -n 3",
        "sysprop 'a;b|c' x\\|y",
        "sc -E a|b",
        "sm a|b -E",
        "sc [Lfx.Work;",
        "watch a.B m params[0]>1||params[0]<0",
        "tt -w returnObj|params -i 1",
        "vmtool --action getInstances --className [[Lfx.Work; --express=instances|1",
    ]
)
BLANKS = st.sampled_from(["", " ", "\t", "  "])
SEPARATORS = st.tuples(BLANKS, BLANKS).map(";".join)
PROGRAMS = st.sampled_from(["grep x", "grep -E 'a|b'", "jq .a", "wc -l", "grep -E a|b"])


def split(line: str) -> list[tuple[str, ...]]:
    """Returns each command of the line with the programs behind it; `&` where it runs behind."""
    found = []
    for part in split_sequence(line):
        pipeline = split_pipeline(part.line)
        programs = [" ".join(program.words) for program in pipeline.programs]
        found.append((pipeline.command, *programs, *("&" * part.is_behind)))
    return found


@each_row(
    ("line", "parts"),
    [
        ("sysprop user.name|grep root", [("sysprop user.name", "grep root")]),
        ("sc fx.*|grep Work", [("sc fx.*", "grep Work")]),
        ("sc fx.*|grep -E Work", [("sc fx.*", "grep -E Work")]),
        ("memory|grep heap|wc -l", [("memory", "grep heap", "wc -l")]),
        ("thread -n 3;jvm", [("thread -n 3",), ("jvm",)]),
        ("classloader;classloader -l;", [("classloader",), ("classloader -l",)]),
        ("version; version", [("version",), ("version",)]),
        ("version ;version", [("version",), ("version",)]),
        ("memory|grep heap;jvm", [("memory", "grep heap"), ("jvm",)]),
        ("watch a.B m params&", [("watch a.B m params", "&")]),
        ("watch a.B m params& ; version", [("watch a.B m params", "&"), ("version",)]),
        ("memory|grep heap&", [("memory", "grep heap", "&")]),
        ("watch a.B m params[0]>1||params[0]<0;jvm", [
            ("watch a.B m params[0]>1||params[0]<0",), ("jvm",)
        ]),
        ("watch a.B m {params,1}|grep-x a", [("watch a.B m {params,1}|grep-x a",)]),
        ("watch a.B m {params|grep x", [("watch a.B m {params", "grep x")]),
        ("sc [Lfx.Work;;version", [("sc [Lfx.Work;",), ("version",)]),
        ("vmtool --className [Lfx.Work;|wc", [("vmtool --className [Lfx.Work;", "wc")]),
    ],
)  # fmt: skip
def test_an_operator_without_blanks_is_one_all_the_same(
    line: str, parts: list[tuple[str, ...]]
) -> None:
    assert split(line) == parts


@each_row(
    "line",
    [
        "watch a.B m params[0]>1||params[0]<0",
        "watch a.B m 'params' params[0]&&!params[1]",
        "watch a.B m (params[0]|params[1])&-2",
        "watch a.B m #a=1,#a|params[|]",
        'watch a.B m params[0].equals(\\"a;b|c&\\")',
        "watch a.B m '{params|head; 1 & 2}'",
        "tt -i 1000 -w returnObj|params",
        "tt -s method.length>1||index<9",
        "vmtool --action getInstances --className a.B --express=instances[0]||1",
        "line a.B:12 -m run --condition x||y",
        "sc -E fx\\.(Work|Hot)",
        "sc -E a|b",
        "sc -dE a|b",
        "sc a|b -E",
        "sm -E a|b c|d",
        "watch a.B|a.C m -E params[0]||1",
        "sc -E [a-z&&[^x]].*",
        "getstatic -E a.B x|y",
        "sc [Lfx.Work;",
        "sm [[Lfx.Work; clone",
        "line a.B 12 -m run -d (Ljava/lang/String;I)V",
        "echo 'a|b;c&'",
        'echo "a|b;c&"',
        "echo a\\|b\\;c\\&",
        "sysprop 'x;y' \"a|b\"",
        "sc a>b",
    ],
)
def test_what_its_place_or_quotes_make_a_part_of_a_word_is_left_alone(line: str) -> None:
    assert split(line) == [(line,)]


@each_row(
    ("line", "message", "hint", "place"),
    [
        (
            "watch fx.Work order params|head -3",
            "'params|head' can be read in two ways",
            "write 'params|head' for one word, or params | head for a pipe",
            (26, 27),
        ),
        (
            "tt -i 1 -w {returnObj}|jq .x",
            "'{returnObj}|jq' can be read in two ways",
            "write '{returnObj}|jq' for one word, or {returnObj} | jq for a pipe",
            (22, 23),
        ),
        (
            "vmtool --action getInstances --className a.B --express=instances|wc",
            "'--express=instances|wc' can be read in two ways",
            "write '--express=instances|wc' for one word, or --express=instances | wc for a pipe",
            (64, 65),
        ),
        (
            "watch a.B m params&&jvm",
            "'params&&jvm' can be read in two ways",
            "write 'params&&jvm' for one word",
            (18, 20),
        ),
        (
            "sc -E a|grep",
            "'a|grep' can be read in two ways",
            "write 'a|grep' for one word, or a | grep for a pipe",
            (7, 8),
        ),
        (
            "sc -E a;jvm",
            "'a;jvm' can be read in two ways",
            "write 'a;jvm' for one word, or a ; jvm for two commands",
            (7, 8),
        ),
        (
            "memory | grep -E a|wc",
            "'a|wc' can be read in two ways",
            "write 'a|wc' for one word, or a | wc for a pipe",
            (18, 19),
        ),
        (
            "sysprop url jdbc:h2:a;MODE=x",
            "there is no command 'MODE=x'",
            "write 'jdbc:h2:a;MODE=x' for one word, or put spaces around ';' for two commands",
            (22, 28),
        ),
        (
            "sysprop url http://a?b=1&c=2",
            "'&' must end a command",
            "put '&' at the end, or ';' behind it; quote a '&' that belongs to a word",
            (24, 25),
        ),
        (
            "watch a.B m & jvm",
            "'&' must end a command",
            "put '&' at the end, or ';' behind it; quote a '&' that belongs to a word",
            (12, 13),
        ),
        (
            "version && jvm",
            "'&&' does not work between commands",
            "use ';' instead: the next command runs only if the one before succeeded",
            (8, 10),
        ),
        ("sysprop a||b", "nothing follows '|'", "a program, e.g. | grep WORD", (9, 10)),
        ("version;;jvm", "there is no command", "", (8, 9)),
    ],
)
def test_where_there_is_no_telling_nothing_runs_and_the_place_and_both_spellings_are_said(
    line: str, message: str, hint: str, place: tuple[int, int]
) -> None:
    with pytest.raises(LineError) as error:
        split(line)
    assert (error.value.message, error.value.hint) == (message, hint)
    assert error.value.span == place


def test_both_spellings_are_read_as_they_say() -> None:
    assert split("watch a.B m params | head -3") == [("watch a.B m params", "head -3")]
    assert split("watch a.B m 'params|head' -3") == [("watch a.B m 'params|head' -3",)]


def test_a_word_of_the_shell_may_follow_without_blanks_but_not_run_behind() -> None:
    assert split_sequence("version;:info", [":info"]) == [Part("version"), Part(":info")]
    with pytest.raises(LineError, match="':info' cannot run in the background"):
        split_sequence(":info&", [":info"])


def test_nothing_is_read_behind_raw() -> None:
    line = "version ; :raw sysprop a;b | c & d"
    parts = [Part("version"), Part(":raw sysprop a;b | c & d")]
    assert split_sequence(line, [":raw"]) == parts


@given(st.lists(st.tuples(COMMANDS, SEPARATORS), min_size=1, max_size=4))
def test_blanks_behind_a_separator_change_nothing(parts: list[tuple[str, str]]) -> None:
    line = "".join(f"{command} {separator.lstrip()}" for command, separator in parts)
    assert [part.line for part in split_sequence(line)] == [command for command, _ in parts]


@given(st.lists(st.tuples(COMMANDS, SEPARATORS), min_size=1, max_size=4))
def test_blanks_before_a_separator_are_needed_only_where_it_may_belong_to_the_word(
    parts: list[tuple[str, str]],
) -> None:
    try:
        split = split_sequence("".join(map("".join, parts)))
    except LineError as error:
        assert error.message.endswith("can be read in two ways")  # noqa: PT017 - or it is none
        assert "" in (separator.partition(";")[0] for _, separator in parts)
    else:
        assert [part.line for part in split] == [command for command, _ in parts]


@given(COMMANDS, st.lists(st.tuples(BLANKS, BLANKS, PROGRAMS), min_size=1, max_size=3))
def test_blanks_before_a_pipe_are_needed_only_where_a_sign_may_belong_to_the_word(
    command: str, programs: list[tuple[str, str, str]]
) -> None:
    line = command + "".join(f"{one}|{other}{program}" for one, other, program in programs)
    try:
        pipeline = split_pipeline(line)
    except LineError as error:
        assert error.message.endswith("can be read in two ways")  # noqa: PT017 - or it is none
        assert "" in (one for one, _, _ in programs)
    else:
        assert pipeline.command == command
        assert len(pipeline.programs) == len(programs)


@given(st.lists(st.text(), max_size=5))
def test_no_word_that_is_quoted_holds_an_operator(words: list[str]) -> None:
    line = " ".join(["echo", *map(quote_word, words)])
    assert split(line) == [(line,)]
    assert [token.text for token in tokenize(line)] == ["echo", *words]


@given(st.text(alphabet="ab '\"\\|;&>.", max_size=20))
def test_no_sign_is_silently_a_part_of_a_name_or_a_value(text: str) -> None:
    try:
        commands = [split_pipeline(part.line).command for part in split_sequence(f"sysprop {text}")]
    except LineError:
        return
    for command in commands:
        assert not [word for word in scan_line(command).words if find_signs(command, word)]
