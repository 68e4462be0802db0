"""Records of `tt` whose values the server cannot write are told of all the same."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from support.post import post

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import ServerError
from arthas_cli.formats import CsvWriter
from arthas_cli.jsontext import as_object
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.output import Paper
from arthas_cli.session.oneshot import OneShot
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream

from .conftest import (
    ALLOW_INPUT,
    COMMAND,
    FAILED_NULL,
    JOB,
    connect,
    list_types,
    make_session,
    pulled,
    status,
)

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target
    from arthas_cli.jsontext import Json
    from arthas_cli.line.plan import Plan

    from .conftest import Fields, MakeScript

UNWRITTEN = ServerError("the server could not write its answer (HTTP 500: Server error)")
# As Java 17 says it; without names in it where the class was compiled without them.
TRIPPED = (
    "Error during processing the command: java.lang.NullPointerException, message:Cannot read the"
    ' array length because "objects" is null, please check $HOME/logs/arthas/arthas.log for more'
    " details."
)
ONLY_METHODS = "the server cannot write the values of a record, so only the method names are shown"


def plan(line: str) -> Plan:
    return make_plan(parse_line(line, load_commands()))


def methods(**found: str) -> Fields:
    """Returns the answer that tells the methods of records, by `i` and the index."""
    results = {index[1:]: f"@String[{method}]" for index, method in found.items()}
    return pulled({"type": "tt", "jobId": JOB, "watchResults": results})


def row(index: int, class_name: str, method: str) -> Fields:
    return {"index": index, "className": class_name, "methodName": method}


def recorded(index: int) -> Fields:
    return {"type": "tt", "jobId": JOB, "timeFragmentList": [{"index": index}]}


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("tt -l", """tt -s true -w 'clazz.name+"."+method.name'"""),
        ("tt -t a b -n 1", """tt -s true -w 'clazz.name+"."+method.name'"""),
        ("tt -i 1004", """tt -i 1004 -w 'clazz.name+"."+method.name'"""),
        ("tt -s 'isThrow == true'", """tt -s "isThrow == true" -w 'clazz.name+"."+method.name'"""),
        ("tt -i 1004 -w params", ""),
        ("tt -d -i 1004", ""),
        ("tt --delete-all", ""),
        ("tt -h", ""),
        ("watch a b", ""),
    ],
)
def test_what_tells_of_records_as_text(line: str, asked: str) -> None:
    assert plan(line).records_line.replace("'isThrow == true'", '"isThrow == true"') == asked


def test_a_record_that_could_not_be_written_is_named(make_script: MakeScript) -> None:
    script = make_script(
        pull_results=[pulled(COMMAND, recorded(1003)), UNWRITTEN, pulled(status(), ALLOW_INPUT)],
        exec=[methods(i1001="old.One.run", i1003="fx.Work.odd", i1004="fx.Work.odd")],
    )
    stream = Stream(make_session(script), plan("tt -t fx.Work odd -n 2"))
    first, unwritten = list(stream)
    assert first.data == recorded(1003)
    assert unwritten.data["timeFragmentList"] == [row(1004, "fx.Work", "odd")]
    assert json.loads(unwritten.raw) == unwritten.data
    assert stream.outcome.lost == 0
    error = stream.outcome.error
    assert error is not None
    assert (error.kind, error.message) == (
        "server-error",
        "the server cannot write the values of 1 record: 1004 (fx.Work.odd)",
    )
    assert error.hint == (
        "use 'tt -i 1004 -w params[0]' for a value as text, 'tt -d -i 1004' to remove it:"
        " while such a record is there, 'tt -l' lists methods alone"
    )


def test_all_records_of_one_command_fit_into_one_csv(make_script: MakeScript) -> None:
    script = make_script(
        pull_results=[pulled(COMMAND, recorded(1003)), UNWRITTEN, pulled(status(), ALLOW_INPUT)],
        exec=[methods(i1003="fx.Work.odd", i1004="fx.Work.odd")],
    )
    stream = io.StringIO()
    writer = CsvWriter(Paper(stream))
    for result in Stream(make_session(script), plan("tt -t fx.Work odd -n 2")):
        writer.show(result)
    writer.flush()
    assert stream.getvalue() == (
        "index,timestamp,cost,return,throw,object,className,methodName\n"
        "1003,,,,,,,\n"
        "1004,,,,,,fx.Work,odd\n"
    )


def test_many_records_that_could_not_be_written_are_counted(make_script: MakeScript) -> None:
    script = make_script(
        pull_results=[pulled(COMMAND), UNWRITTEN, pulled(status(), ALLOW_INPUT)],
        exec=[methods(**{f"i{number}": "a.B.c" for number in range(1000, 1010)})],
    )
    stream = Stream(make_session(script), plan("tt -t a.B c -n 5"))
    assert [one.data["timeFragmentList"] for one in stream] == [
        [row(1005, "a.B", "c")],
        [row(1006, "a.B", "c")],
        [row(1007, "a.B", "c")],
        [row(1008, "a.B", "c")],
        [row(1009, "a.B", "c")],
    ]
    assert str(stream.outcome.error) == (
        "the server cannot write the values of 5 records:"
        " 1009 (a.B.c), 1008 (a.B.c), 1007 (a.B.c) and 2 more"
    )


@pytest.mark.parametrize(
    "answer",
    [UNWRITTEN, {"state": "SUCCEEDED", **pulled(status(1, TRIPPED))}],
    ids=["HTTP 500", "no arguments"],
)
def test_a_list_that_could_not_be_written_is_had_in_another_way(
    make_script: MakeScript, answer: Fields | ServerError
) -> None:
    script = make_script(exec=[answer, methods(i1000="fx.Work.odd")])
    job = OneShot(Server(script), plan("tt -l"))
    [result] = list(job)
    assert result.data["timeFragmentList"] == [row(1000, "fx.Work", "odd")]
    assert (str(job.outcome.error), job.outcome.lost) == (ONLY_METHODS, 0)
    assert job.outcome.error is not None
    assert job.outcome.error.exit_code == 1


def test_a_list_in_a_session_is_had_in_another_way_as_well(make_script: MakeScript) -> None:
    rows: Fields = {"type": "row_affect", "jobId": JOB, "rowCount": 1}
    script = make_script(
        pull_results=[pulled(COMMAND), UNWRITTEN, pulled(rows, status(), ALLOW_INPUT)],
        exec=[methods(i1000="fx.Work.odd")],
    )
    stream = Stream(make_session(script), plan("tt -l"))
    assert list_types(stream) == ["row_affect", "tt"]
    assert (str(stream.outcome.error), stream.outcome.lost) == (ONLY_METHODS, 0)


def test_where_that_cannot_be_had_either_the_first_error_stands(make_script: MakeScript) -> None:
    script = make_script(exec=[UNWRITTEN, FAILED_NULL])
    job = OneShot(Server(script), plan("tt -l"))
    assert (list(job), job.outcome.error) == ([], UNWRITTEN)


def test_a_failure_of_another_kind_asks_for_nothing(make_script: MakeScript) -> None:
    script = make_script(exec=[{"state": "SUCCEEDED", **pulled(status(1, "no such property"))}])
    job = OneShot(Server(script), plan("tt -s nosuch"))
    assert (list(job), str(job.outcome.error)) == ([], "no such property")
    assert script.actions == ["exec"]


def test_a_real_record_that_leads_back_to_itself_is_named_and_listed(fixture_jvm: Target) -> None:
    """Now and then a JVM that has long been at it writes such a record after all."""
    server = connect(fixture_jvm.url)
    try:
        with Session.open(server) as session:
            told: list[str] = []
            stream = Stream(session, plan("tt -t fx.Work odd -n 1"))
            stream.tell_by(told.append)
            [(index, *method)] = list_recorded(stream)
            assert (method, stream.outcome.lost, told) == (["fx.Work", "odd"], 0, [])
            assert str(stream.outcome.error) in (
                f"the server cannot write the values of 1 record: {index} (fx.Work.odd)",
                "None",
            )
            stream = Stream(session, plan("tt -l"))
            assert (index, "fx.Work", "odd") in list_recorded(stream)
            assert str(stream.outcome.error) in (ONLY_METHODS, "None")
    finally:
        post(fixture_jvm.url, action="exec", command="tt --delete-all")


def list_recorded(stream: Stream) -> list[tuple[Json, ...]]:
    """Runs it to its end; returns the index, class and method of each record that it shows."""
    shown = [one.data["timeFragmentList"] for one in stream if one.type == "tt"]
    rows = [as_object(row) for each in shown if isinstance(each, list) for row in each]
    return [tuple(row[name] for name in ("index", "className", "methodName")) for row in rows]
