"""Answers that say success of what failed, say nothing, or say what was not asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import CommandFailed, Incomplete
from arthas_cli.jsontext import as_object
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.protocol import Result
from arthas_cli.session.meaning import Meaning
from arthas_cli.session.outcome import Outcome

if TYPE_CHECKING:
    from arthas_cli.errors import ArthasShellError
    from arthas_cli.jsontext import Json

ROWS: dict[str, Json] = {"type": "row_affect", "rowCount": 0}
OWN = (
    "ognl --classLoaderClass com.taobao.arthas.agent.ArthasClassloader"
    " '@com.taobao.arthas.core.server.ArthasBootstrap@getInstance().x'"
)
UNREADABLE = "Failed to get static, exception message: no length, please check $HOME/logs/x. "


def read(
    line: str, *objects: dict[str, Json], error: ArthasShellError | None = None
) -> tuple[list[Result], Outcome, list[str]]:
    told: list[str] = []
    meaning = Meaning(make_plan(parse_line(line, load_commands())), told.append)
    shown = [meaning.read(Result(str(each["type"]), 1, each, json.dumps(each))) for each in objects]
    return shown, meaning.finish(Outcome(status=0, lost=0, error=error)), told


@each_row(
    ("line", "objects", "said"),
    [
        (
            "tt -d -i 9999",
            [{"type": "message", "message": "Time fragment[9999] successfully deleted."}, ROWS],
            "there is no recorded call '9999'",
        ),
        (
            "getstatic fx.Values bigList length",
            [{"type": "message", "message": UNREADABLE}, ROWS],
            "the field cannot be read: no length",
        ),
        ("jad a.B nosuch", [{"type": "jad", "source": "null"}], "'a.B' has no method 'nosuch'"),
        ("vmtool --action heapAnalyze", [], "Arthas sends no results of 'heapAnalyze' over HTTP"),
        ("retransform -d 77", [], "there is no entry '77'"),
        ("classloader -c 77", [ROWS], "there is no class loader '77'"),
    ],
)
def test_a_failure_that_is_told_as_a_success_is_one(
    line: str, objects: list[dict[str, Json]], said: str
) -> None:
    shown, outcome, _ = read(line, *objects)
    assert isinstance(outcome.error, CommandFailed)
    assert outcome.error.message == said
    assert outcome.error.hint
    assert [result.raw for result in shown] == [json.dumps(each) for each in objects]
    assert [result.data for result in shown if result.type == "message"] == [{}] * bool(
        objects and objects[0] is not ROWS
    )


def test_a_failure_that_is_told_as_a_success_comes_before_a_loss() -> None:
    _, outcome, _ = read(
        "jad a.B nosuch", {"type": "jad", "source": "null"}, error=Incomplete("lost")
    )
    assert isinstance(outcome.error, CommandFailed)


@each_row(
    ("line", "objects", "said"),
    [
        (
            "tt -d -i 1000",
            [
                {"type": "message", "message": "Time fragment[1000] successfully deleted."},
                {"type": "row_affect", "rowCount": 1},
            ],
            "recorded call 1000 deleted",
        ),
        (
            "vmtool --action forceGc",
            [],
            "the garbage collector has run; 'memory' shows what is left",
        ),
        (
            "vmtool --action interruptThread -t 9",
            [],
            "Arthas does not say whether there was such a thread; 'thread ID' shows it",
        ),
        ("logger", [], "there is no logger of Log4j, Log4j 2 or Logback here"),
        (
            "logger --name a.B",
            [{"type": "logger", "loggerInfoMap": {}}],
            "there is no logger 'a.B' of Log4j, Log4j 2 or Logback",
        ),
        ("history -c", [], "the server's history is empty now"),
        (
            "mbean no.such:*",
            [{"type": "mbean", "mbeanAttribute": {}}],
            "no MBean or attribute matches 'no.such:*'",
        ),
        (
            "mbean -m no.such:*",
            [{"type": "mbean", "mbeanMetadata": {}}],
            "no MBean or attribute matches 'no.such:*'",
        ),
        ("mbean a:*", [{"type": "mbean", "mbeanAttribute": {"a:b=c": []}}], ""),
        ("sc nosuch.X", [ROWS], "no loaded class matches 'nosuch.X'"),
        ("sm fx.Work nosuch", [ROWS], "no method of a loaded class matches 'fx.Work nosuch'"),
        ("sc fx.Work", [{"type": "sc", "classNames": ["fx.Work"]}], ""),
        ("jad a.B", [{"type": "jad", "source": "class B {}"}], ""),
        ("version", [], ""),
    ],
)
def test_an_answer_that_says_nothing_is_explained(
    line: str, objects: list[dict[str, Json]], said: str
) -> None:
    _, outcome, _ = read(line, *objects)
    assert (outcome.error, outcome.remark) == (None, said)


def test_virtual_threads_are_spoken_of_where_some_thread_carries_them() -> None:
    carrier: Json = {"id": 26, "name": "ForkJoinPool-1-worker-1", "group": "CarrierThreads"}
    _, outcome, _ = read("thread", {"type": "thread", "threadStats": [carrier]})
    assert outcome.remark.startswith("virtual threads are not listed; they are found by vmtool ")
    assert read("thread", {"type": "thread", "threadStats": [{"group": "main"}]})[1].remark == ""


@pytest.mark.parametrize(
    ("line", "value", "depth"),
    [
        ("watch a.B c '{params}'", "@ArrayList[\n    @Object[][isEmpty=false;size=2],\n]", "-x 2"),
        ("watch a.B c '{params}' -x 3", "@Object[][isEmpty=false;size=2]", "-x 4"),
        ("watch a.B c '{params}' -x 4", "@Object[][isEmpty=false;size=2]", None),
        ("watch a.B c '{params}'", "@Object[][isEmpty=true;size=0]", None),
    ],
)
def test_of_values_that_are_not_opened_it_is_said_once_how_deep_to_look(
    line: str, value: str, depth: str | None
) -> None:
    hit: dict[str, Json] = {"type": "watch", "value": value}
    said = (
        f"'isEmpty=false;size=…' stands for values that are not opened: add '{depth}' to see them"
    )
    assert read(line, hit, hit)[1].remark == (said if depth else "")


@pytest.mark.parametrize(
    ("line", "first", "shown"),
    [("history 2", 2, ["b", "c"]), ("history", 1, ["a", "b", "c"]), ("history 9", 1, None)],
)
def test_a_history_is_as_long_as_asked_for_and_without_our_own_lines(
    line: str, first: int, shown: list[str] | None
) -> None:
    history: dict[str, Json] = {"type": "history", "history": ["a", OWN, "b", "c"]}
    [result], outcome, _ = read(line, history)
    assert result.data["history"] == (shown or ["a", "b", "c"])
    assert result.data["first"] == first
    assert result.raw == json.dumps(history)
    assert outcome.remark == "1 line of arthas-shell's own was left out"


def test_the_cpu_of_a_first_sample_is_unknown_and_of_a_later_one_0() -> None:
    sample: dict[str, Json] = {"type": "dashboard", "threads": [{"cpu": 0.0, "deltaTime": 0}]}
    shown, _, _ = read("dashboard", sample, sample)
    rows = [as_object(rows[0]) for each in shown if isinstance(rows := each.data["threads"], list)]
    assert rows == [{"cpu": None, "deltaTime": None}, {"cpu": 0.0, "deltaTime": 0}]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (99, "if listener 99 is another command's, what it finds is shown there"),
        (4, "there is no listener 99: 'watch' made a new one, 4"),
    ],
)
def test_it_is_said_at_once_what_became_of_a_listener_that_was_asked_for(
    number: int, said: str
) -> None:
    enhancer: dict[str, Json] = {"type": "enhancer", "effect": {"listenerId": number}}
    assert read("watch a.B c --listenerId 99", enhancer)[2] == [said]
    assert read("watch a.B c", enhancer)[2] == []
