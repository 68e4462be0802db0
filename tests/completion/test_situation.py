from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.completion.situation import Place, Situation, read_situation


def read(text: str) -> Situation:
    situation = read_situation(text, load_commands())
    assert situation is not None
    return situation


def describe(text: str) -> tuple[str, str, str, int]:
    found = read(text)
    kind = found.taker.kind if found.taker else ""
    return found.place.value, kind, found.word, found.start


@each_row(
    ("text", "expected"),
    [
        ("", ("command", "", "", 0)),
        ("  wa", ("command", "", "wa", 2)),
        ("watch ", ("argument", "class-pattern", "", 6)),
        ("watch a.B", ("argument", "class-pattern", "a.B", 6)),
        ("watch a.B m", ("argument", "method-pattern", "m", 10)),
        ("watch -n 5 a.B m", ("argument", "method-pattern", "m", 15)),
        ("watch -b a.B m", ("argument", "method-pattern", "m", 13)),
        ("watch -n ", ("value", "int", "", 9)),
        ("thread --state BL", ("value", "enum", "BL", 15)),
        ("thread --state=BL", ("value", "enum", "BL", 15)),
        ("sc -c 1f", ("value", "classloader-hash", "1f", 6)),
        ("thread --st", ("option", "", "--st", 7)),
        ("thread -", ("option", "", "-", 7)),
        ("trace a.B m -p x.Y z.", ("value", "class-pattern", "z.", 19)),
        ("version ; sc a", ("argument", "class-pattern", "a", 13)),
        ("version;sc a", ("argument", "class-pattern", "a", 11)),
        ("version;", ("command", "", "", 8)),
        ("version;v", ("command", "", "v", 8)),
        (":raw sc a", ("argument", "class-pattern", "a", 8)),
        (":format t", ("argument of a shell command", "", "t", 8)),
    ],
)
def test_the_word_at_the_cursor_is_known_for_what_it_is(
    text: str, expected: tuple[str, str, str, int]
) -> None:
    assert describe(text) == expected


def test_a_word_in_an_open_quote_is_read_without_it() -> None:
    assert describe("watch 'a.B c") == ("argument", "class-pattern", "a.B c", 6)
    assert describe('watch "a.B c') == ("argument", "class-pattern", "a.B c", 6)


def test_the_options_and_arguments_before_the_word_are_known() -> None:
    found = read("watch -b a.B -n 5 ")
    assert [option.name for option in found.given] == ["before", "limits"]
    assert found.arguments == ("a.B",)
    assert found.has("-n")
    assert not found.has("-e")


def test_where_no_argument_is_left_only_options_can_follow() -> None:
    found = read("version ")
    assert (found.place, found.taker, found.can_be_option) == (Place.ARGUMENT, None, True)


@each_row(
    ("text", "expected"),
    [
        ("thread | gr", (Place.PROGRAM, "gr", 9)),
        ("thread |gr", (Place.PROGRAM, "gr", 8)),
        ("thread| gr", (Place.PROGRAM, "gr", 8)),
        ("thread | ", (Place.PROGRAM, "", 9)),
        ("thread|gr", (Place.PROGRAM, "gr", 7)),
        ("thread|", (Place.PROGRAM, "", 7)),
        ("thread|grep x|so", (Place.PROGRAM, "so", 14)),
        ("history | gr", (Place.PROGRAM, "gr", 10)),
        ("history 5 |json | he", (Place.PROGRAM, "he", 18)),
        ("version ; :json | j", (Place.PROGRAM, "j", 18)),
        ("thread | tee fi", (Place.FILE, "fi", 13)),
        ("thread |tee fi", (Place.FILE, "fi", 12)),
        ("thread | grep -i x | tee -a fi", (Place.FILE, "fi", 28)),
        ("thread > fi", (Place.FILE, "fi", 9)),
        (":json >> 'a b", (Place.FILE, "a b", 9)),
    ],
)
def test_behind_a_pipe_is_a_program_and_behind_it_or_a_redirect_a_file(
    text: str, expected: tuple[Place, str, int]
) -> None:
    found = read(text)
    assert (found.place, found.word, found.start) == expected


@each_row(
    "text",
    [
        "thread | grep -",
        "sc a > file b",
        "| gr",
        "sc -- a",
        "sc \\",
        ":raw thread | gr",
        "sc 'a|' b",
    ],
)
def test_nothing_of_ours_is_where_no_word_can_be_or_in_a_broken_one(text: str) -> None:
    assert read_situation(text, load_commands()) is None
