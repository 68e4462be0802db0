"""What each word of a line is, while it is being typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.line.reading import Role, find_piece, read_line

COMMANDS = load_commands()
OWN = ("quit", ":every", ":raw", "help")
WORD = st.sampled_from(
    ["watch", "a.b.C", "-n", "5", "-n5", "--", "-zz", "'a b", ";", "|", ">", "&", ":every", "2s"]
)


def read(line: str) -> str:
    return " ".join(piece.role.name for piece in read_line(line, COMMANDS, OWN))


@each_row(
    ("line", "roles"),
    [
        ("watch a.b.C m", "COMMAND ARGUMENT ARGUMENT"),
        ("watch -n 5 a.b.C", "COMMAND OPTION VALUE ARGUMENT"),
        ("watch -n5 --limits=5 a", "COMMAND OPTION OPTION ARGUMENT"),
        ("watch -zz a", "COMMAND UNKNOWN_OPTION ARGUMENT"),
        ("watch a -- -n", "COMMAND ARGUMENT OPERATOR ARGUMENT"),
        ("version now", "COMMAND SURPLUS"),
        ("cat a b c", "COMMAND ARGUMENT ARGUMENT ARGUMENT"),
        ("wach a -n", "UNKNOWN_COMMAND PLAIN PLAIN"),
        ("thread | grep -i x > f g", "COMMAND OPERATOR PROGRAM PLAIN PLAIN OPERATOR FILE PLAIN"),
        ("version ; pwd", "COMMAND OPERATOR COMMAND"),
        ("version &", "COMMAND OPERATOR"),
        ("version & ; jvm &\npwd", "COMMAND OPERATOR OPERATOR COMMAND OPERATOR COMMAND"),
        ("version & now", "COMMAND UNCLEAR SURPLUS"),
        ("version;jvm&", "COMMAND OPERATOR COMMAND OPERATOR"),
        ("memory|grep heap", "COMMAND OPERATOR PROGRAM PLAIN"),
        ("watch a m x|head", "COMMAND ARGUMENT ARGUMENT UNCLEAR"),
        ("watch a m x||y -n 1", "COMMAND ARGUMENT ARGUMENT ARGUMENT OPTION VALUE"),
        ("tt -w x|head -n 1", "COMMAND OPTION UNCLEAR OPTION VALUE"),
        (":raw sysprop a|b ; c", "OWN_WORD COMMAND ARGUMENT ARGUMENT SURPLUS"),
        (":raw sysprop a|b\npwd|wc", "OWN_WORD COMMAND ARGUMENT COMMAND OPERATOR PROGRAM"),
        ("echo ';'", "COMMAND ARGUMENT"),
        ("quit now", "OWN_WORD PLAIN"),
        (":raw watch a", "OWN_WORD COMMAND ARGUMENT"),
        (":every --times 3 2s thread -n 1", "OWN_WORD PLAIN PLAIN PLAIN COMMAND OPTION VALUE"),
        (":every 2s --times 3 thread -n 1", "OWN_WORD PLAIN PLAIN PLAIN COMMAND OPTION VALUE"),
        (
            ":every 2s --until fails jvm ; jvm",
            "OWN_WORD PLAIN PLAIN PLAIN COMMAND OPERATOR COMMAND",
        ),
        (":every 1.2.3s sc a", "OWN_WORD PLAIN PLAIN PLAIN"),
        (":every 1ms sc a", "OWN_WORD PLAIN PLAIN PLAIN"),
        (":every 100ms sc a", "OWN_WORD PLAIN COMMAND ARGUMENT"),
        ("version\njvm now\n\n'pwd\n", "COMMAND COMMAND SURPLUS UNKNOWN_COMMAND"),
        ("help watch", "COMMAND ARGUMENT"),
        ("", ""),
    ],
)
def test_each_word_has_its_role(line: str, roles: str) -> None:
    assert read(line) == roles


def test_a_cursor_between_words_makes_an_empty_word_there() -> None:
    pieces = read_line("watch  m", COMMANDS, cursor=6)
    assert [(piece.role, piece.word.text, piece.kind) for piece in pieces[1:]] == [
        (Role.ARGUMENT, "", "class-pattern"),
        (Role.ARGUMENT, "m", "method-pattern"),
    ]
    assert find_piece(pieces, 6) == 1


def test_what_follows_an_option_is_its_value_and_has_its_kind() -> None:
    [*_, value] = read_line("watch -n ", COMMANDS, cursor=9)
    assert (value.role, value.kind) == (Role.VALUE, "int")


def test_joined_flags_are_all_named() -> None:
    [_, joined] = read_line("sc -df", COMMANDS)
    assert [option.long for option in joined.options] == ["--details", "--field"]


@given(st.lists(WORD, max_size=8).map(" ".join), st.integers(0, 40))
def test_no_word_is_lost_whatever_is_typed(line: str, cursor: int) -> None:
    typed = [piece.word for piece in read_line(line, COMMANDS, OWN, cursor=cursor)]
    rest = line
    for word in reversed(typed):
        rest = rest[: word.start] + rest[word.end :]
    assert not rest.strip()
