"""stdout for programs: one JSON document, JSON lines, CSV; whatever happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.fake import Command, FakeArthas, faults
from support.program import NO_THREAD_HINT, shell
from support.raw_server import http, serve
from support.table import each_row

if TYPE_CHECKING:
    from .conftest import Run

WATCH = "watch demo.MathGame run"
FIELDS = [
    "command",
    "state",
    "status",
    "message",
    "results",
    "lost",
    "elapsedMs",
    "url",
    "error",
]
NO_COMMAND: dict[str, object] = {
    "command": None,
    "state": None,
    "status": None,
    "message": None,
    "results": [],
    "lost": None,
    "elapsedMs": 0,
    "url": None,
}
# What a terminal would obey or hide, as a server may write it into a string.
HOSTILE = "\x1b[2J \x7f \x9b2J \u202e \u2028 \ufeff \ud800 \U000e0041"


def answer(results: str) -> bytes:
    end = '{"type":"status","jobId":1,"statusCode":0}'
    body = f'{{"state":"SUCCEEDED","body":{{"results":[{results},{end}]}}}}'
    return http(body.encode())


def test_the_document_has_every_field_whatever_the_command(run: Run, fake: FakeArthas) -> None:
    ended = run("exec", "--json", "version")
    document = ended.document
    assert list(document) == FIELDS
    assert type(document.pop("elapsedMs")) is int
    assert document == {
        "command": "version",
        "state": "SUCCEEDED",
        "status": 0,
        "message": None,
        "results": [{"type": "version", "jobId": 1, "version": "4.1.5"}],
        "lost": 0,
        "url": fake.url,
        "error": None,
    }
    assert ended.stdout.count("\n") == 1


def test_a_failure_stands_in_the_document_with_the_servers_status(run: Run) -> None:
    document = run("exec", "-o", "json", "thread 999999").document
    assert (document["state"], document["status"]) == ("SUCCEEDED", 1)
    assert document["message"] == "thread do not exist! id: 999999"
    assert document["error"] == {
        "kind": "failed",
        "message": "thread do not exist! id: 999999",
        "hint": NO_THREAD_HINT.removeprefix("hint: ").removesuffix("\n"),
    }


@pytest.mark.parametrize(
    ("fault", "state"), [(faults.refused("no"), "REFUSED"), (faults.failed("no"), "FAILED")]
)
def test_the_state_is_the_servers_last_word_and_its_message_the_error(
    run: Run, fake: FakeArthas, fault: faults.Fault, state: str
) -> None:
    fake.faults.next(fault)
    document = run("exec", "--json", "version").document
    assert (document["state"], document["status"], document["message"]) == (state, None, None)
    assert document["error"]["message"] == "no"


def test_the_results_of_a_stream_come_without_what_the_stream_says_of_itself(run: Run) -> None:
    document = run("exec", "--json", f"{WATCH} -n 2").document
    assert [result["type"] for result in document["results"]] == ["enhancer", "watch", "watch"]
    assert (document["state"], document["status"], document["lost"]) == ("SUCCEEDED", 0, 0)


def test_numbers_pass_through_digit_for_digit() -> None:
    numbers = '{"type":"x","a":1E+40,"b":0.10,"c":12345678901234567890123,"d":-0.0,"e":1e400}'
    with serve(answer(numbers)) as server:
        ended = shell("exec", "--json", "--url", server.url, "version")
        lines = shell("exec", "-o", "jsonl", "--url", server.url, "version")
    assert f'"results": [{numbers}]' in ended.stdout
    assert lines.stdout.startswith(f"{numbers}\n")


def test_keys_that_the_server_wrote_bare_are_quoted(run: Run, fake: FakeArthas) -> None:
    fake.faults.next(faults.bare_keys)
    document = run("exec", "--json", "version").document
    assert document["results"][0]["odd"] == {"null": "x", "12": "y"}


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_hostile_text_is_escaped_and_means_the_same(output: str) -> None:
    result = json.dumps({"type": "x", "text": HOSTILE})
    raw = result.replace("\\u007f", "\x7f").replace("\\u009b", "\x9b").replace("\\u202e", "\u202e")
    with serve(answer(raw)) as server:
        ended = shell("exec", "-o", output, "--url", server.url, "version")
    assert ended.stdout.replace("\n", "").isprintable()
    read = [json.loads(line) for line in ended.stdout.splitlines()]
    results = read[0]["results"] if output == "json" else read
    assert results[0] == {"type": "x", "text": HOSTILE}


def test_hostile_words_of_the_server_are_shown_as_marks_in_message_and_error(
    run: Run, fake: FakeArthas
) -> None:
    fake.faults.next(faults.failed("no \x1b[31mway\x1b[m \u202eout \x07"))
    ended = run("exec", "--json", "version")
    assert ended.document["error"]["message"] == "no way <U+202E>out ␇"
    assert ended.stderr == "arthas-shell: no way <U+202E>out ␇\n"
    assert ended.stdout.isascii()


def test_a_refused_connection_gives_one_document_too() -> None:
    ended = shell("exec", "--json", "-p", "1", "version")
    assert ended.exit_code == 3
    assert {**ended.document, "elapsedMs": 0} == {
        **NO_COMMAND,
        "command": "version",
        "url": "http://127.0.0.1:1/api",
        "error": {
            "kind": "unreachable",
            "message": "nothing listens on 127.0.0.1:1",
            "hint": "attach Arthas there, or give its HTTP port if that is not 1",
        },
    }


@each_row(
    "arguments",
    [
        ["exec", "--json", "--xyzzy", "version"],
        ["exec", "--xyzzy", "version", "--json"],
        ["exec", "--xyzzy", "-o", "json", "version"],
        ["exec", "--xyzzy", "-ojson", "version"],
        ["exec", "--xyzzy", "--output=json", "version"],
        ["exec", "--xyzzy", "--output", "json", "version"],
        ["exec", "--json", "--xyzzy", "--", "version"],
    ],
)
def test_an_unknown_option_of_ours_gives_the_document_wherever_json_was_asked_for(
    arguments: list[str],
) -> None:
    ended = shell(*arguments)
    hint = "put the options of an Arthas command inside the quotes: arthas-shell exec 'thread -n 3'"
    assert ended.exit_code == 2
    assert ended.document == {
        **NO_COMMAND,
        "error": {"kind": "usage", "message": "there is no option '--xyzzy'", "hint": hint},
    }


@each_row(
    "arguments",
    [
        ["--json", "exec", "version"],
        ["exec", "--json"],
        ["exec", "--json", "two", "words"],
        ["exec", "--json", "--", "thread", "|"],
        ["exec", "--json", "--timeout", "soon", "version"],
        ["exec", "--json", "-o", "csv", "version"],
        ["run", "--json", "/no/such/file"],
        ["run", "--json", "-o", "csv", "-"],
        ["thread", "--json"],
    ],
)
def test_what_cannot_be_read_as_a_whole_gives_the_document_too(arguments: list[str]) -> None:
    ended = shell(*arguments)
    assert (ended.exit_code, ended.document["error"]["kind"] in ("usage", "format")) == (2, True)
    assert {**ended.document, "error": None, "command": None} == {**NO_COMMAND, "error": None}


def test_json_among_the_words_behind_two_dashes_belongs_to_the_command() -> None:
    ended = shell("exec", "--xyzzy", "--", "echo", "--json")
    assert (ended.exit_code, ended.stdout) == (2, "")


def test_the_line_stands_in_the_document_once_it_is_known() -> None:
    ended = shell("exec", "--json", "-p", "0", "version")
    assert ended.document["command"] == "version"
    assert ended.document["error"] == {
        "kind": "usage",
        "message": "'0' is not a port",
        "hint": "use a number from 1 to 65535",
    }


def test_a_wrong_line_gives_the_document_with_the_line_as_typed(run: Run, fake: FakeArthas) -> None:
    document = run("exec", "--json", "sc 'demo").document
    assert (document["command"], document["state"]) == ("sc 'demo", None)
    assert document["url"] == fake.url
    assert fake.requests == []


def test_json_lines_are_the_results_and_then_the_end(run: Run) -> None:
    ended = run("exec", "-o", "jsonl", f"{WATCH} -n 2")
    enhancer, first, second, end = (json.loads(line) for line in ended.stdout.splitlines())
    assert enhancer["type"] == "enhancer"
    assert (first["value"], second["value"]) == ("@Integer[1]", "@Integer[2]")
    assert type(end.pop("elapsedMs")) is int
    assert end == {
        "type": "end",
        "command": "watch demo.MathGame run -n 2",
        "state": "SUCCEEDED",
        "status": 0,
        "message": None,
        "lost": 0,
        "error": None,
    }


@pytest.mark.parametrize(
    "arguments",
    [["-o", "jsonl", "--xyzzy", "version"], ["--xyzzy", "-ojsonl", "version"]],
    ids=" ".join,
)
def test_json_lines_get_their_end_line_even_for_an_unknown_option(arguments: list[str]) -> None:
    ended = shell("exec", *arguments)
    assert ended.exit_code == 2
    assert list(ended.document) == [
        "type",
        "command",
        "state",
        "status",
        "message",
        "lost",
        "elapsedMs",
        "error",
    ]
    assert (ended.document["type"], ended.document["error"]["kind"]) == ("end", "usage")


def test_csv_is_one_header_and_the_rows(run: Run) -> None:
    ended = run("exec", "-o", "csv", "thread")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout == (
        "id,name,group,priority,state,cpu,deltaTime,time,interrupted,daemon\n"
        "1,main,main,5,RUNNABLE,0.0,0,1,false,false\n"
        "2,worker-2,main,5,RUNNABLE,0.0,0,2,false,false\n"
        "3,worker-3,main,5,RUNNABLE,0.0,0,3,false,false\n"
    )


def test_csv_of_a_stream_has_its_header_once_and_nothing_that_is_no_row(run: Run) -> None:
    ended = run("exec", "-o", "csv", "monitor demo.MathGame run -n 2")
    header, *rows = ended.stdout.splitlines()
    assert ended.exit_code == 0
    assert header.startswith("timestamp,")
    assert [row.split(",")[1] for row in rows] == ["demo.MathGame"] * 2


def test_cells_of_csv_are_quoted_where_they_must_be(run: Run, fake: FakeArthas) -> None:
    names = ["plain", 'say "hi"', "a,b", "two\nlines"]
    result = {"type": "sc", "classNames": names, "detailed": False, "withField": False}
    fake.register(Command("sc", lambda _call: [result]))
    ended = run("exec", "-o", "csv", "sc *")
    assert ended.stdout == 'name\nplain\n"say ""hi"""\n"a,b"\n"two\nlines"\n'


def test_csv_of_what_is_no_table_exits_with_2_and_the_formats_that_fit(run: Run) -> None:
    ended = run("exec", "-o", "csv", "version")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "arthas-shell: the answer to 'version' is not a table\nhint: use -o text, json or jsonl\n"
    )


@pytest.mark.parametrize(
    "line",
    ["dashboard", "heapdump", "sc -d a.B", "thread 1", "tt -i 1000 -p", "watch -h", "ognl 1+1"],
)
def test_what_csv_cannot_hold_is_refused_before_it_is_sent(
    run: Run, fake: FakeArthas, line: str
) -> None:
    ended = run("exec", "-o", "csv", line)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "is not a table\nhint: use -o text, json or jsonl\n" in ended.stderr
    assert fake.requests == []


def test_csv_of_a_watch_is_a_row_for_each_hit(run: Run) -> None:
    ended = run("exec", "-o", "csv", f"{WATCH} -n 2")
    header, *rows = ended.stdout.splitlines()
    assert header == "ts,className,methodName,accessPoint,cost,value"
    assert [row.split(",", 1)[1] for row in rows] == [
        "demo.MathGame,run,AtExit,0.1,@Integer[1]",
        "demo.MathGame,run,AtExit,0.1,@Integer[2]",
    ]


def test_csv_of_a_trace_is_a_row_for_each_call_and_none_for_the_rest_of_one(
    run: Run, fake: FakeArthas
) -> None:
    fake.target.inside = [1]
    ended = run("exec", "-o", "csv", "trace demo.MathGame primeFactors -n 1")
    header, *rows = ended.stdout.splitlines()
    assert header == (
        "timestamp,threadId,threadName,depth,className,methodName,lineNumber,times,totalCost,"
        "exception"
    )
    assert [row.split(",", 1)[1] for row in rows] == [
        "1,main,0,demo.MathGame,primeFactors,,1,1000,"
    ]
    assert "1 result is the rest of a call that began before: not counted" in ended.stderr


def test_csv_of_two_different_tables_is_refused_at_the_second(run: Run, fake: FakeArthas) -> None:
    sc = {"type": "sc", "classNames": ["a"], "detailed": False, "withField": False}
    thread = {"type": "thread", "all": False, "threadStats": [], "threadStateCount": {}}
    fake.register(Command("sc", lambda _call: [sc, thread]))
    ended = run("exec", "-o", "csv", "sc *")
    assert (ended.exit_code, ended.stdout) == (2, "name\na\n")
