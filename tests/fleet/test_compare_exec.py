"""`exec --compare` as a whole program, on fakes and on three JVMs."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from support.fake import Command, FakeArthas, faults
from support.program import Ended, shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.fake import Call


@contextmanager
def start(*flags: str) -> Iterator[list[FakeArthas]]:
    """Starts a fake for each value of the property `flag`."""
    with ExitStack() as stack:
        fakes = [stack.enter_context(FakeArthas()) for _ in flags]
        for fake, flag in zip(fakes, flags, strict=True):

            def run(_call: Call, flag: str = flag) -> list[dict[str, object]]:
                props = {"flag": flag, "PID": flag * 3, "a": "1", "b": "2"}
                return [{"type": "sysprop", "props": props}]

            fake.register(Command("sysprop", run))
        yield fakes


def ask(fakes: list[FakeArthas], *arguments: str) -> Ended:
    config = "".join(f"--on {fake.url} " for fake in fakes).split()
    return shell("exec", "--compare", *config, *arguments)


def test_what_differs_is_data_and_how_much_is_equal_is_said_beside_it() -> None:
    with start("x", "y") as fakes:
        ended = ask(fakes, "sysprop")
    assert ended.exit_code == 0
    head, row = ended.stdout.splitlines()
    assert head.split() == [fake.url for fake in fakes]
    assert row.split() == ["flag", "x", "y"]
    assert ended.stderr == ("1 differs · 2 equal · always differ: PID\n2 JVMs: 2 succeeded\n")


def test_who_fails_is_left_out_of_the_comparison_and_ends_it_with_its_code() -> None:
    with start("x", "x", "z") as fakes:
        fakes[2].faults.next(faults.server_error)
        ended = ask(fakes, "sysprop", "--json")
    assert ended.exit_code == 1
    names = [fake.url for fake in fakes]
    document = ended.document
    assert document["targets"] == names[:2]
    assert [(each["target"], each["error"]["kind"]) for each in document["leftOut"]] == [
        (names[2], "server-error")
    ]
    assert (document["equal"], document["differences"]) == (4, [])
    assert document["error"]["kind"] == "server-error"


def test_as_csv_each_jvm_is_a_column() -> None:
    with start("x", "y") as fakes:
        ended = ask(fakes, "sysprop", "-o", "csv")
    assert ended.stdout.splitlines()[1:] == ["flag,value,no,x,y", "PID,value,yes,xxx,yyy"]


def test_what_cannot_be_compared_is_refused_before_anything_is_sent() -> None:
    with start("x", "y") as fakes:
        refused = [
            ask(fakes, "watch demo.MathGame run"),
            ask(fakes, "sysprop", "-o", "jsonl"),
            ask(fakes, "sysprop | cat"),
            ask(fakes[:1], "sysprop"),
            ask(fakes, "sysprop", "--first"),
        ]
        assert [fake.requests for fake in fakes] == [[], []]
    assert {ended.exit_code for ended in refused} == {2}
    assert [ended.stderr.splitlines() for ended in refused] == [
        [
            "arthas-shell: 'watch' streams: it has no rows to compare",
            "hint: compare what is answered at once, such as 'sysprop' or 'sc -d CLASS'",
        ],
        ["arthas-shell: a comparison has no jsonl", "hint: use -o text, json or csv"],
        [
            "arthas-shell: --compare cannot be combined with a pipe or redirect inside the line",
            "hint: put the pipe outside: arthas-shell exec --compare 'COMMAND' | PROGRAM",
        ],
        [
            "arthas-shell: --compare is for many JVMs",
            "hint: name them with --on",
        ],
        [
            "arthas-shell: --first and --compare cannot be combined",
            "hint: use only one of them",
        ],
    ]
