from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.catalogue.versions import restrict
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import Plan, make_plan

NEWEST = (4, 1, 5)


def plan(line: str) -> Plan:
    return make_plan(parse_line(line, load_commands()))


@each_row(
    "line",
    ["watch a b", "tt -t a b", "tt --time-t a b", "mbean -i 100 x", "dashboard", "line --class a"],
)
def test_what_sends_until_it_is_stopped_is_a_stream(line: str) -> None:
    assert plan(line).is_stream
    assert plan(line).is_interruptible


@each_row(
    "line", ["version", "tt -l", "mbean x", "watch -h", "line --class a --list-lines", "mycommand"]
)
def test_what_answers_once_is_no_stream(line: str) -> None:
    assert not plan(line).is_stream


@each_row(
    ("line", "limit"),
    [
        ("watch a b", 100),
        ("watch a b -n 5", 5),
        ("watch a b --lim=5", 5),
        ("tt -t a b -n7", 7),
        ("dashboard -n 2", 2),
        ("mbean -i 100 -n 3 x", 3),
        ("watch a b -n many", None),
        ("tt -i 1000 -w params", None),
        ("watch a b -n", None),
        ("watch a b -n 5 --timeout 9", None),
        ("monitor -c 1 a b -n 5", None),
        ("sm a -n 5", None),
    ],
)
def test_the_limit_is_how_many_results_a_stream_makes_if_that_is_known(
    line: str, limit: int | None
) -> None:
    assert plan(line).limit == limit


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("profiler stop -f 'a b.html'", "a b.html"),
        ("profiler stop --file=a.html", "a.html"),
        ("profiler stop", ""),
        ("heapdump a.hprof", ""),
    ],
)
def test_the_file_is_the_one_that_the_line_names_for_a_profile(line: str, file: str) -> None:
    assert plan(line).file == file


@each_row(
    ("line", "begin"),
    [
        (
            "profiler start -d 30",
            "the run ends by itself; stopping it early does not cancel",
        ),
        ("profiler start --timeout 9s", "the run ends by itself; end the next one with"),
        ("profiler start", ""),
        ("profiler stop --duration 30", ""),
        ("jfr start -f a.jfr", "'jfr stop' writes to another file, named by the time, without"),
        ("jfr start -f a.jfr --duration 30s", ""),
        ("jfr start --duration 30s", ""),
        ("jfr stop -r 1 -f a.jfr", ""),
    ],
)
def test_a_start_that_does_something_to_a_later_end_comes_with_a_caution(
    line: str, begin: str
) -> None:
    caution = plan(line).asked.caution
    assert caution.startswith(begin)
    assert bool(caution) == bool(begin)


@each_row(
    ("line", "ends"),
    [
        ("watch a b", {0}),
        ("watch -h", {0, -10}),
        ("mbean -i 100 -n 3 x", {0, -1}),
        ("mbean x", {0}),
        ("mycommand -h", {0}),
    ],
)
def test_the_normal_ends_are_those_that_are_no_failure(line: str, ends: set[int]) -> None:
    assert plan(line).normal_ends == ends


@pytest.mark.parametrize("line", ["version", "sc a", "thread -n 3", "ognl -h"])
def test_what_changes_nothing_may_be_sent_again(line: str) -> None:
    assert plan(line).is_read


@pytest.mark.parametrize("line", ["ognl 1", "sysprop a b", "vmtool -a forceGc", "mycommand"])
def test_what_may_change_something_is_never_sent_again(line: str) -> None:
    assert not plan(line).is_read


def test_stop_alone_ends_the_server() -> None:
    assert plan("stop").stops_server
    assert not plan("reset").stops_server


@each_row(
    ("line", "sent"),
    [
        ("watch a b", "watch --timeout 60 a b"),
        ("  'watch' a b -- -x", "  'watch' --timeout 60 a b -- -x"),
        ("watch a b --timeout 9", None),
        ("tt -t a b", "tt --timeout 60 -t a b"),
        ("dashboard", "dashboard -n 12"),
        ("dashboard -i 100", "dashboard -n 600 -i 100"),
        ("dashboard -i 0", None),
        ("dashboard -n 3", None),
        ("mbean -i 120000 x", "mbean -n 1 -i 120000 x"),
        ("version", None),
    ],
)
def test_a_stream_has_a_bound_on_the_server_unless_it_brings_its_own(
    line: str, sent: str | None
) -> None:
    bound = plan(line).bound
    assert (bound.add_to(line, NEWEST, 60) if bound else None) == sent


@pytest.mark.parametrize("version", [(), (3, 4, 6), (4, 1, 2)])
def test_a_server_that_would_take_the_bound_for_a_condition_gets_none(
    version: tuple[int, ...],
) -> None:
    bound = plan("watch a b").bound
    assert bound
    assert bound.add_to("watch a b", version, 60) == "watch a b"


@pytest.mark.parametrize("line", ["watch a b", "tt -t a b -n 5", "monitor a b"])
def test_what_a_server_cannot_bound_by_time_is_not_bound_otherwise(line: str) -> None:
    commands = restrict(load_commands(), (3, 6, 4))
    assert make_plan(parse_line(line, commands)).bound is None
