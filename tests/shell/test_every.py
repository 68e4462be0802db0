"""The same command again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pytest
from support.fake import Call, Command, faults
from support.table import each_row

from arthas_cli.errors import ArthasShellError, CommandFailed, LineError, NoServer
from arthas_cli.formats import Report
from arthas_cli.protocol import Result
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.jobs.display import Screen
from arthas_cli.shell.jobs.repeat import Every, Rounds, RoundWriter, mark_changes, parse_every
from arthas_cli.shell.terminal.output import JobOutput

from .conftest import CTRL_C, Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .conftest import User

EMPTY = {"type": "profiler", "action": "dumpCollapsed", "executeResult": ""}
END = Report(None, None, Outcome(), None)


class Round:
    """A job that has come to its end with one line of text, and maybe an error."""

    def __init__(self, text: str, error: ArthasShellError | None = None) -> None:
        self.outcome = Outcome("SUCCEEDED", 0, error=error)
        data = {"type": "echo", "content": text}
        self._results = iter([Result("echo", 1, data, "")] if text else [])

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        return next(self._results)

    @property
    def has_ready(self) -> bool:
        return False

    def interrupt(self) -> None:
        """Has nothing to stop."""

    def close(self) -> None:
        """Holds nothing."""


def play(*rounds: Round, until: str = "", times: int | None = None) -> Rounds:
    """Repeats, without a pause, what the rounds say; the last one must be the end."""
    planned = list(rounds)
    played = Rounds(Every("x", 0.0, until, times), lambda: planned.pop(0), Screen().draw)
    assert len(list(played)) == len(rounds)
    return played


@each_row(
    ("line", "every"),
    [
        (":every 2s thread -n 3", Every("thread -n 3", 2.0)),
        (":every 500ms  echo 'a  b'", Every("echo 'a  b'", 0.5)),
        (":every 1.5m jvm", Every("jvm", 90.0)),
        (":every --times 3 1s pwd", Every("pwd", 1.0, times=3)),
        (":every --until empty --times 9 1s pwd", Every("pwd", 1.0, "empty", 9)),
        (":every 1s --times 3 pwd", Every("pwd", 1.0, times=3)),
        (":every --until empty 1s --times 9 pwd", Every("pwd", 1.0, "empty", 9)),
        (":every 1s sc --times x", Every("sc --times x", 1.0)),
    ],
)
def test_a_line_says_what_how_often_and_until_when(line: str, every: Every) -> None:
    assert parse_every(line) == every


@each_row(
    ("line", "message"),
    [
        (":every", "missing the interval and the command"),
        (":every 2s", "missing the command to repeat"),
        (":every 2s --times 3", "missing the command to repeat"),
        (":every soon pwd", "'soon' is not an interval of at least 0.1s"),
        (":every 1ms pwd", "'1ms' is not an interval of at least 0.1s"),
        (":every --until never 1s pwd", "--until takes nonempty, empty, changed, fails"),
        (":every --times few 1s pwd", "--times takes a number"),
    ],
)
def test_a_line_that_says_something_else_is_refused(line: str, message: str) -> None:
    with pytest.raises(LineError) as error:
        parse_every(line)
    assert error.value.message == message
    assert error.value.hint


@pytest.mark.parametrize(
    ("until", "rounds"),
    [
        ("nonempty", [Round(""), Round("a")]),
        ("empty", [Round("a"), Round("b"), Round("")]),
        ("changed", [Round("a"), Round("a"), Round("b")]),
        ("fails", [Round("a"), Round("", CommandFailed("no"))]),
    ],
)
def test_it_goes_on_until_what_was_waited_for_has_come(until: str, rounds: list[Round]) -> None:
    assert play(*rounds, until=until).outcome.state == "SUCCEEDED"


def test_it_goes_on_so_many_times() -> None:
    assert play(Round("a"), Round("b"), times=2).number == 2


def test_a_failure_is_shown_and_does_not_end_it() -> None:
    assert play(Round("a", CommandFailed("no such thread")), times=1).text == (
        "a\nfailed: no such thread\n"
    )


def test_a_server_that_is_gone_ends_it() -> None:
    away = Round("", NoServer("nothing listens on a:1"))
    rounds = Rounds(Every("x", 0.0), lambda: away, Screen().draw)
    with pytest.raises(NoServer):
        next(rounds)


def test_changed_words_are_marked_and_new_ones() -> None:
    assert mark_changes("a 1 c\nd", "a 2 c\nd e\nf") == (
        "a \x1b[7m2\x1b[27m c\nd \x1b[7me\x1b[27m\n\x1b[7mf\x1b[27m"
    )


def test_a_round_takes_the_place_of_the_last_one_with_its_changes_marked() -> None:
    terminal = Draft()
    every = Every("echo", 2.0)
    planned = [Round("a 1"), Round("a 2")]
    rounds = Rounds(Every("echo", 0.0), lambda: planned.pop(0), Screen().draw)
    writer = RoundWriter(every, rounds, Screen(80, 24, "standard"), JobOutput(terminal), terminal)
    writer.show(next(rounds))
    assert terminal.screen == "every 2s · echo · round 1\na 1"
    writer.show(next(rounds))
    assert terminal.screen == "every 2s · echo · round 2\na \x1b[7m2\x1b[27m"
    writer.end(END)
    assert (terminal.screen, terminal.text) == ("", "every 2s · echo · round 2\na 2\n")


def test_in_the_shell_it_ends_by_itself_or_by_ctrl_c(user: User) -> None:
    shown = user.enter(":every --times 2 100ms pwd")
    assert shown.startswith("every 0.1s · pwd · round 1\n/srv/app\n")
    assert "round 2\n/srv/app\n2 rounds · 0 lost · ended by itself after " in shown
    user.begin(":every 1h pwd")
    user.wait_for(lambda: user.text.count("round 1") == 2)
    user.type(CTRL_C)
    user.see("1 round · 0 lost · stopped after ")


def test_what_a_round_has_lost_is_counted() -> None:
    planned = [Round("a"), Round("b")]
    for played, lost in zip(planned, (2, 3), strict=True):
        played.outcome = played.outcome._replace(lost=lost)
    assert play(*planned, times=2).outcome.lost == 5


def test_what_would_not_work_is_said_before_the_first_round(user: User) -> None:
    assert "there is no command 'nosuch'" in user.enter(":every 1s nosuch")


def test_a_server_that_goes_away_is_told(user: User) -> None:
    user.fake.faults.next(faults.cut_before_headers, action="exec")
    assert "arthas-shell: the server closed the connection" in user.enter(":every 1s pwd")


def test_what_streams_is_run_to_its_end_in_each_round(user: User) -> None:
    def burst(_call: Call) -> Iterator[Mapping[str, object]]:
        yield {"type": "watch", "value": "@Integer[7]", "jobId": 1}

    user.fake.register(Command("watch", burst, is_stream=True, is_interruptible=True))
    assert user.enter(":every --times 1 1s watch a b -n 1").count("@Integer[7]") == 1
    assert len(user.fake.sessions) == 1


def test_a_stream_that_does_not_say_when_it_ends_is_not_repeated(user: User) -> None:
    assert user.enter(":every 1s watch demo.MathGame run") == (
        "arthas-shell: 'watch' runs until it is stopped, so it cannot be repeated\n"
        "hint: add '-n 1', or run it without ':every'\n"
        "  watch demo.MathGame run\n  ^^^^^\n"
    )
    assert user.fake.jobs == []
    shown = user.enter(":every --times 2 100ms watch demo.MathGame primeFactors -n 1")
    assert "2 rounds · 0 lost · ended by itself after" in shown


def test_a_round_that_was_stopped_does_not_take_the_place_of_the_last_whole_one() -> None:
    planned = [Round("whole"), Round("part")]

    def start() -> Round:
        if len(planned) == 1:
            rounds.interrupt()
        return planned.pop(0)

    rounds = Rounds(Every("x", 0.0), start, Screen().draw)
    assert len(list(rounds)) == 1
    assert (rounds.text, rounds.number) == ("whole\n", 1)


def test_each_round_says_what_is_to_be_known_of_its_answer(user: User) -> None:
    shown = user.enter(":every --times 2 100ms sc no.such.Class")
    assert shown.count("no loaded class matches 'no.such.Class'\n") == 2


def test_what_is_to_be_known_does_not_count_as_an_answer() -> None:
    silent = Round("")
    silent.outcome = Outcome("SUCCEEDED", 0, remark="no loaded class matches 'x'")
    played = play(silent, Round("a"), until="nonempty")
    assert (played.text, played.remarks) == ("a\n", "")


def test_what_is_to_be_known_of_a_file_is_told_in_each_round(user: User) -> None:
    user.fake.register(Command("profiler", lambda _call: [EMPTY]))
    user.enter(":every --times 1 1s profiler dumpCollapsed")
    user.see("the profile is empty: no sample was taken\n")
