"""What can be had of the last answer: JSON, a file, the request as curl."""

from __future__ import annotations

import json
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest
from support.bridge import Bridge
from support.fake import Command, FakeArthas
from support.table import each_row

from arthas_cli.config.credentials import Credentials
from arthas_cli.config.settings import Connection
from arthas_cli.errors import CommandFailed, FormatError, LineError, NotRun
from arthas_cli.formats import CsvWriter, Report
from arthas_cli.line.plan import Plan
from arthas_cli.protocol import Result
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.commands.curl import describe_curl, format_curl
from arthas_cli.shell.commands.save import save_answer
from arthas_cli.shell.jobs.answer import (
    MAX_RESULTS,
    Answer,
    KeepingWriter,
    format_document,
    indent_json,
)

from .conftest import WATCH, TypesForm, open_shell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import User

URL = "http://h:8563/api"
SYSPROP = '{"type":"sysprop","jobId":1,"props":{"a":"1","b":"x,\\u001b"}}'


def make_answer(*raws: str, line: str = "sysprop") -> Answer:
    answer = Answer(Plan(line, line.split(maxsplit=1)[0]), URL)
    for raw in raws:
        data = json.loads(raw)
        answer.add(Result(data["type"], 1, data, raw))
    answer.report = Report(line, URL, Outcome("SUCCEEDED", 0, None, 0, 12), None)
    return answer


@each_row(
    ("text", "indented"),
    [
        ("{}", "{}"),
        ("[ ]", "[]"),
        ("1E+40", "1E+40"),
        ('{"a":1.50,"b":[true,null]}', '{\n  "a": 1.50,\n  "b": [\n    true,\n    null\n  ]\n}'),
        ('{"a": "{[,:]}\\""}', '{\n  "a": "{[,:]}\\""\n}'),
        ("{null:1,12:2}", "{\n  null: 1,\n  12: 2\n}"),
    ],
)
def test_json_is_indented_without_a_change_to_its_values(text: str, indented: str) -> None:
    assert indent_json(text) == indented


def test_the_document_is_that_of_exec() -> None:
    document = json.loads(format_document(make_answer(SYSPROP)))
    assert document == {
        "command": "sysprop",
        "state": "SUCCEEDED",
        "status": 0,
        "message": None,
        "results": [json.loads(SYSPROP)],
        "lost": 0,
        "elapsedMs": 12,
        "url": URL,
        "error": None,
    }


def test_of_a_long_answer_the_last_results_are_kept_and_the_rest_is_counted() -> None:
    answer = make_answer(*(f'{{"type":"echo","content":"{n}"}}' for n in range(MAX_RESULTS + 3)))
    assert answer.results[0].data["content"] == "3"
    assert answer.describe() == "only the last 1,000 of 1,003 results are kept"
    assert make_answer(SYSPROP).describe() == ""


def test_an_answer_too_large_to_keep_is_not_kept() -> None:
    answer = make_answer(SYSPROP, f'{{"type":"echo","content":"{"x" * 8_000_000}"}}')
    assert answer.describe() == "only the last 0 of 2 results are kept"


def test_what_is_kept_is_shown_as_well() -> None:
    shown: list[str] = []
    answer = make_answer()
    writer = KeepingWriter(TypesForm(shown.append), answer)
    writer.show(Result("echo", 1, {}, "{}"))
    writer.flush()
    error = CommandFailed("no")
    writer.end(Report("echo", None, Outcome("FAILED"), error))
    assert shown == ["echo\n", "end\n"]
    assert (answer.report.url, answer.report.error) == (URL, error)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "KEY,VALUE\na,1\n"),
        ("a.jsonl", '{"type":"sysprop","props":{"a":"1"}}\n'),
        ("a.json", '{\n  "command": "sysprop",\n'),
        ("a.txt", "KEY  VALUE\n"),
        ("a", "KEY  VALUE\n"),
    ],
)
def test_the_ending_of_a_file_says_its_format(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    answer = make_answer('{"type":"sysprop","props":{"a":"1"}}')
    said = save_answer(f":save {path}", answer)
    assert said == f"1 result in {path}, which only you can read"
    assert text.lower() in path.read_text(encoding="utf-8").lower()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_kept_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a b.json"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(NotRun, match="already exists"):
        save_answer(f":save '{path}'", make_answer(SYSPROP))
    assert path.read_text(encoding="utf-8") == "mine"
    save_answer(f":save! '{path}'", make_answer(SYSPROP))
    assert json.loads(path.read_text(encoding="utf-8"))["command"] == "sysprop"
    assert [found.name for found in tmp_path.iterdir()] == ["a b.json"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (":save", "missing the file name"),
        (":save a.txt b.txt", "more than one file name"),
        (":save a.xlsx", "unknown file extension '.xlsx'"),
    ],
)
def test_a_wrong_name_of_a_file_is_refused_with_its_place(line: str, what: str) -> None:
    with pytest.raises(LineError) as caught:
        save_answer(line, make_answer(SYSPROP))
    assert caught.value.message == what


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotRun, match=r"cannot be written: No such file"):
        save_answer(f":save {tmp_path}/none/a.txt", make_answer(SYSPROP))


def test_what_is_no_table_makes_no_csv_file(tmp_path: Path) -> None:
    answer = make_answer('{"type":"version","version":"4.1.5"}')
    with pytest.raises(FormatError):
        save_answer(f":save {tmp_path}/a.csv", answer)
    assert not list(tmp_path.iterdir())
    with pytest.raises(FormatError):
        answer.draw(CsvWriter)


def test_curl_asks_what_the_shell_asked() -> None:
    connection = Connection(url=URL, ca_file="/a b/ca.pem", insecure=True, user_id="me")
    assert format_curl(connection, Plan("echo 'a'", "echo")) == (
        "curl -sS --cacert '/a b/ca.pem' -k -H 'Content-Type: application/json' --data-raw"
        """ '{"action": "exec", "command": "echo '"'"'a'"'"'", "userId": "me"}'"""
        " http://h:8563/api"
    )


def test_curl_goes_through_the_way_of_the_shell() -> None:
    with FakeArthas() as fake:
        bridge = Bridge(fake.url)
        line = format_curl(Connection("ssh://shop/8563", way=bridge), Plan("version", "version"))
        path = bridge.open(None).socket_path
        bridge.close()
    assert line.endswith(f" --unix-socket {path} http://localhost/api")


def test_curl_reads_the_password_from_a_variable_wherever_it_stands() -> None:
    connection = Connection(url=URL, credentials=Credentials("o p", 'ses"ame'))
    line = format_curl(connection, Plan("echo ses\"ame it's", "echo"))
    assert "ame" not in line.replace("$ARTHAS_SHELL_PASSWORD", "").replace("'o p:'", "")
    assert line.startswith("""curl -sS -u 'o p:'"$ARTHAS_SHELL_PASSWORD" -H """)


def test_of_a_stream_it_is_said_what_curl_gets_of_it() -> None:
    assert describe_curl(Plan("version", "version")) == ""
    said = describe_curl(Plan("watch", "watch", is_stream=True))
    assert said.startswith("an exec request waits at most 30 s")


def test_a_system_shell_reads_the_curl_line_as_it_is_meant() -> None:
    connection = Connection(url=URL, credentials=Credentials("it's", "sesame"))
    line = format_curl(connection, Plan('echo "it\'s $HOME"', "echo"))
    show = 'curl() { for word; do printf "%s\\n" "$word"; done; }; '
    done = subprocess.run(
        ["sh", "-c", show + line],
        capture_output=True,
        check=True,
        text=True,
        env={"ARTHAS_SHELL_PASSWORD": "sesame", "PATH": "/bin:/usr/bin"},
    )
    assert done.stdout.splitlines() == [
        "-sS",
        "-u",
        "it's:sesame",
        "-H",
        "Content-Type: application/json",
        "--data-raw",
        r"""{"action": "exec", "command": "echo \"it's $HOME\""}""",
        URL,
    ]


def test_curl_is_told_of_what_was_asked_last(user: User) -> None:
    user.enter("version")
    line = user.enter(":curl")
    assert """ '{"action": "exec", "command": "version"}' """ in line
    assert line.endswith(f" {user.fake.url}\n")


def test_curl_does_not_show_a_secret_again(user: User) -> None:
    user.enter('echo \'{"password":"hunter2"}\'')
    assert user.enter(":curl") == (
        "arthas-shell: the last request holds a secret, so it is not shown again\n"
        "hint: run the command again with another value in its place\n"
    )


@pytest.mark.parametrize("word", [":json", ":curl", ":save a.txt"])
def test_before_the_first_command_there_is_no_answer(user: User, word: str) -> None:
    assert user.enter(word) == "arthas-shell: there is no answer yet\nhint: run a command first\n"


def test_the_last_answer_is_shown_as_json_whatever_words_came_between(user: User) -> None:
    user.enter("thread 99")
    user.enter("jobs")
    document = json.loads(user.enter(":json"))
    assert (document["command"], document["status"]) == ("thread 99", 1)
    assert document["error"]["kind"] == "failed"


def test_a_long_stream_is_kept_in_part_and_that_is_said(fake: FakeArthas) -> None:
    def flood(_call: object) -> Iterator[dict[str, object]]:
        return ({"type": "watch", "value": f"@Integer[{n}]"} for n in range(MAX_RESULTS + 10))

    fake.register(Command("watch", flood, is_stream=True, is_interruptible=True))
    with open_shell(fake) as user:
        user.find_prompt()
        user.enter(f"{WATCH} -n 2000")
        assert "only the last 1,000 of" in user.enter(":json")
