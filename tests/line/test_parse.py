"""Lines read against the catalogue; what a server's own parser made of them is the measure."""

from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import LineError
from arthas_cli.line.parse import ParsedLine, parse_line, parse_raw


def parse(line: str) -> ParsedLine:
    return parse_line(line, load_commands())


def list_options(line: str) -> list[tuple[str, str | None]]:
    return [(given.option.name, given.value) for given in parse(line).options]


def list_arguments(line: str) -> list[str]:
    return [token.text for token in parse(line).arguments]


def list_unknown(line: str) -> list[str]:
    return [token.text for token in parse(line).unknown]


def test_a_line_is_its_command_its_options_and_its_arguments() -> None:
    parsed = parse("watch -x 2 demo.MathGame primeFactors '{params, returnObj}' -n 5 '#cost > 1'")
    assert parsed.command is load_commands()["watch"]
    assert [(g.option.name, g.value) for g in parsed.options] == [("expand", "2"), ("limits", "5")]
    assert [token.text for token in parsed.arguments] == [
        "demo.MathGame",
        "primeFactors",
        "{params, returnObj}",
        "#cost > 1",
    ]
    assert (parsed.unknown, parsed.asks_help) == ((), False)


@each_row(
    ("line", "options"),
    [
        ("thread -n 3", [("top-n-threads", "3")]),
        ("thread -n3", [("top-n-threads", "3")]),
        ("thread -n=3", [("top-n-threads", "3")]),
        ("thread --top-n-threads 3", [("top-n-threads", "3")]),
        ("thread --top-n-threads=3", [("top-n-threads", "3")]),
        ("thread -top-n-threads 3", [("top-n-threads", "3")]),
        ("thread --top 3", [("top-n-threads", "3")]),
        ("thread -to=3", [("top-n-threads", "3")]),
        ("thread -n -1", [("top-n-threads", "-1")]),
        ("thread -n=", [("top-n-threads", "")]),
        ("thread -n ''", [("top-n-threads", "")]),
        ("sc -df a", [("details", None), ("field", None)]),
        ("sc -dn5 a", [("details", None), ("limits", "5")]),
        ("sc -dn 5 a", [("details", None), ("limits", "5")]),
        ("sc -de a", [("details", None)]),
        ("sc -cs loader a", [("classLoaderStr", "loader")]),
        ("sc -cloader a", [("classloader", "loader")]),
        ("tt -w -", [("watch-express", "-")]),
        ("tt -w -5", [("watch-express", "-5")]),
        ("tt -w --bogus", [("watch-express", "--bogus")]),
        ("watch a b -n 1 -v", [("limits", "1"), ("verbose", None)]),
    ],
)
def test_every_way_to_write_an_option_is_read(
    line: str, options: list[tuple[str, str | None]]
) -> None:
    assert list_options(line) == options
    assert list_unknown(line) == []


def test_an_option_of_many_values_takes_all_words_up_to_the_next_option() -> None:
    line = "trace a b -p c d e -n5 f"
    assert list_options(line) == [("path", "c"), ("path", "d"), ("path", "e"), ("limits", "5")]
    assert list_arguments(line) == ["a", "b", "f"]


def test_an_option_of_many_values_takes_one_value_that_is_joined_to_it() -> None:
    assert list_arguments("trace -p=c a b") == ["a", "b"]


@pytest.mark.parametrize("line", ["watch a b -n -v", "tt -i 1000 -w '-x > 5'", "thread -n --top 1"])
def test_a_word_that_is_an_option_of_the_command_is_not_taken_for_a_value(line: str) -> None:
    assert None in [value for _, value in list_options(line)] or list_unknown(line)


@each_row(
    ("line", "unknown"),
    [
        ("watch --bogus a b", ["--bogus"]),
        ("watch a b -Z", ["-Z"]),
        ("watch a b -vZ", ["-vZ"]),
        ("thread --n 3", ["--n"]),
        ("thread --s=NEW --bogus=1", ["--s=NEW", "--bogus=1"]),
        ("thread --locked", ["--locked"]),
        ("jad --h a", ["--h"]),
        ("echo --=x", ["--=x"]),
    ],
)
def test_an_unknown_or_ambiguous_option_is_named_instead_of_becoming_an_argument(
    line: str, unknown: list[str]
) -> None:
    assert list_unknown(line) == unknown


@each_row("word", ["-5", "-1.5", "-", "---x", "-{a}", "'-x y'"])
def test_a_word_that_only_begins_with_a_dash_is_an_argument(word: str) -> None:
    assert list_arguments(f"echo {word}") == [word.strip("'")]


def test_behind_two_dashes_all_words_are_arguments() -> None:
    parsed = parse("echo -- -h -- --bogus")
    assert [token.text for token in parsed.arguments] == ["-h", "--", "--bogus"]
    assert (parsed.unknown, parsed.asks_help) == ((), False)


@each_row("word", ["-h", "--help", "--he", "-help", "'-h'", "-vh"])
def test_help_is_asked_for_anywhere_in_the_line(word: str) -> None:
    parsed = parse(f"watch a {word} b")
    assert parsed.asks_help
    assert [token.text for token in parsed.arguments] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "expression"),
    [
        ("""tt -i 1 -w '"@A@b()"'""", "@A@b()"),
        ("""tt -i 1 -w '"a"+"b"'""", '"a"+"b"'),
        ("""tt -i 1 '-w="@A@b()"'""", '"@A@b()"'),
    ],
)
def test_a_value_loses_the_second_pair_of_quotes_that_the_server_takes_off(
    line: str, expression: str
) -> None:
    given = parse(line).find("-w")
    assert given is not None
    assert given.value == expression


def test_an_option_given_twice_leaves_the_second_value_to_the_arguments() -> None:
    assert list_options("thread -n 1 -n 2") == [("top-n-threads", "1"), ("top-n-threads", None)]
    assert list_arguments("thread -n 1 -n 2") == ["2"]


def test_a_flag_keeps_the_value_that_the_server_would_refuse() -> None:
    assert list_options("sc --details=true a") == [("details", "true")]


def test_an_option_is_found_by_either_of_its_names() -> None:
    parsed = parse("thread --top 3")
    assert parsed.find("-n") is parsed.find("--top-n-threads") is parsed.options[0]
    assert parsed.options[0].token.span == (7, 12)
    assert parsed.find("-i") is None


def test_a_command_that_the_catalogue_lacks_is_left_unread() -> None:
    parsed = parse("mycommand --what a")
    assert (parsed.name.text, parsed.command) == ("mycommand", None)
    assert (parsed.options, parsed.arguments, parsed.unknown) == ((), (), ())


@pytest.mark.parametrize(
    ("line", "message", "place"),
    [
        ("  ", "there is no command", "  "),
        ("thread | grep x", "'|' does not work over HTTP", "|"),
        ("watch a b &", "'&' does not work over HTTP", "&"),
        ("echo 'a", "the quote is not closed", "'a"),
    ],
)
def test_a_line_that_cannot_be_sent_is_an_error_at_its_place(
    line: str, message: str, place: str
) -> None:
    with pytest.raises(LineError) as error:
        parse(line)
    start, end = error.value.span
    assert (error.value.message, line[start:end]) == (message, place)


@each_row(
    ("line", "name", "options"),
    [
        ("watch -n 5 a 'b -x 2", "watch", [("limits", "5")]),
        ("watch a b -v | grep -n x", "watch", [("verbose", None)]),
        ("| a -n 5", "|", []),
        ("  tt -t a b ; x\\", "tt", [("time-tunnel", None)]),
        ("nosuch 'a", "nosuch", []),
    ],
)
def test_a_raw_line_is_read_as_well_as_that_goes(
    line: str, name: str, options: list[tuple[str, str | None]]
) -> None:
    parsed = parse_raw(line, load_commands())
    assert (parsed.line, parsed.name.text) == (line, name)
    assert [(given.option.name, given.value) for given in parsed.options] == options


def test_a_raw_line_with_nothing_in_it_is_refused() -> None:
    with pytest.raises(LineError, match="there is no command"):
        parse_raw(" \n ", load_commands())


def test_a_value_knows_its_place() -> None:
    parsed = parse("watch a b -n 5 -x=2")
    assert [given.value_token.span for given in parsed.options] == [(13, 14), (15, 19)]
