"""What is wrong with a line, and where; the server's own words for it were looked at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.catalogue.versions import Version, parse_version, restrict
from arthas_cli.line.checks import find_errors, format_syntax
from arthas_cli.line.parse import parse_line

if TYPE_CHECKING:
    from arthas_cli.errors import LineError

NEWEST = "4.1.5"


def list_errors(line: str, version: Version = ()) -> list[LineError]:
    return list(find_errors(parse_line(line, restrict(load_commands(), version)), version))


def find_error(line: str, version: str = "") -> tuple[str, str, str]:
    """Returns the first error's message, the place it points at, and its hint."""
    error = list_errors(line, parse_version(version))[0]
    start, end = error.span
    return error.message, line[start:end], error.hint


@each_row(
    "line",
    [
        "version",
        "watch demo.MathGame primeFactors '{params, returnObj}' '#cost > 1' -n 5 -x 2",
        "watch -h",
        "watch a -h b c d e f g",
        "thread --state blocked",
        "thread -n -1",
        "trace a b -p c d e",
        "tt -i 1000 -w params",
        "tt -s 'params.length > 1' -w params",
        "tt -t a b -w x",
        "vmtool -a getInstances --className a",
        "profiler nosuchaction",
        "profiler start -e alloc --threads",
        "profiler start --file a.jfr",
        "profiler start --file a --format jfr",
        "profiler start --duration 30 --file a.html",
        "profiler start --timeout 30s --format collapsed",
        "profiler start --loop 30s --file a-%t.html",
        "profiler stop --file a.html --format flamegraph",
        "redefine a b c d",
        "jad a --lineNumber off",
        "sc -d -d a",
        "watch a b '\"(\"'",
        "mbean -i 100 -n 2 java.lang:*",
    ],
)
def test_a_line_that_works_has_no_errors(line: str) -> None:
    assert list_errors(line, parse_version(NEWEST)) == []


@each_row(
    ("line", "message", "place"),
    [
        ("watch a b --limit-s 3", "'watch' has no option '--limit-s'", "--limit-s"),
        ("sc --details=true a", "'--details' takes no value", "--details=true"),
        ("watch a b -n", "'-n' needs a value", "-n"),
        ("watch a b -n -v", "'-n' needs a value", "-n"),
        ("thread -n 1 -n 2", "'-n' is given twice", "-n"),
        ("thread -n=1 --top-n-threads=2", "'--top-n-threads' is given twice", "--top-n-threads=2"),
        ("watch a", "'watch' needs method-pattern", ""),
        ("vmtool --className a", "'vmtool' needs -a", ""),
        ("echo a b", "'echo' has no further argument 'b'", "b"),
        ("version 'a b'", "'version' has no further argument 'a b'", "'a b'"),
        ("thread --state RUNING", "'RUNING' is not a value of '--state'", "RUNING"),
        ("jfr begin", "'begin' is not a value of 'cmd'", "begin"),
        ("watch a b -n abc", "'abc' is not a whole number", "abc"),
        ("watch a b -nabc", "'abc' is not a whole number", "abc"),
        ("watch a b '-n=a b'", "'a b' is not a whole number", "a b"),
        ("thread abc", "'abc' is not a whole number", "abc"),
        ("watch a b -x 9", "'9' is out of range", "9"),
        ("jad a --lineNumber maybe", "'maybe' is neither true nor false", "maybe"),
        ("watch a b '{params,returnObj'", "'{' is not closed", "{"),
        ("watch a b params '#cost > f(1]'", "']' closes nothing that is open", "]"),
        ("tt -i 1 -w 'params[0'", "'[' is not closed", "["),
        ("ognl a\\ [b", "'[' is not closed", "a\\ [b"),
        ("tt -w params", "'tt -w' without '-i' or '-s' never ends", "-w"),
        (
            "tt --watch-express params -n 3",
            "'tt -w' without '-i' or '-s' never ends",
            "--watch-express",
        ),
        (
            "profiler start -e cpu -f a.html",
            "Arthas ignores '--file' when a run starts",
            "-f a.html",
        ),
        (
            "profiler start --format=collapsed",
            "Arthas ignores '--format' when a run starts",
            "--format=collapsed",
        ),
        (
            "profiler start --loop 30s",
            "without '--file' no round of '--loop' is written",
            "--loop 30s",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(line: str, message: str, place: str) -> None:
    assert find_error(line)[:2] == (message, place)


@each_row(
    ("line", "hint"),
    [
        ("watch a b --limit 3 --limts 3", "did you mean '--limits'?"),
        ("thread --state RUNNABEL", "did you mean 'RUNNABLE'?"),
        ("thread --state xyz", "one of NEW, RUNNABLE, BLOCKED, WAITING, TIMED_WAITING, TERMINATED"),
        ("watch a", "watch class-pattern method-pattern [express] [condition-express]"),
        ("vmtool", "vmtool -a VALUE"),
        ("version a", "version"),
        ("echo a b", "quote words that belong together: echo [message]"),
        ("watch a b {params, target}", "quote words that belong together"),
        ("watch a b '{params, target'", ""),
        ("watch a b -x 9", "use a number from 0 to 4"),
        ("watch a b -n abc", "'-n' takes a whole number"),
        ("watch a b -x all", "'-x' takes a depth from 0 to 4"),
        ("tt -i last", "'-i' takes the index of a record, which 'tt -l' lists"),
        (
            "profiler start -f 'a b.html'",
            "give it to the end of the run instead: profiler stop --file 'a b.html'",
        ),
        ("profiler start --loop 9s", "add --file 'arthas-output/NAME-%t.html'"),
        ("jfr start --duration 1y", "a number and a unit: 500ms, 30s, 10m, 2h, 1d"),
    ],
)
def test_the_hint_says_what_to_type_instead(line: str, hint: str) -> None:
    assert find_error(line)[2] == hint


@pytest.mark.parametrize("line", ["watch a b -x 0", "tt -i 1 -x=0", "ognl 1 --expand 00"])
def test_a_depth_of_0_is_wrong_where_the_server_shows_nothing_for_it(line: str) -> None:
    message, _, hint = find_error(line, "3.6.5")
    assert message.endswith(" 0' shows no value on Arthas 3.6.5")
    assert hint == "use 1"
    assert list_errors(line, (3, 6, 4)) == []
    assert list_errors(line) == []


@pytest.mark.parametrize(
    ("line", "version", "message", "place"),
    [
        (
            "watch a b --timeout 5",
            "3.6.4",
            "'--timeout' of 'watch' was added in Arthas 4.1.3; this server is 3.6.4",
            "--timeout",
        ),
        (
            "watch a b -m 5",
            "3.6.7",
            "'-m' of 'watch' was added in Arthas 3.6.8; this server is 3.6.7",
            "-m",
        ),
        ("profiler start -I a", "3.7.2", "'profiler' has no option '-I'", "-I"),
    ],
)
def test_an_option_that_the_version_lacks_is_not_taken_for_an_argument(
    line: str, version: str, message: str, place: str
) -> None:
    assert find_error(line, version)[:2] == (message, place)


def test_a_short_name_that_came_later_is_told_with_the_long_one() -> None:
    assert (
        find_error("profiler start -I a", "3.7.2")[2]
        == "before Arthas 4.0.0 it is '--include' alone"
    )
    assert list_errors("profiler start --include a", (3, 7, 2)) == []


def test_the_syntax_of_a_command_shows_what_may_be_left_out_and_what_may_be_many() -> None:
    commands = load_commands()
    assert format_syntax(commands["sm"]) == "sm class-pattern [method-pattern]"
    assert format_syntax(commands["redefine"]) == "redefine classfilePaths…"


@pytest.mark.parametrize(
    ("line", "place", "hint"),
    [
        (r"sc -E fx\.Work\$Ring", r"\.", r"write 'fx\.Work\$Ring'"),
        (r"sc fx\w+ -E", r"\w", r"write 'fx\w+'"),
        (r"cat C:\tmp\x", r"\t", r"write 'C:\tmp\x'"),
        (r"dump fx.Work --directory=C:\tmp", r"\t", r"write '--directory=C:\tmp'"),
    ],
)
def test_a_backslash_that_the_server_would_drop_is_refused(
    line: str, place: str, hint: str
) -> None:
    name = line.split(maxsplit=1)[0]
    said = f"outside quotes the backslash never reaches '{name}'"
    assert find_error(line) == (said, place, hint)


@each_row(
    "line",
    [
        r"sc -E 'fx\.Work\$Ring'",
        r'sc -E "fx\.Work"',
        r"sc fx.Work\$Ring",
        r"echo a\ b",
        r"echo a\;b",
        r"cat C:\\tmp",
        r"""ognl '"\u0041"'""",
    ],
)
def test_a_backslash_that_is_kept_or_guards_something_passes(line: str) -> None:
    assert list_errors(line) == []


def test_a_hidden_class_is_refused_as_sc_prints_it_with_the_name_that_finds_it() -> None:
    assert find_error("sc -d fx.Work$$Lambda$14/0x00007f4958018808") == (
        "Arthas reads the '/' in the name of a hidden class as a dot",
        "/",
        "write fx.Work$$Lambda$14?0x00007f4958018808",
    )
    assert list_errors("sc -d fx/Work") == []
    assert list_errors("sc -d fx.Work$$Lambda$14?0x00007f4958018808") == []


def test_a_value_right_behind_a_long_name_is_refused_with_the_cure() -> None:
    assert find_error("vmtool --action getInstances --className a.B --express'{1,2}'") == (
        "'vmtool' has no option '--express{1,2}'",
        "--express'{1,2}'",
        "put '=' or a space after '--express'",
    )
    assert find_error("watch a.B m --limits'5'")[2] == "put '=' or a space after '--limits'"
    assert list_errors("watch a.B m -n'5'") == []


@each_row(
    "line",
    [
        "watch a b params[0]===1",
        "watch a b params 'a &&& b'",
        "watch a b params 'params[0]=1'",
        "trace a b '“x”==a'",
        "stack a b 'a==12345678901'",
        "tt -t a b 'a AND b'",
        "tt -s 'method.name=1'",
        "tt -i 1000 -w 'a b'",
        "monitor a b 'a=1'",
        "ognl '@java.lang.System.out'",
        "vmtool --action getInstances --className a --express 'instances[0'",
        "getstatic a b 'c;'",
        "line --class a --method b --condition 'a=1'",
    ],
)
def test_what_is_no_ognl_is_refused_wherever_ognl_is_taken(line: str) -> None:
    assert list_errors(line) != []


def test_the_place_in_the_line_is_where_the_slip_is() -> None:
    assert find_error("watch a b params 'a &&& b'") == (
        "'&&&' is not an OGNL operator",
        "&&&",
        "use '&&'",
    )


@pytest.mark.parametrize("action", ["heapAnalyze", "referenceAnalyze"])
def test_what_answers_in_the_terminal_of_arthas_alone_does_not_walk_the_heap(action: str) -> None:
    assert find_error(f"vmtool --className a.B --action {action}") == (
        f"Arthas sends no results of '{action}' over HTTP",
        action,
        "run it in Arthas' own terminal; 'heapdump' writes all objects to a file",
    )
    assert list_errors("vmtool --action forceGc") == []
